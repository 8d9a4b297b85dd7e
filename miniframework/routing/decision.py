"""A decision tree over the segments of a path: one way from the root to a leaf, and never back.

Each branch looks at the segments that tell most candidates apart. Below a literal stand the candidates that
have it there and those with a parameter there that takes it, in the order of declaration: what reaches a leaf
holds every entry that can take the path, so the leaf's first taker is the first taker of a whole scan.
Source: L. Maranget, "Compiling Pattern Matching to Good Decision Trees" (ML 2008), applied to segments.

A large table does not fit into the processor's caches, and there a look-up costs what it touches. Segments
that are literals of all candidates are therefore looked at together, in one dictionary of their joined texts.

A branch is made when a path first comes there. Two threads may make the same one: both make the same, and the
second takes the first one's place, so no lock is needed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from miniframework.records import dataclass
from miniframework.routing.leaves import NOBODY, Ask, Known, Node, compile_ask, write_leaf
from miniframework.routing.match import Found
from miniframework.routing.segments import Candidate, Hole, Mixed, fullmatch_of

# So few paths are asked in turn rather than told apart.
_FEW = 3

# A parameter stands below every literal it takes. No more copies than this for each entry are made in all
# (real tables need fewer than 20); then leaves stay larger, which is slower and still right.
_COPIES_PER_ENTRY = 200


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
    """Asks only those of its candidates that can take a path.

    Its nodes are leaves, branches (how to ask, and a dictionary of nodes by the text that is looked at, with
    the one for all other texts under `else_key`; it holds literals of the table only, no path adds any), and
    stand-ins for those that are not made yet.
    """

    def __init__(self, candidates: Sequence[Candidate], *, longest: int = 0) -> None:
        self._candidates = candidates
        self._copies_left = _COPIES_PER_ENTRY * len(candidates)
        longest = max((longest, *(candidate.least for candidate in candidates)))
        # By the number of segments of a path; the one at `last` is for all longer paths.
        self.roots: list[Node] = [NOBODY] * (longest + 2)
        self.last = longest + 1
        for count in range(1, longest + 2):
            self.roots[count] = (_make_and_ask, self._plant, count, self.roots, count)

    def ask(self, parts: list[str], path: str, method: str | None) -> Found | int:
        """What the leaf of this path says, whose segments are `parts`; a method of None takes nobody."""
        if parts[0]:
            return 0  # every template begins with a slash or is empty
        count = len(parts)
        node = self.roots[count if count < self.last else self.last]
        answer: Found | int = node[0](node, parts, path, method)
        return answer

    def _plant(self, count: int) -> Node:
        """The root for paths of so many segments."""
        fitting = [candidate for candidate in self._candidates if candidate.fits(count)]
        start = frozenset((0,))
        return self._grow(Group(fitting, count, start, start))

    def _grow(self, group: Group) -> Node:
        """The node that decides between the candidates of a group."""
        if not group.candidates:
            return NOBODY
        paths = {candidate.entry.pattern.regex_text for candidate in group.candidates}
        positions = _most_telling(group) if len(paths) > _FEW else None
        if positions is not None:
            groups, rest = _tell_apart(group, positions)
            copies = sum(map(len, groups.values())) + len(rest)
            if copies <= self._copies_left:
                self._copies_left -= copies
                return self._branch(group, positions, groups, rest)
        return write_leaf(group.candidates, group.known)

    def _branch(
        self,
        group: Group,
        positions: tuple[int, ...],
        groups: dict[str, list[Candidate]],
        rest: list[Candidate],
    ) -> Node:
        children: dict[str, Node] = {}
        tested = group.tested.union(positions)
        known = group.known.union(positions)
        for text, taking in groups.items():
            below = Group(taking, group.count, tested, known)
            children[text] = (_make_and_ask, self._grow, below, children, text)
        other = else_key(positions)
        below = Group(rest, group.count, tested, group.known)
        children[other] = (_make_and_ask, self._grow, below, children, other) if rest else NOBODY
        return ask_branch(positions), children


def _make_and_ask(node: Node, parts: list[str], path: str, method: str | None) -> Found | int:
    """Ask a stand-in: make what it stands for, put it into its place, and ask that."""
    _, make, of_what, place, key = node
    made = place[key] = make(of_what)
    answer: Found | int = made[0](made, parts, path, method)
    return answer


def else_key(positions: tuple[int, ...]) -> str:
    """The key of a branch's node for all other texts: it has a slash more than any text that is looked at."""
    return "/" * len(positions)


@lru_cache(maxsize=256)  # a memo of a pure function
def ask_branch(positions: tuple[int, ...]) -> Ask:
    """The function that goes on by the segments at `positions`, joined by slashes."""
    first, *others = (f"p[{position}]" for position in positions)
    text = "f'" + "/".join(f"{{{one}}}" for one in (first, *others)) + "'" if others else first
    return compile_ask(
        f"n = v[1].get({text}) or v[1][{else_key(positions)!r}]\n    return n[0](n, p, path, method)"
    )


def _most_telling(group: Group) -> tuple[int, ...] | None:
    """The positions after which the fewest candidates are left on average; None when none tells any apart."""
    best: tuple[float, tuple[int, ...]] | None = None
    literal: list[int] = []
    for position in range(group.count):
        if position in group.tested:
            continue
        segments = [candidate.segment(position) for candidate in group.candidates]
        sizes = Counter(segment for segment in segments if isinstance(segment, str))
        open_to_all = len(segments) - sizes.total()
        if not open_to_all:
            literal.append(position)
        if len(sizes) > 1 or (sizes and open_to_all):
            alone = _score(sizes, open_to_all), (position,)
            best = alone if best is None else min(best, alone)
    if best is not None and len(literal) > 1:
        texts = Counter(_joined(candidate, literal) for candidate in group.candidates)
        # Where one of them is as good, the shorter text is better.
        if len(texts) > 1 and _score(texts, 0) < best[0]:
            return _fewest(group, literal, len(texts))
    return None if best is None else best[1]


def _fewest(group: Group, positions: list[int], texts: int) -> tuple[int, ...]:
    """Those of the positions that tell so many joined texts apart: to test the others later costs less."""
    needed = positions
    for position in positions:
        fewer = [one for one in needed if one != position]
        if len({_joined(candidate, fewer) for candidate in group.candidates}) == texts:
            needed = fewer
    return tuple(needed)


def _score(sizes: Counter[str], open_to_all: int) -> float:
    squares = sum((size + open_to_all) ** 2 for size in sizes.values()) + open_to_all**2
    return squares / (len(sizes) + 1)


def _joined(candidate: Candidate, positions: Iterable[int]) -> str:
    return "/".join(candidate.segments[position] for position in positions)  # type: ignore[misc]  # literals


def _tell_apart(
    group: Group, positions: tuple[int, ...]
) -> tuple[dict[str, list[Candidate]], list[Candidate]]:
    """The candidates below each literal, and those below every other text."""
    if len(positions) > 1:
        together: dict[str, list[Candidate]] = {}
        for candidate in group.candidates:
            together.setdefault(_joined(candidate, positions), []).append(candidate)
        return together, []
    segments = [candidate.segment(positions[0]) for candidate in group.candidates]
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
