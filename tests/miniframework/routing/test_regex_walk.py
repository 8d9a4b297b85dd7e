"""The automaton made of Python's own parse tree says what `re` says, and how far a text came."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniframework.routing.regex.walk import Automaton, automaton_of

ATOMS = (
    "a",
    "b",
    "/",
    "1",
    ".",
    r"\d",
    r"\w",
    r"\s",
    "[a-c]",
    "[^/]",
    "[^ab]",
    r"[\w-]",
    "(?i:a)",
    "(?i:k)",
    "(?s:.)",
    r"(?a:\w)",
    r"(?a:\d\s)",
    "é",
    "",
)
QUANTIFIERS = ("*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?", "{2,}")

regexes = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(QUANTIFIERS)).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        inner.map(lambda one: f"({one})"),
    ),
    max_leaves=8,
)
texts = st.text(alphabet="ab/1A٣K\u212aé\n -", max_size=7)


def automaton(regex: str) -> Automaton:
    made = automaton_of(regex)
    assert isinstance(made, Automaton), made
    return made


@settings(max_examples=800)
@given(regexes, st.lists(texts, min_size=10, max_size=16))
def test_the_automaton_accepts_exactly_what_re_fullmatch_accepts(regex: str, cases: list[str]) -> None:
    made, compiled = automaton(regex), re.compile(regex)
    for text in cases:
        accepted = compiled.fullmatch(text) is not None
        assert made.fullmatch(text) == accepted, (regex, text)
        walk = made.walk(text, (0,))
        assert (len(text) in walk.ends) == accepted
        assert list(walk.ends) == [n for n in range(walk.reached + 1) if compiled.fullmatch(text[:n])]


@pytest.mark.parametrize(
    ("regex", "text", "reached", "expected"),
    [
        ("[0-9]+", "42a", 2, ("a digit 0-9",)),
        ("[0-9]+", "", 0, ("a digit 0-9",)),
        ("[0-9]+", "٤", 0, ("a digit 0-9",)),
        (r"\d+", "٤x", 1, ("a digit of any script",)),
        ("[^/]+", "a/b", 1, ("any character but “/”",)),
        (".*", "a\nb", 1, ("any character but a newline",)),
        ("(?s:.*)", "a\nb", 3, ("any character",)),
        (r"[0-9]+(\.[0-9]+)?", "4.", 2, ("a digit 0-9",)),
        (r"[0-9]+(\.[0-9]+)?", "4x", 1, ("a digit 0-9", "“.”")),
        ("[0-9a-f]{2}-?x", "0a!", 2, ("“-”", "“x”")),
        ("cat|car", "cab", 2, ("one of “t”, “r”",)),
        ("[a-z]", "", 0, ("a letter a-z",)),
        ("(?i:a)", "b", 0, ("“a” (any case)",)),
        ("(?i:я)", "b", 0, ("“я” (any case)",)),
        ("(?i:[a-z])", "1", 0, ("a letter a-z (any case)",)),
        ("(?i:[^a])", "a", 0, ("any character but “a” (any case)",)),
        (r"(?i:\d)", "b", 0, ("a digit of any script",)),
        ("(?i:1)", "b", 0, ("“1”",)),
        ("(?i:[^/])", "/", 0, ("any character but “/”",)),
        ("(?i:.)", "\n", 0, ("any character but a newline",)),
        (r"[\w.-]", "", 0, ("one of word character, “.”, “-”",)),
        (r"[^\s,]", "", 0, ("any character but white space, “,”",)),
        (r"\D", "1", 0, ("anything but a digit",)),
    ],
)
def test_a_walk_says_how_far_it_came_and_what_could_have_come(
    regex: str, text: str, reached: int, expected: tuple[str, ...]
) -> None:
    walk = automaton(regex).walk(text, (0,))
    assert (walk.reached, walk.expected) == (reached, expected)


def test_a_walk_from_several_places_ends_where_a_walk_from_one_of_them_ends() -> None:
    made = automaton("[0-9]+")
    assert made.walk("1a23b4", (0, 2, 3, 5)).ends == (1, 3, 4, 6)
    assert made.walk("ab", (0, 2)).reached == 2


@pytest.mark.parametrize(
    ("regex", "construct"),
    [
        (r"(a)\1", "back-reference"),
        ("(?=a)a", "look-ahead"),
        ("(?!b)a", "negative look-ahead"),
        ("(?<=a)b", "look-behind"),
        ("(?<!a)b", "negative look-behind"),
        ("(?>a*)b", "atomic group"),
        ("a*+b", "possessive repeat"),
        ("(a)?(?(1)b|c)", "conditional group"),
        (r"a\b", r"anchor \b"),
        ("a$", "anchor $"),
        ("((a{1,99}){1,99}){1,99}", "repeat that is too large"),
    ],
)
def test_what_cannot_be_followed_is_named_instead_of_guessed(regex: str, construct: str) -> None:
    assert automaton_of(regex) == construct


def test_what_an_automaton_remembers_is_bounded_and_changes_no_answer() -> None:
    made = Automaton(automaton(r"\w+")._program)
    for code in range(0x100, 0x2000):
        assert made.fullmatch(chr(code)) == (re.fullmatch(r"\w+", chr(code)) is not None)
        made.walk(chr(code), (0,))
    assert len(made._steps) <= 5_000
    assert len(made._walks) <= 200
