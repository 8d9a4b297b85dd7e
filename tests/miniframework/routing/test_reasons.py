"""Every way to be refused has its words, and its place in the path and in the template."""

import pytest

from miniframework.routing.explanation import Refused
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable
from tests.miniframework.routing.routing_cases import mount, route, socket


def refusal(entry: Entry, method: str, path: str) -> Refused:
    protocol, method = ("websocket", "GET") if method == "WS" else ("http", method)
    verdict = RouteTable([entry]).explain(protocol, method, path).verdicts[0]  # type: ignore[arg-type]
    assert isinstance(verdict, Refused), verdict
    return verdict


@pytest.mark.parametrize(
    ("template", "path", "message"),
    [
        ("/posts", "/comments", "expected “posts”, got “comments”"),
        ("/posts", "/post", "expected “posts”, got “post”"),
        ("/Posts", "/posts", "expected “Posts”, got “posts” (only the case differs)"),
        ("/items/{id:int}", "/items/abc", "int refuses “abc” at “a”: expected a digit 0-9"),
        ("/items/{id:int}", "/items/42abc", "int refuses “42abc” at “a”: expected a digit 0-9 or the end"),
        ("/items/{id:int}", "/items/٤٢", "int refuses “٤٢” at “٤”: expected a digit 0-9"),
        ("/items/{id:int}", "/items/4\n", r"int refuses “4\n” at “\n”: expected a digit 0-9 or the end"),
        ("/items/{w:float}", "/items/4.", "float refuses “4.”: it ends, expected a digit 0-9"),
        ("/u/{u:uuid}", "/u/123e4567-x", "uuid refuses “123e4567-x” at “x”: expected one of 0-9, a-f, A-F"),
        ("/u/{id}/x", "/u//x", "str refuses an empty segment: expected any character but “/”"),
        ("/u/x/y", "/u//y", "expected “x”, got an empty segment"),
        (
            "/f/{p:path}",
            "/f/a\nb",
            r"path refuses “a\nb” at “\n”: expected any character but a newline or the end",
        ),
        (
            "/u/{n:notme}",
            "/u/me",
            "notme refuses “me”; at which character is not known, its regex has a negative look-ahead",
        ),
        ("/items/{id:int}/posts", "/items/42", "path ends, expected “/posts”"),
        ("/items/{id:int}/{n}", "/items/42", "path ends, expected “/{n}”"),
        ("/items/{id:int}", "/items/", "path ends, expected “{id:int}”"),
        ("/items", "/items/x/y", "left over “/x/y”"),
        ("/items/", "/items/x/y", "left over “x/y”"),
        ("/items/{id}", "/items/42/x", "left over “/x”"),
        (
            "/items/{id:int}.json",
            "/items/4x.json",
            "int refuses “4x” at “x”: expected a digit 0-9 or “.json”",
        ),
        ("/t/{y:int}@{s}", "/t/4/", "expected “@” in “4” · left over “/”"),
        ("/t/{y:int}@{s}", "/t/4x", "expected “@”, got “x”"),
        ("/t/{a}.{b:int}", "/t/x.y", "int refuses “y” at “y”: expected a digit 0-9"),
        ("/f/{p:path}/edit", "/f/a/b", "expected “/edit” in “a/b”"),
        ("/f/{p:path}/edit", "/f/a/edit/x", "left over “/x”"),
        ("/items", "/items/", "only the slash at the end is too much: “/items” would match"),
        ("/items", "/items///", "only the slash at the end is too much: “/items” would match"),
        ("/items/", "/items", "only a slash at the end is missing: “/items/” would match"),
        ("/items/{id:int}", "/items/4/", "only the slash at the end is too much: “/items/4” would match"),
        ("/items", "*", "expected “/”, got “*”"),
        ("/items", "", "path ends, expected “/items”"),
        ("", "/x", "left over “/x”"),
    ],
)
def test_a_path_is_refused_in_words(template: str, path: str, message: str) -> None:
    verdict = refusal(route(template), "GET", path)
    assert " · ".join(reason.message for reason in verdict.judgement.reasons) == message


