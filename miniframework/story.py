"""One exchange as the notes that were taken while it happened, for a listener that reads them later."""

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any, Final

from miniframework import events, notes
from miniframework.bus import EventBus, Subscription
from miniframework.events import Event
from miniframework.notes import Note
from miniframework.passing import copy_headers, read_received, read_sent
from miniframework.trace import Trace, make_exchange_id
from miniframework.types import Message, Receive, Scope, Send

# A body up to here is noted without asking the keeper, who counts a story for two of them.
SMALL_BYTES = 1024

# What `ended` says when the end was told, or will never be.
_TOLD: Final = -1

_now = time.monotonic_ns
_read_usual = itemgetter(*notes.USUAL_KEYS)


class Story(Trace):
    """The notes of one exchange.

    The request's task adds to `notes`, and the keeper takes from them in a thread of its own: every step of
    theirs is one of the interpreter's, so there is no lock. `kept` is for the keeper's own use. Compiled code
    appends to `notes` itself and then calls `wake`, unless that is None. `ended` is when the application
    returned (monotonic nanoseconds), 0 before that. `way` is what stands in for the server while it runs.

    Many of them wait to be read: a story holds little and nothing of the server's, for fresh memory costs a
    request more than all else (measured).
    """

    __slots__ = ("_keeping", "kept", "notes", "wake", "way")

    keeps_notes = True

    def __init__(self, keeping: Subscription, scope: Scope, way: "Way", requested: str | None) -> None:
        # All of Trace's and its own, in one place and nothing that can wait: each request pays for it.
        self._exchange_id = requested or ""
        self._keeping = keeping
        self.ended = 0
        self.layer = None
        self.kept: Any = None
        self.wake: Callable[[], None] | None = None
        self.way: Way | None = way
        way.story = self
        headers = scope.get("headers")
        copy = tuple(headers) if headers.__class__ is list else copy_headers(scope)
        try:
            came = _read_usual(scope)
        except KeyError:
            came = None
        if came is None or scope.get("state") or scope.get("extensions"):
            self.notes: list[Note | Event] = [(notes.started, _now(), _without_objects(scope, copy))]
        else:
            self.notes = [(notes.started_usually, _now(), copy, came)]

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

    def note(self, note: Note) -> None:
        """Keep a note; a value in it must be frozen, or be one that never changes."""
        self.notes.append(note)
        if self.wake is not None:
            self.wake()

    def emit(self, event: Event) -> None:
        """Give an event to the keeper, who cuts or renders what it holds; never raises what that raises."""
        self._keeping.put(self, event)
        if self.wake is not None:
            self.wake()

    def take(self) -> list[Note | Event]:
        """Give the notes that were not taken yet; for the keeper's thread."""
        ended = self.ended  # looked at first: there is no later note then
        kept = self.notes
        taken = kept[: len(kept)]
        del kept[: len(taken)]
        if ended > 0:
            self.ended = _TOLD
            taken.append((notes.finished, ended))
        return taken

    def watch(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each further note: whoever read them has seen that the exchange goes on."""
        self.wake = wake

    def tell(self, event: type[Event], fields: dict[str, Any]) -> None:
        """Give the keeper an event that happens now."""
        self.emit(event(exchange_id=self.exchange_id, at_ns=_now(), **fields))

    def finish(self) -> None:
        """Say that the application returned."""
        self.way = None  # each holds the other: else only the garbage collector ends them
        self.ended = _now()
        # Looked at after the end was said: whoever sets it looks at the notes after that.
        if self.wake is not None:
            self.wake()

    def fail(self, error: BaseException) -> None:
        """Tell what left the application."""
        self.way = None
        try:
            cancelled = isinstance(error, asyncio.CancelledError)
            self.tell(events.RequestFailed, {"error": error, "cancelled": cancelled})
        finally:
            self.ended = _TOLD
            if self.wake is not None:
                self.wake()


class Way:
    """The way of one exchange through a tap: stands in for the server's receive, and is called as its send.

    An endpoint that is given it as `send` may use `pass_on`, the server's own, and take the notes of that.
    """

    __slots__ = ("_has_received", "_has_sent", "_receive", "pass_on", "story")

    story: Story

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self.pass_on = send
        self._has_received = self._has_sent = False

    async def receive(self) -> Message:
        """Pass on what the server gives, and note it."""
        message = await self._receive()
        if not self._has_received and message.get("type") == "http.request" and not message.get("more_body"):
            self._has_received = True
            body = message.get("body")
            if body.__class__ is bytes and len(body) <= SMALL_BYTES:
                self.story.note((notes.body_received, _now(), body))
                return message
        self.story.tell(*read_received(message))
        return message

    async def __call__(self, message: Message) -> None:
        """Pass on what the application sends, then note it: the client waits for nobody."""
        kind = message.get("type")
        if kind == "http.response.start":
            status, headers = message.get("status", 0), copy_headers(message)
            await self.pass_on(message)
            self.story.note((notes.response_started, _now(), status, headers))
            return
        if kind == "http.response.body" and not self._has_sent and not message.get("more_body"):
            self._has_sent = True
            body = message.get("body")
            if body.__class__ is bytes and len(body) <= SMALL_BYTES:
                await self.pass_on(message)
                self.story.note((notes.body_sent, _now(), body))
                return
        event, fields = read_sent(message)
        await self.pass_on(message)
        self.story.tell(event, fields)


def _without_objects(scope: Scope, headers: Iterable[Any]) -> dict[str, Any]:
    """Give what is text or numbers, and of a server's or an application's objects only the names."""
    came = {key: one for key, one in scope.items() if key in notes.PLAIN_KEYS}
    came["headers"] = list(headers)
    for key in ("state", "extensions"):
        came[key] = tuple(scope.get(key) or ())
    return came
