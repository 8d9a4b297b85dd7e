"""What happened when: the events of a request, nested as they happened, with the time that each took."""

import re
from dataclasses import replace
from typing import Any

from inspector.model import Exchange, Moment
from miniframework.records import dataclass

# What begins at the first and ends at one of the others; what happens between stands inside.
_ENDS = {
    "MiddlewareEntered": ("MiddlewareLeft",),
    "EndpointStarted": ("EndpointFinished", "EndpointRaised"),
    "BackgroundTaskStarted": ("BackgroundTaskFinished", "BackgroundTaskRaised"),
}
_BEGINNINGS = {end: beginning for beginning, ends in _ENDS.items() for end in ends}
_DEPENDENCY = ("DependencyResolved", "DependencyRaised")
# One of the framework's own goes by the name that everybody writes.
_OWN_EXCEPTION = re.compile(r": miniframework\.[\w.]*\b(\w+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One line: its moment, how deep it stands, and the time it covers, None for a point in time."""

    moment: Moment
    until_next_ns: int | None
    depth: int
    from_ns: int
    lasted_ns: int | None


def timeline_panel(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the events in order, a dependency before those that it needs.

    `took_ms` lasts to the next event, or to the end of the exchange. `depth` counts what the event stands in.
    `lasted_ms` is how long what is told of lasted, from `from_ms` on; None for a point in time, and for what
    has not ended. `own_ms` is the measured part of it that is not another line's: a dependency without those
    that it needs.
    """
    return [_view(line) for line in _as_trees(_nest(exchange))]


def _view(line: _Line) -> dict[str, Any]:
    moment = line.moment
    return {
        "at_ms": moment.at_ns / 1e6,
        "took_ms": _ms(line.until_next_ns),
        "kind": moment.kind,
        "label": _OWN_EXCEPTION.sub(r": \1", moment.label),
        "direction": moment.direction,
        "size": moment.size,
        "depth": line.depth,
        "from_ms": line.from_ns / 1e6,
        "lasted_ms": _ms(line.lasted_ns),
        "own_ms": _ms(moment.took_ns),
    }


def _ms(duration_ns: int | None) -> float | None:
    return None if duration_ns is None else max(duration_ns, 0) / 1e6


def _nest(exchange: Exchange) -> list[_Line]:
    """Give each moment its depth and the time it covers; what has no beginning or end is a point."""
    lines: list[_Line] = []
    opened: list[int] = []
    following = [moment.at_ns for moment in exchange.timeline[1:]]
    for moment, next_ns in zip(exchange.timeline, [*following, exchange.duration_ns], strict=False):
        beginning = _BEGINNINGS.get(moment.kind)
        if (number := _find_opened(lines, opened, beginning)) is not None:
            del opened[opened.index(number) :]  # what it held is over too, though nobody said so
            lines[number] = replace(lines[number], lasted_ns=moment.at_ns - lines[number].moment.at_ns)
        depth = len(opened) + (moment.depth if moment.kind.startswith("Dependency") else 0)
        if moment.kind in _ENDS:
            opened.append(len(lines))
        lines.append(_make_line(moment, next_ns, depth, is_end=beginning is not None))
    return lines


def _find_opened(lines: list[_Line], opened: list[int], beginning: str | None) -> int | None:
    """The innermost line that such an end belongs to; None for what ends nothing."""
    return next((number for number in reversed(opened) if lines[number].moment.kind == beginning), None)


def _make_line(moment: Moment, next_ns: int | None, depth: int, *, is_end: bool) -> _Line:
    """A line of what was measured when it was over; the end of something says nothing more than when."""
    measured_ns = None if is_end else moment.took_ns
    return _Line(
        moment=moment,
        until_next_ns=None if next_ns is None else next_ns - moment.at_ns,
        depth=depth,
        from_ns=max(moment.at_ns - (measured_ns or 0), 0),
        lasted_ns=measured_ns,
    )


def _as_trees(lines: list[_Line]) -> list[_Line]:
    """Put each dependency before those that it needs, which are told before it, and let it cover them."""
    ordered: list[_Line] = []
    trees: list[list[_Line]] = []
    for line in lines:
        if line.moment.kind not in _DEPENDENCY:
            ordered += _join(trees)
            ordered.append(line)
            trees = []
            continue
        needed: list[list[_Line]] = []
        while trees and trees[-1][0].depth > line.depth:
            needed.insert(0, trees.pop())
        trees.append([_cover(line, needed), *_join(needed)])
    return ordered + _join(trees)


def _cover(line: _Line, needed: list[list[_Line]]) -> _Line:
    from_ns = min([line.from_ns, *(tree[0].from_ns for tree in needed)])
    return replace(line, from_ns=from_ns, lasted_ns=line.moment.at_ns - from_ns)


def _join(trees: list[list[_Line]]) -> list[_Line]:
    return [line for tree in trees for line in tree]
