"""What a fleet costs one Redis: processes that record real requests into one recording, a reader beside them.

`python benchmarks/fleet.py [PROCESSES] [REQUESTS]` starts a `redis-server` of its own and as many processes
(4 by default), each of which serves a miniframework application in process and records every request as
`inspector run` does. Prints requests a second of all together, CPU time of each part a recorded request, the
bytes that Redis holds for one, and how late a reader in yet another process saw a change (median, 99 %).
"""

import asyncio
import json
import multiprocessing
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import redis

from inspector.journal.protocol import JournalLimits
from inspector.journal.redis import RedisJournal
from inspector.model import Worker
from inspector.recording.recorder import Recorder
from inspector.wiring.parts import listen_to
from miniframework import App
from miniframework.testing import TestClient

NAME = "fleet"
LIMITS = JournalLimits(max_exchanges=10_000, max_bytes=64 * 1024 * 1024)
BURST = 50  # requests between looks at the clock, and pauses in which the recorder may send


def serve(url: str, number: int, requests: int, go: Event, results: Any) -> None:
    """Record so many requests, and say what that cost this process."""
    journal = RedisJournal(url, LIMITS)
    recorder = Recorder(journal, worker=Worker(host=f"host{number}", pid=number))
    app = App(openapi_url=None)

    @app.get("/items/{item_id}")
    async def item(item_id: int, q: str | None = None) -> dict[str, Any]:
        return {"item_id": item_id, "q": q, "name": "A thing of some length", "tags": ["a", "b", "c"] * 10}

    listen_to(app, recorder)
    client = TestClient(app)
    go.wait()
    began, cpu = time.monotonic(), time.process_time()
    for request in range(requests):
        client.get(f"/items/{request}?q=text", headers={"authorization": "Bearer secret"})
        if request % BURST == 0:
            time.sleep(0)
    answered = time.monotonic() - began
    recorder.flush()
    stats = recorder.stats()
    results.put(
        {
            "seconds": time.monotonic() - began,
            "answered_seconds": answered,
            "cpu_us": (time.process_time() - cpu) / requests * 1e6,
            "recorded": stats["recorded"],
            "dropped": stats["dropped"],
        }
    )
    journal.close()


def read(url: str, total: int, results: Any) -> None:
    """Follow the recording as a dashboard does, and say how late it was."""
    journal = RedisJournal(url, LIMITS)
    late_ms: list[float] = []
    seen: set[str] = set()

    async def follow() -> None:
        last, deadline = 0, time.monotonic() + 120
        while len(seen) < total and time.monotonic() < deadline:
            await journal.wait_after(last, 1.0)
            for change in journal.read_after(last, 500):
                last = change.seq
                if change.kind == "saved" and change.row is not None and change.exchange_id not in seen:
                    seen.add(str(change.exchange_id))
                    late_ms.append(time.time() * 1e3 - change.row["started"])

    asyncio.run(follow())
    late_ms.sort()
    median, worst = statistics.median(late_ms), late_ms[-(len(late_ms) // 100) - 1]
    results.put({"seen": len(seen), "p50_ms": round(median, 1), "p99_ms": round(worst, 1)})
    journal.close()


def main() -> None:
    processes = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    requests = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    server = shutil.which("redis-server")
    if server is None:
        sys.exit("no redis-server on PATH; on Debian: apt-get install redis-server")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"redis://127.0.0.1:{port}/0?name={NAME}"
    with tempfile.TemporaryDirectory() as folder:
        command = [server, "--port", str(port), "--save", "", "--dir", folder, "--loglevel", "warning"]
        started = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            print(json.dumps(measure(url, port, processes, requests), indent=2))
        finally:
            started.terminate()
            started.wait()


def measure(url: str, port: int, processes: int, requests: int) -> dict[str, Any]:
    """Run it once and put the figures together."""
    client = redis.Redis(port=port)
    while True:
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.05)
        else:
            break
    empty = client.info()
    context = multiprocessing.get_context("spawn")
    go, served, seen = context.Event(), context.Queue(), context.Queue()
    hosts = [context.Process(target=serve, args=(url, n, requests, go, served)) for n in range(processes)]
    reader = context.Process(target=read, args=(url, processes * requests, seen))
    for one in (*hosts, reader):
        one.start()
    time.sleep(3.0)  # everybody has imported what it needs
    go.set()
    each = [served.get() for _ in hosts]
    followed = seen.get()
    for one in (*hosts, reader):
        one.join()
    full = client.info()
    held = RedisJournal(url, LIMITS).bounds()
    total = processes * requests
    return {
        "processes": processes,
        "requests": total,
        "recorded": sum(one["recorded"] for one in each),
        "dropped": sum(one["dropped"] for one in each),
        "requests_per_second": round(total / max(one["seconds"] for one in each)),
        "cpu_us_per_request_in_a_host": round(statistics.mean(one["cpu_us"] for one in each)),
        "cpu_us_per_request_in_redis": round(
            sum(full[key] - empty[key] for key in ("used_cpu_user", "used_cpu_sys")) / total * 1e6
        ),
        "redis_bytes_per_exchange": round((full["used_memory"] - empty["used_memory"]) / held.exchanges),
        "held": held.exchanges,
        "reader": followed,
        "max_rss_kib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
    }


if __name__ == "__main__":
    main()
