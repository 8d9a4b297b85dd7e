"""More traps of routers: segments of several parameters, encodings, text no router should trip over."""

import asyncio

import pytest

from miniframework import App, Request
from miniframework.routing.route import Entry
from miniframework.routing.table import Found, MethodNotAllowed, NotFound, Redirected, RouteTable
from tests.miniframework.asgi_driver import call, http_scope
from tests.miniframework.routing.routing_cases import mount, route

TILES = "/tiles/{y}@{scale:int}x.{format}"


def answer(entries: list[Entry], path: str, method: str = "GET") -> object:
    """The index and the parameters of the taker, else the outcome and what belongs to it."""
    match RouteTable(entries).match("http", method, path):
        case Found(index=index, params=params):
            return index, params
        case MethodNotAllowed(allow=allow):
            return allow
        case Redirected(path=target):
            return target
        case NotFound():
            return None


@pytest.mark.parametrize(
    ("template", "path", "params"),
    [
        (TILES, "/tiles/7@2x.png", {"y": "7", "scale": "2", "format": "png"}),
        (TILES, "/tiles/a@b@2x.tar.gz", {"y": "a@b", "scale": "2", "format": "tar.gz"}),
        (TILES, "/tiles/7@x.png", None),
        (TILES, "/tiles/7@2x.", None),
        (TILES, "/tiles/7/@2x.png", None),
        ("/{a}{b}", "/xyz", {"a": "xy", "b": "z"}),
        ("/{a}{b}", "/x", None),
        ("/{n:int}{rest}", "/12ab", {"n": "12", "rest": "ab"}),
        ("/{n:int}{rest}", "/12", {"n": "1", "rest": "2"}),
        ("/{a:path}{b}", "/x/y", {"a": "x/", "b": "y"}),
        ("/f/{p:path}/meta", "/f/a/b/meta", {"p": "a/b"}),
        ("/f/{p:path}/meta", "/f//meta", {"p": ""}),
        ("/f/{p:path}/meta", "/f/meta", None),
        ("/f/{p:path}/meta", "/f/meta/meta/meta", {"p": "meta/meta"}),
        ("/f/{p:path}/meta", "/f/a/b/meta\n", None),
        ("/f/{p:path}/v/{n:int}", "/f/v/1/v/2", {"p": "v/1", "n": "2"}),
        ("/{p:path}.json", "/a/b.json", {"p": "a/b"}),
        ("/{p:path}.json", "/.json", {"p": ""}),
        ("/a{c:choice}b", "/ab", {"c": ""}),
        ("/{c:choice}", "/", {"c": ""}),
        ("/{c:choice}/x", "//x", {"c": ""}),
        ("/a.b*c[d](e)|f^g$", "/a.b*c[d](e)|f^g$", {}),
        ("/a.b*c[d](e)|f^g$", "/aXbbc", None),
        (r"/\d+", "/7", None),
        ("/é/{x}", "/é/ü", {"x": "ü"}),
        ("/é/{x}", "/e\u0301/ü", None),
        ("/{x}", "/\ufffd", {"x": "\ufffd"}),
        ("/{x}", "/a\x00b", {"x": "a\x00b"}),
        ("/{x}", "/a?b#c", {"x": "a?b#c"}),
        ("/{x}", "/%0A", {"x": "%0A"}),
        ("/{x}", "/.", {"x": "."}),
        ("/{n:int}", "/" + "9" * 5_000, {"n": "9" * 5_000}),
        ("/{n:int}", "/1_000", None),
        ("/{n:int}", "/+1", None),
        ("/{n:int}", "/²", None),
        ("/{n:float}", "/1.", None),
        ("/{n:float}", "/1e5", None),
        ("/{x}", "x", None),
        ("/{x}", "x/y", None),
        ("/{p:path}", "x", None),
        ("/{p:path}", "/", {"p": ""}),
        ("/{p:path}", "//", {"p": "/"}),
    ],
)
def test_a_segment_is_read_as_its_regex_says(template: str, path: str, params: dict[str, str] | None) -> None:
    # Between two hundred others the tree has to find the way; alone it is asked at once.
    others: list[Entry] = [route(f"/other{number}/{{x}}/{{y:int}}", "PATCH") for number in range(200)]
    for before in ([], others):
        found = answer([*before, route(template)], path)
        assert (found if isinstance(found, tuple) else None) == (
            None if params is None else (len(before), params)
        )


