"""The picture of a foreign table decides and explains as the framework does, and survives a snapshot."""

import json
from dataclasses import replace
from typing import Any

import pytest

from inspector.adapters.adapter import AdaptedRoute, Rules
from inspector.adapters.picture.table import Picture
from inspector.analysis.edits import Remove
from inspector.analysis.rematch import ask_table
from inspector.analysis.spots import declared_methods, lay_flat
from inspector.analysis.table_edit import edit_table
from miniframework.routing.converters import StrConverter
from miniframework.routing.explanation import Matched, Refused
from miniframework.routing.foreign.tree import NOTHING
from miniframework.routing.judging.judgement import ReasonKind
from miniframework.routing.match import Found, MatchOutcome, MethodNotAllowed, NotFound, Redirected
from miniframework.routing.parts import Literal, Parameter
from miniframework.routing.table import ForeignTable, RouteTable
from tests.inspector.inspection.tiny_framework import GET, TinyAdapter, listed, mounted

IN_TURN = {"redirects_in_turn": True, "redirect_slashes": True}


def draw(*routes: AdaptedRoute, **rules: Any) -> ForeignTable:
    rules = {"redirect_slashes": False, **rules}
    return Picture(TinyAdapter(routes_listed=routes, rules=Rules(**rules))).table


def taker(table: RouteTable, path: str, method: str = "GET") -> int | None:
    match = table.match("http", method, path)
    return match.index if isinstance(match, Found) else None


def part(name: str, regex: str, start: int = 0, end: int = 0) -> Parameter:
    converter = StrConverter()
    converter.regex = regex
    return Parameter(name=name, converter_name="own", converter=converter, start=start, end=end)


def test_a_route_for_every_method_takes_each_and_never_answers_405() -> None:
    table = draw(listed("/x", frozenset({"POST"})), listed("/x", None))
    assert [taker(table, "/x", method) for method in ("POST", "GET", "ANY")] == [0, 1, 1]
    assert table.explain("http", "DELETE", "/x").winner == 1
    assert not lay_flat(table)[1].takes("WEBSOCKET")


def test_no_head_is_implied() -> None:
    table = draw(listed("/x"))
    assert isinstance(table.match("http", "HEAD", "/x"), MethodNotAllowed)
    assert lay_flat(table)[0].methods == {"GET"}


def test_what_a_framework_adds_to_the_methods_is_not_taken_for_declared() -> None:
    found = lay_flat(draw(listed("/x", frozenset({"GET", "HEAD", "OPTIONS"}))))
    assert found[0].methods == {"GET", "HEAD", "OPTIONS"}
    assert declared_methods(found) == [("GET",)]


def test_a_template_in_another_syntax_is_shown_as_it_is_written() -> None:
    text = "/articles/(?P<year>[0-9]{4})/$"
    parts = (
        Literal(text="/articles/", start=0, end=10),
        part("year", "[0-9]{4}", 10, 28),
        Literal(text="/", start=28, end=29),
    )
    table = draw(replace(listed("/articles"), path=text[:-1], parts=parts))
    assert table.entries[0].pattern.template == text[:-1]
    assert taker(table, "/articles/2024/") == 0
    assert taker(table, "/articles/24/") is None
    [verdict] = table.explain("http", "GET", "/articles/24x/").verdicts
    assert isinstance(verdict, Refused)
    assert verdict.judgement.template_refused == (10, 28)


def test_parts_that_do_not_cover_their_template_are_written_anew() -> None:
    parts = (Literal(text="/a/", start=7, end=9), part("x", "[^/]+"))
    table = draw(replace(listed("/a"), path="?", parts=parts))
    assert table.entries[0].pattern.template == "/a/{x:own}"
    assert taker(table, "/a/b") == 0


def test_names_and_regexes_that_cannot_stand_in_a_regex_are_replaced() -> None:
    parts = (Literal(text="/", start=0, end=1), part("foo-bar", "[a-z]+"), part("foo-bar", "(?P<n>x)"))
    table = draw(replace(listed("/a"), path="", parts=parts))
    assert [one.name for one in table.entries[0].pattern.parameters] == ["_foo_bar", "_foo_bar_"]
    assert taker(table, "/abc") == 0


