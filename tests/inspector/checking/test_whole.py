"""The whole check: what is suspect is measured on the real router, in a process that may be ended."""

import sys
from functools import partial
from pathlib import Path

import pytest

from inspector.analysis.check import check_table
from inspector.analysis.confirm import find_taker
from inspector.analysis.finding import Finding, Kind, Severity
from inspector.analysis.redos.report import report_suspects
from inspector.analysis.redos.suspects import find_suspects
from inspector.analysis.spots import lay_flat
from inspector.checking.child import LONGEST_PATH, SLOW_S, grow
from inspector.checking.errors import CheckFailedError
from inspector.checking.measuring import measure
from inspector.checking.trial import try_edits
from inspector.checking.whole import check_whole
from miniframework import App
from miniframework.routing.match import Found
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import mount, route, table_of
from tests.inspector.analysis.test_redos import slow_route


def slow_ones(table: RouteTable) -> list[Finding]:
    return [finding for finding in check_whole(table) if finding.kind is Kind.SLOW_PATTERN]


def test_an_exponential_converter_is_measured_and_reported_with_the_path_that_does_it() -> None:
    table = table_of(slow_route("/x/{n:int}/{s:nested}/edit"), slow_route("/y/{s:nested}"))
    (finding,) = slow_ones(table)
    assert (finding.route.number, finding.methods, finding.severity) == ("1", ("POST",), Severity.WARNING)
    witness = str(finding.witness)
    assert witness.startswith("/x/1/aaaa")
    assert witness.endswith("a1/edit")
    assert len(witness) < 60
    assert finding.message.startswith(
        "POST /x/{n:int}/{s:nested}/edit: one request can hold the whole process"
    )
    assert f"for {len(witness)} characters; `([a-z]+)*` takes the same text in many ways" in finding.message
    assert finding.message.endswith("so in route 2 /y/{s:nested}")
    assert "++" in finding.fix


def test_three_path_parameters_are_reported_with_their_growth() -> None:
    (finding,) = slow_ones(table_of(route("/{a:path}/{b:path}/{c:path}")))
    assert "its time grows with the length to the power of 3" in finding.message
    assert str(finding.witness).endswith("/a\n")
    assert len(str(finding.witness)) <= LONGEST_PATH
    assert finding.fix.startswith("leave one such parameter")


def test_what_a_route_before_it_keeps_away_is_not_slow() -> None:
    assert slow_ones(table_of(mount(""), slow_route("/x/{s:nested}"))) == []


def test_a_pattern_that_cannot_go_back_is_met_with_silence() -> None:
    table = table_of(slow_route("/x/{s:kept}"))
    assert not find_suspects(lay_flat(table)).is_safe
    assert slow_ones(table) == []


def test_a_look_ahead_hides_no_slow_pattern() -> None:
    assert len(slow_ones(table_of(slow_route("/x/{s:looking}")))) == 1


def test_a_table_with_a_suspect_has_all_its_other_findings_too() -> None:
    others = (route("/a/{x}"), route("/a/b"))
    kinds = [finding.kind for finding in check_whole(table_of(*others, slow_route("/x/{s:nested}")))]
    assert kinds == [*(finding.kind for finding in check_table(table_of(*others))), Kind.SLOW_PATTERN]


def test_a_table_that_hangs_the_check_is_given_up_in_time() -> None:
    """The literal is dead, and its witness is asked of a converter that would take hours to say no."""
    table = table_of(slow_route("/x/{s:nested}"), slow_route("/x/{s}"), slow_route("/x/" + "a" * 60 + "1"))
    with pytest.raises(CheckFailedError, match="no proof came in 3 s; a pattern of it may be too slow"):
        measure(table, find_suspects(lay_flat(table)), deadline_s=3)


def test_what_was_measured_before_the_time_was_over_is_not_needed_twice() -> None:
    table = table_of(slow_route("/x/{s:nested}"))
    proven, runs = measure(table, find_suspects(lay_flat(table)))
    run = runs[0]
    assert run is not None
    assert (proven, run.number) == ([], 0)
    assert run.took[-1] == (len(run.path), run.took[-1][1])
    assert run.took[-1][1] >= SLOW_S
    assert [length for length, _ in run.took] == sorted(length for length, _ in run.took)


def test_a_pattern_too_large_to_follow_is_called_unknown_and_never_slow() -> None:
    (finding,) = check_whole(table_of(slow_route("/x/{s:long}")))
    assert (finding.kind, finding.is_exact, finding.severity) == (Kind.UNDECIDED, False, Severity.NOTE)
    assert "more than 600 characters to follow" in finding.message


def test_a_quick_route_is_grown_to_the_longest_path_and_found_quick() -> None:
    table = table_of(slow_route("/x/{s:slug}"))
    (suspect,) = find_suspects(lay_flat(table_of(slow_route("/x/{s:nested}")))).found
    assert grow(partial(find_taker, table, "POST"), suspect.targets[0].attacks[0]) is None
    assert isinstance(table.match("http", "POST", "/x/a-b-c"), Found)


def test_what_was_not_measured_in_time_is_unknown_and_what_was_not_slow_is_not_spoken_of() -> None:
    spots = lay_flat(table_of(slow_route("/x/{s:nested}"), slow_route("/y/{s:overlapping}")))
    (finding,) = report_suspects(spots, find_suspects(spots), {0: None})
    assert (finding.kind, finding.route.number, finding.is_exact) == (Kind.UNDECIDED, "2", False)
    assert finding.message.endswith("`(?:a|aa)+` could not be measured in time")


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("no-such-program", "no process to measure in could be started"),
        ("false", "the measuring process failed"),
    ],
)
def test_a_process_that_cannot_measure_is_an_error_and_no_verdict(
    monkeypatch: pytest.MonkeyPatch, program: str, said: str
) -> None:
    monkeypatch.setattr(sys, "executable", program)
    with pytest.raises(CheckFailedError, match=said):
        check_whole(table_of(slow_route("/x/{s:nested}")))


def test_findings_survive_the_way_through_the_child() -> None:
    for finding in check_whole(table_of(route("/a/{x}"), route("/a/b"), slow_route("/x/{s:nested}"))):
        assert Finding.from_dict(finding.to_dict()) == finding


def test_the_frameworks_own_pages_below_a_mount_are_no_findings() -> None:
    app, inner = App(), App()
    app.get("/own")(lambda: 1)
    inner.get("/own")(lambda: 1)
    app.mount("/", inner)
    assert [finding.route.path for finding in check_whole(app.table)] == ["/own"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sitecustomize.py", "print('the agent is watching')"),
        ("enum.py", "raise ImportError('for Python 2')"),
    ],
    ids=["an agent that starts with every interpreter and prints", "an old module of a name of Python's"],
)
def test_nothing_that_starts_with_an_interpreter_here_disturbs_the_child(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, text: str
) -> None:
    (tmp_path / file).write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    table = table_of(slow_route("/x/{s:nested}"))
    assert [finding.kind for finding in slow_ones(table)] == [Kind.SLOW_PATTERN]
    assert try_edits(table, [{"op": "remove", "route": "1"}], [])["proved"]
