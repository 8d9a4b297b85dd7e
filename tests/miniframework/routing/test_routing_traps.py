"""The known traps of routers, each by its name: what surprised the users of others."""

import pytest

from miniframework.routing.converters import BUILT_IN, Converter
from miniframework.routing.route import Entry
from miniframework.routing.table import Found, MethodNotAllowed, NotFound, Redirected, RouteTable
from tests.miniframework.routing.routing_cases import mount, route, socket


class DigitsOfAnyScript(Converter):
    name = "digits"
    regex = r"\d+"


class Kelvin(Converter):
    name = "kelvin"
    regex = "(?i:k)"


class TwoGroups(Converter):
    name = "groups"
    regex = "(a)(b)?|c"


OWN = {**BUILT_IN, "digits": DigitsOfAnyScript(), "kelvin": Kelvin(), "groups": TwoGroups()}


def answer(entries: list[Entry], method: str, path: str) -> str:
    """Who takes it, counted from 0, or the outcome and what belongs to it."""
    protocol, method = ("websocket", "GET") if method == "WS" else ("http", method)
    match RouteTable(entries).match(protocol, method, path):  # type: ignore[arg-type]
        case Found(index=index, params=params):
            return f"{index} {params}" if params else str(index)
        case MethodNotAllowed(allow=allow):
            return f"allow {', '.join(allow)}"
        case Redirected(path=target):
            return f"redirect {target}"
        case NotFound():
            return "not found"


