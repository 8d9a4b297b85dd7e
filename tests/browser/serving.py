"""What the browser tests talk to: the dashboard over a test application, on a thread of its own."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from inspector import Inspector
from miniframework.types import ASGIApp
from tests.browser.shop import make_shop

ROOT = Path(__file__).parents[2]
TOKEN = "token-of-the-browser-tests"
DEADLINE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that answers at `origin`; `client` sends it requests as an ordinary visitor."""

    origin: str
    client: httpx.Client

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.origin.rsplit(":", 1)[-1])

    @property
    def dashboard(self) -> str:
        return f"{self.origin}/__inspector__/"

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request to the application, which is recorded."""
        return self.client.request(method, path, **options)

    def ask(self, path: str) -> Any:
        """What the dashboard's API answers, as the page would see it."""
        answer = self.client.get(f"/__inspector__/{path}", headers={"authorization": f"Bearer {TOKEN}"})
        return answer.raise_for_status().json()

    def recorded(self) -> set[str]:
        """The ids of what is recorded."""
        return {row["id"] for row in self.ask("api/exchanges?after=0&limit=500")["rows"]}

    def newest(self, method: str, path: str) -> dict[str, Any]:
        """The row of the newest finished exchange of this method and path; waits until it is recorded."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            rows = self.ask("api/exchanges?after=0&limit=500")["rows"]
            found = [row for row in rows if (row["method"], row["path"]) == (method, path)]
            if found and found[-1]["state"] == "complete":
                return dict(found[-1])
            if time.monotonic() > deadline:
                raise TimeoutError(f"{method} {path} was not recorded within {DEADLINE_S} s")
            time.sleep(0.02)

    def clear(self) -> None:
        """Forget everything recorded."""
        headers = {"authorization": f"Bearer {TOKEN}"}
        self.client.post("/__inspector__/api/clear", json={}, headers=headers).raise_for_status()


@contextlib.contextmanager
def serve_dashboard(port: int = 0, app: ASGIApp | None = None) -> Iterator[Running]:
    """Serve the test application, or `app`, under `Inspector` on this port (0: a free one), for the block."""
    listening = socket.create_server(("127.0.0.1", port))
    inspected = Inspector(make_shop() if app is None else app, token=TOKEN)
    config = uvicorn.Config(inspected, log_level="critical", ws="websockets-sansio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        # A server hangs up after an unhandled exception: no request may come on a kept connection.
        limits = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(base_url=origin, timeout=DEADLINE_S, limits=limits) as client:
            yield Running(origin=origin, client=client)
    finally:
        server.should_exit = True
        thread.join(DEADLINE_S)
        listening.close()


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serve_files() -> Iterator[Running]:
    """Serve the checkout's files as they lie there: for unit tests of modules that know no server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_address[1]}"
    with httpx.Client(base_url=origin) as client:
        yield Running(origin=origin, client=client)
    server.shutdown()
    server.server_close()
