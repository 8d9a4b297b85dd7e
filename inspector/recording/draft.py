"""One exchange while it happens: changeable, and at any moment the `Apart` it amounts to."""

from typing import Any, Literal

from inspector.apart import (
    Apart,
    BodyApart,
    FailureApart,
    FrameApart,
    MomentApart,
    Names,
    ParameterApart,
    ScopeApart,
    StepApart,
    WorkerApart,
    moment,
)
from inspector.model import Header, Replayed, Routing, State
from inspector.recording.both_ends import BothEnds
from inspector.recording.capture import Allowance
from inspector.recording.limits import RecordingLimits
from miniframework.routing.table import RouteTable


class BodyDraft:
    """A body that is still passing."""

    __slots__ = ("_chunks", "_kept", "_kept_bytes", "_limits", "evicted", "is_ended", "size")

    def __init__(self, limits: RecordingLimits) -> None:
        self._limits = limits
        self._kept: list[bytes] = []
        self._kept_bytes = 0
        self._chunks: list[tuple[int, int]] = []
        self.size = 0
        self.is_ended = False
        self.evicted = False

    def add(self, at_ns: int, data: bytes, size: int) -> None:
        """Add a piece of `size` bytes, of which `data` is there to keep."""
        piece = data[: self._limits.body_bytes - self._kept_bytes]
        if piece:
            self._kept.append(piece)
            self._kept_bytes += len(piece)
        if len(self._chunks) < self._limits.chunks:
            self._chunks.append((at_ns, size))
        self.size += size

    def miss(self, size: int) -> None:
        """Count bytes of which nothing was kept."""
        self.size += size
        self.evicted = self.evicted or size > 0

    def body(self, why_unended: str | None) -> BodyApart:
        """Give the body as far as it was kept; `why_unended` is the reason when it never ended."""
        data = self._kept[0] if len(self._kept) == 1 else b"".join(self._kept)
        why = None
        if self.evicted:
            why = "evicted"
        elif len(data) < self.size:
            why = "limit"
        elif not self.is_ended:
            why = why_unended
        return self.size, data, why is None, why, tuple(self._chunks)


_RESPONSE_TYPES = {"start": "http.response.start", "body": "http.response.body"}


