"""An application that is run once, without a server, to send recorded requests through it."""

import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from inspector.errors import InspectorError
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import JournalLimits
from inspector.model import Header, HttpExchange, Replayed
from inspector.recording.recorder import Recorder
from inspector.replay.plan import PlannedRequest
from inspector.replay.player import play
from inspector.replay.regression.rebinding import Heard
from inspector.wiring.finding import ServedRouting
from inspector.wiring.parts import listen_to
from miniframework.tap import make_exchange_id
from miniframework.testing.lifespan import LifespanConversation
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

DEADLINE_S = 30.0  # for one request
_STARTUP_S = 60.0


class Rehearsal:
    """Sends planned requests through an application and records what it answers, in memory."""

    def __init__(self, app: ASGIApp) -> None:
        self._journal = MemoryJournal(JournalLimits(max_exchanges=16))
        self._recorder = Recorder(self._journal, routing=ServedRouting(app).reader)
        self._app, _ = listen_to(app, self._recorder)
        self._lifespan = LifespanConversation(self._app, _STARTUP_S)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Rehearsal"]:
        """Start the application, and stop it at the end. Raises what its startup raises."""
        await self._lifespan.start()
        try:
            yield self
        finally:
            await self._lifespan.stop()
            self._recorder.close()

    async def play(self, recorded: HttpExchange, planned: PlannedRequest) -> tuple[HttpExchange, Heard]:
        """Send a request; give the exchange as it is shown, and the response as it came."""
        exchange_id = make_exchange_id(time.time_ns(), random.getrandbits(62))
        self._recorder.expect_replay(exchange_id, Replayed(of=recorded.id, edits=planned.edits))
        listening = _Ear(self._app)
        state: dict[str, Any] | None = self._lifespan.state or None
        await play(listening, planned, exchange_id=exchange_id, deadline_s=DEADLINE_S, state=state)
        self._recorder.flush()
        exchange = self._journal.exchange(exchange_id)
        if not isinstance(exchange, HttpExchange):
            raise InspectorError(f"the replay of {recorded.id} was not recorded")
        return exchange, Heard(headers=tuple(listening.headers), body=bytes(listening.body))


class _Ear:
    """An application around another one that keeps the response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.headers: list[Header] = []
        self.body = bytearray()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in message["headers"]]
            elif message["type"] == "http.response.body":
                self.body += message.get("body", b"")
            await send(message)

        await self._app(scope, receive, send_on)
