"""The replica does what `re` does: verdict, end and every group, for tens of thousands of runs."""

import re
from typing import get_args

from hypothesis import assume, given, settings

from inspector.analysis.re_trace import How, Kind, Trace, trace_steps
from inspector.analysis.re_trace.outcome import live_steps, read_outcome
from inspector.analysis.regex_draw import draw_regex
from inspector.analysis.regex_run import RegexRun, run_regex
from miniframework.routing.regex.tree import regex_tree
from tests.inspector.analysis.re_trace.traced_regexes import ANY, REGULAR, TEXTS

HOWS: tuple[How, ...] = get_args(How)


def is_readable(regex: str) -> bool:
    """Whether Python takes it: a generated back-reference may point into its own group."""
    try:
        re.compile(regex)
    except re.error:
        return False
    return True


@settings(max_examples=700)
@given(ANY)
def test_a_traced_run_says_what_re_says_of_verdict_end_and_every_group(regex: str) -> None:
    assume(is_readable(regex))
    for number, text in enumerate(TEXTS):
        how = HOWS[number % 3]
        trace = trace_steps(regex, text, how=how)
        assert trace.agrees is not False, (regex, text, how, trace.span, trace.groups, trace.found)
        assert trace.agrees is not None or trace.unknown or len(trace.events) == 20_000, (regex, text, how)


@settings(max_examples=200)
@given(ANY)
def test_the_steps_tell_a_run_without_a_gap(regex: str) -> None:
    assume(is_readable(regex))
    for text in TEXTS[::3]:
        trace = trace_steps(regex, text)
        for event in trace.events:
            if event.kind is Kind.BACK:
                assert trace.events[event.number - 1].to == event.to, (regex, text, event)
        if trace.span is not None:
            assert "".join(taken(trace, text)) == text, (regex, text)


def taken(trace: Trace, text: str) -> list[str]:
    """The pieces that leaves took, without what was only looked at."""
    pieces: list[str] = []
    looks: list[int] = []
    for event in live_steps(trace.events, len(trace.events)):
        if event.kind is Kind.EAT:
            pieces.append(text[event.at : event.to])
        elif event.kind is Kind.LOOK:
            looks.append(len(pieces))
        elif event.kind is Kind.SEEN:
            del pieces[looks.pop() :]
    return pieces


@settings(max_examples=300)
@given(REGULAR)
def test_a_regular_regex_stops_where_the_linear_run_says_and_expects_the_same(regex: str) -> None:
    tree = regex_tree(regex)
    for text in TEXTS[::2]:
        run, trace = run_regex(regex, text), trace_steps(regex, text)
        assert isinstance(run, RegexRun)
        if trace.ended:
            told = read_outcome(trace, tree)
            assert (told.accepted, told.reached) == (run.accepted, run.reached), (regex, text)
            if not run.accepted:
                assert (set(told.expected), told.may_end) == (set(run.expected), run.may_end), (regex, text)


@settings(max_examples=300)
@given(ANY)
def test_the_text_of_the_tree_means_the_same(regex: str) -> None:
    assume(is_readable(regex) and "(?m" not in regex and "(?a" not in regex and "(?i" not in regex)
    trace = trace_steps(regex, "")
    assume(trace.unknown is None)
    redrawn = draw_regex(regex)["text"]
    for text in TEXTS[::2]:
        first, second = trace_steps(regex, text), trace_steps(redrawn, text)
        assert (first.span, first.groups) == (second.span, second.groups), (regex, redrawn, text)
