"""The pure state machine from events to exchanges: no clock, no thread, no file.

`apply` takes the framework's events, and the facts a listener made of them. Events of an exchange whose start
it has not seen, or whose end it has, are passed over.
"""

from collections.abc import Callable
from typing import Any

from inspector.apart import Apart, FailureApart, ScopeApart, WorkerApart, moment, put_together
from inspector.model import Exchange, Replayed, Worker
from inspector.recording.capture import Capture, note_bound
from inspector.recording.draft import Draft, say_count
from inspector.recording.facts import (
    Arrived,
    BodyPiece,
    Failed,
    FramePiece,
    ParametersNoted,
    Routed,
    Tally,
)
from inspector.recording.foreign import RoutingRead, RoutingReader
from inspector.recording.limits import RecordingLimits
from inspector.recording.moments import find_moment
from inspector.recording.reading import (
    READERS,
    add_call,
    add_end,
    add_miss,
    add_route,
    add_routing,
    add_start,
    open_draft,
)
from inspector.recording.scope import read_headers, read_scope, read_usual_scope
from inspector.recording.steps import missed_step
from miniframework import events
from miniframework.events import Event
from miniframework.routing.table import RouteTable
from miniframework.telling.notes import Note, read_note, started_usually, unix_ns_of
from miniframework.types import RawHeaders

# Source: RFC 6455 section 1.3; and ASGI: a handshake closed before it was accepted is answered with 403.
SWITCHING_PROTOCOLS = 101
HANDSHAKE_REFUSED = 403