@pytest.mark.parametrize(
    ("entry", "method", "path", "kinds", "message"),
    [
        (route("/x", "GET"), "PUT", "/x", ["method"], "path matches, method is PUT; allowed: GET"),
        (
            route("/x", "POST", "GET"),
            "PUT",
            "/y",
            ["literal", "method"],
            "expected “x”, got “y” · method is PUT; allowed: GET, POST",
        ),
        (route("/x"), "WS", "/x", ["protocol"], "takes only HTTP, this is a WebSocket handshake"),
        (socket("/x"), "GET", "/x", ["protocol"], "takes only WebSocket, this is an HTTP request"),
        (
            socket("/x"),
            "PUT",
            "/y",
            ["protocol", "literal"],
            "takes only WebSocket, this is an HTTP request · expected “x”, got “y”",
        ),
        (
            mount("/sub"),
            "GET",
            "/sub",
            ["trailing_slash"],
            "a mount needs a slash behind its prefix: “/sub/” would match",
        ),
        (mount("/sub"), "GET", "/other/x", ["mount_prefix"], "not below “/sub”: expected “sub”, got “other”"),
        (mount("/a/b"), "GET", "/a", ["mount_prefix"], "not below “/a/b”: path ends, expected “/b/”"),
        (mount("/{n:int}"), "WS", "/x/y", ["converter"], "int refuses “x” at “x”: expected a digit 0-9"),
        (mount(""), "GET", "*", ["mount_prefix"], "not below “/”: expected “/”, got “*”"),
    ],
)
def test_an_entry_refuses_in_words(
    entry: Entry, method: str, path: str, kinds: list[str], message: str
) -> None:
    reasons = refusal(entry, method, path).judgement.reasons
    assert [reason.kind.value for reason in reasons] == kinds
    assert " · ".join(reason.message for reason in reasons) == message


def test_all_reasons_are_given_at_once() -> None:
    verdict = refusal(route("/api/{org}/items/{id:int}/posts", "POST"), "GET", "/api/acme/item/4a/comments/7")
    assert [(r.kind.value, r.at, r.got) for r in verdict.judgement.reasons] == [
        ("literal", 14, "item"),
        ("converter", 16, "4a"),
        ("literal", 18, "comments"),
        ("extra", 26, "/7"),
        ("method", None, "GET"),
    ]


@pytest.mark.parametrize(
    ("template", "path", "reached", "template_reached", "refused"),
    [
        ("/items/{id:int}", "/items/4a", 8, 7, (7, 15)),
        ("/items/{id:int}/posts", "/items/42/comments", 10, 16, (16, 21)),
        ("/posts", "/pots", 3, 3, (1, 6)),
        ("/items", "/items/x", 6, 6, None),
        ("/items/{id}", "/items", 6, 6, (6, 11)),
        ("/f/{p:path}/edit", "/f/a/b", 6, 11, (11, 16)),
        ("/u/{n:notme}", "/u/me", 3, 3, (3, 12)),
    ],
)
def test_path_and_template_know_how_far_they_came(
    template: str, path: str, reached: int, template_reached: int, refused: tuple[int, int] | None
) -> None:
    judgement = refusal(route(template), "GET", path).judgement
    assert (judgement.reached, judgement.template_reached, judgement.template_refused) == (
        reached,
        template_reached,
        refused,
    )


def test_the_parameters_before_the_refusal_are_told() -> None:
    judgement = refusal(route("/t/{y:int}@{s}x/{z:int}/{w:int}"), "GET", "/t/1@2x/q/7").judgement
    assert [(p.name, p.start, p.end, p.text) for p in judgement.parameters] == [
        ("y", 3, 4, "1"),
        ("s", 5, 6, "2"),
    ]
