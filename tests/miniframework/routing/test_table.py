"""The table: duplicates, explanations, snapshots, fingerprints."""

import json
from typing import Annotated, Any

import pytest

from miniframework.errors import RouteError
from miniframework.routing.duplicates import say_repetition
from miniframework.routing.explanation import Matched, Shadowed
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Entry, Include, Mount, Route, SocketRoute, Source
from miniframework.routing.table import Found, NotFound, RouteTable
from tests.miniframework.routing.routing_cases import CONVERTERS, endpoint, mount, route, socket


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            route("/x", line=3),
            route("/x", "GET", "POST", line=9),
            "GET '/x' (endpoint) is already declared at app.py:3 (endpoint)",
        ),
        (route("/x", "PUT", line=3), route("/x", "PUT", line=9), "PUT '/x' (endpoint) is already declared"),
        (route("/x", line=3), route("/x", "HEAD", line=9), "HEAD '/x' (endpoint) is already declared"),
        (socket("/x", line=3), socket("/x", line=9), "WebSocket '/x' (socket) is already declared"),
        (mount("/x", line=3), mount("/x/", line=9), "mount '/x' (mounted) is already declared at app.py:3"),
        (mount("", line=3), mount("/", line=9), "mount '/' (mounted) is already declared at app.py:3"),
        (route("/{a:int}/x", line=3), route("/{a:int}/x", line=9), "GET '/{a:int}/x' (endpoint) is already"),
    ],
)
def test_an_entry_that_repeats_an_earlier_one_is_named_with_it(
    first: Entry, second: Entry, message: str
) -> None:
    said = say_repetition([first, route("/between")], second)
    assert said is not None
    assert message in said


@pytest.mark.parametrize("path", ["/x", "/1/x"])
def test_of_two_identical_routes_the_first_takes_every_request(path: str) -> None:
    table = RouteTable([route("/x"), route("/x"), route("/{a:int}/x"), route("/{a:int}/x")])
    found = table.match("http", "GET", path)
    assert isinstance(found, Found)
    assert found.index == (0 if path == "/x" else 2)
    assert isinstance(table.explain("http", "GET", path).verdicts[found.index + 1], Shadowed)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (route("/x"), route("/x", "POST")),
        (route("/x"), socket("/x")),
        (route("/x/"), mount("/x")),
        (route("/x", "HEAD"), route("/x")),
        (route("/{a}"), route("/{b}")),
        (route("/{a}"), route("/me")),
    ],
)
def test_entries_that_only_overlap_repeat_nothing(first: Entry, second: Entry) -> None:
    assert say_repetition([first], second) is None


def test_a_route_without_a_method_is_refused() -> None:
    with pytest.raises(RouteError, match=r"app\.py:7: route '/x' has no method; name at least one"):
        Route(
            pattern=parse_pattern("/x"),
            methods=frozenset(),
            endpoint=endpoint,
            name="x",
            source=Source(file="app.py", line=7),
        )


def test_a_mount_needs_a_pattern_that_is_open_at_its_end() -> None:
    with pytest.raises(RouteError, match="parse it with open_ended=True"):
        Mount(pattern=parse_pattern("/x"), app=endpoint, name="x")