def test_duplicates_are_kept_and_the_first_takes() -> None:
    table = draw(listed("/x"), listed("/x"))
    explanation = table.explain("http", "GET", "/x")
    assert (explanation.winner, explanation.also) == (0, (1,))


def test_a_mount_commits_and_its_own_table_has_the_last_word() -> None:
    table = draw(mounted("/sub", listed("/a/{x}")), listed("/sub/b"))
    explanation = table.explain("http", "GET", "/sub/b")
    assert (explanation.winner, explanation.also) == (0, (1,))
    inner = explanation.verdicts[0].inner  # type: ignore[union-attr]
    assert inner is not None
    assert inner.outcome is MatchOutcome.NOT_FOUND


def test_what_has_a_condition_is_shown_and_takes_nothing() -> None:
    table = draw(mounted("", listed("/x"), condition="host api.example.org"), listed("/x"))
    assert taker(table, "/x") == 1
    refused = table.explain("http", "GET", "/x").verdicts[0]
    assert isinstance(refused, Refused)
    assert [reason.kind for reason in refused.judgement.reasons] == [ReasonKind.CONDITION]
    assert "host api.example.org" in refused.judgement.reasons[0].message
    assert [spot.label for spot in lay_flat(table)] == ["2"]


@pytest.mark.parametrize(
    ("slashes", "takes"), [("exact", []), ("end_ignored", ["/a/b/"]), ("merged", ["/a/b/", "/a//b"])]
)
def test_slashes_count_as_the_framework_says(slashes: Any, takes: list[str]) -> None:
    table = draw(replace(listed("/a/{x}"), slashes=slashes))
    assert [path for path in ("/a/b/", "/a//b") if taker(table, path) == 0] == takes
    assert taker(table, "/a/b") == 0
    assert all(isinstance(table.explain("http", "GET", path).verdicts[0], Matched) for path in takes)


@pytest.mark.parametrize(
    ("regex", "takes"),
    [("[a-z]*", ["/c/", "/c/x", "/c/x/"]), (".*", ["/c/", "/c/x", "/c/x/"]), ("[a-z]+", ["/c/x", "/c/x/"])],
)
def test_a_slash_before_a_last_parameter_that_is_empty_is_no_slash_at_the_end(
    regex: str, takes: list[str]
) -> None:
    parts = (Literal(text="/c/", start=0, end=3), part("x", regex, 3, 6))
    table = draw(listed("/c/<x>", parts=parts, slashes="end_ignored"))
    paths = ("/c", "/c/", "/c/x", "/c/x/")
    assert [path for path in paths if taker(table, path) == 0] == takes


def test_slashes_are_dropped_from_the_end_until_a_template_fits() -> None:
    table = draw(
        *(
            replace(one, slashes="end_dropped")
            for one in (listed("/"), listed("/a"), listed("/c/{rest:path}"))
        )
    )
    assert [taker(table, path) for path in ("/", "//", "/a", "/a//", "/c/d/", "/c", "/b/")] == [
        0, 0, 1, 1, 2, None, None,
    ]  # fmt: skip
    assert table.explain("http", "GET", "/c/d/").path == "/c/d/"


def test_where_a_slash_counts_for_nothing_no_parameter_stands_for_it() -> None:
    routes = (listed("/"), listed("/a"), listed("/f/{tail:path}"))
    for slashes in ("end_ignored", "end_dropped"):
        table = draw(*(replace(one, slashes=slashes) for one in routes))
        assert [list(entry.pattern.regex.groupindex) for entry in table.entries] == [[], [], ["tail"]]
        assert [taker(table, path) for path in ("/", "/a/", "/f/x/")] == [0, 1, 2]
    ignoring = draw(*(replace(one, slashes="end_ignored") for one in routes))
    assert taker(ignoring, "//") is None


