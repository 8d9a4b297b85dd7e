"""One application behind uvicorn on a port of the system's choice, which is the first line it prints.

The other one is how many requests its recorder did not take, once it is told to end.
"""

import importlib
import signal
import socket
import sys
from typing import Any

import uvicorn

_BODY = b'{"item_id":7,"q":"word"}'
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(_BODY))],
}
_END = {"type": "http.response.body", "body": _BODY}


async def constant(scope: Any, receive: Any, send: Any) -> None:
    """Answers the same bytes to whatever comes."""
    if scope["type"] == "http":
        await send(_START)
        await send(_END)


def make(name: str) -> Any:
    """The application of this name; `recorded` puts the inspector around it."""
    if name == "constant":
        return constant
    peer, _, how = name.partition(" ")
    app = importlib.import_module(f"peers.{peer}_app").make(0)
    if how == "recorded":
        from inspector import Inspector

        return Inspector(app)
    return app


if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", 0))
    app = make(sys.argv[1])
    config = uvicorn.Config(
        app, http="httptools", loop="uvloop", lifespan="off", access_log=False, log_level="error"
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # uvicorn raises it again when it has ended
    print(listening.getsockname()[1], flush=True)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        print(app.stats()["dropped"] if sys.argv[1].endswith(" recorded") else 0)
