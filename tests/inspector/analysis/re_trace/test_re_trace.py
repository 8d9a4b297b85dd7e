"""The steps of single runs, the budget, and what is not traced."""

import pytest

from inspector.analysis.re_trace import How, trace_steps
from inspector.analysis.regex_draw import source_text
from miniframework.routing.regex.tree import descend, regex_tree


def steps(regex: str, text: str, how: How = "fullmatch") -> list[str]:
    """Each step as `kind source from-to number`, without a number that is 0."""
    texts = {node.id: source_text(node) for node in descend(regex_tree(regex))}
    return [
        f"{event.kind} {texts[event.node]} {event.at}-{event.to} {event.number or ''}".strip()
        for event in trace_steps(regex, text, how=how).events
    ]


def test_a_loop_over_one_character_is_told_round_by_round_and_ends_where_it_is_refused() -> None:
    assert steps("/i/(?P<id>[0-9]+)", "/i/42") == [
        "start /i/(?P<id>[0-9]+) 0-0",
        "eat /i/ 0-3",
        "eat [0-9] 3-4 1",
        "eat [0-9] 4-5 2",
        "refuse [0-9] 5-5 3",
        "capture (?P<id>[0-9]+) 3-5",
        "match /i/(?P<id>[0-9]+) 0-5",
    ]


def test_going_back_names_the_decision_and_the_step_to_which_it_returns() -> None:
    assert steps("a*ab", "aab") == [
        "start a*ab 0-0",
        "eat a 0-1 1",
        "eat a 1-2 2",
        "refuse a 2-2 3",
        "refuse ab 2-2",
        "back a* 2-1 2",
        "eat ab 1-3",
        "match a*ab 0-3",
    ]


def test_a_choice_tells_which_option_it_tries() -> None:
    assert steps("cat|dog", "dog") == [
        "start cat|dog 0-0",
        "option cat|dog 0-0 1",
        "refuse cat 0-0",
        "back cat|dog 0-0 1",
        "option cat|dog 0-0 2",
        "eat dog 0-3",
        "match cat|dog 0-3",
    ]


def test_a_literal_that_refuses_tells_how_much_of_it_was_right() -> None:
    assert steps("/books", "/box")[1] == "refuse /books 0-3"


def test_a_loop_over_more_than_one_character_tells_its_rounds() -> None:
    told = steps("(?:ab)+", "abab")
    assert [step for step in told if step.startswith("round")] == [
        "round (?:ab)+ 0-0 1",
        "round (?:ab)+ 2-2 2",
        "round (?:ab)+ 4-4 3",
    ]


def test_a_lazy_loop_takes_a_round_more_only_when_what_follows_refuses() -> None:
    assert steps("a*?b", "ab") == [
        "start a*?b 0-0",
        "refuse b 0-0",
        "back a*? 0-0 1",
        "eat a 0-1 1",
        "eat b 1-2",
        "match a*?b 0-2",
    ]


@pytest.mark.parametrize(
    ("regex", "text", "told"),
    [
        ("(?=ab)a.", "ab", ["look (?=ab) 0-0", "eat ab 0-2", "seen (?=ab) 2-0"]),
        ("(?=b)a", "a", ["look (?=b) 0-0", "refuse b 0-0", "back (?=b) 0-0 1", "refuse (?=b) 0-0"]),
        ("(?!b)a", "a", ["look (?!b) 0-0", "refuse b 0-0", "back (?!b) 0-0 1", "hold (?!b) 0-0"]),
        ("(?!a)a", "a", ["look (?!a) 0-0", "eat a 0-1", "refuse (?!a) 0-0"]),
        ("a(?<=a)b", "ab", ["eat a 0-1", "look (?<=a) 1-0", "eat a 0-1", "seen (?<=a) 1-1"]),
        ("(?<=a)b", "b", ["refuse (?<=a) 0-0"]),
        ("(?<!a)b", "b", ["hold (?<!a) 0-0"]),
        ("(?>a)b", "ab", ["eat a 0-1", "lock (?>a) 0-1"]),
        ("(?i:(k)\\1)", "kK", ["eat k 0-1", "capture (k) 0-1", "eat \\1 1-2"]),
        (
            "(a)?(?(1)b|c)",
            "c",
            ["round (a)? 0-0 1", "refuse a 0-0", "back (a)? 0-0 1", "option (?(1)b|c) 0-0 2"],
        ),
    ],
)
def test_each_construct_tells_what_it_does(regex: str, text: str, told: list[str]) -> None:
    assert steps(regex, text)[1 : 1 + len(told)] == told


@pytest.mark.parametrize("regex", ["(a*)*", "(?:a*)*b?", "(a|b*)*?c?", "(?:|a)+", "(?:a?){2,}"])
def test_a_round_that_took_nothing_is_the_last_one(regex: str) -> None:
    for text in ("", "b", "aab", "c"):
        trace = trace_steps(regex, text, how="match")
        assert trace.agrees is True
        assert len(trace.events) < 60


def test_text_left_over_sends_the_engine_back_only_where_all_must_match() -> None:
    assert "left a 1-1" in steps("a", "ab")
    assert steps("a", "ab", "match")[-1] == "match a 0-1"


def test_a_search_starts_again_at_every_character_with_empty_groups() -> None:
    trace = trace_steps("(a)x|b", "ab", how="search")
    assert [event.at for event in trace.events if event.kind == "start"] == [0, 1]
    assert (trace.span, trace.groups, trace.agrees) == ((1, 2), {}, True)


def test_a_run_without_end_stops_at_its_budget_and_re_is_not_asked() -> None:
    trace = trace_steps("(a+)+$", "a" * 200 + "!", most_steps=5_000)
    assert len(trace.events) == 5_000
    assert (trace.ended, trace.unknown, trace.found, trace.agrees) == (False, None, None, None)


def test_a_run_that_just_fits_its_budget_is_compared() -> None:
    count = len(trace_steps("a*b", "aaab").events)
    assert trace_steps("a*b", "aaab", most_steps=count).agrees is True
    assert trace_steps("a*b", "aaab", most_steps=count - 1).agrees is None


def test_a_text_of_thousands_of_characters_needs_no_deep_stack() -> None:
    assert trace_steps("(?:a|b)*", "ab" * 1_000, most_steps=50_000).agrees is True


@pytest.mark.parametrize(
    ("regex", "what"),
    [
        ("(?:(a)|b)*+", "possessive repeat around a group"),
        ("((?(1)a|b))+", "conditional that asks about the group it stands in"),
        ("(x(?=(?:(?(1)a|b))))+", "conditional that asks about the group it stands in"),
    ],
)
def test_what_is_not_traced_is_named_and_not_begun(regex: str, what: str) -> None:
    trace = trace_steps(regex, "aab")
    assert (trace.unknown, trace.events, trace.agrees) == (what, (), None)


def test_a_disagreement_with_re_would_be_told() -> None:
    honest = trace_steps("(a)b", "ab")
    groups = {1: (1, 2)}
    forged = type(honest)(
        events=honest.events, ended=True, span=honest.span, groups=groups, unknown=None, found=honest.found
    )
    assert (honest.agrees, forged.agrees) == (True, False)