TABLE = RouteTable(
    [
        route("/items", "GET", line=1),
        route("/items", "POST", line=2),
        route("/items/{id:int}", line=3),
        route("/items/{id}", line=4),
        route("/items/me", line=5),
        socket("/feed", line=6),
        mount("/sub", lambda: RouteTable([route("/deep/{n:int}", line=20)]), line=7),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "sentence"),
    [
        ("GET", "/items", "GET “/items” goes to route 1 “/items” → endpoint (app.py:1)."),
        (
            "GET",
            "/items/42",
            "GET “/items/42” goes to route 3 “/items/{id:int}” → endpoint (app.py:3); route 4 "
            "“/items/{id}” → endpoint (app.py:4) would match too, but stands later.",
        ),
        (
            "GET",
            "/items/me",
            "GET “/items/me” goes to route 4 “/items/{id}” → endpoint (app.py:4); route 5 "
            "“/items/me” → endpoint (app.py:5) would match too, but stands later.",
        ),
        ("DELETE", "/items", "DELETE “/items”: 2 routes have this path, but only for GET, HEAD, POST."),
        (
            "PUT",
            "/items/x",
            "PUT “/items/x”: route 4 “/items/{id}” → endpoint (app.py:4) has this path, but only "
            "for GET, HEAD.",
        ),
        (
            "GET",
            "/items/",
            "GET “/items/” is redirected to “/items”, the path of route 1 “/items” → endpoint (app.py:1).",
        ),
        ("GET", "/nowhere", "GET “/nowhere”: no route has this path."),
        (
            "GET",
            "/items/4/x",
            "GET “/items/4/x”: no route has this path; route 3 “/items/{id:int}” → endpoint "
            "(app.py:3) comes closest: left over “/x”.",
        ),
        (
            "WS",
            "/items",
            "WebSocket “/items”: no WebSocket route has this path; route 1 “/items” → endpoint "
            "(app.py:1) comes closest: takes only HTTP, this is a WebSocket handshake.",
        ),
        ("WS", "/feed", "WebSocket “/feed” goes to route 6 “/feed” → socket (app.py:6)."),
        (
            "GET",
            "/sub",
            "GET “/sub” is redirected to “/sub/”, the path of the mount 7 “/sub” → mounted (app.py:7).",
        ),
        (
            "GET",
            "/sub/deep/x",
            "GET “/sub/deep/x” goes to the mount 7 “/sub” → mounted (app.py:7). Inside, GET "
            "“/deep/x”: no route has this path; route 1 “/deep/{n:int}” → endpoint (app.py:20) "
            "comes closest: int refuses “x” at “x”: expected a digit 0-9.",
        ),
    ],
)
def test_an_explanation_says_it_in_one_sentence(method: str, path: str, sentence: str) -> None:
    protocol, method = ("websocket", "GET") if method == "WS" else ("http", method)
    assert TABLE.explain(protocol, method, path).sentence == sentence  # type: ignore[arg-type]


def test_a_sentence_names_the_file_without_its_directories() -> None:
    source = Source(file="/somewhere/shop/app.py", line=3)
    entry = Route(
        pattern=parse_pattern("/x"), methods=frozenset({"GET"}), endpoint=endpoint, name="x", source=source
    )
    sentence = RouteTable([entry]).explain("http", "GET", "/x").sentence
    assert sentence == "GET “/x” goes to route 1 “/x” → x (app.py:3)."


def test_an_empty_table_says_so() -> None:
    assert (
        RouteTable([]).explain("http", "GET", "/x").sentence
        == "GET “/x”: no route has this path; the table is empty."
    )


def test_entries_behind_the_winner_are_judged_but_not_examined() -> None:
    explanation = TABLE.explain("http", "GET", "/items/42").to_dict()
    told = [(v["outcome"], v["examined"], v["shadowed_by"], v["message"]) for v in explanation["verdicts"]]
    assert told == [
        ("refused", True, None, "left over “/42”"),
        ("refused", True, None, "left over “/42” · method is GET; allowed: POST"),
        ("matched", True, None, "takes it"),
        ("shadowed", False, 2, "would match too: shadowed by 3"),
        ("refused", False, None, "expected “me”, got “42”"),
        (
            "refused",
            False,
            None,
            "takes only WebSocket, this is an HTTP request · expected “feed”, got “items” · left over “/42”",
        ),
        ("refused", False, None, "not below “/sub”: expected “sub”, got “items”"),
    ]
    assert explanation["winner"] == 2
    assert explanation["also"] == [3]
    assert explanation["verdicts"][2]["parameters"] == [
        {"name": "id", "start": 7, "end": 9, "text": "42", "converter": "int"}
    ]


def test_a_mount_is_explained_to_the_bottom() -> None:
    verdict = TABLE.explain("http", "GET", "/sub/deep/7").verdicts[6]
    assert isinstance(verdict, Matched)
    assert verdict.inner is not None
    assert (verdict.inner.path, verdict.inner.winner) == ("/deep/7", 0)
    assert (
        verdict.inner.to_dict()
        == TABLE.explain("http", "GET", "/sub/deep/7").to_dict()["verdicts"][6]["inner"]
    )


def get_item(item_id: Annotated[int, "an id"], q: str | None = None, plain=None) -> None:  # type: ignore[no-untyped-def]
    """Only declared."""


