"""A router by itself, mounted: its routes, and all else of the application that it stands in."""

from typing import Any

from miniframework.declaring.assembly import Assembly
from miniframework.declaring.declarations import Declaration, IncludeDeclaration
from miniframework.declaring.router import Router
from miniframework.dependencies.overrides import OverrideSlot
from miniframework.exception_handlers import ExceptionHandlers
from miniframework.http.mounting import PART
from miniframework.http.reverse import find_path
from miniframework.http.url import URLPath
from miniframework.routing.duplicates import put_heads_first
from miniframework.routing.table import RouteTable
from miniframework.serving.dispatch import Application, Dispatcher
from miniframework.serving.frontends import Frontends, split_frontends
from miniframework.types import ASGIApp, Receive, Scope, Send


class Part:
    """Serves the routes of `router` below a mount of `app`, whose exception handlers answer, and which a
    request knows as `request.app`. Routes that are declared later count too.
    """

    error_page = None  # the application has one, or none

    def __init__(
        self, router: Router, app: Application, assembly: Assembly, handlers: ExceptionHandlers
    ) -> None:
        self._router = router
        self._assembly = assembly
        self._dispatch = Dispatcher(app, handlers)
        for declaration in router.declarations:
            assembly.add((), declaration)
        router.watch(self._note_declaration)

    @property
    def table(self) -> RouteTable:
        """The routes in the order in which they are tried."""
        if self._dispatch.table is None:
            routes, frontends = split_frontends(self._assembly.entries())
            entries = put_heads_first(routes)
            self._dispatch.frontends = Frontends(frontends, len(entries)) if frontends else None
            redirects = self._router.redirect_slashes
            self._dispatch.table = RouteTable([*entries, *frontends], redirect_slashes=redirects)
        return self._dispatch.table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or handshake."""
        scope[PART] = self
        self._dispatch.table = self.table  # the dispatcher would ask the application for its own
        await self._dispatch(scope, receive, send)

    def _note_declaration(self, chain: tuple[IncludeDeclaration, ...], declaration: Declaration) -> None:
        self._assembly.add(chain, declaration)
        self._dispatch.table = None


def find_own_path(router: Router, name: str, params: dict[str, Any]) -> URLPath:
    """Give the path of a route of `router`, or of one that it includes. Raises UrlError."""
    assembly = Assembly(router, ExceptionHandlers(), overrides=OverrideSlot(), serve_router=_serve_nothing)
    for declaration in router.declarations:
        assembly.add((), declaration)
    return find_path(RouteTable(assembly.entries()), name, params)


def _serve_nothing(router: Router) -> ASGIApp:
    """Stand for a mounted router where nothing is served."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        raise NotImplementedError

    return refuse
