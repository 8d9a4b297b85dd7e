"""The difference of two tables: every request that goes elsewhere, and no other."""

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.regions import map_space
from inspector.analysis.rematch import ask_table
from inspector.analysis.spots import WEBSOCKET, lay_flat
from inspector.analysis.table_diff import Change, Side, compare_tables
from miniframework.routing.match import Protocol_
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import METHODS, mount, route, short_paths, socket, table_of, tables

PATHS = short_paths()


Told = tuple[tuple[str, ...], str, str, str]


def all_told(old: RouteTable, new: RouteTable) -> list[Told]:
    return [(c.methods, c.witness, in_words(c.old), in_words(c.new)) for c in compare_tables(old, new)]


def told(old: list[Entry], new: list[Entry]) -> list[Told]:
    """The changes with a taker on one of their sides."""
    every = all_told(table_of(*old), table_of(*new))
    refusals = ("not_found", "method_not_allowed", "redirect")
    return [one for one in every if not (one[2].startswith(refusals) and one[3].startswith(refusals))]


def in_words(side: Side) -> str:
    if side.answer == "found" and side.route is not None:
        return side.route.name
    inside = f" in {side.route.name}" if side.route is not None else ""
    return " ".join([side.answer, *side.allow, *([side.location] if side.location else [])]) + inside


def said_at(table: RouteTable, method: str, path: str) -> tuple[str, str | None]:
    """What routing says, without where a redirect leads to; and who gives that answer."""
    protocol: Protocol_ = "websocket" if method == WEBSOCKET else "http"
    answer = ask_table(table, (protocol, "GET" if method == WEBSOCKET else method, path))
    taker = next(
        (f"{s.entry.name} {s.path} {s.closed}" for s in lay_flat(table) if s.label == answer.number), None
    )
    return " ".join([answer.outcome, *answer.allow]), taker


def told_side(side: Side) -> tuple[str, str | None]:
    route = side.route
    taker = None if route is None else f"{route.name} {route.path} {route.kind != 'mount'}"
    return " ".join([side.answer, *side.allow]), taker


def test_a_table_is_not_different_from_itself() -> None:
    entries: list[Entry] = [route("/a/{x}"), mount("/m", table_of(route("/b"))), socket("/a/{x}", 3)]
    assert told(entries, entries) == []


def test_a_moved_route_is_told_with_the_path_that_now_goes_to_it() -> None:
    by_id, me = route("/users/{id}", line=1), route("/users/me", line=2)
    assert told([by_id, me], [me, by_id]) == [(("GET",), "/users/me", "route1", "route2")]


def test_a_converter_that_became_narrower_lets_the_rest_go() -> None:
    assert told([route("/i/{n}")], [route("/i/{n:int}")]) == [(("GET",), "/i/a", "route1", "not_found")]


def test_a_new_method_turns_405_into_an_answer() -> None:
    new = [route("/x", "GET", line=1), route("/x", "POST", line=2)]
    (change,) = told([route("/x", "GET", line=1)], new)
    assert change == (("POST",), "/x", "method_not_allowed GET HEAD", "route2")


def test_the_methods_that_a_405_names_are_compared() -> None:
    old, new = table_of(route("/x", line=1)), table_of(route("/x", line=1), route("/x", "POST", line=2))
    assert (("*",), "/x", "method_not_allowed GET HEAD", "method_not_allowed GET HEAD POST") in all_told(
        old, new
    )


def test_a_route_that_gets_a_slash_turns_requests_into_redirects_and_back() -> None:
    assert all_told(table_of(route("/x")), table_of(route("/x/"))) == [
        (("GET",), "/x", "route1", "redirect /x/"),
        (("GET",), "/x/", "redirect /x", "route1"),
        (("*",), "/x", "method_not_allowed GET HEAD", "redirect /x/"),
        (("*",), "/x/", "redirect /x", "method_not_allowed GET HEAD"),
        (("*",), "/x//", "redirect /x", "not_found"),
    ]


def test_a_setting_that_takes_all_redirects_away_is_one_change_of_many_regions() -> None:
    paths = ("/a", "/b/", "/c/{x}", "/d/{p:path}")
    entries = [route(path, line=line) for line, path in enumerate(paths)]
    on, off = table_of(*entries), RouteTable(entries, redirect_slashes=False)
    (change,) = compare_tables(on, off)
    assert (change.methods, change.witness, change.regions) == (("*",), "/a/", 4)
    assert (in_words(change.old), in_words(change.new)) == ("redirect /a", "not_found")


