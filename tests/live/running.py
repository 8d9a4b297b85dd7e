"""A started `inspector` as a test sees it: its output, its application, its dashboard."""

import contextlib
import http.client
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

from tests import warm

ROOT = Path(__file__).parent.parent.parent
STARTED_WITHIN_S = 90.0  # the machine may be busy; a start takes two seconds
ANSWERED_WITHIN_S = 60.0

Message = dict[str, Any]


class Stream:
    """An open tab: the dashboard's WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    def wait_for(self, wanted: Callable[[Message], bool], within_s: float = ANSWERED_WITHIN_S) -> Message:
        """Return the first message that is wanted; raises TimeoutError with what came instead."""
        deadline = time.monotonic() + within_s
        seen = []
        while True:
            try:
                message = json.loads(self._connection.recv(timeout=max(0.0, deadline - time.monotonic())))
            except TimeoutError:
                raise TimeoutError(f"not within {within_s} s; came: {json.dumps(seen)[:4000]}") from None
            if message["type"] == "delta":
                self._connection.send(json.dumps({"type": "ack", "to": message["to"]}))
            if wanted(message):
                return message
            seen.append(message)

    def wait_for_state(self, state: str, generation: int, within_s: float = ANSWERED_WITHIN_S) -> Message:
        """Return the status once the application of this generation is in this state."""

        def find(message: Message) -> Message | None:
            statuses = message.get("app", {}).get("status", [])
            fitting = (s for s in statuses if s["worker"]["generation"] == generation and s["state"] == state)
            return next(fitting, None)

        found = find(self.wait_for(lambda message: find(message) is not None, within_s))
        assert found is not None
        return found


class Running:
    """A running `inspector run` or `inspector demo`."""

    def __init__(self, process: subprocess.Popen[str] | warm.WarmProcess) -> None:
        self.process = process
        self.out = _lines(process.stdout)
        self.err = _lines(process.stderr)
        self.app_url = ""
        self.dashboard_url = ""
        self.token = ""

    def wait_until_announced(self) -> None:
        """Read the URLs that the command prints."""
        found: dict[str, str] = {}
        while "dashboard" not in found:
            line = self.next_line(self.out)
            if match := re.search(r"^ +(\S+) +(http://\S+)$", line):
                found[match[1]] = match[2]
        dashboard = found.pop("dashboard")
        self.dashboard_url, _, self.token = dashboard.partition("/#token=")
        (self.app_url,) = found.values()

    def next_line(self, lines: "queue.Queue[str | None]") -> str:
        """Return the next line of output; fails when there is none in time, or no more at all."""
        line = lines.get(timeout=STARTED_WITHIN_S)
        assert line is not None, f"ended with {self.process.wait()}: {self.rest(self.err)}"
        return line

    def wait_for_line(self, lines: "queue.Queue[str | None]", part: str) -> str:
        """Return the next line of output that has this part."""
        while part not in (line := self.next_line(lines)):
            pass
        return line

    def rest(self, lines: "queue.Queue[str | None]") -> str:
        """Return what else was written, up to the end of the process."""
        rest = []
        while (line := lines.get(timeout=STARTED_WITHIN_S)) is not None:
            rest.append(line)
        return "\n".join(rest)

    def so_far(self, lines: "queue.Queue[str | None]") -> str:
        """Return what else was written until now."""
        return "\n".join(str(lines.get()) for _ in range(lines.qsize()))

    def ask_app(self, target: str, method: str = "GET") -> tuple[int, bytes]:
        """Send a request to the application."""
        return _ask(self.app_url, method, target, {})[:2]

    def ask_dashboard(self, target: str, wanted: int = 200) -> Any:
        """Return what the dashboard's API says, with this status."""
        status, body, _ = _ask(self.dashboard_url, "GET", target, {"authorization": f"Bearer {self.token}"})
        assert status == wanted, (status, body)
        return json.loads(body)

    def tell_dashboard(self, target: str, document: Message) -> tuple[int, Any]:
        """Send a document to the dashboard's API as its page does; return the status and the answer."""
        headers = {
            "authorization": f"Bearer {self.token}",
            "content-type": "application/json",
            "origin": self.dashboard_url,
        }
        status, body, _ = _ask(self.dashboard_url, "POST", target, headers, json.dumps(document).encode())
        return status, json.loads(body)

    def fetch(self, target: str) -> tuple[int, bytes, dict[str, str]]:
        """Fetch a file of the dashboard, without the token."""
        return _ask(self.dashboard_url, "GET", target, {})

    @contextlib.contextmanager
    def open_tab(self) -> Iterator[Stream]:
        """Open the stream as the page does."""
        url = self.dashboard_url.replace("http:", "ws:") + "/api/stream"
        with connect(
            url,
            origin=self.dashboard_url,  # type: ignore[arg-type]  # a NewType of str
            subprotocols=["inspector.v1", f"inspector.token.{self.token}"],  # type: ignore[list-item]  # same
            proxy=None,
        ) as connection:
            connection.send(json.dumps({"type": "hello", "v": 1, "log": None, "cursor": None}))
            yield Stream(connection)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=ANSWERED_WITHIN_S)


@contextlib.contextmanager
def start(arguments: Sequence[str], folder: Path) -> Iterator[Running]:
    """Start `inspector` with these arguments in this folder; whatever is left of it ends with the block.

    It is a fork of a Python that has imported the product; the serving processes it starts are not.
    """
    environment = {**_inherited(), "PYTHONPATH": str(ROOT)}
    with _ended(warm.start("-m", "inspector", *arguments, folder=folder, environment=environment)) as running:
        yield running


@contextlib.contextmanager
def start_anew(arguments: Sequence[str], folder: Path, *, python: str) -> Iterator[Running]:
    """Start it as a user does, with an interpreter that finds it installed."""
    process = subprocess.Popen(
        [python, "-m", "inspector", *arguments],
        cwd=folder,
        env=_inherited(),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with _ended(process) as running:
        yield running


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("INSPECTOR")}


@contextlib.contextmanager
def _ended(process: subprocess.Popen[str] | warm.WarmProcess) -> Iterator[Running]:
    running = Running(process)
    try:
        yield running
    finally:
        # What nobody read; pytest shows it beside a failure.
        print(running.so_far(running.err), file=sys.stderr)
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=ANSWERED_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _ask(
    url: str, method: str, target: str, headers: dict[str, str], body: bytes | None = None
) -> tuple[int, bytes, dict[str, str]]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=ANSWERED_WITHIN_S)
    with contextlib.closing(connection):
        connection.request(method, target, body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read(), {k.lower(): v for k, v in response.getheaders()}


def _lines(stream: TextIO | None) -> "queue.Queue[str | None]":
    """Return the lines of a stream as they come, then None."""
    assert stream is not None
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        with stream:
            for line in stream:
                lines.put(line.rstrip("\n"))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines
