"""The verdicts of a table on one request, in its order: made when somebody looks at them."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain, count, repeat
from typing import overload

from miniframework.routing.explanation import Explanation, Matched, Refused, Shadowed, Verdict
from miniframework.routing.judge import Judgements
from miniframework.routing.judging.judgement import Judgement, Reason


class Verdicts(Sequence[Verdict]):
    """One verdict for each entry. A single one costs a few microseconds; whoever goes through them has all
    made at once."""

    def __init__(
        self,
        judgements: Judgements,
        winner: int | None,
        inside: Explanation | None,
        passed_over: Reason | None,
    ) -> None:
        self._judgements = judgements
        self._winner = winner
        self._inside = inside
        self._passed_over = passed_over
        self._made: dict[int, Verdict] = {}

    def __len__(self) -> int:
        return len(self._judgements)

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self._every)

    @overload
    def __getitem__(self, index: int) -> Verdict: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Verdict, ...]: ...
    def __getitem__(self, index: int | slice) -> Verdict | tuple[Verdict, ...]:
        if isinstance(index, slice):
            return self._every[index]
        place = range(len(self))[index]
        if place not in self._made:
            self._made[place] = self._verdict(place, self._judgements.one(place))
        return self._made[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verdicts) and self._every == other._every

    __hash__ = None  # type: ignore[assignment]  # as of a list: what it would cost, nobody wants to pay

    @cached_property
    def _every(self) -> tuple[Verdict, ...]:
        winner = len(self) if self._winner is None else self._winner
        judgements = self._judgements.every()
        examined = chain(repeat(True, winner), repeat(False))
        # As Refused(...) for each, but without a step of Python.
        refused = map(tuple.__new__, repeat(Refused), zip(count(), judgements, examined, strict=False))
        verdicts: list[Verdict] = list(refused)
        for index, judgement in enumerate(judgements):
            if not judgement[5]:
                verdicts[index] = self._verdict(index, judgement)
        return tuple(verdicts)

    def _verdict(self, index: int, judgement: Judgement) -> Verdict:
        winner = self._winner
        if judgement.reasons:
            return Refused(index, judgement, winner is None or index < winner)
        if winner is None and self._passed_over is not None:
            return Refused(index, judgement._replace(reasons=(self._passed_over,)), False)
        if winner is None:
            raise AssertionError(f"entry {index + 1} takes what the table does not")
        if index == winner:
            return Matched(index, judgement, self._inside)
        return Shadowed(index, judgement, winner)
