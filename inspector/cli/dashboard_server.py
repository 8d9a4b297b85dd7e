"""The server under the dashboard: quiet, trusting no header, without signal handlers of its own."""

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

import uvicorn

from inspector.cli.logs import log_settings
from inspector.streaming.messages import MAX_INCOMING_CHARACTERS
from miniframework.types import ASGIApp


class DashboardServer(uvicorn.Server):
    """uvicorn without its signal handlers: the command has its own, which also end what it started."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                log_config=log_settings(level="ERROR", is_dashboard=True),
                proxy_headers=False,  # who asks is decided by the guard, never by a header
                server_header=False,
                http="h11",  # ends a connection whose header never ends; httptools keeps all of it
                timeout_graceful_shutdown=1,
                # Longer is refused in any case; packed, a few bytes could become as much as is let through.
                ws_max_size=4 * MAX_INCOMING_CHARACTERS,
                ws_per_message_deflate=False,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the command."""
        yield


@contextlib.contextmanager
def stopping_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """Set `stop` at SIGINT, SIGTERM and SIGHUP; the handlers before are put back at the end.

    A SIGHUP that is ignored stays so: `nohup` started this.
    """
    loop = asyncio.get_running_loop()

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    numbers = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
