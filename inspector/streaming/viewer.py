"""One page that watches: greets it, tells it what changed, listens for its acknowledgements, lets it go."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol, assert_never

from inspector.journal.protocol import Bounds, Journal
from inspector.streaming import messages
from inspector.streaming.connection import (
    MESSAGE_TOO_BIG,
    POLICY_VIOLATION,
    TRY_AGAIN_LATER,
    Connection,
    ViewerCut,
)
from inspector.streaming.limits import StreamLimits
from inspector.streaming.messages import Ack, AppChanged, Delta, Gap, Hello, MessageError, Outgoing
from inspector.streaming.reading import Reading, read_journal
from inspector.streaming.start import Fresh, Resume, decide_start
from inspector.streaming.subscription import Subscription

_REASON_BYTES = 123  # what a close frame holds of it (RFC 6455 section 5.5)

Describe = Callable[[], Mapping[str, Any]]


class Hub(Protocol):
    """What a viewer needs of the stream: to be handed every change after the number it has."""

    def join(self, viewer: "Viewer") -> bool:
        """Hand on every change after `viewer.subscription.head`; False when the stream is further already."""

    def leave(self, viewer: "Viewer") -> None:
        """Hand on nothing more."""


class Viewer:
    """One page's place in the stream. `describe` gives the body of `api/app`; it is called in a thread."""

    def __init__(
        self, connection: Connection, journal: Journal, hub: Hub, *, describe: Describe, limits: StreamLimits
    ) -> None:
        self.subscription = Subscription(0, limits.outbox)
        self._connection = connection
        self._journal = journal
        self._hub = hub
        self._describe = describe
        self._limits = limits
        self._wake = asyncio.Event()
        self._again: Fresh | None = None
        self._sent_at = -limits.coalesce_s
        self._pulse_at = time.monotonic() + limits.pulse_s
        self._acknowledged_at = 0.0
        self._unannounced: tuple[str | None, tuple[str, ...]] = None, ()

    def take(self, reading: Reading) -> None:
        """Note what a look into the journal found, to be told as soon as the page is ready for it."""
        if again := reading.begin_again:
            if self._again is None or again.reset:  # that it was cleared is told, whatever is gone since
                self._again = again
        else:
            for item in reading.items:
                self.subscription.offer(item)
            self.subscription.skip_to(reading.head)
        self._wake.set()

    async def run(self) -> None:
        """Serve the page until it is gone. Raises ViewerCut when it must go, OSError when it broke off."""
        hello = await self._read_hello()
        if hello is None:
            return
        try:
            # A handler that only sends would hold up the server's shutdown, and its reload, for ever.
            await run_until_first_ends(self._listen(), self._tell(hello))
        finally:
            self._hub.leave(self)

    async def _read_hello(self) -> Hello | None:
        try:
            async with asyncio.timeout(self._limits.hello_s):
                message = await self._receive()
        except TimeoutError:
            raise ViewerCut(POLICY_VIOLATION, "no hello") from None
        if isinstance(message, Ack):
            raise ViewerCut(POLICY_VIOLATION, "hello comes first")
        return message

    async def _listen(self) -> None:
        second_began, count = time.monotonic(), 0
        while (message := await self._receive()) is not None:
            now = time.monotonic()
            second_began, count = (now, 1) if now - second_began >= 1 else (second_began, count + 1)
            if count > self._limits.incoming_per_s:
                raise ViewerCut(POLICY_VIOLATION, "too many messages")
            if isinstance(message, Hello):
                raise ViewerCut(POLICY_VIOLATION, "hello comes once")
            self.subscription.acknowledge(message.to)
            self._acknowledged_at = now
            self._wake.set()

    async def _receive(self) -> Hello | Ack | None:
        try:
            text = await self._connection.receive()
            if text is not None and len(text) > messages.MAX_INCOMING_CHARACTERS:
                raise ViewerCut(MESSAGE_TOO_BIG, "message too big")
            return None if text is None else messages.parse_page_message(text)
        except MessageError as error:
            raise ViewerCut(POLICY_VIOLATION, _short(str(error))) from None

    async def _tell(self, hello: Hello) -> None:
        bounds = await asyncio.to_thread(self._journal.bounds)
        app = await self._look()
        welcome = messages.encode_welcome(
            log=bounds.log, head=bounds.head, tail=bounds.tail, now=_unix_ms(), app=app
        )
        await self._send(welcome)
        match decide_start(hello, bounds):
            case Resume(cursor):
                self.subscription = Subscription(cursor, self._limits.outbox)
            case Fresh() as fresh:
                first = bounds.head if fresh.missed_after is None else fresh.missed_after
                self.subscription = Subscription(first, self._limits.outbox)
                await self._send_snapshot(fresh, bounds, told=bounds.head)
        await self._catch_up()
        while True:
            await self._flush()
            await self._rest()
            if again := self._again:
                self._again = None
                self._hub.leave(self)
                await self._send_snapshot(again, await asyncio.to_thread(self._journal.bounds))
                await self._catch_up()

    async def _send_snapshot(self, how: Fresh, bounds: Bounds, *, told: int | None = None) -> None:
        """Send the rows; `told` is the number at which the page was told of the application.

        What the snapshot skips may be news of the application: then it is told once more.
        """
        if how.reset:
            await self._send(messages.encode_reset(bounds.log, how.reset))
        if how.missed_after is not None and (gap := self.subscription.miss_to(bounds.tail - 1)):
            await self._send(messages.encode_gap(gap))
        seq, snapshot = await asyncio.to_thread(self._read_snapshot)
        self.subscription.restart(seq)
        await self._send(snapshot)
        if seq != told:
            await self._send(messages.encode_app(await self._look()))

    async def _look(self) -> Mapping[str, Any]:
        """Describe the application, and note what the page hears with it."""
        app = await asyncio.to_thread(self._describe)
        # A journal that takes nothing has no change that would tell of it, nor has a host that is gone.
        states = tuple(status["state"] for status in app.get("status", ()))
        self._unannounced = app.get("stats", {}).get("journal_problem"), states
        return app

    def _read_snapshot(self) -> tuple[int, str]:
        seq, rows = self._journal.rows(self._limits.snapshot_rows)
        return seq, messages.encode_snapshot(seq, [messages.to_json(row) for row in rows], total=len(rows))

    async def _catch_up(self) -> None:
        """Read by oneself what the stream has handed on already, until it can be joined without a hole."""
        while not self._again and not self._hub.join(self):
            after = self.subscription.head
            limit = self._limits.outbox.batch_items
            self.take(await asyncio.to_thread(read_journal, self._journal, after, limit))
            await self._flush()
            while self.subscription.has_news and not self._again:
                await self._rest()
                await self._flush()

    async def _flush(self) -> None:
        """Send what waits: at once after a pause, else together with what comes until the next beat."""
        if not self.subscription.has_news:
            return
        if (rest_s := self._sent_at + self._limits.coalesce_s - time.monotonic()) > 0:
            await asyncio.sleep(rest_s)
        while not self._again and (batch := self.subscription.next_batch()):
            for outgoing in batch:
                await self._send(await self._encode(outgoing))
            self._sent_at = time.monotonic()
            if self.subscription.in_flight == 1:
                self._acknowledged_at = self._sent_at

    async def _encode(self, outgoing: Outgoing) -> str:
        match outgoing:
            case Delta():
                return messages.encode_delta(outgoing)
            case Gap():
                return messages.encode_gap(outgoing)
            case AppChanged():
                return messages.encode_app(await self._look())
            case _:
                assert_never(outgoing)

    async def _rest(self) -> None:
        """Wait until there is something to do. Sends the pulse; raises ViewerCut when no ack came in time."""
        until = self._pulse_at
        if self.subscription.in_flight:
            until = min(until, self._acknowledged_at + self._limits.ack_s)
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                await self._wake.wait()
        except TimeoutError:
            pass  # time for one of the two below
        self._wake.clear()
        await self._check_time()

    async def _check_time(self) -> None:
        now = time.monotonic()
        if self.subscription.in_flight and now >= self._acknowledged_at + self._limits.ack_s:
            raise ViewerCut(TRY_AGAIN_LATER, "no acknowledgement")
        if now >= self._pulse_at:
            self._pulse_at = now + self._limits.pulse_s
            before = self._unannounced
            app = await self._look()
            stats = app.get("stats", {})
            pulse = messages.encode_pulse(
                head=self.subscription.head,
                now=_unix_ms(),
                lost=stats.get("dropped", 0),
                recorder_us_p50=stats.get("recorder_us_p50"),
            )
            await self._send(pulse)
            if self._unannounced != before:
                await self._send(messages.encode_app(app))

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(self._limits.send_s):
                await self._connection.send(text)
        except TimeoutError:
            raise ViewerCut(TRY_AGAIN_LATER, "takes no bytes") from None


def _unix_ms() -> int:
    return time.time_ns() // 1_000_000


def _short(reason: str) -> str:
    return reason.encode(errors="backslashreplace")[:_REASON_BYTES].decode(errors="ignore")


async def run_until_first_ends(*coroutines: Coroutine[Any, Any, None]) -> None:
    """Run all at once until the first one ends or raises; the others are cancelled and waited for."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
