"""A regex drawn from Python's own tree, and a text led through it."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.re_trace import trace_steps
from inspector.analysis.regex_draw import draw_regex
from inspector.analysis.regex_run import RegexRun, run_regex
from inspector.analysis.regex_trace import show_steps, trace_regex
from inspector.analysis.regex_view import view_any_regex, view_regex

ITEM = r"/items/(?P<item_id>[0-9]+)(?:\.json|\.xml)?"


def outline(node: dict[str, Any]) -> Any:
    """Op and label, with the children where there are any."""
    below = [outline(child) for child in node["children"]]
    head = f"{node['op']} {node['label']}".strip()
    return (head, below) if below else head


def test_the_tree_has_merged_literals_named_groups_and_human_labels() -> None:
    tree = draw_regex(ITEM)
    assert outline(tree) == (
        "sequence",
        [
            "literal /items/",
            ("group item_id", [("repeat 1 or more", ["class 0–9"])]),
            (
                "repeat optional",
                [("sequence", ["literal .", ("choice one of", ["literal json", "literal xml"])])],
            ),
        ],
    )
    assert set(tree) == {"id", "op", "text", "label", "min", "max", "greedy", "name", "number", "children"}
    group = tree["children"][1]
    assert (group["name"], group["number"], group["text"]) == ("item_id", 1, "(?P<item_id>[0-9]+)")
    assert [group["children"][0][key] for key in ("min", "max", "greedy")] == [1, None, True]


@pytest.mark.parametrize(
    ("regex", "op", "text", "label"),
    [
        ("[^/]", "class", "[^/]", "any but /"),
        ("[^/]+", "repeat", "[^/]+", "1 or more"),
        (".", "any", ".", "any character"),
        ("(?s:.)", "any", "(?s:.)", "anything"),
        (r"\d", "class", r"\d", "digit"),
        (r"[\w.-]", "class", r"[\w.\-]", "word character, ., -"),
        ("[0-9a-fA-F]{8}", "repeat", "[0-9a-fA-F]{8}", "8 times"),
        ("a{2,3}?", "repeat", "a{2,3}?", "2 to 3 times"),
        ("a{2,}", "repeat", "a{2,}", "2 or more"),
        ("(?:ab)*", "repeat", "(?:ab)*", "any number"),
        ("ab|cd", "choice", "ab|cd", "one of"),
        ("a(?:b|cd)", "sequence", "a(?:b|cd)", ""),
        (r"\n\.", "literal", r"\n\.", r"\n."),
        ("(a)", "group", "(a)", "group 1"),
        ("^", "at", "^", "start"),
        (r"\Z", "at", r"\Z", "end"),
        (r"\b", "at", r"\b", "edge of a word"),
        ("(?!a)", "other", "(?!a)", "negative look-ahead"),
        ("(?=a|b)", "other", "(?=[ab])", "look-ahead"),
        ("(?<=a)", "other", "(?<=a)", "look-behind"),
        ("(?>a+)", "other", "(?>a+)", "atomic group"),
        ("a*+", "other", "a*+", "possessive repeat"),
        (r"", "sequence", "", ""),
    ],
)
def test_a_node_has_its_text_and_its_label(regex: str, op: str, text: str, label: str) -> None:
    node = draw_regex(regex)
    assert (node["op"], node["text"], node["label"]) == (op, text, label)


def told(text: str, regex: str = ITEM) -> tuple[bool, int, str]:
    trace = trace_regex(regex, text)["trace"]
    return trace["accepted"], trace["reached"], trace["expected"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/items/42", (True, 9, "")),
        ("/items/42.json", (True, 14, "")),
        ("/items/42abc", (False, 9, "a digit 0-9, “.” or the end")),
        ("/items/", (False, 7, "a digit 0-9")),
        ("/it", (False, 3, "“e”")),
        ("", (False, 0, "“/”")),
        ("/items/42.js", (False, 12, "“o”")),
        ("/items/42.jsonx", (False, 14, "the end")),
        ("/items/٤", (False, 7, "a digit 0-9")),
    ],
)
def test_a_trace_says_how_far_a_text_came(text: str, expected: tuple[bool, int, str]) -> None:
    assert told(text) == expected


def boxes(regex: str, text: str) -> dict[str, str]:
    """The states of the leaves by their text."""
    states = trace_regex(regex, text)["trace"]["nodes"]
    found: dict[str, str] = {}

    def visit(node: dict[str, Any]) -> None:
        assert node["id"] in states
        if not node["children"]:
            found[node["text"]] = states[node["id"]]
        for child in node["children"]:
            visit(child)

    visit(draw_regex(regex))
    return found


@pytest.mark.parametrize(
    ("regex", "text", "states"),
    [
        ("ab(c|d)e", "abde", {"ab": "accepted", "[cd]": "accepted", "e": "accepted"}),
        ("ab(c|d)e", "abx", {"ab": "accepted", "[cd]": "refused", "e": "untouched"}),
        ("/a/([0-9]+)/b", "/a/42/c", {"/a/": "accepted", "[0-9]": "accepted", "/b": "refused"}),
        ("/a/([0-9]+)/b", "/a/42", {"/a/": "accepted", "[0-9]": "accepted", "/b": "refused"}),
        ("/a/([0-9]+)", "/a/4x", {"/a/": "accepted", "[0-9]": "refused"}),
        ("a*[ab]*", "aa", {"a": "accepted", "[ab]": "untouched"}),
        ("a*?[ab]*", "aa", {"a": "untouched", "[ab]": "accepted"}),
        ("cat|dog", "dog", {"cat": "untouched", "dog": "accepted"}),
        ("cat|dog", "dot", {"cat": "untouched", "dog": "refused"}),
        ("^a$", "a", {"^": "untouched", "a": "accepted", "$": "untouched"}),
        ("^a$", "ab", {"^": "untouched", "a": "accepted", "$": "refused"}),
    ],
)
def test_each_box_says_whether_it_accepted_or_refused(regex: str, text: str, states: dict[str, str]) -> None:
    assert boxes(regex, text) == states


def test_spans_are_those_of_re_or_what_the_groups_had_taken() -> None:
    full = {"name": "item_id", "number": 1, "start": 7, "end": 9, "text": "42"}
    assert trace_regex(ITEM, "/items/42.xml")["trace"]["spans"] == [full]
    assert trace_regex(ITEM, "/items/42!")["trace"]["spans"] == [full]
    assert trace_regex(ITEM, "/items/")["trace"]["spans"] == []


ARTICLE = r"^articles/(?P<year>[0-9]{4})/(?P<slug>[-\w]+)/$"
TABLE = r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)(\.(?P<format>\w+))?$"


@pytest.mark.parametrize(
    ("regex", "text", "expected"),
    [
        (ARTICLE, "articles/2024/a-b/", (True, 18, "")),
        (ARTICLE, "articles/24/a/", (False, 11, "a digit 0-9")),
        (ARTICLE, "articles/2024/a-b", (False, 17, "one of “-”, word character or “/”")),
        (ARTICLE, "articles/2024/a/x", (False, 16, "the end")),
        (TABLE, "/db/items.json", (True, 14, "")),
        (TABLE, "/db/items.", (False, 10, "a word character")),
        (TABLE, "/db", (False, 3, "any character but “/”, “.” or “/”")),
        (r"/(?!admin)\w+", "/admin", (False, 1, "anything but what “(?!admin)” forbids")),
        (r"/(?=\w*\d)\w+", "/abc", (False, 1, "what “(?=\\w*\\d)” looks for")),
        (r"(\w)\1/", "ab", (False, 1, "again what group 1 took")),
        (r"(?>a+)b", "aac", (False, 2, "“a” or “b”")),
        (r"a*+\Z", "aab", (False, 2, "“a” or the end")),
        (r"(?<!/)x", "yx", (False, 0, "“x”")),
    ],
)
def test_any_regex_says_how_far_a_text_came_and_what_was_expected(
    regex: str, text: str, expected: tuple[bool, int, str]
) -> None:
    assert told(text, regex) == expected


def test_the_nodes_of_a_regex_with_a_look_ahead_say_what_they_did() -> None:
    states = boxes(r"/(?!admin)(\w+)/", "/user")
    assert states == {"/": "refused", "admin": "untouched", r"\w": "accepted"}


@pytest.mark.parametrize(
    ("regex", "text", "why"),
    [
        ("(?:(a)|b)*+", "ab", "a possessive repeat around a group is not followed"),
        (r"(?=(a+)+$)a+", "a" * 60 + "!", "the engine is not done after 20,000 steps"),
        ("[a-z]*", "a" * 150_000, "the engine is not done after 20,000 steps"),
    ],
)
def test_where_nothing_is_known_the_trace_says_why_and_nothing_else(regex: str, text: str, why: str) -> None:
    trace = trace_regex(regex, text)["trace"]
    assert (trace["accepted"], trace["note"], trace["spans"]) == (None, why, [])
    assert set(trace["nodes"].values()) == {"untouched"}


def test_a_regular_regex_that_re_would_take_exponential_time_for_has_its_verdict_all_the_same() -> None:
    for last, accepted, spans in (("b", True, [60]), ("c", False, [])):
        both = trace_regex("(?:(?:(?:a+)+!)|(a+)b)", "a" * 60 + last)
        assert (both["trace"]["accepted"], both["steps"]["agrees"]) == (accepted, None)
        assert [span["end"] for span in both["trace"]["spans"]] == spans


def test_a_regex_may_be_asked_about_a_part_of_the_text() -> None:
    found = trace_regex("b(c)", "abcd", how="search")["trace"]
    assert (found["accepted"], found["start"], found["reached"]) == (True, 1, 3)
    assert trace_regex("b", "ab", how="match")["trace"]["accepted"] is False


def test_the_steps_are_told_in_few_words_of_json() -> None:
    shown = show_steps(trace_steps("a+", "a"))
    assert shown == {
        "events": [
            ["start", "1", 0, 0],
            ["eat", "4", 0, 1, 1],
            ["refuse", "4", 1, 1, 2],
            ["match", "1", 0, 1],
        ],
        "agrees": True,
        "differs": None,
        "truncated": False,
        "unknown": None,
    }


def test_a_regex_that_cannot_be_read_has_a_problem_and_nothing_else() -> None:
    view = view_any_regex("(a", "a", steps=True)
    assert (view["tree"], view["trace"], view["steps"]) == (None, None, None)
    assert view["problem"] == "missing ), unterminated subpattern at position 0"


def test_a_route_of_a_snapshot_is_viewed_with_and_without_a_text() -> None:
    route = {"path": "/x/{a}", "regex": "/x/(?P<a>[^/]+)"}
    view = view_regex(route, None)
    assert (view["path"], view["regex"], view["trace"]) == ("/x/{a}", "/x/(?P<a>[^/]+)", None)
    assert view_regex(route, "/x/1")["trace"]["accepted"] is True


ATOMS = ("a", "b", ".", r"\d", "[^/]", r"\w", "^", "$", r"\b", r"\Z", "")
regexes = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(("*", "+?", "?", "{1,2}"))).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
        inner.map(lambda one: f"({one})"),
    ),
    max_leaves=7,
)


@settings(max_examples=400)
@given(regexes, st.lists(st.text(alphabet="ab1/ \n", max_size=6), min_size=6, max_size=10))
def test_a_run_accepts_exactly_what_re_accepts_and_the_text_of_the_tree_means_the_same(
    regex: str, texts: list[str]
) -> None:
    compiled = re.compile(regex)
    redrawn = re.compile(draw_regex(regex)["text"])
    for text in texts:
        accepted = compiled.fullmatch(text) is not None
        run = run_regex(regex, text)
        assert isinstance(run, RegexRun)
        assert run.accepted == accepted, (regex, text)
        assert [at for _, at in run.took] == list(range(run.reached))
        assert (redrawn.fullmatch(text) is not None) == accepted, (regex, text, redrawn.pattern)
