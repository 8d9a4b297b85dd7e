"""What was probably meant: the nearest routes and the other ways of asking, proven by the table itself."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniframework.routing.explaining.distance import count_edits
from miniframework.routing.regex.mending import mend
from miniframework.routing.route import Entry, Include, Route
from miniframework.routing.table import Found, MethodNotAllowed, RouteTable
from tests.miniframework.routing.routing_cases import mount, route, socket
from tests.miniframework.routing.test_routing_laws import tables

ALPHABET = "a1-/"


def brute_distance(one: str, other: str) -> int:
    """Optimal string alignment as its recursion is written."""
    if not one or not other:
        return len(one) + len(other)
    best = min(
        brute_distance(one[:-1], other) + 1,
        brute_distance(one, other[:-1]) + 1,
        brute_distance(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if len(one) > 1 and len(other) > 1 and one[-1] == other[-2] and one[-2] == other[-1]:
        best = min(best, brute_distance(one[:-2], other[:-2]) + 1)
    return best


@settings(max_examples=200)
@given(st.text("ab", max_size=5), st.text("ab", max_size=5), st.integers(0, 6))
def test_edits_are_counted_as_the_definition_says(one: str, other: str, at_most: int) -> None:
    assert count_edits(one, other, at_most=at_most) == min(brute_distance(one, other), at_most + 1)


@pytest.mark.parametrize(
    ("regex", "text", "mended"),
    [
        ("[0-9]+", "42x", "42"),
        ("[0-9]+", "4x2", "42"),
        (r"[0-9]+(\.[0-9]+)?", "4.", "4"),
        ("[0-9a-f]{4}", "12g4", "12-4".replace("-", "1")),
        ("[^/]+", "a/b", "ab"),
        ("v[0-9]", "w1", "v1"),
    ],
)
def test_a_text_is_mended_with_the_fewest_edits(regex: str, text: str, mended: str) -> None:
    found = mend(regex, text)
    assert found is not None
    assert found.text == mended
    assert found.edits == 1


@settings(max_examples=80)
@given(st.sampled_from(["1+", "1+(-1)?", "(a1)*", "a?1", "[a1]{2}", "-|11"]), st.text("a1-", max_size=4))
def test_no_text_that_matches_is_nearer_than_the_mended_one(regex: str, text: str) -> None:
    found = mend(regex, text)
    words = ("".join(w) for n in range(6) for w in itertools.product("a1-", repeat=n))
    # Levenshtein, without swaps: what the automaton counts.
    nearest = min(plain_distance(text, word) for word in words if re.fullmatch(regex, word))
    assert found is not None
    assert re.fullmatch(regex, found.text)
    assert found.edits == nearest == plain_distance(text, found.text)


def plain_distance(one: str, other: str) -> int:
    last = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (char != wanted)))
        last = row
    return last[-1]


def test_what_cannot_be_followed_is_not_mended() -> None:
    assert mend(r"(?!me\Z)[^/]+", "") is None


TABLE: list[Entry] = [
    route("/items/{id:int}", line=1),
    route("/items/{id:int}", "POST", line=2),
    route("/users/{name}/posts", line=3),
    route("/files/{rest:path}", line=4),
    socket("/chat/{room}", line=5),
    mount("/admin", lambda: RouteTable([route("/reports/{year:int}")]), line=6),
]


@pytest.mark.parametrize(
    ("path", "meant", "first"),
    [
        ("/items/42x", "/items/42", (0, "/items/42", 1)),
        ("/itmes/42", "/items/42", (0, "/items/42", 1)),
        ("/users/ann/post", "/users/ann/posts", (2, "/users/ann/posts", 1)),
        ("/fils/a/b/c", "/files/a/b/c", (3, "/files/a/b/c", 1)),
        ("/admni/reports/1", "/admin/reports/1", (5, "/admin/reports/1", 1)),
        ("/admin/report/1", "/admin/reports/1", None),
        ("/favicon.ico", None, None),
        ("/" + "x" * 10_000, None, None),
        ("/" * 3_000, None, None),
    ],
)
def test_the_nearest_path_is_found(path: str, meant: str | None, first: tuple[int, str, int] | None) -> None:
    advice = RouteTable(TABLE).explain("http", "GET", path[:12_000]).advice
    assert advice.did_you_mean == meant
    assert (tuple(advice.nearest[0]) if advice.nearest else None) == first


@pytest.mark.parametrize("path", ["/api/users/4/comments/9", "/log/a/b/c/d/e/f/g/h/i/j"])
def test_what_a_catch_all_would_take_after_its_prefix_does_not_make_it_near(path: str) -> None:
    assert RouteTable(TABLE).explain("http", "GET", path).advice.did_you_mean is None


def test_a_handshake_is_led_to_socket_routes_only() -> None:
    advice = RouteTable(TABLE).explain("websocket", "GET", "/chta/blue").advice
    assert [near.index for near in advice.nearest] == [4]
    assert advice.did_you_mean == "/chat/blue"


def test_a_route_without_the_method_is_listed_but_not_suggested() -> None:
    advice = RouteTable([route("/items", "POST")]).explain("http", "GET", "/itms").advice
    assert [tuple(near) for near in advice.nearest] == [(0, "/items", 1)]
    assert advice.did_you_mean is None


def test_a_request_that_is_taken_is_not_advised() -> None:
    assert RouteTable(TABLE).explain("http", "GET", "/items/1").advice == ((), None, ())


def test_a_405_tells_the_methods_that_would_do() -> None:
    advice = RouteTable(TABLE).explain("http", "PUT", "/items/1").advice
    assert [one.method for one in advice.would_match] == ["GET", "POST"]


def test_a_known_prefix_is_tried() -> None:
    included = Route(
        pattern=route("/api/v1/pens").pattern,
        methods=frozenset({"GET"}),
        endpoint=test_a_known_prefix_is_tried,
        name="pens",
        includes=(Include(prefix="/api"), Include(prefix="/v1")),
    )
    advice = RouteTable([included]).explain("http", "GET", "/pens").advice
    assert advice.did_you_mean == "/api/v1/pens"
    assert advice.would_match[0].change == "below the prefix /api/v1"


def inner_table() -> RouteTable:
    below = RouteTable([route("/books")])
    return RouteTable([route("/items/{item}"), mount("/v1", lambda: below)])


@pytest.mark.parametrize(
    ("path", "meant", "changes"),
    [
        ("/m/m/items/3", "/m/items/3", ["without the prefix /m"]),
        ("/m/v1/v1/books", "/m/v1/books", []),
        ("/m/v1/items/3", "/m/items/3", []),
        ("/m/plain/2", "/plain/2", ["without the prefix /m"]),
        ("/m/books", "/m/v1/books", []),
        ("/m/itemz/3", "/m/items/3", []),
        ("/m/nothing/of/it", None, []),
        ("/m/items/3", None, []),
        ("/m/plain/" + "x" * 500, None, []),
    ],
)
def test_of_what_only_its_mount_takes_the_other_ways_are_tried_too(
    path: str, meant: str | None, changes: list[str]
) -> None:
    table = RouteTable([mount("/m", inner_table), route("/plain/{text}")])
    advice = table.explain("http", "GET", path).advice
    assert (advice.did_you_mean, [one.change for one in advice.would_match]) == (meant, changes)


@pytest.mark.parametrize(
    ("path", "meant"), [("/m/x/y", None), ("/xx/x/y", "/x/x/y"), ("/x/x/z", None), ("/x/x/yy", "/x/x/y")]
)
def test_a_segment_of_which_nothing_is_left_is_not_mistyped(path: str, meant: str | None) -> None:
    assert RouteTable([route("/x/x/y")]).explain("http", "GET", path).advice.did_you_mean == meant


@settings(max_examples=100, deadline=None)
@given(tables())
def test_what_is_suggested_is_taken_by_the_table(case: object) -> None:
    _, table, paths = case  # type: ignore[misc]
    for path in paths:
        for protocol, method in (("http", "GET"), ("http", "PUT"), ("websocket", "GET")):
            advice = table.explain(protocol, method, path).advice
            assert len(advice.nearest) <= 5
            for near in advice.nearest:
                match = table.match(protocol, method, near.path)
                if isinstance(match, MethodNotAllowed):
                    assert table.entries[near.index].pattern.match(near.path) is not None
                else:
                    assert isinstance(match, Found)
                    assert match.index == near.index
                assert near.edits == count_edits(path, near.path, at_most=len(path) + len(near.path))
            for one in advice.would_match:
                assert isinstance(table.match(protocol, one.method, one.path), Found)
            if advice.did_you_mean is not None:
                assert isinstance(table.match(protocol, method, advice.did_you_mean), Found)
