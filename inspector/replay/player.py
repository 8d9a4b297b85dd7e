"""Sends a planned request to the application in this process: an ordinary ASGI call, recorded like any other.

Nothing here opens a connection. Source: ASGI HTTP & WebSocket specification 2.5.
"""

import asyncio
import contextvars
import logging
from collections.abc import Mapping
from typing import Any, Literal

from inspector.replay.plan import PlannedRequest
from miniframework.records import dataclass
from miniframework.tap import requested_exchange_id
from miniframework.types import ASGIApp, Message, Scope

logger = logging.getLogger("inspector.replay")

# How long an application may take to leave after it was told that the client is gone, and after cancelling.
GRACE_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """How a replay ended.

    `ended` is `finished`, `raised` (the application let an exception out), `silent` (it returned without a
    complete response), `deadline` or `size` (it was stopped). `note` says it in one sentence, if there is
    anything to say.
    """

    ended: Literal["finished", "raised", "silent", "deadline", "size"]
    sent_bytes: int
    note: str | None


async def play(
    app: ASGIApp,
    planned: PlannedRequest,
    *,
    exchange_id: str,
    deadline_s: float,
    state: Mapping[str, Any] | None,
    max_bytes: int = 64 * 1024 * 1024,
) -> Played:
    """Run the request through `app` and return when the application has returned, or was stopped.

    The next tap inside records it as `exchange_id`. `state` is the lifespan state, copied for this request.
    After `deadline_s` seconds, or once more than `max_bytes` of body were sent, the application is told that
    the client is gone and, when it does not leave within a second, cancelled: so an endless stream ends.
    """
    client = _Client(planned, max_bytes)
    context = contextvars.copy_context()
    context.run(requested_exchange_id.set, exchange_id)
    run: asyncio.Task[None] = asyncio.get_running_loop().create_task(
        _call(app, build_scope(planned, state), client), context=context, name=f"replay {exchange_id}"
    )
    full = asyncio.ensure_future(client.overflowed.wait())
    try:
        await asyncio.wait({run, full}, timeout=deadline_s, return_when=asyncio.FIRST_COMPLETED)
        stopped: Literal["deadline", "size"] | None = None
        if client.overflowed.is_set():
            stopped = "size"
        elif not run.done():
            stopped = "deadline"
        if not run.done():
            client.hang_up(f"the replay was stopped after {deadline_s:g} s")
            await _stop(run)
    except asyncio.CancelledError:
        run.cancel()
        await asyncio.wait({run}, timeout=GRACE_S)
        raise
    finally:
        full.cancel()
    return _conclude(run, client, stopped, deadline_s, max_bytes)


def build_scope(planned: PlannedRequest, state: Mapping[str, Any] | None) -> Scope:
    """Return a fresh ASGI scope: nothing that a first run may have left in it, and no extensions."""
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": planned.http_version,
        "method": planned.method,
        "scheme": planned.scheme,
        "path": planned.path,
        "query_string": planned.query_string,
        "root_path": planned.root_path,
        "headers": list(planned.headers),
        "client": planned.client,
        "server": planned.server,
    }
    if planned.raw_path is not None:
        scope["raw_path"] = planned.raw_path
    if state is not None:
        scope["state"] = dict(state)
    return scope


class _Client:
    """The other end of the conversation: gives the recorded chunks, then waits as a patient client does."""

    def __init__(self, planned: PlannedRequest, max_bytes: int) -> None:
        self._chunks = list(planned.chunks)
        self._max_bytes = max_bytes
        self._gone = asyncio.Event()
        self._stopped = ""
        self.overflowed = asyncio.Event()
        self.started = False
        self.complete = False
        self.sent_bytes = 0

    async def receive(self) -> Message:
        """Give the next chunk; after the last one `http.disconnect`, once the response has ended."""
        if self._chunks and not self._gone.is_set():
            body = self._chunks.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(self._chunks)}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Count what comes; once the client is gone, raise as servers do (ASGI specification 2.4)."""
        # A server's send gives way to the loop when its buffers are full; an endless stream must not hold it.
        # Not after the last message: whoever waits in `receive` hears then that the client is gone, and some
        # (anyio task groups) cancel the task that sends, which had not heard yet that it was sent.
        await asyncio.sleep(0)
        if self._gone.is_set() and not self.complete:
            raise OSError(self._stopped or "the client is gone")
        match message["type"]:
            case "http.response.start":
                self.started = True
            case "http.response.body":
                self.sent_bytes += len(message.get("body", b""))
                if not message.get("more_body", False):
                    self.complete = True
                    self._gone.set()
                elif self.sent_bytes > self._max_bytes:
                    self.overflowed.set()
                    self.hang_up(f"the replay was stopped after more than {self._max_bytes} bytes")

    def hang_up(self, reason: str) -> None:
        """Be gone from now on; the first reason is what a later `send` raises."""
        self._stopped = self._stopped or reason
        self._gone.set()


async def _call(app: ASGIApp, scope: Scope, client: _Client) -> None:
    await app(scope, client.receive, client.send)


async def _stop(run: "asyncio.Task[None]") -> None:
    """Give the application time to see that the client is gone, then cancel it; log it if it stays."""
    done, _ = await asyncio.wait({run}, timeout=GRACE_S)
    if done:
        return
    run.cancel()
    done, _ = await asyncio.wait({run}, timeout=GRACE_S)
    if not done:
        logger.warning("%s does not end although it was cancelled; it is left running", run.get_name())


def _conclude(
    run: "asyncio.Task[None]",
    client: _Client,
    stopped: Literal["deadline", "size"] | None,
    deadline_s: float,
    max_bytes: int,
) -> Played:
    error = run.exception() if run.done() and not run.cancelled() else None
    if stopped is not None:
        limit = f"after {deadline_s:g} s" if stopped == "deadline" else f"after more than {max_bytes} bytes"
        note = f"The replay was stopped {limit}; {client.sent_bytes} bytes had come."
        return Played(ended=stopped, sent_bytes=client.sent_bytes, note=note)
    if error is not None:
        logger.info("%s: the application raised %r", run.get_name(), error, exc_info=error)
        note = f"The application raised {type(error).__qualname__}: {error}"
        return Played(ended="raised", sent_bytes=client.sent_bytes, note=note)
    if not client.complete:
        what = "began a response and never ended it" if client.started else "returned without a response"
        return Played(ended="silent", sent_bytes=client.sent_bytes, note=f"The application {what}.")
    return Played(ended="finished", sent_bytes=client.sent_bytes, note=None)
