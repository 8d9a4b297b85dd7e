"""An ASGI application that is stopped at each message it sends, and driven on from outside.

This is how a function can look at a response before it goes out, without a task and without a buffer: the
application's coroutine is stepped by hand in the request's own task. What it awaits is awaited; only the
messages it offers stop it.
"""

import asyncio
import logging
import types
from collections import deque
from collections.abc import Awaitable, Coroutine, Generator
from typing import Any

from miniframework.http.exceptions import ResponseReplaced
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("miniframework.middleware")

_OFFERED = ("http.response.start", "http.response.body")
# Source: RFC 9110 section 6.4.1.
_WITHOUT_BODY = (204, 304)


class DrivenApp:
    """One call of `app`; `next_message` runs it to the next response start or body it sends.

    Other messages go straight to `send`. The application may send from tasks of its own. Owned by one task,
    which ends it with `give_up`.
    """

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._coroutine = _as_coroutine(app(scope, self._hear, self._offer))
        self._is_stepping = False  # a message that comes now is from this task: no other one runs meanwhile
        self._is_stopped = False
        self._offered: Message | None = None  # the last one
        self._waits_for: asyncio.Future[Any] | None = None
        self._offers: deque[tuple[Message, asyncio.Future[None]]] = deque()
        self._answer: asyncio.Future[None] | None = None
        self._wake: asyncio.Future[None] | None = None
        self._goes_on: asyncio.Event | None = None  # what whoever is to hear that the client left waits for
        self._ended = False

    @types.coroutine
    def next_message(self, failure: BaseException | None = None) -> Generator[Any, Any, Message | None]:
        """Drive the application on and give the next message it offers, or None when it has returned.

        `failure` is raised where it sent the last message, as a server's `send` would. Raises what it raises.
        """
        self._is_stopped = False
        if self._goes_on is not None:
            self._goes_on.set()
        if self._answer is not None:
            _settle(self._answer, failure)
            self._answer = None
            # A task of the application takes the failure; but a cancellation is meant for all of it.
            failure = self._cancel_wait(failure) if isinstance(failure, asyncio.CancelledError) else None
        while True:
            if self._waits_for is None:
                offer = self._step(failure)
                failure = None
                if offer is not None or self._ended:
                    self._is_stopped = True
                    return offer
            if self._waits_for is not None:
                failure = yield from self._wait(self._waits_for)
            if self._offers and failure is None:
                self._offered, self._answer = self._offers.popleft()
                self._is_stopped = True
                return self._offered

    async def give_up(self, error: BaseException | None) -> None:
        """End the application if it still runs: its `send` raises ResponseReplaced, repeatedly if need be.

        One whose response is whole first does what comes after that, unless there is an `error`. With a
        CancelledError it is cancelled instead. What it raises because of that is logged at INFO (frameworks
        have their own exceptions for a client that is gone); anything else is raised.
        """
        while error is None and not self._ended and _makes_whole(self._offered):
            await self.next_message()
        cancelled = isinstance(error, asyncio.CancelledError)
        while not self._ended:
            reason = (
                asyncio.CancelledError() if cancelled else ResponseReplaced("a middleware answered otherwise")
            )
            try:
                await self.next_message(reason)
            except BaseException as raised:
                if not _stems_from(raised, reason):
                    raise
                if not isinstance(raised, ResponseReplaced | asyncio.CancelledError):
                    _log.info("the application ended with %r when its response was replaced", raised)

    def _step(self, failure: BaseException | None) -> Message | None:
        """Let the coroutine run to where it stops next: its end, an offer, or something it waits for."""
        raised: object
        self._is_stepping = True
        try:
            raised = self._coroutine.send(None) if failure is None else self._coroutine.throw(failure)
        except StopIteration:
            self._ended = True
            return None
        except BaseException:
            self._ended = True
            raise
        finally:
            self._is_stepping = False
        if raised is self:
            return self._offered
        if isinstance(raised, asyncio.Future):
            # The handshake between Future.__await__ and Task: "I have seen that you wait for this".
            raised._asyncio_future_blocking = False
            self._waits_for = raised
            return None
        bare: asyncio.Future[Any] = (
            asyncio.get_running_loop().create_future()
        )  # sleep(0): one turn of the loop
        asyncio.get_running_loop().call_soon(_settle, bare, None)
        self._waits_for = bare
        return None

    def _wait(self, waited: asyncio.Future[Any]) -> Generator[Any, Any, BaseException | None]:
        """Wait until `waited` is done or a task of the application offers a message; give what to raise in
        it.
        """
        while not waited.done() and not self._offers:
            self._wake = asyncio.get_running_loop().create_future()
            waited.add_done_callback(self._rouse)
            try:
                yield from self._wake
            except BaseException as error:  # noqa: BLE001  # it is raised in the application
                if failure := self._cancel_wait(error):
                    return failure
            finally:
                waited.remove_done_callback(self._rouse)
                self._wake = None
        if waited.done():
            self._waits_for = None
        return None

    def _cancel_wait(self, error: BaseException) -> BaseException | None:
        """As Task.cancel does: cancel what is waited for, which may take its time; else give back what to
        raise.
        """
        waited = self._waits_for
        if waited is not None and isinstance(error, asyncio.CancelledError) and waited.cancel(*error.args):
            return None
        self._waits_for = None
        return error

    def _rouse(self, _: object) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    def __await__(self) -> Generator["DrivenApp", None, None]:
        """Stop here: what is yielded goes through the application's awaits up to `_step`."""
        yield self

    async def _hear(self) -> Message:
        """Receive a message. That the client left is not told while the application is stopped: it would
        cancel the task, which does something else.
        """
        message = await self._receive()
        if message["type"] == "http.disconnect" and self._is_stopped:
            self._goes_on = self._goes_on or asyncio.Event()
            await self._goes_on.wait()
        return message

    async def _offer(self, message: Message) -> None:
        if message["type"] not in _OFFERED:
            await self._send(message)
        elif self._is_stepping:
            self._offered = message
            await self
        else:
            await self._offer_from_another_task(message)

    async def _offer_from_another_task(self, message: Message) -> None:
        offer = (message, asyncio.get_running_loop().create_future())
        self._offers.append(offer)
        self._rouse(None)
        try:
            await offer[1]
        finally:
            if offer in self._offers:
                self._offers.remove(offer)


