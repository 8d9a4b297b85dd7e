"""A table with too many combinations: what is proved of it is true all the same, the rest is undecided."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.check import check_table
from inspector.analysis.finding import Finding, Kind
from inspector.analysis.regions import map_in_bounds, map_space
from inspector.analysis.spots import lay_flat
from inspector.analysis.wording import TOO_MANY
from miniframework.routing.converters import BUILT_IN
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import (
    BEYOND_SEGMENTS,
    SEGMENTS,
    TextConverter,
    endpoint,
    route,
    table_of,
    tables,
)

DEAD = (Kind.UNREACHABLE, Kind.DUPLICATE, Kind.SWALLOWED)
CROSSING = (Kind.PARTLY_SHADOWED, Kind.OVERLAP)


def contests(findings: list[Finding], *kinds: Kind) -> set[tuple[str, str]]:
    return {(f.route.number, method) for f in findings if f.kind in kinds for method in f.methods}


def crossings(findings: list[Finding]) -> set[tuple[Kind, str, str]]:
    return {(f.kind, f.route.number, by.number) for f in findings if f.kind in CROSSING for by in f.by}


def is_buried(contest: tuple[str, str], said: set[tuple[str, str]]) -> bool:
    """Whether it is said of a mount around it: then nothing is said of what is inside."""
    number, method = contest
    parts = number.split(".")
    return any((".".join(parts[:depth]), method) in said for depth in range(1, len(parts)))


def checked(table: RouteTable, work: int) -> list[Finding]:
    return check_table(table, map_in_bounds(lay_flat(table), work))


def catch_alls(count: int) -> list[Entry]:
    """Routes that each may or may not take a path that others take: their combinations double with each."""
    return [route(f"/{{p:path}}/a{number}/{{q:path}}", line=number) for number in range(count)]


@given(tables(SEGMENTS + BEYOND_SEGMENTS), st.sampled_from((0, 3, 10, 25, 60, 150)))
@settings(max_examples=150)
def test_with_little_work_nothing_is_claimed_that_is_not_so(table: RouteTable, work: int) -> None:
    whole, some = check_table(table), checked(table, work)
    for kinds in (DEAD, (Kind.NEWLINE_ONLY,), (Kind.DUPLICATE,), (Kind.ALLOW_GAP,)):
        claimed = contests(some, *kinds) - contests(whole, *kinds)
        assert {one for one in claimed if not is_buried(one, contests(whole, *DEAD))} == set()
    assert crossings(some) <= crossings(whole)


@given(tables(SEGMENTS + BEYOND_SEGMENTS), st.sampled_from((0, 3, 10, 25, 60, 150)))
@settings(max_examples=150)
def test_with_little_work_a_dead_route_is_proved_dead_or_undecided(table: RouteTable, work: int) -> None:
    whole, some = check_table(table), checked(table, work)
    missing = contests(whole, *DEAD) - contests(some, *DEAD)
    said = contests(some, *DEAD, Kind.UNDECIDED)
    assert {one for one in missing if one not in said and not is_buried(one, said)} == set()


def test_with_work_enough_for_each_route_alone_all_is_proved_that_the_whole_proves() -> None:
    table = table_of(*(route(f"/{part}/{{x}}/{rest}") for part in "abc" for rest in ("{y}", "b", "{z}")))
    spots = lay_flat(table)
    whole, some = map_space(spots), map_in_bounds(spots, work=30)
    assert some.unfinished == frozenset()
    assert {region.spots for region in some.regions} == {region.spots for region in whole.regions}


def test_a_table_of_too_many_combinations_has_its_plain_routes_proved() -> None:
    entries = (*catch_alls(20), route("/z/{x}", line=90), route("/z/me", line=91), route("/y/me", line=92))
    found = checked(table_of(*entries), 20_000)
    assert [(f.kind, f.route.path, f.witness) for f in found] == [(Kind.UNREACHABLE, "/z/me", "/z/me")]


def test_a_route_that_the_work_was_not_enough_for_is_undecided_and_says_why() -> None:
    # What it is left with is what none of the others takes, and no sample of a path is that.
    entries = (*catch_alls(16), route("/{p:path}", line=80), route("/{p:path}/a1/{q:path}/a2", line=81))
    (finding,) = [f for f in checked(table_of(*entries), 3_000) if f.kind is Kind.UNDECIDED]
    assert (finding.route.path, finding.is_exact) == ("/{p:path}/a1/{q:path}/a2", False)
    assert TOO_MANY in finding.message


def test_an_empty_path_among_too_many_combinations_is_a_route_like_any_other() -> None:
    entries = (route("", line=90), *catch_alls(16), route("", line=91))
    found = checked(table_of(*entries), 3_000)
    assert [(f.kind, f.route.path, f.witness) for f in found if f.kind in DEAD] == [(Kind.DUPLICATE, "/", "")]


def test_a_segment_that_combines_in_too_many_ways_costs_only_the_routes_that_have_it() -> None:
    words = ("abac", "caba", "bbca", "acca", "cbab", "aabc", "bcbc", "ccab", "baca", "cabc", "abbb", "bcaa")
    known = {word: TextConverter(word, f".*{word}.*") for word in words}
    base = route("/z/{x}", line=50)
    several = [
        type(base)(
            pattern=parse_pattern(f"/{{x:{word}}}", {**BUILT_IN, **known}),
            methods=frozenset({"GET"}),
            endpoint=endpoint,
            name=word,
        )
        for word in words
    ]
    found = check_table(table_of(*several, base, route("/z/me", line=51)))
    assert (Kind.UNREACHABLE, "/z/me") in {(f.kind, f.route.path) for f in found}
    assert not {"/z/{x}", "/z/me"} & {f.route.path for f in found if f.kind is Kind.UNDECIDED}


@pytest.mark.parametrize("work", [500, 5_000])
def test_what_is_decided_depends_on_the_table_alone(work: int) -> None:
    entries = (*catch_alls(14), route("/z/{x}", line=90), route("/z/me", line=91))
    first, second = (map_in_bounds(lay_flat(table_of(*entries)), work) for _ in range(2))
    assert first == second
    assert first.unfinished
