"""Routing as pure decisions: templates, routes, the table that picks one, the reasons of the others.

FastAPI's `APIRoute` is the class of every HTTP route, and Starlette's `NoMatchFound` the `UrlError`. `Route`,
`WebSocketRoute`, `Mount` and `Host` are for the list of `App(routes=[...])`. `Router` is found here, too.
"""

import importlib
from typing import Any

from miniframework.errors import UrlError as NoMatchFound
from miniframework.routing.route import Route as APIRoute
from miniframework.routing.route import SocketRoute as APIWebSocketRoute
from miniframework.routing.written import Host as Host
from miniframework.routing.written import Mount as Mount
from miniframework.routing.written import Route as Route
from miniframework.routing.written import WebSocketRoute as WebSocketRoute
from miniframework.routing.written import Written as BaseRoute

__all__ = [
    "APIRoute",
    "APIWebSocketRoute",
    "BaseRoute",
    "Host",
    "Mount",
    "NoMatchFound",
    "Route",
    "WebSocketRoute",
]


def __getattr__(name: str) -> Any:
    if name != "Router":  # it stands on a floor above, and needs this one
        raise AttributeError(f"module 'miniframework.routing' has no attribute {name!r}")
    return importlib.import_module("miniframework.router").Router