class Assembler:
    """Builds the exchanges of one worker from its events."""

    def __init__(self, worker: Worker, limits: RecordingLimits | None = None) -> None:
        self._worker: WorkerApart = (worker.host, worker.pid, worker.generation)
        self._limits = limits or RecordingLimits()
        self._capture = Capture(self._limits)
        self._drafts: dict[str, Draft] = {}
        self._handlers: dict[type[Event], Callable[[Draft, Any, int], None]] = {
            events.RequestBodyReceived: self._on_request_body,
            events.ResponseBodySent: self._on_response_body,
            BodyPiece: self._on_body_piece,
            events.ClientDisconnected: self._on_disconnect,
            Routed: self._on_routed,
            events.RouteMissed: self._on_missed,
            events.ParametersBound: self._on_bound,
            ParametersNoted: self._on_parameters,
            Failed: self._on_failed,
            events.ResponseStarted: self._on_response_started,
            events.SocketAccepted: self._on_accepted,
            FramePiece: self._on_frame,
            events.SocketClosed: self._on_closed,
            events.OtherMessagePassed: self._on_other,
            Tally: self._on_tally,
            RoutingRead: self._on_routing_read,
            events.EndpointStarted: self._on_started,
            events.RequestFinished: self._on_finished,
        }

    def apply(self, event: Event) -> None:
        """Take in one event or fact."""
        if isinstance(event, events.RequestStarted | Arrived):
            self._begin(event)
            return
        draft = self._drafts.get(event.exchange_id)
        if draft is None or draft.ended_ns is not None:
            return
        if draft.allowance is None:
            draft.allowance = self._capture.allowance()
        fact = self._capture.take(event, draft.allowance)
        at_ns = draft.since(fact.at_ns)
        handler = self._handlers.get(type(fact))
        if handler is not None:
            handler(draft, fact, at_ns)
        elif (line := find_moment(fact, at_ns)) is not None:
            draft.timeline.add(line)

    def tell(self, exchange_id: str, told: list[Note | Event], reader: RoutingReader | None = None) -> None:
        """Take in what a story told; what was taken in is gone from `told`, whatever the next note does.

        `reader` looks at each event first, and may know the routing then.
        """
        draft, taken = self._drafts.get(exchange_id), 0
        try:
            for note in told:
                if reader is not None:
                    self._look(reader, exchange_id, note)
                if not isinstance(note, tuple):
                    self.apply(note)
                elif draft is None:
                    draft = self._begin_told(exchange_id, note)
                elif (read := READERS.get(note[0])) is None:
                    self._apply_told(exchange_id, note)
                elif draft.ended_ns is None:
                    read(draft, *note[1:])
                taken += 1
        finally:
            del told[:taken]

    def _begin_told(self, exchange_id: str, note: Note) -> Draft | None:
        if note[0] is started_usually:
            return self._begin_usually(exchange_id, *note[1:])
        self._apply_told(exchange_id, note)
        return self._drafts.get(exchange_id)

    def _apply_told(self, exchange_id: str, note: Note) -> None:
        for event in read_note(note, exchange_id):
            self.apply(event)

    def _look(self, reader: RoutingReader, exchange_id: str, note: Note | Event) -> None:
        if isinstance(note, tuple):
            for routed in reader.read_note(exchange_id, note):
                self.apply(routed)
        elif (read := reader.read(note)) is not None:
            self.apply(read)

    def tables(self, exchange_id: str) -> list[RouteTable]:
        """Give the tables that the steps of an exchange name."""
        return self._drafts[exchange_id].tables

    def apart(self, exchange_id: str) -> Apart:
        """Give the exchange as it stands, taken apart. Raises KeyError when it is not known, or forgotten."""
        return self._drafts[exchange_id].apart()

    def exchange(self, exchange_id: str) -> Exchange:
        """Give the exchange as it stands. Raises KeyError when it is not known, or forgotten."""
        return put_together(self.apart(exchange_id))

    def mark_replay(self, exchange_id: str, replayed: Replayed) -> None:
        """Say that this exchange, which has begun, is a replay."""
        if exchange_id in self._drafts:
            self._drafts[exchange_id].replay = replayed

    def abandon(self, exchange_id: str) -> None:
        """End an exchange of which nothing more will be heard."""
        draft = self._drafts.get(exchange_id)
        if draft is not None and draft.ended_ns is None:
            draft.lost, draft.ended_ns = True, 0

    def knows(self, exchange_id: str) -> bool:
        """Say whether the exchange has begun and is not forgotten."""
        return exchange_id in self._drafts

    def is_ended(self, exchange_id: str) -> bool:
        """Say whether nothing more can happen to it."""
        return self._drafts[exchange_id].ended_ns is not None

    def forget(self, exchange_id: str) -> None:
        """Let go of an exchange."""
        self._drafts.pop(exchange_id, None)

    def __len__(self) -> int:
        return len(self._drafts)

    def _begin(self, event: events.RequestStarted | Arrived) -> None:
        if event.exchange_id in self._drafts:
            return
        fact = self._capture.take(event, self._capture.allowance())
        assert isinstance(fact, Arrived)
        self._open(fact.exchange_id, read_scope(fact), fact.at_ns, fact.started_unix_ns)

    def _begin_usually(self, of: str, at_ns: int, headers: RawHeaders, came: tuple[Any, ...]) -> Draft:
        return self._open(of, read_usual_scope(came, headers), at_ns, unix_ns_of(at_ns))

    def _open(self, exchange_id: str, scope: ScopeApart, started_ns: int, started_unix_ns: int) -> Draft:
        started = started_ns, started_unix_ns
        draft = self._drafts[exchange_id] = open_draft(
            exchange_id, self._worker, scope, self._limits, started
        )
        return draft

    def _on_request_body(self, draft: Draft, event: events.RequestBodyReceived, at_ns: int) -> None:
        draft.add_body("request", event.data, len(event.data), more=event.more, at_ns=at_ns)

    def _on_response_body(self, draft: Draft, event: events.ResponseBodySent, at_ns: int) -> None:
        draft.add_body("response", event.data, len(event.data), more=event.more, at_ns=at_ns)

    def _on_body_piece(self, draft: Draft, piece: BodyPiece, at_ns: int) -> None:
        body = draft.request_body if piece.side == "request" else draft.response_body
        body.evicted = body.evicted or piece.evicted
        draft.add_body(piece.side, piece.data, piece.size, more=piece.more, at_ns=at_ns)

    def _on_disconnect(self, draft: Draft, event: events.ClientDisconnected, at_ns: int) -> None:
        if draft.is_socket:
            draft.add_message(at_ns, "websocket.disconnect", "receive", None)
            if draft.closed_by is None:
                draft.closed_by, draft.close_code, draft.close_reason = "client", event.code, event.reason
        else:
            draft.add_message(at_ns, "http.disconnect", "receive", None)
        _note_leaving(draft, at_ns)

    def _on_routed(self, draft: Draft, fact: Routed, at_ns: int) -> None:
        params = fact.raw_params
        add_route(draft, at_ns, fact.table, fact.index, fact.entry, fact.path, params, fact.took_ns)

    def _on_missed(self, draft: Draft, event: events.RouteMissed, at_ns: int) -> None:
        draft.tables.append(event.table)
        step = missed_step(event.table, event.path, event.took_ns)
        add_miss(draft, at_ns, event.outcome.value, step, event.allow, event.location)

    def _on_routing_read(self, draft: Draft, fact: RoutingRead, at_ns: int) -> None:
        draft.tables.append(fact.table)
        add_routing(draft, fact.routing.value, fact.steps, fact.allow, fact.location, fact.parameters)

    def _on_bound(self, draft: Draft, event: events.ParametersBound, at_ns: int) -> None:
        draft.add_parameters(note_bound(event.parameters, self._limits.value_characters), at_ns)

    def _on_parameters(self, draft: Draft, fact: ParametersNoted, at_ns: int) -> None:
        if not fact.rejected:
            draft.add_parameters(fact.parameters, at_ns)
            return
        draft.parameters, draft.problems = fact.parameters, fact.problems
        label = say_count(len(fact.problems), "problem")
        draft.timeline.add(moment(at_ns, "ParametersRejected", label))

    def _on_failed(self, draft: Draft, fact: Failed, at_ns: int) -> None:
        is_failure = not fact.cancelled and not fact.client_left
        if is_failure and (fact.ended or not fact.is_answer):
            draft.failure = _failure(fact)
        kind = "RequestFailed" if fact.ended else "EndpointRaised"
        draft.timeline.add(moment(at_ns, kind, fact.type))
        if fact.client_left:
            _note_leaving(draft, at_ns)
        if fact.ended:
            draft.failed, draft.cancelled, draft.ended_ns = is_failure, fact.cancelled, at_ns

    def _on_response_started(self, draft: Draft, event: events.ResponseStarted, at_ns: int) -> None:
        add_start(draft, at_ns, event.status, event.headers)

    def _on_accepted(self, draft: Draft, event: events.SocketAccepted, at_ns: int) -> None:
        draft.accepted, draft.subprotocol = True, event.subprotocol
        draft.status = SWITCHING_PROTOCOLS
        draft.response_headers = read_headers(event.headers)
        draft.timeline.add(moment(at_ns, "SocketAccepted", "accepted"))
        draft.add_message(at_ns, "websocket.accept", "send", None)

    def _on_frame(self, draft: Draft, piece: FramePiece, at_ns: int) -> None:
        kind = "websocket.receive" if piece.direction == "receive" else "websocket.send"
        draft.add_message(at_ns, kind, piece.direction, piece.size)
        is_whole = len(piece.data) == piece.size
        draft.frames.add((at_ns, piece.direction, piece.opcode, piece.size, piece.data, is_whole))

    def _on_closed(self, draft: Draft, event: events.SocketClosed, at_ns: int) -> None:
        if draft.closed_by is None:
            draft.closed_by, draft.close_code, draft.close_reason = "application", event.code, event.reason
        if draft.status is None:
            draft.status = HANDSHAKE_REFUSED
        draft.timeline.add(moment(at_ns, "SocketClosed", f"closed with {event.code}"))
        draft.add_message(at_ns, "websocket.close", "send", None)

    def _on_other(self, draft: Draft, event: events.OtherMessagePassed, at_ns: int) -> None:
        draft.add_message(at_ns, event.message_type, event.direction, None)

    def _on_tally(self, draft: Draft, fact: Tally, at_ns: int) -> None:
        draft.count(fact.missed, fact.missed_request_bytes, fact.missed_response_bytes, fact.recorder_ns)

    def _on_started(self, draft: Draft, event: events.EndpointStarted, at_ns: int) -> None:
        add_call(draft, at_ns, event.name, event.in_thread)

    def _on_finished(self, draft: Draft, event: events.RequestFinished, at_ns: int) -> None:
        add_end(draft, at_ns)


def _note_leaving(draft: Draft, at_ns: int) -> None:
    """The client is gone, as a message said or a send that failed showed."""
    if draft.is_socket and draft.closed_by is None:
        draft.closed_by = "client"
    has_answered = draft.response_ended_ns is not None or draft.closed_by == "application"
    if not has_answered and draft.left_ns is None:
        draft.left_ns = at_ns
        draft.timeline.add(moment(at_ns, "ClientDisconnected", "the client left"))


def _failure(fact: Failed) -> FailureApart:
    return fact.type, str(fact.trace), "".join(fact.trace.format())