@pytest.mark.parametrize(
    ("entries", "method", "path", "expected"),
    [
        pytest.param(
            [route("/users/me")],
            "GET",
            "/users/me\n",
            "not found",
            id="no $: a last newline is part of the path",
        ),
        pytest.param([route("/f/{p:path}")], "GET", "/f/a\nb", "not found", id="a dot is no newline"),
        pytest.param([route("/f/{p}")], "GET", "/f/a\nb", "0 {'p': 'a\\nb'}", id="[^/] is a newline too"),
        pytest.param([route("/u/{n:int}")], "GET", "/u/١٢٣", "not found", id="int takes ASCII digits only"),
        pytest.param(
            [route("/u/{n:digits}", converters=OWN)],
            "GET",
            "/u/١٢٣",
            "0 {'n': '١٢٣'}",
            id=r"\d is every script",
        ),
        pytest.param(
            [route("/u/{n:kelvin}", converters=OWN)], "GET", "/u/K", "0 {'n': 'K'}", id="any case is Unicode"
        ),
        pytest.param(
            [route("/{unit}/x")], "GET", "/km%2Fh/x", "0 {'unit': 'km%2Fh'}", id="percent signs are only text"
        ),
        pytest.param(
            [route("/{unit}/x")], "GET", "/km/h/x", "not found", id="a decoded slash cuts the segment"
        ),
        pytest.param([route("/x/{a}")], "GET", "/x//", "not found", id="an empty segment is no text"),
        pytest.param([route("/x/{a:path}")], "GET", "/x//", "0 {'a': '/'}", id="a path takes empty segments"),
        pytest.param([route("/x")], "GET", "/x/", "redirect /x", id="a slash more is redirected"),
        pytest.param([route("/x")], "GET", "/x///", "redirect /x", id="all slashes at the end are dropped"),
        pytest.param([route("/x/")], "GET", "/x", "redirect /x/", id="a slash less is redirected"),
        pytest.param(
            [route("/x", "PUT")], "GET", "/x/", "redirect /x", id="a redirect does not look at the method"
        ),
        pytest.param(
            [route("/x"), route("/x/", "PUT")], "GET", "/x/", "allow PUT", id="a wrong method is no redirect"
        ),
        pytest.param([route("/x")], "GET", "//x", "not found", id="slashes in front are not dropped"),
        pytest.param([route("/x")], "WS", "/x", "not found", id="an HTTP route takes no handshake"),
        pytest.param([socket("/x")], "WS", "/x/", "not found", id="a handshake is never redirected"),
        pytest.param([socket("/x")], "GET", "/x/", "not found", id="a socket route redirects no request"),
        pytest.param([route("/")], "GET", "", "redirect /", id="the path may be empty"),
        pytest.param([route("")], "GET", "/", "not found", id="the root is not redirected to nothing"),
        pytest.param([route("")], "GET", "//", "not found", id="slashes only are not redirected to nothing"),
        pytest.param(
            [route("/{p:path}", "OPTIONS")], "OPTIONS", "*", "not found", id="the asterisk is no path"
        ),
        pytest.param([route("/Users")], "GET", "/users", "not found", id="paths have a case"),
        pytest.param(
            [route("/{u:uuid}")],
            "GET",
            "/123E4567E89B12D3A456426614174000",
            "0 {'u': '123E4567E89B12D3A456426614174000'}",
            id="a uuid has none",
        ),
        pytest.param([route("/v1.0/x")], "GET", "/v1X0/x", "not found", id="a dot in a template is a dot"),
        pytest.param([route("/a+b")], "GET", "/aab", "not found", id="a plus in a template is a plus"),
        pytest.param([route("/q?x")], "GET", "/x", "not found", id="a question mark in a template is one"),
        pytest.param([route("/x(1)")], "GET", "/x(1)", "0", id="brackets in a template are brackets"),
        pytest.param(
            [route("/p|/admin")], "GET", "/admin", "not found", id="a bar in a template opens nothing"
        ),
        pytest.param(
            [route("/{g:groups}/{n:int}", converters=OWN)],
            "GET",
            "/ab/7",
            "0 {'g': 'ab', 'n': '7'}",
            id="groups of a converter shift nothing",
        ),
        pytest.param(
            [route("/{g:groups}/x", converters=OWN)],
            "GET",
            "/c/x",
            "0 {'g': 'c'}",
            id="a bar in a converter stays inside",
        ),
        pytest.param(
            [route("/{a:path}/{b:path}")],
            "GET",
            "/x/y/z",
            "0 {'a': 'x/y', 'b': 'z'}",
            id="the first path takes most",
        ),
        pytest.param(
            [route("/users/{id}"), route("/users/me")],
            "GET",
            "/users/me",
            "0 {'id': 'me'}",
            id="first declared wins, not the more special",
        ),
        pytest.param(
            [route("/users/me"), route("/users/{id}")],
            "GET",
            "/users/me",
            "0",
            id="special before general is right code",
        ),
        pytest.param(
            [route("/users/{id}", "PUT"), route("/users/me")],
            "GET",
            "/users/me",
            "1",
            id="a wrong method before does not end the search",
        ),
        pytest.param(
            [route("/x"), route("/x", "POST")],
            "DELETE",
            "/x",
            "allow GET, HEAD, POST",
            id="Allow is the union",
        ),
        pytest.param(
            [route("/x", "DELETE"), route("/{a}", "PUT"), route("/y")],
            "GET",
            "/x",
            "allow DELETE, PUT",
            id="Allow counts other templates of the path",
        ),
        pytest.param([route("/x")], "HEAD", "/x", "0", id="GET implies HEAD"),
        pytest.param(
            [route("/x", "HEAD"), route("/x")], "HEAD", "/x", "0", id="a HEAD route of one's own comes first"
        ),
        pytest.param([route("/x", "POST")], "HEAD", "/x", "allow POST", id="POST implies nothing"),
        pytest.param([route("/x", "get")], "GET", "/x", "0", id="methods are declared in any case"),
        pytest.param([route("/x")], "get", "/x", "allow GET, HEAD", id="methods are asked in one case"),
        pytest.param(
            [route("/x"), mount("")], "POST", "/x", "1", id="a mount behind turns 405 into its own answer"
        ),
        pytest.param([mount("/sub")], "GET", "/sub", "redirect /sub/", id="a mount needs its slash"),
        pytest.param([mount("/sub")], "GET", "/subway/x", "not found", id="a prefix ends at a slash"),
        pytest.param([mount("/sub")], "TRACE", "/sub/x", "0", id="a mount takes every method"),
        pytest.param([mount("/sub")], "WS", "/sub/x", "0", id="a mount takes both protocols"),
        pytest.param([mount("/sub")], "GET", "/sub/a\nb", "0", id="a mount takes a newline"),
        pytest.param(
            [mount("/"), route("/x")], "GET", "/x", "0", id="a mount at the root hides what follows"
        ),
        pytest.param([mount("/")], "OPTIONS", "*", "not found", id="a mount at the root wants a slash"),
        pytest.param(
            [mount("/{t}/f")], "GET", "/acme/f/x", "0 {'t': 'acme'}", id="a prefix may have parameters"
        ),
        pytest.param([], "GET", "/", "not found", id="an empty table finds nothing"),
    ],
)
def test_trap(entries: list[Entry], method: str, path: str, expected: str) -> None:
    assert answer(entries, method, path) == expected


def test_redirects_can_be_switched_off() -> None:
    table = RouteTable([route("/x")], redirect_slashes=False)
    assert table.match("http", "GET", "/x/") == NotFound()
    assert RouteTable.from_snapshot(table.snapshot()).match("http", "GET", "/x/") == NotFound()


@pytest.mark.parametrize(
    ("prefix", "path", "length"), [("/sub", "/sub/x/y", 4), ("", "/x", 0), ("/{t}/f", "/ac/f/", 5)]
)
def test_a_mount_says_how_much_of_the_path_is_its_prefix(prefix: str, path: str, length: int) -> None:
    found = RouteTable([mount(prefix)]).match("http", "GET", path)
    assert isinstance(found, Found)
    assert found.prefix_length == length
