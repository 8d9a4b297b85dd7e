"""An HTTP request as a handler sees it."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from miniframework.datastructures import QueryParams
from miniframework.http.connection import Connection
from miniframework.http.exceptions import ClientDisconnect, HTTPException
from miniframework.types import Message, Receive, Scope


class Request(Connection):
    """One HTTP request; the body is read from the client only when it is asked for, and then kept."""

    __slots__ = ("_body", "_disconnected", "_early", "_finished", "_receive", "_streamed")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        super().__init__(scope)
        self._receive = receive
        self._body: bytes | None = None
        self._early: deque[Message] = deque()
        self._streamed = False
        self._finished = False
        self._disconnected = False

    @property
    def method(self) -> str:
        """The method as the client wrote it; case matters (RFC 9110 section 9.1)."""
        method: str = self.scope["method"]
        return method

    async def stream(self) -> AsyncIterator[bytes]:
        """Give the body in the pieces in which it comes; once, unless it was read whole before.

        Raises ClientDisconnect when the client leaves before the end, RuntimeError on a second time.
        """
        if self._body is not None:
            if self._body:
                yield self._body
            return
        if self._streamed:
            raise RuntimeError("the request's body was streamed already; keep the chunks, or use body()")
        self._streamed = True
        while not self._finished:
            message = self._early.popleft() if self._early else await self._receive()
            if message["type"] == "http.disconnect":
                self._disconnected = True
                raise ClientDisconnect("the client left while its request body was being read")
            self._finished = not message.get("more_body", False)
            if chunk := message.get("body", b""):
                yield chunk

    async def body(self) -> bytes:
        """Give the whole body; read once, then kept."""
        if self._body is None:
            self._body = b"".join([chunk async for chunk in self.stream()])
        return self._body

    async def json(self) -> Any:
        """Give the body read as JSON. Raises ValueError (with the position) when it is none."""
        return json.loads(await self.body())

    async def form(self) -> QueryParams:
        """Give the fields of an `application/x-www-form-urlencoded` body; any other type is answered with
        415.
        """
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            expected = "application/x-www-form-urlencoded"
            raise HTTPException(
                415, f"form fields are read from {expected}, the content type is {kind or None!r}"
            )
        return QueryParams(await self.body())

    def make_receive(self) -> Receive:
        """Give a `receive` for an inner application: a body that was read whole here is given to it again."""
        replayed = self._body is None

        async def receive() -> Message:
            nonlocal replayed
            if not replayed:
                replayed = True
                return {"type": "http.request", "body": self._body or b"", "more_body": False}
            return self._early.popleft() if self._early else await self._receive()

        return receive

    async def is_disconnected(self) -> bool:
        """Tell whether the client is gone, without waiting. A body that comes meanwhile is kept for
        `stream`.
        """
        if not self._disconnected and not any(m["type"] == "http.disconnect" for m in self._early):
            message = await self._receive_now()
            if message is not None and message["type"] == "http.disconnect":
                self._disconnected = True
            elif message is not None and not self._finished:
                self._early.append(message)
        return self._disconnected

    @property
    def has_unread_body(self) -> bool:
        """Whether the client may still have body for us that nobody has read."""
        if self._finished or self._body is not None:
            return False
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
