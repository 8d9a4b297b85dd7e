"""Languages of one segment told apart by their smallest automata, so that equal ones are one term.

What a template leaves of a segment is often the same in other words: `[^/]+` as a parameter, and as the part
of a longer rest up to its next slash. Source: E. F. Moore,
"Gedanken-experiments on sequential machines" (1956).
"""

from collections.abc import Iterable, Sequence

from inspector.analysis.terms import Algebra, Term

# States of a language that is compared; a segment has some tens.
_MOST_STATES = 400

# The classes of characters that lead on, and the number of the state they lead to.
_Row = tuple[tuple[int, int], ...]
# Of each state whether a word may end there, and its row; the start is the first.
_Automaton = tuple[tuple[bool, _Row], ...]


class SegmentLanguages:
    """Gives one term for all that have the same words without a slash."""

    def __init__(self, algebra: Algebra) -> None:
        self._algebra = algebra
        self._of: dict[Term, Term] = {}
        self._known: dict[_Automaton, Term] = {}

    def same(self, term: Term) -> Term:
        """The first term it was asked about with the same words; one of very many states is its own."""
        found = self._of.get(term)
        if found is None:
            automaton = _automaton_of(self._algebra, term)
            found = term if automaton is None else self._known.setdefault(_smallest(automaton), term)
            self._of[term] = found
        return found


def _automaton_of(algebra: Algebra, start: Term) -> _Automaton | None:
    """The states that derivatives lead to, whatever is left of nothing among them; None when too many."""
    slash = algebra.alphabet.slash
    numbers = {start: 0}
    states = [start]
    rows = []
    for state in states:
        row = []
        for mask in algebra.classes(state):
            inside = mask & ~slash
            if inside:
                left = algebra.after(state, inside & -inside)
                if left not in numbers:
                    numbers[left] = len(states)
                    states.append(left)
                row.append((inside, numbers[left]))
        rows.append((state.has_end, tuple(row)))
        if len(states) > _MOST_STATES:
            return None
    return tuple(rows)


def _smallest(automaton: _Automaton) -> _Automaton:
    """The same with states made one from which the same words lead to an end, in the order of a walk."""
    blocks = [int(has_end) for has_end, _ in automaton]
    count = 0
    while count < len(set(blocks)):
        count = len(set(blocks))
        signs = [
            (block, frozenset(_merged(row, blocks).items()))
            for block, (_, row) in zip(blocks, automaton, strict=True)
        ]
        blocks = _numbered(signs)
    sample = dict(zip(reversed(blocks), reversed(automaton), strict=True))
    order = {blocks[0]: 0}
    found = []
    walked = [blocks[0]]
    for block in walked:
        has_end, row = sample[block]
        new = []
        for goal, mask in sorted(_merged(row, blocks).items(), key=_by_lowest_class):
            if goal not in order:
                order[goal] = len(order)
                walked.append(goal)
            new.append((mask, order[goal]))
        found.append((has_end, tuple(new)))
    return tuple(found)


def _merged(row: _Row, blocks: Sequence[int]) -> dict[int, int]:
    """For each block that a row leads to the classes that do."""
    found: dict[int, int] = {}
    for mask, goal in row:
        found[blocks[goal]] = found.get(blocks[goal], 0) | mask
    return found


def _numbered(signs: Iterable[object]) -> list[int]:
    numbers: dict[object, int] = {}
    return [numbers.setdefault(sign, len(numbers)) for sign in signs]


def _by_lowest_class(step: tuple[int, int]) -> int:
    return step[1] & -step[1]