def test_a_snapshot_holds_what_another_process_needs() -> None:
    entry = Route(
        pattern=parse_pattern("/api/items/{item_id:int}.{plain}", CONVERTERS),
        methods=frozenset({"GET"}),
        endpoint=get_item,
        name="get_item",
        source=Source(file="app.py", line=12),
        includes=(Include(prefix="/api", source=Source(file="app.py", line=3)), Include(prefix="")),
    )
    snapshot = RouteTable([entry], redirect_slashes=False).snapshot()
    assert snapshot == {
        "fingerprint": snapshot["fingerprint"],
        "redirect_slashes": False,
        "routes": [
            {
                "index": 0,
                "kind": "http",
                "path": "/api/items/{item_id:int}.{plain}",
                "methods": ["GET", "HEAD"],
                "implied_head": True,
                "name": "get_item",
                "endpoint": f"{__name__}:get_item",
                "file": "app.py",
                "line": 12,
                "regex": r"/api/items/(?P<item_id>[0-9]+)\.(?P<plain>[^/]+)",
                "parts": [
                    {"kind": "literal", "text": "/api/items/", "start": 0, "end": 11},
                    {
                        "kind": "parameter",
                        "name": "item_id",
                        "converter": "int",
                        "regex": "[0-9]+",
                        "start": 11,
                        "end": 24,
                        "declared_type": "int",
                    },
                    {"kind": "literal", "text": ".", "start": 24, "end": 25},
                    {
                        "kind": "parameter",
                        "name": "plain",
                        "converter": "str",
                        "regex": "[^/]+",
                        "start": 25,
                        "end": 32,
                        "declared_type": None,
                    },
                ],
                "includes": [
                    {"prefix": "/api", "file": "app.py", "line": 3},
                    {"prefix": "", "file": None, "line": None},
                ],
                "table": None,
            }
        ],
    }


def test_a_snapshot_holds_mounted_tables_and_gives_them_back() -> None:
    stored = json.loads(json.dumps(TABLE.snapshot()))
    inner = stored["routes"][6]["table"]
    assert inner["routes"][0]["path"] == "/deep/{n:int}"
    again = RouteTable.from_snapshot(stored)
    assert again.fingerprint == TABLE.fingerprint
    assert again.explain("http", "GET", "/sub/deep/x") == TABLE.explain("http", "GET", "/sub/deep/x")


def test_an_endpoint_from_a_snapshot_is_only_a_name() -> None:
    entry = RouteTable.from_snapshot(TABLE.snapshot()).entries[0]
    assert isinstance(entry, Route)
    with pytest.raises(TypeError, match="was read from a snapshot and cannot be called here"):
        entry.endpoint()


def test_a_snapshot_of_a_table_that_repeats_itself_is_read_as_it_is() -> None:
    stored = RouteTable([route("/x")]).snapshot()
    stored["routes"] = [*stored["routes"], {**stored["routes"][0], "index": 1}]
    assert RouteTable.from_snapshot(stored).explain("http", "GET", "/x").also == (1,)


def changed(**changes: Any) -> str:
    options = {"template": "/x/{a}", "methods": ("GET",), "line": 1, "redirect_slashes": True} | changes
    table = RouteTable(
        [route(options["template"], *options["methods"], line=options["line"])],
        redirect_slashes=options["redirect_slashes"],
    )
    return table.fingerprint


def test_a_fingerprint_is_stable_and_names_everything_that_decides() -> None:
    assert changed() == changed()
    others = [
        changed(template="/x/{b}"),
        changed(template="/x/{a:int}"),
        changed(methods=("POST",)),
        changed(methods=("GET", "HEAD")),
        changed(line=2),
        changed(redirect_slashes=False),
    ]
    assert len({changed(), *others}) == 7


def test_a_fingerprint_follows_the_table_of_what_is_mounted() -> None:
    inside = [route("/a")]
    table = RouteTable([mount("/sub", lambda: RouteTable(inside))])
    before = table.fingerprint
    assert table.fingerprint == before
    inside.append(route("/b"))
    assert table.fingerprint != before
    assert table.snapshot()["fingerprint"] == table.fingerprint


def test_a_socket_route_and_a_route_may_share_a_path() -> None:
    table = RouteTable([route("/x"), socket("/x")])
    web, live = table.match("http", "GET", "/x"), table.match("websocket", "GET", "/x")
    assert isinstance(web, Found)
    assert isinstance(live, Found)
    assert isinstance(web.entry, Route)
    assert isinstance(live.entry, SocketRoute)
    assert table.match("websocket", "GET", "/y") == NotFound()


def test_the_table_of_what_is_mounted_is_given_as_it_is_now() -> None:
    inside = [route("/a")]
    table = RouteTable([mount("/sub", lambda: RouteTable(inside)), mount("/unknown"), route("/x")])
    inside.append(route("/b"))
    within = [table.inside(entry) for entry in table.entries]
    assert within[0] is not None
    assert list(within[0].entries) == inside
    assert within[1:] == [None, None]
