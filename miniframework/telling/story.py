"""One exchange as the notes that were taken while it happened, for a listener that reads them later."""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol, final

from miniframework import events
from miniframework.events import Event
from miniframework.telling import notes
from miniframework.telling.notes import Note
from miniframework.telling.passing import Read, copy_headers, read_cut, read_received, read_sent
from miniframework.telling.trace import Trace, current_exchange, make_exchange_id, send_outside
from miniframework.types import Message, Receive, Scope, Send

# A body up to here is noted without asking the keeper, who counts a story for two of them.
SMALL_BYTES = 1024

# What `ended` says when the end was told, or will never be.
_TOLD: Final = -1
# What the server has given, as far as it matters here: the whole body at once; that it is done with this
# exchange, after it was given the whole answer.
_BODY, _OVER = 1, 2

_now = time.monotonic_ns
_read_usual = itemgetter(*notes.USUAL_KEYS)

# Who tells it, and then its notes that nobody has read yet. The story itself while it goes on; after that
# when it ended (monotonic nanoseconds), or what a keeper has to know beside.
Notes = list[Any]


class Keeping(Protocol):
    """Where a story is kept: one keeper's place on a bus; `lock` is for whoever shares its stories."""

    lock: threading.Lock

    @property
    def bus(self) -> object:
        """The bus."""

    def put(self, story: "Story", event: Event) -> None:
        """Give the keeper an event of its story; never raises what that raises."""