def test_a_slash_at_the_end_of_a_tail_keeps_no_narrower_route_from_its_path() -> None:
    parts = (Literal(text="/a", start=0, end=2), part("tail", ".*", 2, 3))
    table = draw(listed("/a/{x}", slashes="end_ignored"), listed("/a*", parts=parts, slashes="end_ignored"))
    assert [taker(table, path) for path in ("/a/b", "/a/b/", "/a/b/c/")] == [0, 0, 1]


def test_a_mount_takes_its_prefix_alone_unless_a_route_before_it_does() -> None:
    inner = listed("/", slashes="end_ignored")
    mount = mounted("/m", inner, slashes="end_ignored")
    route = listed("/m", slashes="end_ignored")
    assert taker(draw(mount, route), "/m") == 0
    assert taker(draw(route, mount), "/m") == 0
    assert ask_table(draw(mount, route), ("http", "GET", "/m")).number == "1.1"


def test_slashes_count_for_each_route_where_routes_differ() -> None:
    table = draw(listed("/strict/{x}"), replace(listed("/loose/{x}"), slashes="end_ignored"))
    assert [taker(table, path) for path in ("/strict/1/", "/loose/1/", "/loose/1")] == [None, 1, 1]
    assert table.entries[1].pattern.template == "/loose/{x}"


def test_case_is_ignored_in_literal_text_and_in_parameters() -> None:
    table = draw(listed("/Users/{name}"), ignores_case=True)
    assert [taker(table, path) for path in ("/users/Ann", "/USERS/ANN")] == [0, 0]
    assert table.entries[0].pattern.template == "/Users/{name}"


def test_a_word_in_capitals_is_the_route_that_is_written_so() -> None:
    table = draw(listed("/Users"), ignores_case=True)
    assert [taker(table, path) for path in ("/Users", "/users", "/USERS")] == [0, 0, 0]


def test_values_keep_their_case_where_that_of_words_does_not_count() -> None:
    parts = (Literal(text="/Raw", start=0, end=4), part("tail", ".*", 4, 5))
    table = draw(listed("/Users/{name}"), listed("/Raw*", parts=parts), ignores_case=True)
    told = table.explain("http", "GET", "/USERS/a%2FB")
    assert told.path == "/users/a%2Fb".replace("b", "B")
    assert told.verdicts[0].judgement.parameters[0].text == "a%2FB"
    assert table.explain("http", "GET", "/RAWx/Y").verdicts[1].judgement.parameters[0].text == "x/Y"


def test_a_newline_at_the_end_counts_for_nothing_where_regexes_end_so() -> None:
    table = draw(listed("/a"), listed("/b/{n:int}"), listed("/c/{x}"), newline_at_end=True)
    assert [taker(table, f"{path}\n") for path in ("/a", "/b/1", "/c/x", "/c/")] == [0, 1, 2, 2]
    assert [taker(table, path) for path in ("/a\n\n", "/d\n")] == [None, None]
    assert taker(draw(listed("/a")), "/a\n") is None


def test_a_handshake_is_a_get_to_the_first_path_that_fits() -> None:
    routes = (listed("/a"), listed("/b", frozenset({"POST"})), listed("/w", None, kind="websocket"))
    table = draw(*routes, path_decides=True, socket_methods="GET")
    asked = [table.match("websocket", "GET", path) for path in ("/a", "/b", "/w", "/x")]
    assert [type(one) for one in asked] == [Found, MethodNotAllowed, Found, NotFound]
    assert isinstance(table.match("http", "GET", "/w"), NotFound)
    refusal = table.match("http", "POST", "/w")
    assert isinstance(refusal, MethodNotAllowed)
    assert refusal.allow == ("GET",)


def test_where_a_tree_takes_all_the_rest_nothing_behind_it_refuses_a_method() -> None:
    parts = (
        Literal(text="/", start=0, end=1), part("rest", NOTHING, 1, 2), Literal(text="/edit", start=2, end=7),
    )  # fmt: skip
    table = draw(listed("/{rest}/edit", frozenset({"POST"}), parts=parts), backtracks=False)
    assert isinstance(table.match("http", "GET", "/x/edit"), NotFound)


