"""A router by itself, mounted: its routes, and all else of the application that it stands in."""

from miniframework.declarations.declaration import Chain, Declaration
from miniframework.declaring.assembly import Assembly
from miniframework.declaring.router import Router
from miniframework.http.mounting import PART
from miniframework.routing.duplicates import put_heads_first
from miniframework.routing.match import Match, Protocol_
from miniframework.routing.table import RouteTable
from miniframework.serving.dispatch import Application, Dispatcher
from miniframework.serving.frontends import Frontends, split_frontends
from miniframework.types import Receive, Scope, Send


class Part:
    """Serves the routes of `router` below a mount of `app`, whose exception handlers answer, and which a
    request knows as `request.app`. Routes that are declared later count too.
    """

    error_page = None  # the application has one, or none

    def __init__(self, router: Router, app: Application, assembly: Assembly) -> None:
        self._router = router
        self._assembly = assembly
        self._dispatch = Dispatcher(app, None)
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

    def match(self, protocol: Protocol_, method: str, path: str) -> Match:
        """Who takes the request: the table, then the front ends that are asked where nobody does."""
        match = self.table.match(protocol, method, path)
        frontends = self._dispatch.frontends
        return match if frontends is None else frontends.take(match, protocol, path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or handshake."""
        scope[PART] = self
        self._dispatch.table = self.table  # the dispatcher would ask the application for its own
        await self._dispatch(scope, receive, send)

    def _note_declaration(self, chain: Chain, declaration: Declaration) -> None:
        self._assembly.add(chain, declaration)
        self._dispatch.table = None
