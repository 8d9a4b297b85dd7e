"""An application's start and end, spoken in ASGI messages. Source: ASGI 3.0, Lifespan."""

import asyncio
from typing import Any, Literal

from miniframework.testing.errors import ProtocolViolation, StartupFailed
from miniframework.types import ASGIApp, Message


class LifespanConversation:
    """Runs the application's lifespan in a task of its own; `state` is what it leaves for its requests."""

    def __init__(self, app: ASGIApp, timeout_s: float) -> None:
        self.state: dict[str, Any] = {}
        self._app = app
        self._timeout_s = timeout_s
        self._events: asyncio.Queue[str] = asyncio.Queue(maxsize=2)
        self._answers: asyncio.Queue[Message] = asyncio.Queue(maxsize=2)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the application; raises what it raises, StartupFailed when it only says that it failed.

        An application that returns at once has no lifespan, and needs none.
        """
        self._task = asyncio.create_task(self._run())
        await self._pass("startup")

    async def stop(self) -> None:
        """Shut the application down and wait for its task."""
        assert self._task is not None
        if not self._task.done():
            await self._pass("shutdown")
        async with asyncio.timeout(self._timeout_s):
            await self._task

    async def _run(self) -> None:
        asgi = {"version": "3.0", "spec_version": "2.0"}
        scope = {"type": "lifespan", "asgi": asgi, "state": self.state}
        await self._app(scope, self._receive, self._send)

    async def _pass(self, event: Literal["startup", "shutdown"]) -> None:
        assert self._task is not None
        await self._events.put(f"lifespan.{event}")
        answered = asyncio.create_task(self._answers.get())
        try:
            async with asyncio.timeout(self._timeout_s):
                await asyncio.wait({answered, self._task}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not answered.done():
                answered.cancel()
        if not answered.done() or answered.cancelled():
            await self._task  # ended without an answer: raises what it raised
            return
        answer = answered.result()
        if answer["type"] == f"lifespan.{event}.failed":
            await self._task
            raise StartupFailed(f"{event} failed: {answer.get('message', '')}")
        if answer["type"] != f"lifespan.{event}.complete":
            raise ProtocolViolation(f"message {answer['type']!r} in answer to lifespan.{event}")

    async def _receive(self) -> Message:
        return {"type": await self._events.get()}

    async def _send(self, message: Message) -> None:
        await self._answers.put(message)
