import importlib
import subprocess
import sys

import pytest

import miniframework

PUBLIC = {
    "ASGIServer",
    "App",
    "BackgroundTasks",
    "Body",
    "Converter",
    "Cookie",
    "Depends",
    "EventBus",
    "File",
    "Form",
    "FormData",
    "HTMLResponse",
    "HTTPException",
    "Header",
    "JSONResponse",
    "Middleware",
    "MiniframeworkError",
    "Path",
    "PlainTextResponse",
    "Query",
    "RedirectResponse",
    "Request",
    "RequestValidationError",
    "Response",
    "Router",
    "Security",
    "SecurityScopes",
    "StreamingResponse",
    "Subscription",
    "Tap",
    "UploadFile",
    "WebSocket",
    "WebSocketDisconnect",
    "status",
    "WebSocketException",
}


def test_the_public_names_are_these_and_no_others() -> None:
    assert set(miniframework.__all__) == PUBLIC
    assert len(miniframework.__all__) == len(PUBLIC)
    assert set(dir(miniframework)) == PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_is_there_and_has_a_docstring(name: str) -> None:
    assert getattr(miniframework, name).__doc__


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'Flask'.*App"):
        _ = miniframework.Flask
    with pytest.raises(ImportError):
        importlib.import_module("miniframework.nothing")


def test_an_application_serves_without_loading_a_server_the_test_client_or_what_explains() -> None:
    code = (
        "import sys\n"
        "from miniframework import App, Router, WebSocket\n"
        "app = App()\n"
        "app.get('/items/{item_id}')(lambda item_id: 1)\n"
        "app.table.match('http', 'GET', '/items/7')\n"
        "heavy = {'uvicorn', 'jinja2', 'websockets', 'httpx', 'miniframework.testing', 'inspector'}\n"
        "heavy |= {'miniframework.routing.judge', 'miniframework.routing.regex.tree', 'pydantic.networks'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