@final
class Story(Trace):
    """One exchange while it goes on: stands in for the server's receive, and is called as its send.

    The request's task adds to `notes`, and the keeper takes from them in a thread of its own: every step of
    theirs is one of the interpreter's, so there is no lock. `kept` is for the keeper's own use. Compiled code
    appends to `notes` itself and then calls `wake`, unless that is None; it may use `pass_on`, the server's
    own send, and take the notes of that. `ended` is when the application returned (monotonic nanoseconds), 0
    before that.

    Only its notes wait to be read, and hold nothing of the server's: fresh memory costs a request more than
    all else (measured).
    """

    __slots__ = (
        "_given", "_keeping", "_receive", "inside", "kept", "notes", "pass_on", "wake",
    )  # fmt: skip

    _given: int
    _keeping: Keeping
    _receive: Receive
    inside: Trace | None  # in whose context this one happens, as a replay does
    kept: Any
    notes: Notes
    pass_on: Send
    wake: Callable[[], None] | None

    def __init__(self) -> None:
        """Give a bare one, for `begin_story` to fill."""

    if not TYPE_CHECKING:
        __init__ = object.__init__  # the same in a third of the time; each request pays for it

    @property
    def buses(self) -> tuple[object, ...]:
        """The bus that hears of it."""
        return (self._keeping.bus,)

    @property
    def exchange_id(self) -> str:
        """Made when somebody asks for it, and always the same."""
        if not self._exchange_id:
            with self._keeping.lock:  # the request's task and the keeper's thread may both ask
                if not self._exchange_id:
                    self._exchange_id = _make_id()
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

    def watch(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each further note: whoever read them has seen that the exchange goes on."""
        self.wake = wake

    def tell(self, event: type[Event], fields: dict[str, Any]) -> None:
        """Give the keeper an event that happens now."""
        self.emit(event(exchange_id=self.exchange_id, at_ns=_now(), **fields))

    def finish(self) -> None:
        """Say that the application returned."""
        ended = self.ended = _now()
        if self.kept is not None or self._exchange_id or self.inside is not None:
            self._end(ended)
            return
        self.notes[0] = ended
        if self.wake is not None:  # as in `_end`
            self.scope = None
            self.wake()

    def fail(self, error: BaseException) -> None:
        """Tell what left the application."""
        try:
            cancelled = isinstance(error, asyncio.CancelledError)
            self.tell(events.RequestFailed, {"error": error, "cancelled": cancelled})
        finally:
            self._end(_TOLD)

    def drop(self) -> None:
        """Let go of the notes: nobody takes them."""
        self.notes.clear()

    def _end(self, ended_ns: int) -> None:
        self.ended = ended_ns
        self.scope = None  # the keeper may have this story still, and takes nothing down for the application
        self.notes[0] = Ended(ended_ns, self._exchange_id, self.kept)
        # Looked at after the end was said: whoever sets it looks at the end after that.
        if self.wake is not None:
            self.wake()
        if self.inside is not None:
            current_exchange.set(self.inside)

    async def receive(self) -> Message:
        """Pass on what the server gives, and note it."""
        message = await self._receive()
        kind = message.get("type")
        if not self._given and kind == "http.request" and not message.get("more_body"):
            self._given = _BODY
            body = message.get("body")
            if body.__class__ is bytes and len(body) <= SMALL_BYTES:
                self.note((notes.body_received, _now(), body))
                return message
        if kind == "http.disconnect" and self.answered:
            self._given = _OVER
        self.tell(*read_received(message, is_answered=self.answered))
        return message

    async def __call__(self, message: Message) -> None:
        """Pass on what the application sends, then note it: the client waits for nobody."""
        kind = message.get("type")
        if kind == "http.response.start":
            status, headers = message.get("status", 0), message.get("headers")
            # A list, which is what servers are given, in one step.
            copy = tuple(headers) if headers.__class__ is list else copy_headers(message)
            await self.pass_on(message)
            self.notes.append((notes.response_started, _now(), status, copy))
            if self.wake is not None:  # as `note` does, without a call
                self.wake()
            return
        is_first = False
        if kind == "http.response.body" and not message.get("more_body"):
            is_first, self.answered = not self.answered, True
            body = message.get("body")
            if is_first and body.__class__ is bytes and len(body) <= SMALL_BYTES:
                try:
                    await self.pass_on(message)
                except BaseException as error:
                    self._end_answer(read_sent(message), error)
                    raise
                self.notes.append((notes.body_sent, _now(), body))
                if self.wake is not None:
                    self.wake()
                return
        event, fields = read_sent(message)
        try:
            if kind == "http.response.push":
                await send_outside(self.pass_on, message)
            else:
                await self.pass_on(message)
        except BaseException as error:
            if is_first:
                self._end_answer((event, fields), error)
            raise
        self.tell(event, fields)

    def _end_answer(self, last: Read, error: BaseException) -> None:
        """Tell what `error` means for the last piece of the answer, where the server said that it is over."""
        if self._given == _OVER:
            self.tell(*read_cut(last, error))


class Ended:
    """What a keeper has to know of an exchange that is over, where its notes do not say it."""

    __slots__ = ("_exchange_id", "ended", "kept")

    def __init__(self, ended: int, exchange_id: str, kept: Any) -> None:
        self.ended = ended
        self.kept = kept
        self._exchange_id = exchange_id

    @property
    def exchange_id(self) -> str:
        """Made when it is asked for first; for the keeper's thread alone."""
        if not self._exchange_id:
            self._exchange_id = _make_id()
        return self._exchange_id


def begin_story(
    keeping: Keeping, scope: Scope, receive: Receive, send: Send, inside: Trace | None, requested: str
) -> Story:
    """Give the story of a request that begins now; `requested` is the id it must have, if not empty."""
    story = Story()
    story._exchange_id = requested
    story._keeping = keeping
    story._receive = receive
    story.pass_on = send
    story.ended = 0
    story.inside = inside
    story.layer = story.kept = story.wake = None
    story._given = 0
    story.answered = False
    story.scope = scope
    headers = scope.get("headers")
    copy = tuple(headers) if headers.__class__ is list else copy_headers(scope)
    try:
        came = _read_usual(scope)
    except KeyError:
        came = None
    if came is None or scope.get("state") or scope.get("extensions"):
        story.notes = [story, (notes.started, _now(), _without_objects(scope, copy))]
    else:
        story.notes = [story, (notes.started_usually, _now(), copy, came)]
    return story


def raise_from_send(error: BaseException) -> NoReturn:
    """Raise again what the server raised when something was passed on to it past the story: so it is known
    by its traceback where it came from.
    """
    raise error


def find_teller(kept: Notes) -> Story | Ended:
    """Give who tells of an exchange; for the keeper's thread."""
    teller = kept[0]
    return Ended(teller, "", None) if teller.__class__ is int else teller


def take_notes(kept: Notes, teller: Story | Ended) -> list[Note | Event]:
    """Give the notes that were not taken yet; for the keeper's thread."""
    ended = teller.ended  # looked at first: there is no later note then
    taken = kept[1:]
    del kept[1 : 1 + len(taken)]
    if ended > 0:
        teller.ended = _TOLD
        taken.append((notes.finished, ended))
    return taken


def _make_id() -> str:
    return make_exchange_id(time.time_ns(), random.getrandbits(62))


def _without_objects(scope: Scope, headers: Iterable[Any]) -> dict[str, Any]:
    """Give what is text or numbers, and of a server's or an application's objects only the names."""
    came = {key: one for key, one in scope.items() if key in notes.PLAIN_KEYS}
    came["headers"] = list(headers)
    for key in ("state", "extensions"):
        came[key] = tuple(scope.get(key) or ())
    return came
