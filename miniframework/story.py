"""One exchange as the notes that were taken while it happened, for a listener that reads them later."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

from miniframework import events, notes
from miniframework.bus import EventBus, Subscription
from miniframework.events import Event
from miniframework.notes import Note
from miniframework.passing import copy_headers, read_received, read_sent
from miniframework.trace import Trace, make_exchange_id
from miniframework.types import Message, Receive, Scope, Send

# A body up to here is noted without asking the keeper, who counts a story for two of them.
SMALL_BYTES = 1024

# The keys of a scope whose values are text and numbers. Source: ASGI specification, HTTP and WebSocket
# connection scope.
_SERVERS_KEYS = frozenset(
    {"type", "asgi", "http_version", "method", "scheme", "path", "raw_path", "query_string", "root_path",
     "headers", "client", "server", "subprotocols"}
)  # fmt: skip
# A request has these but for the last, and a state and extensions. To count is enough: comparing the names
# would cost each request more than an object costs that is kept until the notes are read.
_MANY_KEYS = len(_SERVERS_KEYS) + 2

_now = time.monotonic_ns


class Story(Trace):
    """The notes of one exchange, and its way through a tap: `receive` and `send` stand in for the server's.

    The request's task adds to `notes`, and the keeper takes from them in a thread of its own: every step of
    theirs is one of the interpreter's, so there is no lock. `kept` is for the keeper's own use. `note` is
    the list's own `append`: nothing else is done for a note. `sent` is what the
    application is called with; an endpoint that is given it may use `pass_on`, the server's own `send`, and
    take the notes of it.
    """

    __slots__ = (
        "_has_received",
        "_has_sent",
        "_keeping",
        "_receive",
        "_wake",
        "kept",
        "notes",
        "pass_on",
        "sent",
    )

    keeps_notes = True

    def __init__(
        self, keeping: Subscription, scope: Scope, receive: Receive, send: Send, requested: str | None
    ) -> None:
        # All of Trace's and its own, in one place and nothing that can wait: each request pays for it.
        self._exchange_id = requested or ""
        self._keeping = keeping
        self._receive = receive
        self.pass_on = send
        self.sent: Send = self.send
        self.ended = self._has_received = self._has_sent = False
        self.layer = None
        self.kept: Any = None
        self._wake: Callable[[], None] | None = None
        came: dict[str, Any] = scope.copy() if scope.__class__ is dict else dict(scope)
        headers = came.get("headers")
        came["headers"] = headers.copy() if headers.__class__ is list else copy_headers(scope)
        if len(came) >= _MANY_KEYS or came.get("state") or came.get("extensions"):
            came = _without_objects(came)
        self.notes: list[Note | Event] = [(notes.started, _now(), came)]
        self.note: Callable[[Note], None] = self.notes.append

    @property
    def buses(self) -> tuple[EventBus, ...]:
        """The bus that hears of it."""
        return (self._keeping.bus,)

    @property
    def exchange_id(self) -> str:
        """Made when somebody asks for it, and always the same."""
        if not self._exchange_id:
            with self._keeping.lock:  # the request's task and the keeper's thread may both ask
                if not self._exchange_id:
                    self._exchange_id = make_exchange_id(time.time_ns(), random.getrandbits(62))
        return self._exchange_id

    def emit(self, event: Event) -> None:
        """Give an event to the keeper, who cuts or renders what it holds; never raises what that raises."""
        self._keeping.put(self, event)
        if self._wake is not None:
            self._wake()

    def take(self) -> list[Note | Event]:
        """Give the notes that were not taken yet; for the keeper's thread."""
        kept = self.notes
        taken = kept[: len(kept)]
        del kept[: len(taken)]
        return taken

    def watch(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each further note: whoever read them has seen that the exchange goes on."""
        self._wake = wake
        if not self.ended:
            self.note = self._note_and_wake

    def _note_and_wake(self, note: Note) -> None:
        self.notes.append(note)
        if self._wake is not None:
            self._wake()

    def finish(self) -> None:
        """Note that the application returned."""
        self.notes.append((notes.finished, _now()))
        # Looked at after the note was added: whoever sets it looks at the notes after that.
        if self._wake is not None:
            self._wake()

    def fail(self, error: BaseException) -> None:
        """Tell what left the application."""
        cancelled = isinstance(error, asyncio.CancelledError)
        self._tell(events.RequestFailed, {"error": error, "cancelled": cancelled})

    def close(self) -> None:
        """Say that it has ended, and let go of its own methods: else only the garbage collector ends it."""
        self.ended = True
        self.sent = self.pass_on
        self.note = self.notes.append

    async def receive(self) -> Message:
        """Pass on what the server gives, and note it."""
        message = await self._receive()
        if not self._has_received and message.get("type") == "http.request" and not message.get("more_body"):
            self._has_received = True
            body = message.get("body")
            if body.__class__ is bytes and len(body) <= SMALL_BYTES:
                self.note((notes.body_received, _now(), body))
                return message
        self._tell(*read_received(message))
        return message

    async def send(self, message: Message) -> None:
        """Pass on what the application sends, then note it: the client waits for nobody."""
        kind = message.get("type")
        if kind == "http.response.start":
            status, headers = message.get("status", 0), copy_headers(message)
            await self.pass_on(message)
            self.note((notes.response_started, _now(), status, headers))
            return
        if kind == "http.response.body" and not self._has_sent and not message.get("more_body"):
            self._has_sent = True
            body = message.get("body")
            if body.__class__ is bytes and len(body) <= SMALL_BYTES:
                await self.pass_on(message)
                self.note((notes.body_sent, _now(), body))
                return
        event, fields = read_sent(message)
        await self.pass_on(message)
        self._tell(event, fields)

    def _tell(self, event: type[Event], fields: dict[str, Any]) -> None:
        self.emit(event(exchange_id=self.exchange_id, at_ns=_now(), **fields))


def _without_objects(scope: dict[str, Any]) -> dict[str, Any]:
    """Give what is text or numbers, and of a server's or an application's objects only the names."""
    came = {key: one for key, one in scope.items() if key in _SERVERS_KEYS}
    for key in ("state", "extensions"):
        came[key] = tuple(scope.get(key) or ())
    return came
