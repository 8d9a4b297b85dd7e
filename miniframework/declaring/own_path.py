"""The path of a route whose router stands in no application."""

from typing import Any

from miniframework.declaring.assembly import Assembly
from miniframework.declaring.declared import Declared
from miniframework.dependencies.overrides import OverrideSlot
from miniframework.exception_handlers import ExceptionHandlers
from miniframework.http.reverse import find_path
from miniframework.http.url import URLPath
from miniframework.routing.table import RouteTable
from miniframework.types import ASGIApp, Receive, Scope, Send


def find_own_path(router: Declared, name: str, params: dict[str, Any]) -> URLPath:
    """Give the path of a route of `router`, or of one that it includes. Raises UrlError."""
    assembly = Assembly(router, ExceptionHandlers(), overrides=OverrideSlot(), serve_router=_serve_nothing)
    for declaration in router.declarations:
        assembly.add((), declaration)
    return find_path(RouteTable(assembly.entries()), name, params)


def _serve_nothing(router: Declared) -> ASGIApp:
    """Stand for a mounted router where nothing is served."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        raise NotImplementedError

    return refuse
