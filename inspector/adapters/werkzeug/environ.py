"""The environ of a request for a WSGI application, as what serves it under ASGI makes it."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from inspector.adapters.scopes import HOST, host_of


def make_environ(scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return the environ for a scope, without its body and its headers but the host.

    Source: PEP 3333; asgiref/wsgi.py, starlette/middleware/wsgi.py: texts are UTF-8 read as Latin-1, and the
    root path is taken off the front of the path.
    """
    root_path = scope.get("root_path", "")
    host = host_of(scope) or HOST
    name, _, port = host.partition(":")
    return {
        "REQUEST_METHOD": scope.get("method", "GET"),
        "SCRIPT_NAME": _as_wsgi(root_path),
        "PATH_INFO": _as_wsgi(scope["path"].removeprefix(root_path)),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": name,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http").replace("ws", "http"),
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _as_wsgi(text: str) -> str:
    return text.encode("utf-8").decode("latin-1")
