"""All paths there are, in as many regions as route tables can tell apart, each with a witness.

One walk over the segments of all templates at once: two paths are in one region when exactly the same entries
take them. A region is known by those entries; its witness is a path with as few segments as possible.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from inspector.analysis.errors import TooLargeError
from inspector.analysis.segment_words import NEWLINE
from inspector.analysis.side_by_side import NOBODY, SideBySide, States, Step
from inspector.analysis.spots import Spot
from miniframework.records import dataclass

# Work is counted, not timed, so that a table is always cut off at the same place. One unit takes some 10 us.
_MOST_WORK = 10_000_000
# Of a check, which goes on with each spot alone where the whole is more than this, and their share of it.
_WORK_FOR_ALL = 600_000
_WORK_FOR_EACH = 600_000
_LEAST_WORK = 40
# What one look at something costs in units: a combination of languages, and how many states or spots.
_COST_OF_PRODUCT = 3
_IN_ONE_UNIT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The paths that exactly these spots take, by number in order; `witness` is one of them."""

    spots: tuple[int, ...]
    witness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlSpace:
    """Every region that at least one spot takes.

    `beyond` names, for each spot that could not be followed exactly, the constructs because of which: such a
    spot may be said to take paths of a region that it does not take, never the other way round. Of an
    `unfinished` spot there may be more regions: the table has too many for all of them to be found.
    """

    regions: tuple[Region, ...]
    beyond: dict[int, tuple[str, ...]]
    unfinished: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlashedSpace:
    """`space`, and a path of every kind there is when the slash at the end is counted: two paths are of one
    kind when the same spots take them, with or without such slashes. Where nobody takes any there is none.
    """

    space: UrlSpace
    slashed: tuple[Region, ...]


def has_newline(region: Region) -> bool:
    """Whether all its paths have a newline in them: a witness has one only where nothing else fits."""
    return NEWLINE in region.witness


def map_space(spots: Sequence[Spot]) -> UrlSpace:
    """The regions of the paths that the spots take. Raises TooLargeError."""
    table = SideBySide(spots)
    walk = _Walk(table, table.steps, _MOST_WORK)
    return UrlSpace(regions=(*_bare(spots), *walk.regions()), beyond=table.beyond)


def map_slashes(spots: Sequence[Spot]) -> SlashedSpace:
    """The same with what slashes at the end lead to. Raises TooLargeError."""
    table = SideBySide(spots)
    walk = _Walk(table, table.steps, _MOST_WORK)
    space = UrlSpace(regions=(*_bare(spots), *walk.regions()), beyond=table.beyond)
    return SlashedSpace(space=space, slashed=tuple(walk.slashed()))


def map_in_bounds(spots: Sequence[Spot], work: int = _WORK_FOR_ALL) -> UrlSpace:
    """The same as `map_space`, and of a table with too many regions as many as are found with so much work.

    Then the spots are followed one after the other, each only where it goes along itself: most are finished
    with little. Each has its part of what the others left.
    """
    table = SideBySide(spots)
    found = _Found(_bare(spots))
    try:
        found.add(_Walk(table, table.steps, work).regions())
    except TooLargeError:
        unfinished = frozenset(_follow_each(table, spots, found, min(work, _WORK_FOR_EACH)))
        return UrlSpace(regions=found.in_order(), beyond=table.beyond, unfinished=unfinished)
    return UrlSpace(regions=found.in_order(), beyond=table.beyond)


def _follow_each(table: SideBySide, spots: Sequence[Spot], found: "_Found", work: int) -> Iterator[int]:
    """The spots of which not every region was found."""
    least = min(work, _LEAST_WORK)
    for number in range(len(spots)):
        share = max(work // (len(spots) - number), least)
        walk = _Walk(table, partial(table.steps_of, number), share)
        try:
            found.add(walk.regions())
        except TooLargeError:
            yield number
        work -= share - max(walk.left, 0)


def _bare(spots: Sequence[Spot]) -> list[Region]:
    """The region of the empty path, which nothing below a mount has."""
    bare = tuple(s.number for s in spots if s.parent is None and s.closed and not s.parts)
    return [Region(spots=bare, witness="")] if bare else []


class _Found:
    """Regions by the spots that take them."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._regions: dict[tuple[int, ...], Region] = {}
        self.add(regions)

    def add(self, regions: Iterable[Region]) -> None:
        """Take each as it comes, so that what came before an error is kept."""
        for region in regions:
            known = self._regions.get(region.spots)
            if known is None or (has_newline(known) and not has_newline(region)):
                self._regions[region.spots] = region

    def in_order(self) -> tuple[Region, ...]:
        """All of them, those with a newline last."""
        return tuple(sorted(self._regions.values(), key=has_newline))


class _Walk:
    """Goes from the start of all paths along `steps`; a state of it is a set of the table's states.

    `left` is the work it may still do.
    """

    def __init__(self, table: SideBySide, steps: Callable[[States], list[Step]], work: int) -> None:
        self._table = table
        self._steps = steps
        self._arrivals: dict[States, str] = {}  # a path without a slash at its end for each state
        self.left = work

    def regions(self) -> Iterator[Region]:
        """Breadth first, so that a region's first path is one with the fewest segments.

        Newlines come last: a region whose paths are not all with one is found by a path without. Raises
        TooLargeError where the work is not enough.
        """
        table = self._table
        pending = deque([("", table.starts)])
        put_off: deque[Step] = deque()
        known: set[States] = set()
        met: set[States] = set()
        waiting = {table.starts}
        while pending or put_off:
            if pending:
                path, here = pending.popleft()
                steps = [(f"{path}/{word}", targets) for word, targets in self._steps_from(here)]
                put_off.extend(step for step in steps if NEWLINE in step[0])
                steps = [step for step in steps if NEWLINE not in step[0]]
            else:
                steps = [put_off.popleft()]
            for path, targets in steps:
                if not path.endswith("/"):
                    self._arrivals.setdefault(targets, path)
                if targets in met:
                    continue
                met.add(targets)
                ended = targets & table.ends
                if ended and ended not in known:
                    known.add(ended)
                    yield Region(spots=tuple(sorted({table.owners[state] for state in ended})), witness=path)
                live = targets - ended
                if live and live not in waiting:
                    waiting.add(live)
                    pending.append((path, live))

    def slashed(self) -> Iterator[Region]:
        """Every kind of path that `regions` came by, and the same path with slashes at its end."""
        for state, path in self._arrivals.items():
            kinds = list(self._with_slashes(state))
            if any(kinds):
                yield from (
                    Region(spots=tuple(sorted(ended)), witness=path + "/" * count)
                    for count, ended in enumerate(kinds)
                )

    def _with_slashes(self, state: States) -> Iterator[frozenset[int]]:
        """Who takes the path itself, with one slash more, with two, until nothing new comes."""
        owners = self._table.owners
        seen: set[States] = set()
        while state not in seen:
            seen.add(state)
            yield frozenset(owners[at] for at in state if owners[at] != NOBODY)
            state = self._table.after_slash(state)

    def _steps_from(self, here: States) -> list[Step]:
        searched = self._table.searched
        steps = self._steps(here)
        states = sum([len(targets) for _, targets in steps])
        self.left -= len(steps) + states // _IN_ONE_UNIT
        self.left -= (self._table.searched - searched) * _COST_OF_PRODUCT
        if self.left < 0:
            raise TooLargeError("the routes of the table combine in too many ways")
        return steps