def say_count(number: int, word: str) -> str:
    """Give `1 problem` or `2 problems`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


class Draft:
    """What is known of one exchange so far. All times but `started_ns` are nanoseconds after it.

    What most exchanges never have stands on the class until it is there.
    """

    allowance: Allowance | None = None  # made when an event asks for it
    replay: Replayed | None = None
    routing: str = Routing.UNKNOWN.value
    allow: Names = ()
    location: str | None = None
    parameters: tuple[ParameterApart, ...] = ()
    problems: tuple[dict[str, Any], ...] = ()
    status: int | None = None
    response_headers: tuple[Header, ...] = ()
    failure: FailureApart | None = None
    response_ended_ns: int | None = None
    left_ns: int | None = None  # when the application was told that the client is gone
    ended_ns: int | None = None
    lost: bool = False
    failed: bool = False
    cancelled: bool = False
    accepted: bool = False
    subprotocol: str | None = None
    closed_by: Literal["client", "application"] | None = None
    close_code: int | None = None
    close_reason: str | None = None
    missed: int = 0
    recorder_ns: int = 0

    def __init__(
        self, of: str, worker: WorkerApart, scope: ScopeApart, limits: RecordingLimits, started_ns: int
    ) -> None:
        self.id = of
        self.worker = worker
        self.scope = scope
        self.limits = limits
        self.started_ns = started_ns
        self.started_unix_ns = 0
        self.is_socket = scope[0] == "websocket"
        self.request_body = BodyDraft(limits)
        self.response_body = BodyDraft(limits)
        self.timeline: BothEnds[MomentApart] = BothEnds(limits.messages)
        self.messages: BothEnds[MomentApart] = BothEnds(limits.messages)
        self.frames: BothEnds[FrameApart] = BothEnds(limits.frames)
        self.steps: list[StepApart] = []
        self.tables: list[RouteTable] = []  # those that the steps name

    def since(self, at_ns: int) -> int:
        """Give how long after its start a moment was."""
        return at_ns - self.started_ns if at_ns > self.started_ns else 0

    def response_type(self, part: Literal["start", "body"]) -> str:
        """Give the type of the ASGI message that carries `part` of the response."""
        return f"websocket.http.response.{part}" if self.is_socket else _RESPONSE_TYPES[part]

    def add_parameters(self, parameters: tuple[ParameterApart, ...], at_ns: int) -> None:
        """Every parameter has its value."""
        self.parameters = parameters
        label = say_count(len(parameters), "parameter")
        self.timeline.items.append((at_ns, "ParametersBound", label, None, None, None, 0))

    def add_body(
        self, side: Literal["request", "response"], data: bytes, size: int, *, more: bool, at_ns: int
    ) -> None:
        """A piece of `size` bytes of a body passed, of which `data` is there to keep."""
        body = self.request_body if side == "request" else self.response_body
        is_first = body.size == 0 and not body.is_ended
        body.add(at_ns, data, size)
        if side == "request":
            self.add_message(at_ns, "http.request", "receive", size)
        else:
            self.add_message(at_ns, self.response_type("body"), "send", size)
        kind = "RequestBodyReceived" if side == "request" else "ResponseBodySent"
        if is_first and more:
            self.timeline.add(moment(at_ns, kind, f"{side} body begins"))
        if more:
            return
        body.is_ended = True
        if side == "response":
            self.response_ended_ns = at_ns
        self.timeline.add((at_ns, kind, f"{side} complete", None, body.size, None, 0))

    def add_message(
        self, at_ns: int, kind: str, direction: Literal["receive", "send"], size: int | None
    ) -> None:
        """An ASGI message passed."""
        self.messages.add((at_ns, kind, kind, direction, size, None, 0))

    def count(self, missed: int, request_bytes: int, response_bytes: int, recorder_ns: int) -> None:
        """So much of it was only counted, and recording it cost so much."""
        self.missed, self.recorder_ns = missed, recorder_ns
        if missed:
            self.request_body.miss(request_bytes)
            self.response_body.miss(response_bytes)

    def state(self) -> State:
        """How far it has come, or how it ended."""
        if self.lost:
            return State.LOST
        if self.cancelled:
            return State.CANCELLED
        if self.failed:
            return State.ERROR
        if self.is_socket and self.status is not None and self.ended_ns is not None:
            return State.COMPLETE
        if self.left_ns is not None:
            return State.DISCONNECTED  # also where an answer was sent after it, which reached nobody
        if not self.is_socket and self.response_ended_ns is not None:
            return State.COMPLETE
        if self.ended_ns is not None:
            return State.ERROR  # the application returned without an answer, or in the middle of one
        return State.PENDING if self.status is None else State.STREAMING

    def apart(self) -> Apart:
        """Give what is known, as values that nothing changes any more."""
        ended_ns = self.response_ended_ns if self.response_ended_ns is not None else self.ended_ns
        replay = self.replay
        apart: Apart = {
            "id": self.id,
            "worker": self.worker,
            "started_unix_ns": self.started_unix_ns,
            "scope": self.scope,
            "state": self.state().value,
            "routing": self.routing,
            "steps": tuple(self.steps),
            "allow": self.allow,
            "location": self.location,
            "parameters": self.parameters,
            "problems": self.problems,
            "status": self.status,
            "response_headers": self.response_headers,
            "response_body": self.response_body.body(self._why_response_unended()),
            "duration_ns": ended_ns,
            "failure": self.failure,
            "timeline": self.timeline.kept(),
            "messages": self.messages.kept(),
            "messages_left_out": self.messages.left_out + self.missed,
            "replay": None if replay is None else (replay.of, replay.edits),
            "redactions": (),
            "recorder_ns": self.recorder_ns,
            "may_differ": (),
        }
        if self.is_socket:
            self._add_connection(apart)
        else:
            apart["request_body"] = self.request_body.body(self._why_request_unended())
        return apart

    def _add_connection(self, apart: Apart) -> None:
        apart["accepted"] = self.accepted
        apart["subprotocol"] = self.subprotocol
        apart["frames"] = self.frames.kept()
        apart["frames_left_out"] = self.frames.left_out
        apart["frame_count"] = self.frames.count
        apart["closed_by"] = self.closed_by
        apart["close_code"] = self.close_code
        apart["close_reason"] = self.close_reason

    def _why_response_unended(self) -> str | None:
        if self.status is None or self.accepted:
            return None  # there is no body
        return "disconnect" if self.left_ns is not None else "unfinished"

    def _why_request_unended(self) -> str | None:
        if self.left_ns is not None and self.response_ended_ns is None:
            return "disconnect"
        return "unread_by_app" if self.request_body.size or _announces_body(self.scope[8]) else None


def _announces_body(headers: tuple[Header, ...]) -> bool:
    for name, value in headers:
        folded = name.lower()
        if folded == "transfer-encoding" or (folded == "content-length" and value.strip() != "0"):
            return True
    return False
