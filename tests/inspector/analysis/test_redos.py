"""Patterns that a hostile path can make slow, found on the parse tree; nothing here runs one of them."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.alphabet import Alphabet
from inspector.analysis.errors import TooLargeError
from inspector.analysis.redos.ambiguity import Ambiguity, find_ambiguities
from inspector.analysis.redos.attack import find_sample, find_weakness
from inspector.analysis.redos.positions import Positions, find_positions
from inspector.analysis.redos.suspects import Suspects, find_suspects
from inspector.analysis.redos.unit import Piece
from inspector.analysis.spots import lay_flat
from inspector.analysis.translation import char_sets
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Entry, Route
from tests.inspector.analysis.small_tables import (
    CONVERTERS,
    TextConverter,
    endpoint,
    mount,
    route,
    table_of,
)

SLOW = {
    **CONVERTERS,
    "nested": TextConverter("nested", "([a-z]+)*"),
    "overlapping": TextConverter("overlapping", "(?:a|aa)+"),
    "slug": TextConverter("slug", "[a-z0-9]+(?:-[a-z0-9]+)*"),
    "far": TextConverter("far", "[ab]*a[ab]{18}"),
    "kept": TextConverter("kept", "(?:(?>[a-z]+))*"),
    "looking": TextConverter("looking", "(?:(?=[a-z])[a-z]+)+"),
    "long": TextConverter("long", "(?:" + "[ab]{14}" * 50 + ")*"),
}


def slow_route(template: str) -> Route:
    return Route(
        pattern=parse_pattern(template, SLOW),
        methods=frozenset({"POST"}),
        endpoint=endpoint,
        name=template,
    )


def suspects(*entries: Entry) -> Suspects:
    return find_suspects(lay_flat(table_of(*entries)))


def analysed(regex: str) -> tuple[Positions, Alphabet, Ambiguity | None]:
    alphabet = Alphabet(char_sets(regex))
    positions = find_positions((Piece(regex, is_literal=False),), alphabet)
    return positions, alphabet, next(find_ambiguities(positions, alphabet), None)


@pytest.mark.parametrize(
    "regex",
    [
        "(a+)+",
        "(a*)*",
        "([a-z]+)*",
        r"(\w+\s?)*",
        "(a|aa)+",
        "(?:[^/]+/?)+",
        "((ab)*)*c",
        "(([a-z])+.)+[A-Z]([a-z])+",
        "(?:(?:a|b)|ab)*c",
        "(a{1,30}){1,30}b",
        "(a?b?)*c",
        "(?i:(k+)+)",
    ],
)
def test_a_text_that_fits_in_exponentially_many_ways_is_found(regex: str) -> None:
    _, _, ambiguity = analysed(regex)
    assert ambiguity is not None
    assert ambiguity.is_exponential


@pytest.mark.parametrize(
    ("regex", "degree"),
    [
        ("[a-z]+[a-z0-9]*", 2),
        ("(.*)/(.*)", 2),
        ("(.*)/(.*)/edit", 2),
        ("(.*)/(.*)/(.*)/x", 3),
        ("(.*)/x/(.*)/y/(.*)", 3),
        ("a*a*a*a*b", 4),
        ("a*c(?:b|a)*c[ab]*", 1),
    ],
)
def test_the_power_with_which_the_time_grows_is_found(regex: str, degree: int) -> None:
    _, _, ambiguity = analysed(regex)
    assert ambiguity is None if degree == 1 else ambiguity is not None
    if ambiguity is not None:
        assert (ambiguity.is_exponential, ambiguity.degree) == (False, degree)


@pytest.mark.parametrize(
    "regex",
    [
        "[0-9]+",
        r"[0-9]+(\.[0-9]+)?",
        "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}",
        "[a-z0-9]+(?:-[a-z0-9]+)*",
        r"\d{4}-\d{2}-\d{2}",
        "(a|a)*",  # sre itself makes one class of it
        "(?:a?){12}a{12}",
        "(?:ab)*(?:cd)*",
        ".*",
    ],
)
def test_a_pattern_that_takes_every_text_in_few_ways_is_no_suspect(regex: str) -> None:
    assert find_weakness((Piece(regex, is_literal=False),), may_hold_slash=True) is None


_ATOMS = st.sampled_from(("a", "b", "[ab]", ".", "a?", "(?:ab)"))


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    repeats = st.builds("(?:{}){}".format, inner, st.sampled_from(("*", "+", "?", "{2,}", "*?")))
    choices = st.builds("(?:{}|{})".format, inner, inner)
    return repeats | choices | st.builds("{}{}".format, inner, inner)


REGEXES = st.recursive(_ATOMS, _larger, max_leaves=6)


def ways(positions: Positions, alphabet: Alphabet, text: str) -> int:
    """In how many ways the automaton reads the text, whatever follows; the ways of one step count up to 2."""
    here: Counter[int] = Counter()
    for number, char in enumerate(text):
        bit = alphabet.bit(char)
        steps = (
            positions.first.items()
            if number == 0
            else [
                (after, count * more)
                for at, count in here.items()
                for after, more in positions.after[at].items()
            ]
        )
        here = Counter()
        for after, count in steps:
            if positions.sets[after] & bit:
                here[after] += count
    return sum(here.values())


@given(REGEXES, st.text("ab", min_size=1, max_size=4))
@settings(max_examples=200)
def test_the_repeated_text_multiplies_the_ways_as_is_said(regex: str, text: str) -> None:
    positions, alphabet, ambiguity = analysed(regex)

    def ways_of(repeats: int) -> int:
        loops = ((text, ""),) if ambiguity is None else ambiguity.loops
        start = "" if ambiguity is None else ambiguity.start
        return ways(positions, alphabet, start + "".join(loop * repeats + on for loop, on in loops))

    if ambiguity is None:
        assert ways_of(24) == ways_of(12)
    elif ambiguity.is_exponential:
        assert ways_of(8) >= 2 * ways_of(7) >= 4 * ways_of(6) > 0
    else:
        assert ways_of(40) >= (40 / 10) ** (ambiguity.degree - 1) * ways_of(10) / 2 > 0


def test_the_path_to_try_is_whole_and_does_not_fit_the_route() -> None:
    found = suspects(slow_route("/x/{n:int}/{s:nested}/edit"), slow_route("/y/{s:nested}.txt")).found
    first, second = (target for suspect in found for target in suspect.targets)
    assert [attack.path(3) for attack in first.attacks] == ["/x/1/aaaa1/edit"]
    assert (first.method, second.number) == ("POST", 1)
    for attack in second.attacks:
        assert parse_pattern("/y/{s:nested}.txt", SLOW).match(attack.path(3)) is None


def test_an_attack_inside_a_mount_has_the_prefix_filled_in() -> None:
    inner = table_of(slow_route("/q/{s:overlapping}"))
    (suspect,) = suspects(mount("/m/{n:int}", inner)).found
    (target,) = suspect.targets
    assert (target.number, target.attacks[0].path(2)) == (1, "/m/1/q/aaaaax")


def test_three_parameters_that_take_slashes_are_dangerous() -> None:
    (suspect,) = suspects(route("/f/{a:path}/{b:path}/{c:path}")).dangerous.found
    assert (suspect.ambiguity.is_exponential, suspect.ambiguity.degree) == (False, 3)
    assert suspect.written == ".*/.*/.*"
    assert suspect.targets[0].attacks[0].path(2) == "/f/a/a/a\n"


def test_routes_with_one_weak_part_are_one_suspect_that_names_them_all() -> None:
    (suspect,) = suspects(*(slow_route(f"/{n}/{{s:nested}}") for n in "abcde")).found
    assert suspect.routes == (0, 1, 2, 3, 4)
    assert [target.number for target in suspect.targets] == [0, 1, 2]


def test_a_mixed_segment_that_no_text_makes_fail_is_no_suspect() -> None:
    found = suspects(route("/t/{y}@{scale}"), route("/p/{a}{b}{c}"), route("/r/{y}.{format}"))
    assert (found.found, found.unknown) == ((), {})


def test_a_pattern_too_large_to_follow_is_called_unknown() -> None:
    found = suspects(slow_route("/x/{s:long}"))
    assert (found.found, list(found.unknown)) == ((), [0])
    assert "more than 600 characters" in found.unknown[0]


def test_a_sample_of_a_unit_fits_it() -> None:
    unit = (Piece("v", is_literal=True), Piece("[0-9]{3}", is_literal=False))
    assert find_sample(unit) == "v111"
    assert find_sample((Piece("a(?!b)b", is_literal=False),)) is None


def test_ambiguity_beyond_the_budget_is_an_error_and_no_verdict() -> None:
    with pytest.raises(TooLargeError):
        analysed("(?:" + "a?" * 700 + ")+")