def _makes_whole(message: Message | None) -> bool:
    """Whether it is the last of a response, or the start of one that is not made while it is sent."""
    if message is None or message["type"] != "http.response.start":
        return is_last(message)
    has_length = any(name.lower() == b"content-length" for name, _ in message.get("headers") or ())
    return has_length or message["status"] in _WITHOUT_BODY


def is_last(message: Message | None) -> bool:
    """Whether a message is the last of a response."""
    if message is None or message["type"] != "http.response.body":
        return False
    return not message.get("more_body", False)


def _settle(answer: asyncio.Future[None], failure: BaseException | None) -> None:
    if answer.done():
        return
    if failure is None:
        answer.set_result(None)
    elif isinstance(failure, asyncio.CancelledError):
        answer.cancel()
    else:
        answer.set_exception(failure)


def _stems_from(raised: BaseException | None, reason: BaseException) -> bool:
    """Tell whether `reason` is what was raised, or what it was raised in answer to."""
    if isinstance(raised, BaseExceptionGroup):
        return all(_stems_from(one, reason) for one in raised.exceptions)
    while raised is not None and raised is not reason:
        if isinstance(reason, asyncio.CancelledError) and isinstance(raised, asyncio.CancelledError):
            return True  # awaiting a cancelled future raises a new one
        raised = raised.__cause__ or raised.__context__
    return raised is reason


def _as_coroutine(awaitable: Awaitable[None]) -> Coroutine[Any, Any, None]:
    if isinstance(awaitable, types.CoroutineType | Coroutine):  # the first is by far the most common
        return awaitable

    async def wait() -> None:
        await awaitable

    return wait()