def test_a_new_route_brings_its_redirect_and_the_same_table_none() -> None:
    old, new = table_of(route("/a", line=1)), table_of(route("/a", line=1), route("/a/b", line=2))
    assert (("*",), "/a/b/", "not_found", "redirect /a/b") in all_told(old, new)
    assert all_told(new, new) == []


def test_a_redirect_inside_a_mount_has_the_prefix_in_its_location() -> None:
    old, new = table_of(mount("/m", table_of(), 9)), table_of(mount("/m", table_of(route("/x", line=1)), 9))
    assert (("*",), "/m/x/", "not_found in mount9", "redirect /m/x in mount9") in all_told(old, new)


def test_a_refusal_and_a_redirect_inside_one_mount_are_told_apart_in_front_of_a_route() -> None:
    """Paths of one region: `/m/a` is redirected by what is mounted, `/m/b` is not found there."""
    inner = mount("/m", table_of(mount("/a", line=8)), 9)
    rest = route("/{p:path}/{x}", line=1)
    told_now = all_told(table_of(inner, rest), table_of(rest, inner))
    assert (("GET",), "/m/a", "redirect /m/a/ in mount9", "route1") in told_now
    assert any((one[2], one[3]) == ("not_found in mount9", "route1") for one in told_now)


def test_the_witness_of_a_change_is_one_for_each_of_its_methods() -> None:
    old = [route("/x", "GET", line=1), route("/y", "GET", "PUT", line=2)]
    changes = compare_tables(table_of(*old), table_of(route("/{n}", "GET", "PUT", line=3)))
    for change in changes:
        for method in change.methods:
            tables = table_of(*old), table_of(route("/{n}", "GET", "PUT", line=3))
            sides = [said_at(table, method, change.witness)[0] for table in tables]
            assert sides == [told_side(change.old)[0], told_side(change.new)[0]]


def test_a_path_of_several_slashes_is_redirected_only_where_a_route_is() -> None:
    rest, bare = route("/f/{p:path}", line=1), route("/f", line=2)
    old, new = table_of(rest), table_of(rest, bare)
    assert all_told(old, new) == [
        (("GET",), "/f", "redirect /f/", "route2"),
        (("*",), "/f", "redirect /f/", "method_not_allowed GET HEAD"),
    ]
    narrow = table_of(route("/f/", line=1), route("/f", line=2))
    assert (("*",), "/f//", "not_found", "redirect /f") in all_told(table_of(route("/f/", line=1)), narrow)


def test_a_route_inside_a_mount_is_compared_too() -> None:
    old, new = table_of(route("/a", line=1)), table_of(route("/a", line=2))
    assert told([mount("/m", old, 9)], [mount("/m", new, 9)]) == [(("GET",), "/m/a", "route1", "route2")]


def test_a_handshake_that_goes_elsewhere_is_told_as_one() -> None:
    assert told([socket("/live", 1)], [socket("/live", 2)]) == [((WEBSOCKET,), "/live", "socket1", "socket2")]


def test_a_change_counts_its_regions_and_is_json_able() -> None:
    change: Change = compare_tables(table_of(route("/i/{n}")), table_of(route("/i/{n:int}")))[0]
    assert change.to_dict()["old"]["route"]["path"] == "/i/{n}"
    assert change.to_dict()["new"] == {"route": None, "answer": "not_found", "allow": [], "location": None}
    assert (change.regions, change.to_dict()["regions"]) == (1, 1)


@given(tables(), tables(), st.booleans())
@settings(max_examples=80)
def test_every_request_that_is_answered_otherwise_is_in_a_change_that_is_told(
    old: RouteTable, new: RouteTable, redirects: bool
) -> None:
    new = new.with_entries(new.entries, redirect_slashes=redirects)
    told_pairs = {(told_side(c.old), told_side(c.new)) for c in compare_tables(old, new)}
    exact = not (map_space(lay_flat(old)).beyond or map_space(lay_flat(new)).beyond)
    for path in PATHS if exact else ():
        for method in (*METHODS, "ANOTHER", WEBSOCKET):
            pair = said_at(old, method, path), said_at(new, method, path)
            is_bare_root = path == ""
            assert pair[0] == pair[1] or pair in told_pairs or _is_same_but_moved(pair) or is_bare_root


def _is_same_but_moved(pair: tuple[tuple[str, str | None], tuple[str, str | None]]) -> bool:
    """An endpoint whose path changed is the same one."""
    (said, taker), (says, takes) = pair
    return said == says and None not in (taker, takes) and str(taker).split()[0] == str(takes).split()[0]
