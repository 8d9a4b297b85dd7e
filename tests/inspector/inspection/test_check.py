"""Every claim of the static analysis is tried on the router, and so is every route it says nothing of."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from inspector.adapters.adapter import AdaptedRoute, Asked, Rules
from inspector.inspection.attached import Attached
from inspector.inspection.findings import RouteFindings
from tests.inspector.inspection.tiny_framework import Router, TinyAdapter, TinyApp, listed, mounted, scan

Told = list[tuple[str, str, str, list[str]]]


def check(*routes: AdaptedRoute, router: Router = scan, **rules: Any) -> RouteFindings:
    rules = {"redirect_slashes": False, **rules}
    adapter = TinyAdapter(routes_listed=routes, rules=Rules(**rules), router=router)
    return Attached(TinyApp(adapter), adapter).check()


def told(findings: RouteFindings) -> Told:
    return [(one.kind.value, one.method, one.route.path, [by.path for by in one.by]) for one in findings]


def test_a_second_route_of_one_path_is_a_duplicate() -> None:
    assert told(check(listed("/x"), listed("/x"))) == [("duplicate", "GET", "/x", ["/x"])]


def test_where_methods_do_not_route_the_first_path_takes_all() -> None:
    found = check(listed("/{a}", None), listed("/x", None), listed("/y/{z}", None))
    assert told(found) == [("unreachable", "*", "/x", ["/{a}"])]


def test_a_route_for_every_method_behind_one_for_some_is_alive() -> None:
    assert told(check(listed("/x"), listed("/x", None))) == []


def test_a_route_for_some_methods_behind_one_for_every_is_dead() -> None:
    assert told(check(listed("/x", None), listed("/x"))) == [("duplicate", "GET", "/x", ["/x"])]


def test_a_route_that_may_refuse_hides_only_its_twin_and_is_found_dead_itself() -> None:
    first, twin, other = (
        replace(listed(path), doubt=doubt)
        for path, doubt in (("/{a}", "a converter"), ("/{b}", "a converter"), ("/{c}", "another"))
    )
    found = check(first, twin, listed("/{d}"), listed("/x"), other)
    assert [(*one, each.exactness) for one, each in zip(told(found), found, strict=True)] == [
        ("duplicate", "GET", "/{b}", ["/{a}"], "exact"),
        ("undecided", "GET", "/{d}", [], "unknown"),
        ("unreachable", "GET", "/x", ["/{d}"], "exact"),
        ("duplicate", "GET", "/{c}", ["/{d}"], "exact"),
    ]


def test_methods_that_a_framework_adds_are_not_dead_beside_each_other() -> None:
    first = listed("/x", frozenset({"GET", "HEAD", "OPTIONS"}))
    assert told(check(first, listed("/x", frozenset({"POST", "OPTIONS"})))) == []


def test_an_options_that_no_framework_adds_was_written_and_may_be_dead() -> None:
    first, second = listed("/{a}", frozenset({"OPTIONS"})), listed("/x", frozenset({"POST", "OPTIONS"}))
    assert told(check(first, second, adds_options=False)) == [("unreachable", "OPTIONS", "/x", ["/{a}"])]


def test_a_finding_is_told_once_for_each_method() -> None:
    both = frozenset({"GET", "PUT"})
    assert [(kind, method) for kind, method, *_ in told(check(listed("/x", both), listed("/x", both)))] == [
        ("duplicate", "GET"),
        ("duplicate", "PUT"),
    ]


def test_a_mount_that_nothing_reaches_is_told_once_for_all_methods() -> None:
    found = check(mounted("/sub"), mounted("/sub/deep"))
    assert told(found) == [("unreachable", "*", "/sub/deep", ["/sub"])]


def test_what_stands_behind_a_mount_is_unreachable() -> None:
    found = check(mounted("/sub", listed("/a")), listed("/sub/b"))
    assert told(found) == [("unreachable", "GET", "/sub/b", ["/sub"])]
    assert found[0].exactness == "exact"


def test_a_socket_and_a_route_of_one_path_do_not_meet() -> None:
    assert told(check(listed("/x"), listed("/x", None, kind="websocket"))) == []
    assert told(check(listed("/x", None), listed("/x", None, kind="websocket"))) == []


def test_a_route_with_a_condition_takes_nothing_from_those_behind_it() -> None:
    assert told(check(listed("/x", condition="host a"), listed("/x"))) == []


def test_what_the_router_takes_is_never_called_dead() -> None:
    """The picture says that the first wins; this router tries the last one first."""

    def backwards(routes: Sequence[AdaptedRoute], method: str, path: str) -> Asked:
        return scan(routes[::-1], method, path)

    found = check(listed("/{a}"), listed("/x"), router=backwards)
    assert [finding.route.path for finding in found if finding.kind == "unreachable"] == []


def test_a_route_that_only_the_router_kills_is_found() -> None:
    def never_the_second(routes: Sequence[AdaptedRoute], method: str, path: str) -> Asked:
        asked = scan(routes, method, path)
        return replace(asked, way=(routes[0],)) if asked.way == (routes[1],) else asked

    found = check(listed("/a/{x}"), listed("/b/{x}"), router=never_the_second)
    assert told(found) == [("unreachable", "GET", "/b/{x}", ["/a/{x}"])]
    assert (found[0].exactness, found[0].witness) == ("exact", "/b/1")


@pytest.mark.parametrize(
    ("backtracks", "kind", "exactness"),
    [(False, "unreachable", "exact"), (True, "undecided", "unknown")],
    ids=["a tree that may do so", "nothing that is known of it"],
)
def test_a_404_to_every_path_of_a_route_is_death_only_where_the_rules_explain_it(
    backtracks: bool, kind: str, exactness: str
) -> None:
    def loses_b(routes: Sequence[AdaptedRoute], method: str, path: str) -> Asked:
        return Asked(outcome="not_found", status=404) if path.startswith("/b") else scan(routes, method, path)

    found = check(listed("/a/{x}"), listed("/b/{x}"), router=loses_b, backtracks=backtracks)
    assert [(one.kind, one.exactness, one.route.path) for one in found] == [(kind, exactness, "/b/{x}")]
    assert "404" in found[0].message


def test_a_route_that_wins_only_paths_of_several_segments_is_alive() -> None:
    rest = listed("/{rest:path}")
    assert [one.route.path for one in check(listed("/{x}"), rest) if one.kind == "unreachable"] == []


def test_a_route_between_literals_is_alive_by_another_word() -> None:
    literals = [listed(f"/{word}") for word in ("1", "a", "xy7", "word-2", "Zz_9")]
    assert [one.kind for one in check(*literals, listed("/{x}")) if one.severity == "error"] == []


def test_a_crossing_that_the_router_does_not_confirm_is_not_told() -> None:
    routes = (listed("/{x}/b"), listed("/a/{y}"))
    assert [one.kind.value for one in check(*routes)] == ["partly_shadowed"]

    def backwards(routes: Sequence[AdaptedRoute], method: str, path: str) -> Asked:
        return scan(routes[::-1], method, path)

    assert told(check(*routes, router=backwards)) == []


def test_the_order_of_the_program_is_no_way_out_of_a_router_that_sorts() -> None:
    [finding] = check(listed("/{a}"), listed("/x"), order="specific")
    assert finding.fix.endswith("this router sorts its routes by itself")


def test_a_witness_is_what_a_request_line_holds() -> None:
    routes = (listed("/käse/{x}"), listed("/käse/a"))
    assert [one.witness for one in check(*routes)] == ["/k%C3%A4se/a"]
    raw = (listed("/k%C3%A4se/{x}"), listed("/k%C3%A4se/a"))
    assert [one.witness for one in check(*raw, path="raw")] == ["/k%C3%A4se/a"]


def test_methods_that_a_framework_adds_stand_beside_the_written_one_in_one_finding() -> None:
    added = frozenset({"GET", "HEAD", "OPTIONS"})
    adapter = TinyAdapter(routes_listed=(listed("/{x}", added), listed("/a", added)))
    [finding] = Attached(TinyApp(adapter), adapter).check()
    assert (finding.kind, finding.method) == ("unreachable", "GET")
    assert finding.methods == ("GET", "HEAD", "OPTIONS")
    assert finding.to_dict()["methods"] == ["GET", "HEAD", "OPTIONS"]


def test_an_added_method_that_is_alive_is_not_said_to_be_dead() -> None:
    routes = (listed("/{x}", frozenset({"GET"})), listed("/a", frozenset({"GET", "HEAD"})))
    adapter = TinyAdapter(routes_listed=routes)
    [finding] = Attached(TinyApp(adapter), adapter).check()
    assert (finding.kind, finding.methods) == ("unreachable", ("GET",))
