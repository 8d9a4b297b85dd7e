"""One exchange while it happens: changeable, and at any moment the frozen `Exchange` it amounts to."""

from dataclasses import dataclass, field
from typing import Any, Literal

from inspector.model import (
    Body,
    Exchange,
    Failure,
    Frame,
    Header,
    HttpExchange,
    Moment,
    Parameter,
    Replayed,
    RequestScope,
    RouteStep,
    Routing,
    SocketExchange,
    State,
    Worker,
)
from inspector.recording.both_ends import BothEnds
from inspector.recording.capture import Allowance
from inspector.recording.limits import RecordingLimits
from miniframework.routing.table import RouteTable


class BodyDraft:
    """A body that is still passing."""

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

    def body(self, why_unended: str | None) -> Body:
        """Give the body as far as it was kept; `why_unended` is the reason when it never ended."""
        data = b"".join(self._kept)
        why = None
        if self.evicted:
            why = "evicted"
        elif len(data) < self.size:
            why = "limit"
        elif not self.is_ended:
            why = why_unended
        return Body(
            size=self.size,
            data=data,
            complete=why is None,
            why_incomplete=why,
            chunks=tuple(self._chunks),
        )


def say_count(number: int, word: str) -> str:
    """Give `1 problem` or `2 problems`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


@dataclass(slots=True)
class Draft:
    """What is known of one exchange so far. All times but `started_ns` are nanoseconds after it."""

    id: str
    worker: Worker
    scope: RequestScope
    limits: RecordingLimits
    allowance: Allowance
    started_ns: int
    started_unix_ns: int
    request_body: BodyDraft = field(init=False)
    response_body: BodyDraft = field(init=False)
    timeline: BothEnds[Moment] = field(init=False)
    messages: BothEnds[Moment] = field(init=False)
    frames: BothEnds[Frame] = field(init=False)
    replay: Replayed | None = None
    routing: Routing = Routing.UNKNOWN
    steps: list[RouteStep] = field(default_factory=list)
    tables: list[RouteTable] = field(default_factory=list)  # those that the steps name
    allow: tuple[str, ...] = ()
    location: str | None = None
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[dict[str, Any], ...] = ()
    status: int | None = None
    response_headers: tuple[Header, ...] = ()
    failure: Failure | None = None
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

    def __post_init__(self) -> None:
        self.request_body = BodyDraft(self.limits)
        self.response_body = BodyDraft(self.limits)
        self.timeline = BothEnds(self.limits.messages)
        self.messages = BothEnds(self.limits.messages)
        self.frames = BothEnds(self.limits.frames)

    @property
    def is_socket(self) -> bool:
        """Whether this is a WebSocket connection."""
        return self.scope.type == "websocket"

    def since(self, at_ns: int) -> int:
        """Give how long after its start a moment was."""
        return max(at_ns - self.started_ns, 0)

    def response_type(self, part: str) -> str:
        """Give the type of the ASGI message that carries `part` of the response."""
        return f"websocket.http.response.{part}" if self.is_socket else f"http.response.{part}"

    def add_parameters(self, parameters: tuple[Parameter, ...], at_ns: int) -> None:
        """Every parameter has its value."""
        self.parameters = parameters
        label = say_count(len(parameters), "parameter")
        self.timeline.add(Moment(at_ns=at_ns, kind="ParametersBound", label=label))

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
            self.timeline.add(Moment(at_ns=at_ns, kind=kind, label=f"{side} body begins"))
        if more:
            return
        body.is_ended = True
        if side == "response":
            self.response_ended_ns = at_ns
        self.timeline.add(Moment(at_ns=at_ns, kind=kind, label=f"{side} complete", size=body.size))

    def add_message(
        self, at_ns: int, kind: str, direction: Literal["receive", "send"], size: int | None
    ) -> None:
        """An ASGI message passed."""
        self.messages.add(Moment(at_ns=at_ns, kind=kind, label=kind, direction=direction, size=size))

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
        if not self.is_socket and self.response_ended_ns is not None:
            return State.COMPLETE
        if self.left_ns is not None:
            return State.DISCONNECTED
        if self.ended_ns is not None:
            return State.ERROR  # the application returned without an answer, or in the middle of one
        return State.PENDING if self.status is None else State.STREAMING

    def exchange(self) -> Exchange:
        """Give what is known as a frozen value."""
        ended_ns = self.response_ended_ns if self.response_ended_ns is not None else self.ended_ns
        shared: dict[str, Any] = {
            "id": self.id,
            "worker": self.worker,
            "started_unix_ns": self.started_unix_ns,
            "scope": self.scope,
            "state": self.state(),
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
            "replay": self.replay,
            "recorder_ns": self.recorder_ns,
        }
        if not self.is_socket:
            return HttpExchange(request_body=self.request_body.body(self._why_request_unended()), **shared)
        return SocketExchange(
            accepted=self.accepted,
            subprotocol=self.subprotocol,
            frames=self.frames.kept(),
            frames_left_out=self.frames.left_out,
            frame_count=self.frames.count,
            closed_by=self.closed_by,
            close_code=self.close_code,
            close_reason=self.close_reason,
            **shared,
        )

    def _why_response_unended(self) -> str | None:
        if self.status is None or self.accepted:
            return None  # there is no body
        return "disconnect" if self.left_ns is not None else "unfinished"

    def _why_request_unended(self) -> str | None:
        if self.left_ns is not None and self.response_ended_ns is None:
            return "disconnect"
        announced = any(
            (name.lower() == "content-length" and value.strip() != "0") or name.lower() == "transfer-encoding"
            for name, value in self.scope.headers
        )
        return "unread_by_app" if announced or self.request_body.size else None
