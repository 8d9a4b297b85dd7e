"""One request, taken apart once for all the entries that are asked about it."""

from typing import NamedTuple

from miniframework.routing.judging import reasons
from miniframework.routing.judging.judgement import ParameterSpan, Reason
from miniframework.routing.match import Protocol_


class Tried(NamedTuple):
    """What a block said to the text at its place: a reason against it, or the parameters it found there.

    `reached` is a place in the path; the places in the template are counted from the block's start. When
    `is_blind`, the regex of the block cannot be followed, and a longer text might be viable after all.
    """

    reason: Reason | None
    reached: int
    template_reached: int
    refused: tuple[int, int] | None
    parameters: tuple[ParameterSpan, ...]
    is_blind: bool = False


class Asked:
    """A request with its path cut at the slashes, and what was found out about it so far.

    `starts` are the places of the segments in the path, `last` is the number of the last one. `tried[n]`
    holds what blocks said at segment n, by their keys: routes have most of their blocks in common, and each
    is asked once. `of_kind` holds what a parameter alone in its place said, whatever its name: by the span
    of the text, its regex and its converter.
    """

    __slots__ = ("_left_over", "last", "method", "of_kind", "path", "protocol", "segments", "starts", "tried")

    def __init__(self, protocol: Protocol_, method: str, path: str) -> None:
        self.protocol = protocol
        self.method = method
        self.path = path
        self.segments = path.split("/")
        self.starts: list[int] = []
        at = 0
        for segment in self.segments:
            self.starts.append(at)
            at += len(segment) + 1
        self.last = len(self.segments) - 1
        self.tried: list[dict[str, Tried]] = [{} for _ in self.segments]
        self.of_kind: dict[tuple[int, int, str, str], Tried] = {}
        self._left_over: dict[int, Reason] = {}

    def left_over(self, at: int) -> Reason:
        """The reason of a template that ends before the path does."""
        reason = self._left_over.get(at)
        if reason is None:
            reason = self._left_over[at] = reasons.left_over(self.path[at:], at)
        return reason
