"""A decision tree over the segments of a path: one way from the root to a leaf, and never back.

Each branch looks at the segment that tells most candidates apart. Below a literal stand the candidates that
have it there and those with a parameter there that takes it, in the order of declaration: what reaches a leaf
holds every entry that can take the path, so the leaf's first taker is the first taker of a whole scan.
Source: L. Maranget, "Compiling Pattern Matching to Good Decision Trees" (ML 2008), applied to segments.

A branch is made when a path first comes there. Two threads may make the same one: both make the same, and the
second takes the first one's place, so no lock is needed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from miniframework.routing.leaves import Known, Leaf, write_leaf
from miniframework.routing.match import Found
from miniframework.routing.segments import Candidate, Hole, Mixed, fullmatch_of

# So few paths are asked in turn rather than told apart.
_FEW = 3

# A parameter stands below every literal it takes. No more copies than this for each entry are made in all
# (real tables need fewer than 20); then leaves stay larger, which is slower and still right.
_COPIES_PER_ENTRY = 200


@dataclass(slots=True)
class Branch:
    """Go on by the segment at `position`. `children` holds literals of the table only: no path adds any."""

    position: int
    children: "dict[str, Node]" = field(default_factory=dict)
    otherwise: "Node" = None


# None: nobody is left.
Node = Branch | Leaf | None


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates that a path may still have, in order of declaration.

    `count` is the number of segments of the path, `tested` the positions looked at, and `known` those of them
    that every candidate is certain to take.
    """

    candidates: Sequence[Candidate]
    count: int
    tested: Known
    known: Known


class DecisionTree:
    """Asks only those of its candidates that can take a path."""

    def __init__(self, candidates: Sequence[Candidate], *, longest: int = 0) -> None:
        self._candidates = candidates
        self._copies_left = _COPIES_PER_ENTRY * len(candidates)
        longest = max((longest, *(candidate.least for candidate in candidates)))
        # By the number of segments of a path; the one at `last` is for all longer paths.
        self.roots: list[Node] = [None] * (longest + 2)
        self.last = longest + 1
        for count in range(1, longest + 2):
            self.roots[count] = partial(self._plant, count)

    def ask(self, parts: list[str], path: str, method: str | None) -> Found | int:
        """What the leaf of this path says, whose segments are `parts`; a method of None takes nobody."""
        if parts[0]:
            return 0  # every template begins with a slash or is empty
        count = len(parts)
        node = self.roots[count if count < self.last else self.last]
        while type(node) is Branch:
            node = node.children.get(parts[node.position], node.otherwise)
        return 0 if node is None else node(parts, path, method)  # type: ignore[operator]  # a leaf, now

    def _plant(self, count: int, parts: list[str], path: str, method: str | None) -> Found | int:
        """Stand in for a root that is not made yet: make it, and answer."""
        fitting = [candidate for candidate in self._candidates if candidate.fits(count)]
        start = frozenset((0,))
        self.roots[count] = self._grow(Group(fitting, count, start, start))
        return self.ask(parts, path, method)

    def _sprout(
        self, group: Group, put: Callable[[Node], None], parts: list[str], path: str, method: str | None
    ) -> Found | int:
        """Stand in for a node that is not made yet: make it, put it into its place, and answer."""
        put(self._grow(group))
        return self.ask(parts, path, method)

    def _grow(self, group: Group) -> Node:
        if not group.candidates:
            return None
        paths = {candidate.entry.pattern.regex_text for candidate in group.candidates}
        position = _most_telling(group) if len(paths) > _FEW else None
        if position is not None:
            groups, rest = _tell_apart(group, position)
            copies = sum(map(len, groups.values())) + len(rest)
            if copies <= self._copies_left:
                self._copies_left -= copies
                return self._branch(group, position, groups, rest)
        return write_leaf(group.candidates, group.known)

    def _branch(
        self, group: Group, position: int, groups: dict[str, list[Candidate]], rest: list[Candidate]
    ) -> Branch:
        branch: Branch = Branch(position)
        tested = group.tested | {position}
        known = group.known | {position}
        for text, taking in groups.items():
            below = Group(taking, group.count, tested, known)
            branch.children[text] = partial(self._sprout, below, partial(branch.children.__setitem__, text))
        if rest:
            below = Group(rest, group.count, tested, group.known)
            branch.otherwise = partial(self._sprout, below, partial(setattr, branch, "otherwise"))
        return branch


def _most_telling(group: Group) -> int | None:
    """The position after which the fewest candidates are left on average; None when none tells any apart."""
    best: tuple[float, int] | None = None
    for position in range(group.count):
        if position in group.tested:
            continue
        sizes: dict[str, int] = {}
        open_to_all = 0
        for candidate in group.candidates:
            segment = candidate.segment(position)
            if isinstance(segment, str):
                sizes[segment] = sizes.get(segment, 0) + 1
            else:
                open_to_all += 1
        if not sizes or (len(sizes) == 1 and not open_to_all):
            continue
        squares = sum((size + open_to_all) ** 2 for size in sizes.values()) + open_to_all**2
        score = squares / (len(sizes) + 1), position
        best = score if best is None else min(best, score)
    return None if best is None else best[1]


def _tell_apart(group: Group, position: int) -> tuple[dict[str, list[Candidate]], list[Candidate]]:
    """The candidates below each literal, and those below every other text."""
    segments = [candidate.segment(position) for candidate in group.candidates]
    groups: dict[str, list[Candidate]] = {text: [] for text in segments if isinstance(text, str)}
    rest: list[Candidate] = []
    taken: dict[str | None, list[list[Candidate]]] = {None: list(groups.values())}
    for candidate, segment in zip(group.candidates, segments, strict=True):
        if isinstance(segment, str):
            groups[segment].append(candidate)
            continue
        rest.append(candidate)
        regex = None if segment is None else segment.regex
        if regex not in taken:
            taken[regex] = _taken_by(segment, groups.items())
        for below in taken[regex]:
            below.append(candidate)
    return groups, rest


def _taken_by(segment: Any, groups: Iterable[tuple[str, list[Candidate]]]) -> list[list[Candidate]]:
    assert isinstance(segment, Hole | Mixed)
    fullmatch = fullmatch_of(segment.regex)
    return [below for text, below in groups if fullmatch(text) is not None]
