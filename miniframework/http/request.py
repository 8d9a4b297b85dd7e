"""An HTTP request as a handler sees it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from miniframework.http.connection import Connection
from miniframework.http.exceptions import ClientDisconnect, HTTPException
from miniframework.http.form import FormData, FormError, FormLimits, PendingForm
from miniframework.types import Message, Receive, Scope, Send


class Request(Connection):
    """One HTTP request; the body is read from the client only when it is asked for, and then kept."""

    __slots__ = ("_body", "_finished", "_receive")

    # `_body` is set when it was read, and `hasattr` asks: FastAPI's users override `body` so.
    _body: bytes
    # What was received before anybody asked for it. A disconnect is the last of them, and stays.
    _early: tuple[Message, ...] = ()
    _form: FormData | None = None
    # Whether an inner application received some of it.
    _was_read_inside = False

    def __init__(self, scope: Scope, receive: Receive | None = None, send: Send | None = None) -> None:
        """View a scope; without `receive` there is no body to be read. `send` is Starlette's, not used."""
        self.scope = scope
        self._receive = _receive_nothing if receive is None else receive
        self._finished = False

    @property
    def method(self) -> str:
        """The method as the client wrote it; case matters (RFC 9110 section 9.1)."""
        method: str = self.scope["method"]
        return method

    @property
    def receive(self) -> Receive:
        """Where the messages of the body come from."""
        return self._receive

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Give the body in the pieces in which it comes, and an empty one at the end; once, unless it was
        read whole before. Who stopped in the middle goes on there.

        Raises ClientDisconnect when the client leaves before the end, RuntimeError on a second time.
        """
        if hasattr(self, "_body"):
            yield self._body
            yield b""
            return
        if self._finished:
            consumed = RuntimeError("Stream consumed")
            consumed.add_note("The body was streamed already; request.body() keeps it for the next reader.")
            raise consumed
        while not self._finished:
            message = self._take_early() if self._early else await self._receive()
            if message["type"] == "http.disconnect":
                self._early = (message,)  # for good
                raise ClientDisconnect("the client left while its request body was being read")
            self._finished = not message.get("more_body", False)
            if chunk := message.get("body", b""):
                yield chunk
        yield b""

    async def body(self) -> bytes:
        """Give the whole body; read once, then kept."""
        if not hasattr(self, "_body"):
            self._body = b"".join([chunk async for chunk in self.stream()])
        return self._body

    def keep_body(self, body: bytes) -> None:
        """Say that the whole body was received already: what of it is asked for is this."""
        self._body = body
        self._finished = True

    async def json(self) -> Any:
        """Give the body read as JSON. Raises ValueError (with the position) when it is none."""
        return json.loads(await self.body())

    def form(
        self, *, max_files: float = 1000, max_fields: float = 1000, max_part_size: int = 1024 * 1024
    ) -> PendingForm:
        """Give the form the body is, text and files, read once and then kept: `await request.form()`.

        A body of another type gives an empty form. More files, fields or bytes a field than allowed, or a
        form that cannot be read, raises HTTPException 400 with the reason. Its files are closed when the
        endpoint is done with the request, or at the end of `async with request.form()`.
        """
        limits = FormLimits(max_files=max_files, max_fields=max_fields, max_part_size=max_part_size)
        return PendingForm(self._read_form(limits).__await__())

    async def _read_form(self, limits: FormLimits) -> FormData:
        if self._form is None:
            from miniframework.http.form_parser import parse_form  # who has no forms never loads the parser

            content_type = self.headers.get("content-type", "")
            async with aclosing(self.stream()) as chunks:
                try:
                    self._form = await parse_form(content_type, chunks, limits)
                except FormError as error:
                    raise HTTPException(400, str(error)) from error
        return self._form

    @property
    def has_form(self) -> bool:
        """Whether a form was read, whose files are still to be closed."""
        return self._form is not None

    async def close(self) -> None:
        """Close the files of the form, if one was read."""
        if self._form is not None:
            await self._form.close()

    def make_receive(self) -> Receive:
        """Give a `receive` for an inner application: a body that was read whole here is given to it again,
        one that was streamed is empty for it. What the application reads counts as read here.
        """
        return self._receive_again() if self._finished else self._receive_noting

    def _receive_again(self) -> Receive:
        replays = True

        async def receive() -> Message:
            nonlocal replays
            if replays:
                replays = False
                return {"type": "http.request", "body": getattr(self, "_body", b""), "more_body": False}
            return await self._receive_noting()

        return receive

    async def _receive_noting(self) -> Message:
        """Receive the next message for an inner application, and note what it says."""
        self._was_read_inside = True
        message = self._take_early() if self._early else await self._receive()
        if message["type"] == "http.disconnect":
            self._early = (message,)
        self._finished = self._finished or not message.get("more_body", False)
        return message

    def _take_early(self) -> Message:
        first, *others = self._early
        self._early = tuple(others)
        return first

    async def is_disconnected(self) -> bool:
        """Tell whether the client is gone, without waiting. A body that comes meanwhile is kept for
        `stream`.
        """
        if not self._is_gone:
            message = await self._receive_now()
            if message is not None and (not self._finished or message["type"] == "http.disconnect"):
                self._early = (*self._early, message)
        return self._is_gone

    @property
    def _is_gone(self) -> bool:
        return any(message["type"] == "http.disconnect" for message in self._early)

    @property
    def has_unread_body(self) -> bool:
        """Whether the client may still have body for us that nobody has read."""
        return not (self._finished or hasattr(self, "_body")) and self.announces_body

    @property
    def announces_body(self) -> bool:
        """Whether the client said that a body comes. Source: RFC 9112 section 6."""
        return "transfer-encoding" in self.headers or self.headers.get("content-length", "0") != "0"

    async def _receive_now(self) -> Message | None:
        # A deadline of now lets receive run up to its first wait, in this task, and then ends it.
        message: Message | None = None
        try:
            async with asyncio.timeout(0):
                message = await self._receive()
        except TimeoutError:
            return message
        return message


async def _receive_nothing() -> Message:
    raise RuntimeError("Receive channel has not been made available: give it to Request(scope, receive)")
