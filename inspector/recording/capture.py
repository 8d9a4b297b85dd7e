"""What the listener does to an event when it happens: cut what is large, render what may change.

Runs inside the request's task. Body data within the limits is kept by reference, because bytes never change.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from operator import attrgetter
from traceback import TracebackException
from typing import Any, Literal

from inspector.apart import ParameterApart
from inspector.recording.facts import (
    Arrived,
    BodyPiece,
    Failed,
    FramePiece,
    ParametersNoted,
    Routed,
)
from inspector.recording.limits import RecordingLimits
from inspector.recording.render import cut_text, render_with_type, to_json_value, type_name
from inspector.recording.step_words import step_of_clean_up, step_of_raised, step_of_scope
from miniframework import events
from miniframework.events import Event
from miniframework.records import dataclass
from miniframework.tap import came_from_send

# ASGI's own keys; whatever else a server or a middleware put into the scope is an object of theirs.
SCOPE_KEYS = (
    "type", "http_version", "method", "scheme", "path", "raw_path", "query_string", "root_path", "headers",
    "client", "server", "subprotocols",
)  # fmt: skip
MAX_PROBLEMS = 50
# Values that need no rendering while the request runs: nobody can change them before the drain gets there.
UNCHANGEABLE = frozenset({str, int, float, bool, bytes, type(None)})
MAX_FRAMES_OF_A_TRACEBACK = 40
_read_bound = attrgetter(*(one.name for one in fields(events.BoundParameter)))


@dataclass(slots=True)
class Allowance:
    """How many bytes of each body of one exchange may still be kept."""

    request: int
    response: int


class Capture:
    """Turns events into facts that are bounded and will not change; facts pass through as they are."""

    def __init__(self, limits: RecordingLimits) -> None:
        self._limits = limits
        self._takers: dict[type[Event], Callable[[Any, Allowance], Event]] = {
            events.RequestStarted: self._take_start,
            events.RequestBodyReceived: self._take_request_body,
            events.ResponseBodySent: self._take_response_body,
            events.SocketFrameReceived: self._take_frame,
            events.SocketFrameSent: self._take_frame,
            events.RouteMatched: self._take_route,
            events.ParametersBound: self._take_parameters,
            events.ParametersRejected: self._take_problems,
            events.ScopeChanged: lambda event, _: step_of_scope(event),
            events.DependencyRaised: lambda event, _: step_of_raised(event),
            events.ExceptionHandled: lambda event, _: step_of_raised(event),
            events.DependencyCleanedUp: lambda event, _: step_of_clean_up(event),
            events.BackgroundTaskRaised: lambda event, _: step_of_raised(event),
            events.EndpointRaised: self._take_failure,
            events.RequestFailed: self._take_failure,
        }

    def allowance(self) -> Allowance:
        """Give the allowance of an exchange that begins."""
        return Allowance(self._limits.body_bytes, self._limits.body_bytes)

    def take(self, event: Event, allowance: Allowance) -> Event:
        """Give the event, or the fact that stands for it; takes what it keeps from the allowance."""
        taker = self._takers.get(type(event))
        return event if taker is None else taker(event, allowance)

    def _take_start(self, event: events.RequestStarted, allowance: Allowance) -> Event:
        scope = event.scope
        return Arrived(
            exchange_id=event.exchange_id,
            at_ns=event.at_ns,
            scope={key: scope[key] for key in SCOPE_KEYS if key in scope},
            started_unix_ns=event.started_unix_ns,
            state_keys=tuple(map(str, scope.get("state") or ())),
            extensions=tuple(map(str, scope.get("extensions") or ())),
        )

    def _take_request_body(self, event: events.RequestBodyReceived, allowance: Allowance) -> Event:
        left = allowance.request
        allowance.request = max(left - len(event.data), 0)
        return event if len(event.data) <= left else _cut_body(event, "request", left)

    def _take_response_body(self, event: events.ResponseBodySent, allowance: Allowance) -> Event:
        left = allowance.response
        allowance.response = max(left - len(event.data), 0)
        return event if len(event.data) <= left else _cut_body(event, "response", left)

    def _take_frame(
        self, event: events.SocketFrameReceived | events.SocketFrameSent, allowance: Allowance
    ) -> Event:
        limit = self._limits.frame_bytes
        received = isinstance(event, events.SocketFrameReceived)
        direction: Literal["receive", "send"] = "receive" if received else "send"
        if isinstance(event.data, str):
            # A character is at most 4 bytes, so only a preview is encoded, never a large message.
            data = event.data[:limit].encode("utf-8", "surrogatepass")[:limit]
            size = _utf8_size(event.data)
            opcode: Literal[1, 2] = 1
        else:
            data, size, opcode = event.data[:limit], len(event.data), 2
        return FramePiece(
            exchange_id=event.exchange_id,
            at_ns=event.at_ns,
            direction=direction,
            opcode=opcode,
            data=data,
            size=size,
        )

    def _take_route(self, event: events.RouteMatched, allowance: Allowance) -> Event:
        return Routed(
            exchange_id=event.exchange_id,
            at_ns=event.at_ns,
            table=event.table,
            index=event.index,
            entry=event.entry,
            path=event.path,
            raw_params=tuple(event.raw_params.items()),
            took_ns=event.took_ns,
        )

    def _take_problems(self, event: events.ParametersRejected, allowance: Allowance) -> Event:
        # A problem may hold any object of the user's as its input.
        return note_parameters(event, self._limits.value_characters)

    def _take_parameters(self, event: events.ParametersBound, allowance: Allowance) -> Event:
        if all(type(parameter.value) in UNCHANGEABLE for parameter in event.parameters):
            return event
        return note_parameters(event, self._limits.value_characters)

    def _take_failure(
        self, event: events.EndpointRaised | events.RequestFailed, allowance: Allowance
    ) -> Event:
        error = event.error
        ended = isinstance(event, events.RequestFailed)
        return Failed(
            exchange_id=event.exchange_id,
            at_ns=event.at_ns,
            type=type_name(error),
            trace=TracebackException(
                type(error),
                error,
                error.__traceback__,
                limit=-MAX_FRAMES_OF_A_TRACEBACK,
                lookup_lines=False,
                compact=True,
            ),
            is_answer=_is_answer(error),
            ended=ended,
            client_left=ended and isinstance(error, OSError) and came_from_send(error),
            cancelled=isinstance(event, events.RequestFailed) and event.cancelled,
        )


def note_bound(bound: Iterable[events.BoundParameter], limit: int) -> tuple[ParameterApart, ...]:
    """Render every value to at most `limit` characters."""
    return tuple([render_parameter(limit, *_read_bound(parameter)) for parameter in bound])


def note_parameters(event: events.ParametersBound | events.ParametersRejected, limit: int) -> ParametersNoted:
    """Render every value to at most `limit` characters."""
    problems = event.problems if isinstance(event, events.ParametersRejected) else ()
    return ParametersNoted(
        exchange_id=event.exchange_id,
        at_ns=event.at_ns,
        parameters=note_bound(event.parameters, limit),
        problems=tuple(to_json_value(dict(problem), limit) for problem in problems[:MAX_PROBLEMS]),
        rejected=isinstance(event, events.ParametersRejected),
    )


def _cut_body(
    event: events.RequestBodyReceived | events.ResponseBodySent,
    side: Literal["request", "response"],
    left: int,
) -> BodyPiece:
    return BodyPiece(
        exchange_id=event.exchange_id,
        at_ns=event.at_ns,
        side=side,
        data=event.data[:left],
        size=len(event.data),
        more=event.more,
    )


def _utf8_size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def render_parameter(
    limit: int,
    name: str,
    alias: str,
    source: str,
    raw: str | bytes | list[str] | None,
    declared_type: str,
    converter: str,
    value: Any,
    default_used: bool,
    asked_by: str,
    problem: str | None = None,
) -> ParameterApart:
    """Render a parameter, of which the values of a `BoundParameter` are given."""
    text = raw if raw.__class__ is str and len(raw) <= limit else _cut_raw(raw, limit)
    if problem is not None:
        shown = kind = None
    else:
        shown, kind = render_with_type(value, limit)
    return name, alias, source, text, declared_type, converter, shown, kind, default_used, problem, asked_by


def _cut_raw(raw: str | bytes | list[str] | None, limit: int) -> str | list[str] | None:
    if raw is None:
        return None
    if isinstance(raw, bytes | bytearray):  # a server may give either
        return cut_text(raw[:limit].decode("utf-8", "replace"), limit)
    if isinstance(raw, str):
        return cut_text(raw, limit)
    return [cut_text(item, limit) for item in raw[:MAX_PROBLEMS]]


def _is_answer(error: BaseException) -> bool:
    """An HTTPException, this framework's or Starlette's, is a way to answer and no failure."""
    return isinstance(getattr(error, "status_code", None), int) and hasattr(error, "detail")
