"""What the sentence of an explanation leaves to be said: what was meant, and the way out."""

from collections.abc import Iterator

from inspector.panels.answer_routing import (
    say_meant,
    say_meant_for_method,
    say_refused,
    say_way_out_of_shadow,
)
from inspector.panels.hints import find_odd_path, find_template_hint
from inspector.panels.known_route import Snapshot
from inspector.panels.nearest import find_nearest, find_other_protocol
from inspector.panels.way import Stop, follow_way
from miniframework.routing.explanation import Explanation
from miniframework.routing.match import MatchOutcome


def find_advice(explanation: Explanation, table: Snapshot | None, raw_path: str) -> tuple[str, ...]:
    """Return whole sentences about a request, sent or not; () when there is nothing to say."""
    stops = follow_way(explanation, table)
    return tuple(filter(None, _advise(stops, raw_path)))


def _advise(stops: tuple[Stop, ...], raw_path: str) -> Iterator[str | None]:
    last = stops[-1]
    match last.explanation.outcome:
        case MatchOutcome.FOUND:
            yield say_refused(stops).strip()
            yield say_way_out_of_shadow(stops).strip()
        case MatchOutcome.METHOD_NOT_ALLOWED:
            meant = say_meant_for_method(last)
            yield f"You {meant}." if meant else None
        case MatchOutcome.NOT_FOUND:
            yield from _advise_missed(last, raw_path)
            yield say_meant(stops).strip()
        case MatchOutcome.REDIRECT:
            return


def _advise_missed(last: Stop, raw_path: str) -> Iterator[str | None]:
    explanation, table = last.explanation, last.table
    yield find_odd_path(explanation.path, raw_path)
    other = find_other_protocol(explanation, table)
    if other is not None:
        is_handshake = explanation.protocol == "websocket"
        speaks = "over HTTP: declare a WebSocket route" if is_handshake else "for WebSocket handshakes only"
        yield f"{other.label[:1].upper()}{other.label[1:]}, has this path {speaks}."
        return
    near = find_nearest(explanation, table)
    yield None if near is None else find_template_hint(near)