def test_a_tree_never_leaves_its_literal_branch() -> None:
    table = draw(listed("/t/b/{y}/q"), listed("/t/{x}/c"), backtracks=False)
    assert [taker(table, path) for path in ("/t/k/c", "/t/b/1/q", "/t/b/c")] == [1, 0, None]
    passed = table.explain("http", "GET", "/t/b/c").verdicts[1]
    assert isinstance(passed, Refused)
    assert [reason.kind for reason in passed.judgement.reasons] == [ReasonKind.PASSED_OVER]


def test_a_template_without_parameters_is_no_branch_of_a_tree() -> None:
    table = draw(listed("/t/b/d"), listed("/t/{x}/c"), backtracks=False)
    assert [taker(table, path) for path in ("/t/b/d", "/t/b/c")] == [0, 1]


def test_a_slash_may_be_added_when_the_turn_of_its_route_comes() -> None:
    table = draw(listed("/x/"), listed("/x"), listed("/y"), listed("/y/"), **IN_TURN)
    assert table.match("http", "GET", "/x") == Redirected(path="/x/")
    assert taker(table, "/y") == 2
    assert isinstance(table.match("http", "GET", "/z"), NotFound)


def test_a_slash_may_only_be_added() -> None:
    table = draw(listed("/x/"), listed("/y"), redirect_slashes=True, appends_only=True)
    assert table.match("http", "GET", "/x") == Redirected(path="/x/")
    assert isinstance(table.match("http", "GET", "/y/"), NotFound)


def test_a_405_names_the_methods_of_all_routes_or_of_the_first_or_is_never_given() -> None:
    routes = (listed("/x"), listed("/x", frozenset({"POST"})))
    assert draw(*routes, allow="first").match("http", "PUT", "/x") == MethodNotAllowed(allow=("GET",))
    assert draw(*routes).match("http", "PUT", "/x") == MethodNotAllowed(allow=("GET", "POST"))
    assert isinstance(draw(*routes, allow="never").match("http", "PUT", "/x"), NotFound)


def test_a_snapshot_gives_the_same_table_back() -> None:
    table = draw(
        listed("/a/{x}", None),
        listed("/a/{x}", GET),
        listed("/ws", kind="websocket"),
        mounted("/sub", listed("/b", frozenset({"PUT"}))),
        mounted("", listed("/c"), condition="host h"),
        replace(listed("/raw"), path="^raw", parts=(Literal(text="/raw", start=0, end=4),)),
        allow="first",
        backtracks=False,
    )
    stored = json.loads(json.dumps(table.snapshot()))
    again = RouteTable.from_snapshot(stored)
    assert isinstance(again, ForeignTable)
    assert (again.fingerprint, again.framework) == (table.fingerprint, table.framework)
    assert stored["framework"]["name"] == "Tiny"
    for method, path in (
        ("GET", "/a/1"),
        ("DELETE", "/a/1"),
        ("PUT", "/sub/b"),
        ("GET", "/c"),
        ("GET", "/raw"),
    ):
        assert again.explain("http", method, path).to_dict() == table.explain("http", method, path).to_dict()


def test_a_way_is_found_again_when_the_routes_are_read_anew() -> None:
    adapter = TinyAdapter(routes_listed=(listed("/x"), listed("/x"), mounted("/sub", listed("/y"))))
    before, after = Picture(adapter), Picture(adapter)
    assert [leaf.number for leaf in before.leaves] == ["1", "2", "3.1"]
    assert [after.find_address(leaf.way) for leaf in before.leaves] == [(0,), (1,), (2, 0)]
    assert after.find_address((listed("/other"),)) is None


def test_an_edited_table_stays_one_of_its_framework() -> None:
    table = draw(listed("/x"), listed("/x", None), allow="first")
    edited = edit_table(table, [Remove(route="1")]).table
    assert isinstance(edited, ForeignTable)
    assert (edited.framework, [entry.path for entry in edited.entries]) == (table.framework, ["/x"])
    assert taker(edited, "/x", "DELETE") == 0
