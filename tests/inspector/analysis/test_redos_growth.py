"""Patterns that cost the square of a path: counted in the steps of `re`, few characters at a time."""

import pytest

from inspector.analysis.finding import Finding, Kind, Severity
from inspector.analysis.re_trace.trace import trace_steps
from inspector.analysis.redos.growth import Growth, count_growth
from inspector.analysis.redos.report import report_growing
from inspector.analysis.redos.suspects import find_suspects
from inspector.analysis.spots import lay_flat
from inspector.checking.proof import find_growing
from inspector.checking.whole import check_whole
from miniframework.routing.foreign.framework import Framework
from miniframework.routing.match import Found
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Route
from miniframework.routing.table import ForeignTable, RouteTable
from tests.inspector.analysis.small_tables import TextConverter, endpoint, mount, route, table_of
from tests.inspector.analysis.test_redos import slow_route


def converter_route(regex: str) -> Route:
    return Route(
        pattern=parse_pattern("/x/{t:text}", {"text": TextConverter("text", regex)}),
        methods=frozenset({"GET"}),
        endpoint=endpoint,
        name=regex,
    )


def growths(table: RouteTable) -> dict[int, Growth | None]:
    spots = lay_flat(table)
    return count_growth(table, spots, find_suspects(spots))


def growing(table: RouteTable) -> list[Finding]:
    return [finding for finding in check_whole(table) if finding.kind is Kind.QUADRATIC_PATTERN]


@pytest.mark.parametrize(
    "pattern",
    [
        route("/f/{a:path}/{b:path}"),
        route("/f/{a:path}/at/{b:path}"),
        route("/f/{a:path}{b:path}"),
        route("/{a}-{b}.json"),
        route("/{y}@{scale}x.{format}"),
        converter_route("[a-z]+[a-z0-9]*"),
        converter_route("[a-z]+?[a-z]+?1"),
        converter_route("(?:a|b)*(?:b|c)*d"),
        converter_route(r"\w+(?:-\w*)?\w+!"),
    ],
    ids=lambda pattern: pattern.pattern.regex_text,
)
def test_the_steps_of_a_quadratic_pattern_are_foretold_to_the_last_one(pattern: Route) -> None:
    """A path twice as long as the longest that was counted, stepped through."""
    (growth,) = growths(table_of(pattern)).values()
    assert growth is not None
    attack = find_suspects(lay_flat(table_of(pattern))).found[0].targets[0].attacks[0]
    path = attack.path(30)
    trace = trace_steps(pattern.pattern.regex_text, path)
    assert trace.agrees
    assert trace.span is None
    assert growth.steps(len(path)) == len(trace.events)


@pytest.mark.parametrize(
    "template",
    [
        "/f/{a}",
        "/f/{a:path}",
        "/{a:path}/x",
        "/{a}-{b}",
        "/{a}.{format}",
        "/{a}/{b}/{c}/{d}",
        "/{a:float}",
        "/{a:uuid}/{b:int}",
        "/{a:int}-{b:int}.json",
    ],
)
def test_a_linear_template_is_met_with_silence(template: str) -> None:
    assert check_whole(table_of(route(template))) == []


@pytest.mark.parametrize("regex", ["[a-z]*+[a-z]*1", "(?>[a-z]*)[a-z]*1", "[^@/]+@[^@/]+", "a{0,9}[a-z]*1"])
def test_a_converter_that_cannot_go_back_twice_is_met_with_silence(regex: str) -> None:
    assert check_whole(table_of(converter_route(regex))) == []


def test_two_path_parameters_are_a_note_with_what_they_cost() -> None:
    (finding,) = growing(table_of(route("/f/{a:path}/{b:path}")))
    assert (finding.severity, finding.methods, finding.is_exact) == (Severity.NOTE, ("GET",), True)
    assert finding.message == (
        "GET /f/{a:path}/{b:path}: to refuse a path costs the square of its length, as `.*/.*` takes the "
        "same text in many ways; steps counted are 718 for 29 and 1,210 for 37 characters, which makes "
        "64 million for 8,000 and 4,295 million for 65,536, the longest path that most servers let through"
    )
    assert finding.fix.startswith("leave one such parameter")
    assert growing(table_of(converter_route("[a-z]+[a-z]*1")))[0].fix.startswith("let repeats")


def test_the_attack_is_refused_by_the_real_router_and_by_no_earlier_route() -> None:
    table = table_of(route("/f/x"), route("/f/{a:path}/at/{b:path}", "POST"), route("/f/{c:path}/c", "POST"))
    (finding,) = growing(table)
    assert (finding.route.number, finding.methods) == ("2", ("POST",))
    assert finding.witness is not None
    assert not isinstance(table.match("http", "POST", finding.witness), Found)


def test_what_a_route_before_it_keeps_away_costs_nothing() -> None:
    assert growing(table_of(mount("/f"), route("/f/{a:path}/{b:path}"))) == []
    assert len(growing(table_of(route("/f/{a:path}/{b:path}"), mount("/f")))) == 1


def test_inside_a_mount_the_pattern_is_asked_for_its_own_part_of_the_path() -> None:
    inner = table_of(route("/q/{a:path}/{b:path}"))
    (finding,) = growing(table_of(mount("/m/{n:int}", inner)))
    assert finding.route.number == "1.1"
    assert str(finding.witness).startswith("/m/1/q/a/a/a")
    assert "64 million for 8,000" in finding.message


def test_beside_a_dangerous_pattern_it_is_counted_in_the_process_that_may_be_ended() -> None:
    table = table_of(slow_route("/x/{s:nested}"), route("/f/{a:path}/{b:path}"))
    assert [finding.kind for finding in check_whole(table)] == [Kind.SLOW_PATTERN, Kind.QUADRATIC_PATTERN]


def test_what_was_not_counted_is_unknown_and_what_does_not_grow_is_not_spoken_of() -> None:
    table = table_of(route("/f/{a:path}/{b:path}"), route("/{a}-{b}.json"))
    spots = lay_flat(table)
    (finding,) = report_growing(spots, find_suspects(spots), {0: None})
    assert (finding.kind, finding.is_exact, finding.route.number) == (Kind.UNDECIDED, False, "2")
    assert "could not be counted" in finding.message
    assert [one.kind for one in find_growing(table, counted=False)] == [Kind.UNDECIDED] * 2


def test_of_many_causes_the_first_are_counted_and_the_others_are_unknown() -> None:
    table = table_of(*(route(f"/f/{{a:path}}/{n}/{{b:path}}") for n in range(40)))
    kinds = [finding.kind for finding in find_growing(table)]
    assert (kinds.count(Kind.QUADRATIC_PATTERN), kinds.count(Kind.UNDECIDED)) == (30, 10)


def test_nothing_is_said_of_a_framework_that_may_match_otherwise() -> None:
    entries = [route("/f/{a:path}/{b:path}")]
    assert find_growing(ForeignTable(entries, framework=Framework(name="other"))) == []
