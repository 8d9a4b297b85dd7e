"""A regex as a term: the same texts as `re`, character sets included, and honest where it is larger."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.alphabet import Alphabet
from inspector.analysis.charset import EVERY, chars_of, complement, joined, single
from inspector.analysis.terms import Algebra
from inspector.analysis.translation import Translator, char_sets, is_local, parsed

ATOMS = (
    "a", "b", ".", r"\d", r"\w", r"\s", r"\W", "[^/]", "[a-c]", "[^ab]", "(?i:k)", "(?i:[a-c])", "(?s:.)",
    "é", r"(?a:\w)", "(?=a)", "(?!b)", "(?=.*b)", "(?!ab|b)", r"(?!a\Z)", "$", r"\Z", "(?:(?!a).)",
    "(?!(?=b)b)", "(?>a|ab)", "(?>ab|a)", "a*+", "(?>.*?b)", "(?>a{0,2}?b?)", "(?>(?:a|(?!b).)*b)",
    r"(?>a*?$)", "(?>(?>a*)b|a)", "(?>a??(?:ab|b))",
)  # fmt: skip
BEYOND = (r"\b", "(?<=a)", "(?<!b)", "(?>(?:ab|a)*)", "(?>\\ba|b)", "^", "(?m:$)")
TEXTS = st.text(alphabet="abck/ \nÀé٣K1ſ", max_size=5)


@st.composite
def regexes(draw: st.DrawFn, atoms: tuple[str, ...] = ATOMS, depth: int = 2) -> str:
    shape = draw(st.integers(0, 5)) if depth else 0
    if shape <= 1:
        return draw(st.sampled_from(atoms))
    first, second = draw(regexes(atoms, depth - 1)), draw(regexes(atoms, depth - 1))
    if shape == 2:
        return f"(?:{first}|{second})"
    if shape == 3:
        return f"(?:{first}){draw(st.sampled_from(('*', '+', '?', '{2}', '{1,3}', '*?', '??', '{2,}')))}"
    return first + second


def accepts(regex: str, text: str) -> tuple[bool, tuple[str, ...]]:
    """Whether the term takes the text, and why it may be too large."""
    algebra = Algebra(Alphabet([*char_sets(regex), *map(single, text)]))
    translator = Translator(algebra)
    term = translator.term(regex, algebra.end)
    return algebra.after_text(term, text).has_end, tuple(translator.reasons)


@given(regexes(), TEXTS)
@settings(max_examples=600)
def test_a_term_takes_exactly_what_re_takes(regex: str, text: str) -> None:
    taken, reasons = accepts(regex, text)
    really = re.fullmatch(regex, text) is not None
    assert taken == really or (taken and reasons), (regex, text, reasons)


@given(regexes(ATOMS + BEYOND * 2), TEXTS)
@settings(max_examples=600)
def test_a_term_that_is_not_exact_is_larger_and_says_why(regex: str, text: str) -> None:
    taken, reasons = accepts(regex, text)
    if re.fullmatch(regex, text):
        assert taken
    elif taken:
        assert reasons


@pytest.mark.parametrize(
    ("regex", "reason"),
    [
        (r"(a)\1", "a back-reference"),
        ("(a)?(?(1)b|c)", "a conditional group"),
        ("(?>(?:ab|a)*)a", "an atomic group"),
        ("(?:ab)*+a?", "a possessive repeat"),
        ("(?<=a)b", "a look-behind"),
        (r"\ba", "an anchor that looks back"),
        ("(?:(?=a).)*", "a look-around or reference in a repeat"),
    ],
)
def test_a_construct_beyond_regular_is_named(regex: str, reason: str) -> None:
    assert accepts(regex, "a")[1] == (reason,)


def test_a_regex_is_local_when_it_says_nothing_about_what_stands_around_it() -> None:
    assert all(map(is_local, (r"[0-9]+(\.[0-9]+)?", "(?i:a|b)*?")))
    assert not any(map(is_local, (r"(?!a)b", "a$", r"a\Z", r"(a)\1", r"\ba", "(?>a)")))


@pytest.mark.parametrize(
    "regex", [r"\d", r"\w", r"\W", r"[^\s]", "(?i:k)", "(?i:[^s])", ".", "(?s:.)", "[^/]", "(?a:\\d)"]
)
def test_a_character_set_is_what_re_matches(regex: str) -> None:
    compiled = re.compile(regex)
    nodes, flags = parsed(regex)
    operator, argument = nodes[0]
    if "(?" in regex:
        _, added, _, inner = argument
        flags, (operator, argument) = added | (0 if added & re.ASCII else flags), inner[0]
    chars = chars_of(operator, argument, flags)
    members = {code for first, last in chars for code in range(first, last + 1)}
    sample = [
        *range(0x600),
        *range(0x2100, 0x2130),
        0xFFFD,
        0xFFFF,
        0x10000,
        0x10FFFF,
        *range(0x1D7C0, 0x1D800),
    ]
    assert [c for c in sample if (c in members) != bool(compiled.fullmatch(chr(c)))] == []


def test_a_complement_is_everything_else() -> None:
    digits = joined([(48, 52), (53, 57)])
    assert digits == ((48, 57),)
    assert complement(complement(digits)) == digits
    assert (complement(()), complement(EVERY)) == (EVERY, ())


def test_a_witness_character_is_one_that_reads_well() -> None:
    alphabet = Alphabet([((48, 57),), complement(single("/"))])
    assert alphabet.sample(alphabet.every)[1] == "a"
    assert alphabet.sample(alphabet.mask(((48, 57),)))[1] == "1"
    assert alphabet.sample(alphabet.slash)[1] == "/"
