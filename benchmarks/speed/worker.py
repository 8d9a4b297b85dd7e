"""One framework in a process of its own: `worker.py NAME`, then a line of input for each measurement.

A line is a JSON pair [scenario or feature, seconds]; the answer is a JSON line with the CPU time of one
request in microseconds, of a feature what it adds to the typed GET. Answers are compared with the right ones
before anything is timed.
"""

import asyncio
import gc
import importlib
import json
import logging
import sys
import time
from statistics import median
from typing import Any

from scenarios import FEATURES, ROUTES, SCENARIOS, Asked

CHECKED = 50
BLOCK = 512  # requests in a row
HEADERS = [
    (b"host", b"localhost:8000"),
    (b"user-agent", b"speed/1.0"),
    (b"accept", b"*/*"),
    (b"accept-encoding", b"gzip, deflate"),
]


# A scope to be copied, and the body that comes with it.
Ready = tuple[dict[str, Any], bytes]


class Client:
    """Sends one body after the other; between them it stays and sends no more."""

    __slots__ = ("body",)

    def __init__(self) -> None:
        self.body: bytes | None = None

    async def receive(self) -> Any:
        body, self.body = self.body, None
        if body is None:
            return await asyncio.get_running_loop().create_future()
        return {"type": "http.request", "body": body, "more_body": False}


class Driver:
    """An application and what a server would do with it, without the server.

    What it does itself for a request is a copy of the scope and a dict for its state.
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        self._client = Client()
        self._left: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Run the startup half of the lifespan, as a server does; an application may not know it."""
        started = asyncio.Event()
        inbox: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        inbox.put_nowait({"type": "lifespan.startup"})

        async def send(message: Any) -> None:
            started.set()

        async def live() -> None:
            try:
                await self.app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, inbox.get, send)
            except Exception:  # noqa: BLE001  # ASGI lets an application raise that it has no lifespan
                started.set()

        self._left.append(asyncio.create_task(live()))
        await asyncio.wait([asyncio.create_task(started.wait()), *self._left], return_when="FIRST_COMPLETED")

    async def ask(self, asked: Asked) -> tuple[int, bytes]:
        """Send one request and give its status and body."""
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        self._client.body = asked.body
        await self.app(make_scope(asked), self._client.receive, send)
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], body

    async def run(self, requests: list[Asked], seconds: float) -> float:
        """Microseconds of this thread's CPU time a request, the driver's own part included."""
        count, took = 0, 0.0
        ready = make_ready(requests)
        while took < seconds:
            took += await self.serve(ready[:BLOCK])
            count += BLOCK
            ready = ready[BLOCK:] + ready[:BLOCK]
        return took / count * 1e6

    async def serve(self, ready: list[Ready]) -> float:
        """Seconds of this thread's CPU time that some requests take; what follows on them is waited for."""
        client, app = self._client, self.app
        began = time.thread_time()
        for known, body in ready:
            scope = known.copy()
            scope["state"] = {}
            client.body = body
            await app(scope, client.receive, swallow)
        took = time.thread_time() - began
        settle = getattr(app, "settle", None)
        if settle is not None:
            settle()
        return took


def make_ready(requests: list[Asked]) -> list[Ready]:
    return [(make_scope(asked), asked.body) for asked in requests]


async def compare(plain: Driver, featured: Driver, requests: list[Asked], seconds: float) -> float:
    """Microseconds that a feature adds to a request: the median of neighbouring blocks, one with it and one
    without, for the machine may have another speed a second later. Each is first in turn: who comes second
    finds the requests in the processor's caches.
    """
    ready, differences, began = make_ready(requests), [], time.thread_time()
    pair = [plain, featured]
    while time.thread_time() - began < seconds:
        # In tasks, as `main` does it.
        took = {one: await asyncio.create_task(one.serve(ready[:BLOCK])) for one in pair}
        differences.append(took[featured] - took[plain])
        pair.reverse()
        ready = ready[BLOCK:] + ready[:BLOCK]
    return median(differences) / BLOCK * 1e6


async def swallow(message: Any) -> None:
    """Take what is sent."""


def make_scope(asked: Asked) -> dict[str, Any]:
    headers = HEADERS
    if asked.method == "POST":
        length = b"%d" % len(asked.body)
        headers = [*HEADERS, (b"content-type", b"application/json"), (b"content-length", length)]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": "http",
        "path": asked.path,
        "raw_path": asked.path.encode(),
        "query_string": asked.query,
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8_000),
        "state": {},
    }


async def check(driver: Driver, name: str, requests: list[Asked]) -> None:
    """Raise SystemExit unless the answers are right."""
    for asked in requests[:CHECKED]:
        status, body = await driver.ask(asked)
        got: Any = body.decode()
        if isinstance(asked.answer, dict):
            got = json.loads(body)
        if status not in asked.status or (asked.answer is not None and got != asked.answer):
            raise SystemExit(f"{name}: {asked.method} {asked.path} gave {status} {body[:200]!r}")


def make_app(name: str, what: str) -> Any:
    peer = importlib.import_module(f"peers.{name}_app")
    if what in FEATURES:
        return peer.make_with(what)
    return peer.make(ROUTES if what == "1,000 routes" else 0)


async def measure(driver: Driver, name: str, requests: list[Asked], seconds: float) -> float:
    """Microseconds of CPU time a request, after answers were checked and the code is warm."""
    await warm_up(driver, name, requests, seconds)
    return await driver.run(requests, seconds)


async def warm_up(driver: Driver, name: str, requests: list[Asked], seconds: float) -> None:
    await check(driver, name, requests)
    await driver.run(requests, seconds / 4)
    gc.collect()


async def main(name: str) -> None:
    drivers: dict[str, Driver] = {}
    requests = {what: list(SCENARIOS.get(what, SCENARIOS["typed GET"])()) for what in (*SCENARIOS, *FEATURES)}
    loop = asyncio.get_running_loop()

    async def find_driver(what: str) -> Driver:
        key = what if what in FEATURES or what == "1,000 routes" else "plain"
        if key not in drivers:
            drivers[key] = Driver(make_app(name, what))
            await drivers[key].start()
        return drivers[key]

    while line := await loop.run_in_executor(None, sys.stdin.readline):
        what, seconds = json.loads(line)
        driver, asked = await find_driver(what), requests[what]
        # In a task, as a server calls an application: what one leaves in its context is not the next one's.
        if what in FEATURES:
            plain = await find_driver("typed GET")
            for one in (plain, driver):
                await asyncio.create_task(warm_up(one, name, asked, seconds))
            took = await compare(plain, driver, asked, seconds)
        else:
            took = await asyncio.create_task(measure(driver, name, asked, seconds))
        print(json.dumps(took), flush=True)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    asyncio.run(main(sys.argv[1]))
