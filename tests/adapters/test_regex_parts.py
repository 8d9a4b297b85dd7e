"""The parts of a regex take exactly what it takes as a router uses it, or say that they do not."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.adapters.joined_parts import Piece, join_parts
from inspector.adapters.regexes.parts import How, read_regex
from miniframework.routing.parts import Literal, Part
from miniframework.routing.pattern import PathPattern

ATOMS = ["a", "b", "/", "-", r"\.", ".", r"\d", r"\w", "[ab]", "[^/]", r"[^\]/]", "[]a]", r"\x61", r"\n", "é"]
QUANTIFIERS = ["", "", "", "*", "+", "?", "*?", "+?", "{2}", "{1,2}", "{,2}", "?+"]
OPENINGS = ["(", "(?:", "(?P<one>", "(?P<two>", "(?i:", "(?=", "(?!", "(?>"]
ANCHORS = ["^", "$", r"\A", r"\Z", r"\b", r"\B"]


def regexes() -> st.SearchStrategy[str]:
    atom = st.builds("".join, st.tuples(st.sampled_from(ATOMS), st.sampled_from(QUANTIFIERS)))
    anchor = st.sampled_from(ANCHORS)

    def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        joined = st.lists(inner, min_size=1, max_size=4).map("".join)
        choice = st.lists(joined, min_size=1, max_size=3).map("|".join)
        return st.builds(
            lambda opening, text, quantifier: f"{opening}{text}){quantifier}",
            st.sampled_from(OPENINGS),
            choice,
            st.sampled_from(QUANTIFIERS),
        )

    item = st.recursive(st.one_of(atom, atom, atom, anchor), deeper, max_leaves=5)
    sequence = st.lists(item, min_size=0, max_size=5).map("".join)
    body = st.lists(sequence, min_size=1, max_size=2).map("|".join)
    front, back = st.sampled_from(["", "^", "(?i)^", r"\A", "(?s)"]), st.sampled_from(["", "$", r"\Z"])
    return st.builds(lambda a, b, c: a + b + c, front, body, back).filter(compiles)


def compiles(regex: str) -> bool:
    try:
        re.compile(regex)
    except re.error:
        return False
    return True


def texts(*alphabets: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.text("ab/-.1A\né]", max_size=6), min_size=12, max_size=12)


def joined(*parts: tuple[Part, ...]) -> re.Pattern[str]:
    pieces = [Piece(parts=one, first_group=100 * number) for number, one in enumerate(parts)]
    return PathPattern(template="", parts=join_parts(pieces)).regex


def agrees(regex: str, how: How, text: str, takes: bool) -> None:
    read = read_regex(regex, how)
    ours = joined(read.parts).fullmatch(text) is not None
    assert ours or not takes, f"{regex!r} takes {text!r} and its parts {read.parts} do not"
    assert takes or not ours or read.larger, f"{regex!r} refuses {text!r} and its parts {read.parts} do not"


@settings(max_examples=60)
@given(regexes(), texts())
def test_the_parts_of_a_full_match_take_the_same_texts(regex: str, some: list[str]) -> None:
    for text in some:
        agrees(regex, "fullmatch", text, re.fullmatch(regex, text) is not None)


@settings(max_examples=60)
@given(regexes(), texts())
def test_the_parts_of_a_search_take_the_same_texts(regex: str, some: list[str]) -> None:
    for text in some:
        agrees(regex, "search", text, re.search(regex, text) is not None)


@settings(max_examples=60)
@given(regexes(), texts())
def test_the_parts_of_a_match_take_the_same_texts_without_newlines(regex: str, some: list[str]) -> None:
    for text in some:
        if "\n" not in text:
            agrees(regex, "match_raw", text, re.match(regex, text) is not None)


@settings(max_examples=80)
@given(regexes(), regexes(), texts())
def test_what_follows_a_prefix_is_left_as_the_first_match_leaves_it(
    prefix: str, child: str, some: list[str]
) -> None:
    reads = (read_regex(prefix, "prefix"), read_regex(child, "fullmatch"))
    pattern = joined(*(read.parts for read in reads))
    larger = any(read.larger for read in reads)
    for text in some:
        found = re.search(prefix, text)
        takes = found is not None and re.fullmatch(child, text[found.end() :]) is not None
        ours = pattern.fullmatch(text) is not None
        assert ours == takes or (ours and larger), (prefix, child, text, pattern)


def words(parts: tuple[Part, ...]) -> list[str]:
    return [part.text if isinstance(part, Literal) else f"{{{part.name}:{part.regex}}}" for part in parts]


CUTS: list[tuple[str, How, list[str]]] = [
    (r"^users/(?P<pk>\d+)/$", "fullmatch", ["users/", r"{pk:\d+}", "/"]),
    (r"^a\.b/(\w+)-(?:x)$", "fullmatch", ["a.b/", r"{arg0:\w+}", "-x"]),
    (r"^users\.(?P<format>[a-z0-9]+)/?$", "fullmatch", ["users.", "{format:[a-z0-9]+}", "{_0:/?}"]),
    (r"^(?P<a>x(?P<b>y)+)?z", "search", ["{a:(?:x(?:y)+)?}", "z", "{_0:(?s:.*)}"]),
    (r"^a$|^b$", "fullmatch", ["{_0:a$|b$}"]),
    (r"(?i)^Ab(c)$", "fullmatch", ["{_0:(?i:Ab)}", "{arg0:(?i:c)}"]),
    (r"^shop/", "prefix", ["shop/"]),
    (r"^(?P<slug>[^/]+)/", "prefix", ["{slug:[^/]+}", "/"]),
    (r"^(?P<rest>.+)/", "prefix", ["{rest:.+}", "/", "{_0:(?!.*/)}"]),
    (r"^(?P<a>[^/]+)/(?P<b>\w+)", "prefix", ["{a:[^/]+}", "/", r"{b:\w+}", r"{_0:(?!\w)}"]),
    (r"^(?P<rest>.+)xx", "prefix", ["{rest:(?>(?:.+)xx)}"]),
    (r"^(?P<rest>.+?)/", "prefix", ["{rest:(?>(?:.+?)/)}"]),
    (r"", "prefix", []),
    (r"(?P<lang>[a-z]{2}/)?", "prefix", ["{lang:(?>(?:(?:[a-z]{2}/)?))}"]),
    (r"shop/", "prefix", [r"{_0:(?>(?:(?s:.*?))shop/)}"]),
    (r"/db(\.(?P<format>\w+))?$", "match_raw", ["/db", r"{_0:(?:\.(?:\w+))?}"]),
    (r"/favicon.ico", "match_raw", ["/favicon", "{_0:.}", "ico", "{_1:(?s:.*)}"]),
]


@pytest.mark.parametrize(("regex", "how", "expected"), CUTS, ids=[f"{c[1]} {c[0]}" for c in CUTS])
def test_a_regex_is_cut_into(regex: str, how: How, expected: list[str]) -> None:
    read = read_regex(regex, how)
    assert words(join_parts([Piece(parts=read.parts, first_group=None if "(?P" in regex else 0)])) == expected
    assert read.larger is None


@pytest.mark.parametrize(
    ("regex", "why"),
    [
        (r"^(a)/\1$", "a back-reference in the regex '^(a)/\\\\1$'"),
        (r"^(?P<x>a)/(?P=x)$", "a back-reference"),
        (r"^(?<=/)a$", "a look-behind"),
        (r"(?x) ^ a $", "a flag for all of it"),
        (r"^a?^b$", "an anchor in the middle"),
        (r"^a|b", "an anchor in one of the alternatives only"),
        (r"^\ba$", "an edge of a word at the start"),
    ],
)
def test_what_cannot_be_cut_takes_anything_and_is_named(regex: str, why: str) -> None:
    read = read_regex(regex, "search")
    assert words(join_parts([Piece(parts=read.parts)])) == ["{_0:(?s:.*)}"]
    assert read.larger is not None
    assert why in read.larger


def test_of_parameters_with_one_name_the_last_keeps_it_as_its_value_wins() -> None:
    one = read_regex(r"^(?P<pk>\d+)/", "prefix").parts
    two = read_regex(r"^(?P<pk>\w+)$", "fullmatch").parts
    assert words(join_parts([Piece(parts=one), Piece(parts=two, at=9)])) == [r"{pk_0:\d+}", "/", r"{pk:\w+}"]


def test_groups_without_names_are_numbered_along_the_way() -> None:
    one, two = read_regex(r"^(\d+)/", "prefix"), read_regex(r"^(\w+)$", "fullmatch")
    pieces = [Piece(parts=one.parts), Piece(parts=two.parts, at=9, first_group=one.groups)]
    assert words(join_parts(pieces)) == [r"{arg0:\d+}", "/", r"{arg1:\w+}"]
    nobodys = [Piece(parts=one.parts, first_group=None), Piece(parts=two.parts, at=9)]
    assert words(join_parts(nobodys)) == [r"{_0:\d+}", "/", r"{arg0:\w+}"]


LOOPS = st.sampled_from(
    [r".+", r".*", r"[^/]+", r"\w*", r"[ab]+", r"(?P<n>.*)", r"(\w+)", "[^a]*", r"(?P<n>[-a/]+)"]
)
ENDS = st.sampled_from(["", "/", "a", "-a", "aa", "ab", "a/a", r"\.", "1", "/b"])


@settings(max_examples=100)
@given(st.sampled_from(["^", "^a/", r"^[^/]+/", r"^\w+", r"^(?:a|ab)"]), LOOPS, ENDS, regexes(), texts())
def test_a_greedy_prefix_takes_as_much_as_it_can(
    front: str, loop: str, end: str, child: str, some: list[str]
) -> None:
    prefix = front + loop + end
    read, below = read_regex(prefix, "prefix"), read_regex(child, "fullmatch")
    pattern = joined(read.parts, below.parts)
    for text in some:
        for one in (text, "a/" + text, text.replace("b", "a")):
            found = re.search(prefix, one)
            takes = found is not None and re.fullmatch(child, one[found.end() :]) is not None
            ours = pattern.fullmatch(one) is not None
            assert ours == takes or (ours and below.larger), (prefix, child, one, pattern)
