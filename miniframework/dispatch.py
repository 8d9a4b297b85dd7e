"""From a request to the route that takes it: ask the table, run what it says."""

import time
from typing import TYPE_CHECKING, assert_never

from miniframework import notes
from miniframework.exception_handlers import ExceptionHandlers, find_error_page
from miniframework.http.exceptions import HTTPException
from miniframework.http.mounting import SendWatch, make_child_scope
from miniframework.http.request import Request
from miniframework.http.response import RedirectResponse, Response
from miniframework.http.started import RESPONSE_STARTED
from miniframework.http.url import strip_root_path, toggled_location
from miniframework.middleware.scope import tell_scope_changes
from miniframework.routing.match import (
    NOT_FOUND,
    Found,
    Match,
    MethodNotAllowed,
    NotFound,
    Redirected,
)
from miniframework.routing.route import Mount
from miniframework.routing.table import RouteTable
from miniframework.trace import Trace, current_exchange
from miniframework.types import Receive, Scope, Send
from miniframework.websocket import NORMAL_CLOSURE

if TYPE_CHECKING:  # the application stands on the floor above
    from miniframework.app import App

_now = time.monotonic_ns
_NOT_FOUND = b'{"detail":"Not Found"}'


class Dispatcher:
    """The innermost ASGI application of an App, inside all middleware."""

    __slots__ = ("_app", "_handlers", "table")

    def __init__(self, app: "App", handlers: ExceptionHandlers) -> None:
        self._app = app
        self._handlers = handlers
        self.table: RouteTable | None = None  # None: to be made again, by the application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or handshake."""
        table = self.table or self._app.table
        path = strip_root_path(scope) if scope.get("root_path") else scope["path"]
        trace = current_exchange.get()
        if trace is None or trace.ended:
            match = table.match(scope["type"], scope.get("method", "GET"), path)
        else:
            match = _match_and_tell(table, path, scope, trace)
        scope["app"] = self._app
        if type(match) is not Found:
            assert not isinstance(match, Found)
            await self._answer_miss(match, scope, receive, send)
            return
        entry = match.entry
        outer = scope.get("path_params")
        # What was found is made for this request alone, but for the empty mapping of a literal path.
        scope["path_params"] = {**outer, **match.params} if outer else match.params or {}
        if isinstance(entry, Mount):
            await self._run_mount(entry, match, path, scope, receive, send)
            return
        scope["route"] = entry
        scope["endpoint"] = entry.endpoint
        handle = entry.handle
        assert handle is not None
        await handle(scope, receive, send)

    async def _run_mount(
        self, entry: Mount, match: Found, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        child = make_child_scope(scope, self._app, path, match.prefix_length)
        watch = SendWatch(send)
        try:
            await (entry.handle or entry.app)(child, receive, watch)
        except Exception as error:
            if watch.started:
                scope[RESPONSE_STARTED] = True
                raise
            await self._answer_error(error, scope, receive, send)

    async def _answer_miss(
        self, miss: MethodNotAllowed | Redirected | NotFound, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if scope["type"] == "websocket":
            # Before an accept this refuses the handshake: the server answers 403.
            await send({"type": "websocket.close", "code": NORMAL_CLOSURE, "reason": ""})
            return
        if miss is NOT_FOUND and self._handlers.answer_http_plainly and find_error_page(scope) is None:
            # By far the most common miss, and always the same: as answering HTTPException(404) would, sooner.
            scope[RESPONSE_STARTED] = True
            await Response(_NOT_FOUND, 404, media_type="application/json")(scope, receive, send)
            return
        match miss:
            case Redirected(path=toggled):
                await RedirectResponse(toggled_location(scope, toggled))(scope, receive, send)
            case MethodNotAllowed(allow=allow):
                error = HTTPException(405, headers={"Allow": ", ".join(allow)})
                await self._answer_error(error, scope, receive, send)
            case NotFound():
                await self._answer_error(HTTPException(404), scope, receive, send)
            case _:
                assert_never(miss)

    async def _answer_error(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response of the handler that is meant for `error`; raise it when there is none."""
        if scope["type"] != "http":
            raise error
        response = await self._handlers.answer(Request(scope, receive), error)
        if response is None:
            raise error
        scope[RESPONSE_STARTED] = True
        await response(scope, receive, send)


def _match_and_tell(table: RouteTable, path: str, scope: Scope, trace: Trace) -> Match:
    if trace.layer is not None:
        tell_scope_changes(trace, scope)
    asked_ns = _now()
    match = table.match(scope["type"], scope.get("method", "GET"), path)
    now = _now()
    if type(match) is Found:
        # A copy, for the request is given the mapping itself.
        raw_params = match.params and dict(match.params)
        trace.note((notes.matched, now, asked_ns, table, path, match, raw_params))
    else:
        location = toggled_location(scope, match.path) if isinstance(match, Redirected) else None
        trace.note((notes.missed, now, asked_ns, table, path, match, location))
    return match
