"""`ASGIServer`: an application and its server in one object, as the tutorial's programs use it."""

import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from miniframework.app import App
from miniframework.errors import MiniframeworkError
from miniframework.types import Receive, Scope, Send

if TYPE_CHECKING:  # imported when the server runs: an application under another server needs no uvicorn
    import uvicorn


class AddressError(MiniframeworkError):
    """The server cannot listen where it should: the port is taken, or the host is not this machine's."""

    def __init__(self, host: str, port: int, problem: str) -> None:
        self.host = host
        self.port = port
        super().__init__(
            f"ASGIServer(host={host!r}, port={port!r}) cannot listen there: {problem}; choose another port "
            "(0 takes a free one), or stop the program that has it"
        )


class ASGIServer:
    """An application that serves itself: add routes to `router`, then `asyncio.run(server.run())`.

    Parameters follow the tutorial's rule: what the path does not give is looked for in the query and then
    in the JSON body's keys, and an unannotated parameter found nowhere gets the whole body. `app` is the
    App inside; the server is itself an ASGI application, for any other server.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 8000) -> None:
        self.host = host
        self.port = port
        self.app = App(scalars_from_body=True)
        self.router = self.app.router

    def add_route(self, path: str, methods: Iterable[str], handler: Callable[..., Any]) -> None:
        """Answer `methods` at `path` with `handler`."""
        self.router.add_route(path, methods, handler)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI call."""
        await self.app(scope, receive, send)

    async def run(self) -> None:
        """Serve until Ctrl-C or SIGTERM, then finish the running requests and return.

        Prints the address once connections are accepted. Raises AddressError when the port is taken.
        """
        with self._listen() as listener:
            host, port = listener.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            server = self._make_server(f"http://{shown}:{port}")
            await server.serve(sockets=[listener])

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        try:
            return socket.create_server((self.host, self.port), family=family)
        except (OSError, OverflowError) as error:
            problem = getattr(error, "strerror", None) or str(error)
            raise AddressError(self.host, self.port, problem) from None

    def _make_server(self, url: str) -> "uvicorn.Server":
        import uvicorn

        class Server(uvicorn.Server):
            """Says where it listens, and lets `asyncio.run` end without a traceback."""

            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                if self.started:
                    sys.stdout.write(f"Serving on {url} (Ctrl-C stops it)\n")
                    sys.stdout.flush()

            @contextmanager
            def capture_signals(self) -> Iterator[None]:
                # uvicorn's own raises the signal again after the shutdown, for programs that go on.
                if threading.current_thread() is not threading.main_thread():
                    yield
                    return
                kept = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
                try:
                    yield
                finally:
                    for one, handler in kept.items():
                        signal.signal(one, handler)

        return Server(uvicorn.Config(self, host=self.host, port=self.port, log_level="warning"))
