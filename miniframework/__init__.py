"""A small, fast, readable ASGI framework in which one can watch how ASGI and routing work.

What `__all__` lists is public. A name is imported when it is first asked for, so that `import
miniframework` is cheap and what is not used (uvicorn, for one) is never loaded.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from miniframework import status as status
    from miniframework.app import App as App
    from miniframework.background import BackgroundTasks as BackgroundTasks
    from miniframework.bus import EventBus as EventBus
    from miniframework.bus import Subscription as Subscription
    from miniframework.declaring.router import Router as Router
    from miniframework.dependencies.depends import Depends as Depends
    from miniframework.dependencies.depends import Security as Security
    from miniframework.dependencies.security_scopes import SecurityScopes as SecurityScopes
    from miniframework.errors import MiniframeworkError as MiniframeworkError
    from miniframework.http.exceptions import HTTPException as HTTPException
    from miniframework.http.exceptions import RequestValidationError as RequestValidationError
    from miniframework.http.exceptions import WebSocketException as WebSocketException
    from miniframework.http.form import FormData as FormData
    from miniframework.http.request import Request as Request
    from miniframework.http.response import HTMLResponse as HTMLResponse
    from miniframework.http.response import JSONResponse as JSONResponse
    from miniframework.http.response import PlainTextResponse as PlainTextResponse
    from miniframework.http.response import RedirectResponse as RedirectResponse
    from miniframework.http.response import Response as Response
    from miniframework.http.streaming import StreamingResponse as StreamingResponse
    from miniframework.http.upload import UploadFile as UploadFile
    from miniframework.middleware import Middleware as Middleware
    from miniframework.params.markers import Body as Body
    from miniframework.params.markers import Cookie as Cookie
    from miniframework.params.markers import File as File
    from miniframework.params.markers import Form as Form
    from miniframework.params.markers import Header as Header
    from miniframework.params.markers import Path as Path
    from miniframework.params.markers import Query as Query
    from miniframework.routing.converters import Converter as Converter
    from miniframework.tap import Tap as Tap
    from miniframework.tutorial import ASGIServer as ASGIServer
    from miniframework.websocket import WebSocket as WebSocket
    from miniframework.websocket import WebSocketDisconnect as WebSocketDisconnect

__version__ = "0.1.0"  # of the product; pyproject.toml says the same
_WHERE = {
    "ASGIServer": "tutorial",
    "App": "app",
    "BackgroundTasks": "background",
    "Body": "params.markers",
    "Converter": "routing.converters",
    "Cookie": "params.markers",
    "Depends": "dependencies.depends",
    "EventBus": "bus",
    "File": "params.markers",
    "Form": "params.markers",
    "FormData": "http.form",
    "HTMLResponse": "http.response",
    "HTTPException": "http.exceptions",
    "Header": "params.markers",
    "JSONResponse": "http.response",
    "Middleware": "middleware",
    "MiniframeworkError": "errors",
    "Path": "params.markers",
    "PlainTextResponse": "http.response",
    "Query": "params.markers",
    "RedirectResponse": "http.response",
    "Request": "http.request",
    "RequestValidationError": "http.exceptions",
    "Response": "http.response",
    "Router": "declaring.router",
    "Security": "dependencies.depends",
    "SecurityScopes": "dependencies.security_scopes",
    "StreamingResponse": "http.streaming",
    "Subscription": "bus",
    "Tap": "tap",
    "UploadFile": "http.upload",
    "WebSocket": "websocket",
    "WebSocketDisconnect": "websocket",
    "WebSocketException": "http.exceptions",
    "status": "status",
}

__all__ = [*_WHERE]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(
            f"module 'miniframework' has no attribute {name!r} (it has: {', '.join(_WHERE)})"
        )
    module = importlib.import_module(f"miniframework.{_WHERE[name]}")
    value = module if _WHERE[name] == name else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_WHERE)
