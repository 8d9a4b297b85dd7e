"""What can be said of a request and a whole table without a verdict on each of its entries."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from miniframework.routing.judge import Judge, Judgements
from miniframework.routing.judging.asked import Asked
from miniframework.routing.judging.judgement import ReasonKind
from miniframework.routing.judging.specificity import find_most_specific
from miniframework.routing.judging.survey import Halt, find_takers, survey
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.slashes import toggle_slash

_OF_A_PREFIX = (ReasonKind.LITERAL, ReasonKind.MISSING)


def _first(halt: Halt) -> int:
    return halt.first


class Outline:
    """How far the path came, with whom, and what stopped the others; indexes are in order."""

    def __init__(self, judge: Judge, judgements: Judgements, asked: Asked) -> None:
        self._judge = judge
        self._judgements = judgements
        halts = (halt for halt in survey(judge.stems, asked) if halt.first < halt.last)
        self._halts = sorted(halts, key=_first)
        self._other: type[Entry] = SocketRoute if asked.protocol == "http" else Route
        self._toggled = toggle_slash(asked.path)

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries of the table."""
        return self._judge.entries

    @cached_property
    def most_specific(self) -> int | None:
        """The entry that would take the request if the strictest template won, and not the first."""
        return find_most_specific(self.entries, self.takers)

    @cached_property
    def reached(self) -> int:
        """The characters of the path that can still begin a match of some entry."""
        return max((halt.reached for halt in self._halts), default=0)

    @cached_property
    def having_path(self) -> tuple[int, ...]:
        """The entries that take the path, with whatever protocol and method."""
        return self._entries(halt for halt in self._halts if halt.kind is None)

    @cached_property
    def takers(self) -> tuple[int, ...]:
        """The entries that take the request; the first of them wins."""
        return tuple(index for index in self.having_path if self._judgements.has_only_path(index))

    @cached_property
    def farthest(self) -> tuple[int, ...]:
        """The entries that let the path come as far as it comes."""
        return self._entries(halt for halt in self._halts if halt.reached == self.reached)

    @cached_property
    def slashed(self) -> tuple[int, ...]:
        """The entries that take the path with its slash at the end toggled, but not as it is."""
        if self._toggled is None:
            return ()
        found = self._with_patterns(find_takers(self._judge.stems, self._toggled))
        return tuple(index for index in found if index not in self.having_path)

    def first_refused_by(self, kind: ReasonKind) -> tuple[int, ...]:
        """The entries of the request's protocol whose path is refused for this kind of reason first."""
        return self._of_protocol(halt for halt in self._halts if halt.kind is kind)

    def count_first_reasons(self) -> Counter[ReasonKind]:
        """How many entries are refused, by the first reason against each."""
        entries, counts = self._judge.entries, Counter[ReasonKind]()
        for halt in self._halts:
            for entry, sums in self._judge.kinds.items():
                if halt.kind is not None and sums[halt.first] != sums[halt.last]:
                    counts[self._first_reason(entry, halt.kind)] += sums[halt.last] - sums[halt.first]
        for index in self.slashed:  # these may be said in other words
            kind = self._halt_of(index).kind
            assert kind is not None, "it does not take the path"
            counts[self._first_reason(type(entries[index]), kind)] -= 1
        for index in (*self.having_path, *self.slashed):
            if reasons := self._judgements.one(index).reasons:
                counts[reasons[0].kind] += 1
        return +counts

    def _first_reason(self, entry: type[Entry], kind: ReasonKind) -> ReasonKind:
        if entry is self._other:
            return ReasonKind.PROTOCOL
        return ReasonKind.MOUNT_PREFIX if entry is Mount and kind in _OF_A_PREFIX else kind

    def _halt_of(self, index: int) -> Halt:
        place = self._judge.place_of(index)
        return self._halts[bisect_right(self._halts, place, key=_first) - 1]

    def _of_protocol(self, halts: Iterable[Halt]) -> tuple[int, ...]:
        entries, other = self._judge.entries, self._other
        return tuple(index for index in self._entries(halts) if not isinstance(entries[index], other))

    def _entries(self, halts: Iterable[Halt]) -> tuple[int, ...]:
        """The entries whose patterns are in the halts."""
        order = self._judge.stems.order
        return self._with_patterns(number for halt in halts for number in order[halt.first : halt.last])

    def _with_patterns(self, numbers: Iterable[int]) -> tuple[int, ...]:
        return tuple(sorted(index for number in numbers for index in self._judge.entries_with[number]))
