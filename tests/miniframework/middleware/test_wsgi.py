import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from miniframework import App
from miniframework.middleware.wsgi import WSGIMiddleware
from miniframework.testing import TestClient
from miniframework.websocket import WebSocketDisconnect
from tests.miniframework.asgi_driver import call, http_scope


def old_app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start_response("201 Created", [("content-type", "text/plain"), ("x-script", environ["SCRIPT_NAME"])])
    return [environ["REQUEST_METHOD"].encode(), b" ", environ["PATH_INFO"].encode(), b" ", body]


def mounted() -> TestClient:
    app = App()
    app.mount("/old", WSGIMiddleware(old_app))
    return TestClient(app)


def test_a_mounted_wsgi_application_answers_below_its_prefix() -> None:
    answer = mounted().post("/old/page?x=1", content=b"data")
    assert (answer.status_code, answer.text) == (201, "POST /page data")
    assert answer.headers["x-script"] == "/old"


def test_a_handshake_is_refused() -> None:
    with pytest.raises(WebSocketDisconnect), mounted().websocket_connect("/old/ws"):
        raise AssertionError("it must not open")


def asked_app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("content-type", "text/plain")])
    return [environ["QUERY_STRING"].encode("latin-1")]


def test_a_query_that_came_without_percent_encoding_reaches_a_wsgi_application_with_it() -> None:
    scope = http_scope(path="/", query_string="q=é&r=a%20b".encode() + b"\xff")
    answer = asyncio.run(call(WSGIMiddleware(asked_app), scope))
    assert answer.body == b"q=%C3%A9&r=a%20b%FF"
