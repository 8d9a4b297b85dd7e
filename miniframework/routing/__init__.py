"""Routing as pure decisions: templates, routes, the table that picks one, the reasons of the others.

The modules that stand here serve requests; the folders are loaded when somebody asks why.

FastAPI's `APIRoute` is the class of every HTTP route, and Starlette's `NoMatchFound` the `UrlError`. `Route`,
`WebSocketRoute`, `Mount` and `Host` are for the list of `App(routes=[...])`. `Router` is found here, too,
also as `APIRouter`, and `request_response`.
"""

import importlib
from typing import Any

from miniframework.errors import UrlError as NoMatchFound
from miniframework.routing.scope_match import ScopeMatch as Match
from miniframework.routing.written import APIWebSocketRoute, Host, Mount, Route, WebSocketRoute
from miniframework.routing.written import Written as BaseRoute

__all__ = [
    "APIWebSocketRoute",
    "BaseRoute",
    "Host",
    "Match",
    "Mount",
    "NoMatchFound",
    "Route",
    "WebSocketRoute",
]


# These stand on a floor above, and need this one.
_ABOVE = {
    "APIRoute": "declaring.api_route.APIRoute",
    "APIRouter": "declaring.router.Router",
    "Router": "declaring.router.Router",
    "request_response": "endpoints.request_response",
}


def __getattr__(name: str) -> Any:
    if name not in _ABOVE:
        raise AttributeError(f"module 'miniframework.routing' has no attribute {name!r}")
    module, _, found = _ABOVE[name].rpartition(".")
    return getattr(importlib.import_module(f"miniframework.{module}"), found)