def test_a_parameter_before_a_literal_wins_below_the_literal_too() -> None:
    entries: list[Entry] = [route("/users/{id}"), *(route(f"/users/w{n}") for n in range(20))]
    assert answer(entries, "/users/w7") == (0, {"id": "w7"})


def test_a_converter_that_does_not_take_the_literal_leaves_it_to_the_next() -> None:
    entries: list[Entry] = [route("/users/{id:int}"), *(route(f"/users/w{n}") for n in range(20))]
    assert answer(entries, "/users/w7") == (8, {})
    assert answer(entries, "/users/7") == (0, {"id": "7"})


def test_methods_are_looked_for_in_the_order_of_declaration_between_paths() -> None:
    entries: list[Entry] = [route("/a/{x}"), route("/a/b", "PUT"), route("/a/{x}", "PUT", "POST")]
    assert answer(entries, "/a/b", "PUT") == (1, {})
    assert answer(entries, "/a/b", "POST") == (2, {"x": "b"})
    assert answer(entries, "/a/b", "DELETE") == ("GET", "HEAD", "POST", "PUT")


def test_a_mount_between_routes_takes_only_what_nobody_took_before() -> None:
    entries: list[Entry] = [route("/a/{x}"), mount("/a"), route("/a/b", "PUT")]
    assert answer(entries, "/a/b") == (0, {"x": "b"})
    assert answer(entries, "/a/b", "PUT") == (1, {})
    assert answer(entries, "/a") == "/a/"


@pytest.mark.parametrize("path", ["/x", "/x/y", "//", "/x/y/z/", "/" + "a/" * 500])
def test_longer_paths_than_any_template_reach_what_is_open_at_its_end(path: str) -> None:
    assert answer([route("/other"), mount("")], path) == (1, {})


def test_a_path_of_very_many_segments_is_decided() -> None:
    assert answer([route("/a/{x}"), route("/b")], "/a" * 10_000) is None


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        (http_scope("/a/b", raw_path=b"/a%2Fb"), 200),
        (http_scope("/a%2Fb", raw_path=b"/a%252Fb"), 404),
        (http_scope("/api/a/b", root_path="/api"), 200),
        (http_scope("/apia/b", root_path="/api"), 404),
        (http_scope("/a/b", root_path="/api"), 200),
        (http_scope("/a/b\n", raw_path=b"/a/b%0A"), 404),
    ],
    ids=["decoded", "encoded twice", "below the root", "not below it", "a proxy cut it", "a newline"],
)
def test_an_application_routes_by_the_decoded_path_below_its_root(
    scope: dict[str, object], status: int
) -> None:
    app = App()

    @app.get("/a/b")
    def endpoint() -> str:
        return "here"

    assert asyncio.run(call(app, scope)).status == status


def test_what_one_request_does_to_its_parameters_the_next_does_not_see() -> None:
    app = App()
    seen: list[dict[str, str]] = []

    @app.get("/{x}")
    async def careless(request: Request) -> None:
        seen.append(dict(request.scope["path_params"]))
        request.scope["path_params"]["x"] = "changed"

    @app.post("/fixed")
    async def never() -> None: ...

    for path in ("/1", "/1", "/fixed", "/fixed"):  # the verdict on the last is made once and kept
        asyncio.run(call(app, http_scope(path)))
    assert seen == [{"x": "1"}, {"x": "1"}, {"x": "fixed"}, {"x": "fixed"}]
