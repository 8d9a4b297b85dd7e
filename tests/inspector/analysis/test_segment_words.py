"""What a search for the combinations of segment languages costs, and that a narrowed answer is the answer."""

from itertools import combinations

from inspector.analysis.alphabet import Alphabet
from inspector.analysis.charset import single
from inspector.analysis.segment_words import SegmentWords
from inspector.analysis.terms import Algebra, Term

_NAMES = ("version", "health", "metrics", "reset", "stats", "test")


def algebra_and_languages() -> tuple[Algebra, list[Term]]:
    """For each name the segments that end with it."""
    algebra = Algebra(Alphabet(single(char) for char in sorted(set("".join(_NAMES)))))
    segment = algebra.many(algebra.one(algebra.alphabet.every & ~algebra.alphabet.slash))
    return algebra, [segment, *(algebra.then(segment, algebra.word(name)) for name in _NAMES)]


def subsets(languages: list[Term]) -> list[frozenset[Term]]:
    sizes = range(1, len(languages) + 1)
    return [frozenset(some) for size in sizes for some in combinations(languages, size)]


def test_what_was_searched_for_many_languages_answers_for_every_part_of_them() -> None:
    algebra, languages = algebra_and_languages()
    words = SegmentWords(algebra)
    words.atoms(frozenset(languages))
    searched = words.searched
    assert searched > len("".join(_NAMES)) / 2
    for some in subsets(languages):
        words.atoms(some)
    assert words.searched == searched


def test_a_language_of_every_segment_costs_no_search_of_its_own() -> None:
    algebra, (segment, *others) = algebra_and_languages()
    words = SegmentWords(algebra)
    words.atoms(frozenset(others))
    searched = words.searched
    assert len(words.atoms(frozenset((segment, *others)))) == len(words.atoms(frozenset(others))) + 1
    assert words.searched == searched


def test_a_narrowed_answer_is_that_of_a_search_of_its_own() -> None:
    algebra, languages = algebra_and_languages()
    words = SegmentWords(algebra)
    words.atoms(frozenset(languages))
    for some in subsets(languages):
        narrowed, own = words.atoms(some), SegmentWords(algebra).atoms(some)
        assert [(atom.inside, atom.words[0]) for atom in narrowed] == [
            (atom.inside, atom.words[0]) for atom in own
        ]
        for atom in narrowed:
            for word in atom.words:
                assert {one for one in some if words.takes(one, word)} == atom.inside
