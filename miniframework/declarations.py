"""What was written on a router, before it is known under which prefixes it will be served."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from miniframework.http.response import JSONResponse, Response
from miniframework.routing.source import Source

if TYPE_CHECKING:  # a router holds declarations, and an include is a declaration that holds a router
    from miniframework.router import Router


class RouteOptions(TypedDict, total=False):
    """What can be said about a route beside its path and methods.

    `name` is for url_for (by default the function's); `status_code` and `response_class` make the response
    of a value that is none itself.
    """

    name: str | None
    status_code: int
    response_class: type[Response]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HttpDeclaration:
    """A route as declared; `path` includes its router's own prefix."""

    path: str
    methods: frozenset[str]
    endpoint: Callable[..., Any]
    name: str
    source: Source
    status_code: int = 200
    response_class: type[Response] = field(default=JSONResponse)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SocketDeclaration:
    """A WebSocket route as declared."""

    path: str
    endpoint: Callable[..., Any]
    name: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MountDeclaration:
    """An application mounted below a path, written without the slash at its end."""

    path: str
    app: Any
    name: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IncludeDeclaration:
    """Another router, whose declarations of now and later count as if they stood here below `prefix`."""

    prefix: str
    router: "Router"
    source: Source


Declaration = HttpDeclaration | SocketDeclaration | MountDeclaration | IncludeDeclaration


def find_caller() -> Source:
    """Give the line outside this package that is calling into it; for a decorator, the decorator's line."""
    frame = sys._getframe(1)
    while frame.f_globals.get("__name__", "").startswith("miniframework.") and frame.f_back is not None:
        frame = frame.f_back
    return Source(file=frame.f_code.co_filename, line=frame.f_lineno)


def name_of(endpoint: Callable[..., Any]) -> str:
    """Give the name a route gets from its function."""
    return str(getattr(endpoint, "__name__", type(endpoint).__name__))
