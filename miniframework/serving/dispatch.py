"""From a request to the route that takes it: ask the table, run what it says."""

import time
from collections.abc import Awaitable, Sequence
from typing import Any, Protocol, assert_never

from miniframework.exception_handlers import ANSWERED_AGAIN, ExceptionHandlers, find_error_page
from miniframework.http.content_length import content_length
from miniframework.http.exceptions import HTTPException
from miniframework.http.mounting import MOUNT_VALUES, BorderWatch, Routed, make_child_scope, tell_outside
from miniframework.http.request import Request
from miniframework.http.response import RedirectResponse, Response
from miniframework.http.started import RESPONSE_STARTED
from miniframework.http.url import strip_root_path, toggled_location
from miniframework.lifespan import LifeEvents, nest, run_lifespan
from miniframework.middleware.held import Hold, hold_or_stop
from miniframework.middleware.passed import Running
from miniframework.middleware.scope import tell_scope_changes
from miniframework.routing.match import (
    NOT_FOUND,
    Found,
    MethodNotAllowed,
    NotFound,
    Redirected,
)
from miniframework.routing.route import Mount, Route
from miniframework.routing.table import RouteTable
from miniframework.serving.endpoint import HttpEndpoint
from miniframework.serving.frontends import Frontends
from miniframework.serving.socket_endpoint import answer_socket_error
from miniframework.telling import notes
from miniframework.telling.story import Story
from miniframework.telling.trace import current_exchange
from miniframework.types import ASGIApp, Receive, Scope, Send
from miniframework.websocket import NORMAL_CLOSURE, WebSocket

_now = time.monotonic_ns
_NOT_FOUND = b'{"detail":"Not Found"}'
_NOT_FOUND_HEADERS = (content_length(len(_NOT_FOUND)), (b"content-type", b"application/json"))


class Application(Routed, Protocol):
    """What a dispatcher asks of the application whose innermost one it is."""

    @property
    def lives(self) -> Sequence[LifeEvents]:
        """What is to be done at the start and the end, in order."""

    def begin(self) -> RouteTable:
        """Give the table to serve by, for the first request or after a change."""


class Dispatcher:
    """The innermost ASGI application of an App, inside all middleware; or of a mounted router.

    What no route takes, and what a mounted application raises before its response began, the handlers answer,
    once. Without `handlers` it is raised: middleware of the mount sees the exception, and the application
    around answers it. Source: Starlette's `ExceptionMiddleware`.
    """

    __slots__ = ("_app", "_handlers", "frontends", "table")

    def __init__(self, app: Application, handlers: ExceptionHandlers | None) -> None:
        self._app = app
        self._handlers = handlers
        self.table: RouteTable | None = None  # None: to be made again, by the application
        self.frontends: Frontends | None = None  # of the table; None: it has none

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or handshake, or the application's start and end."""
        if scope["type"] == "lifespan":
            await run_lifespan(nest(self._app.lives), self._app, scope, receive, send)
        else:
            await self.find(scope, receive, send)

    @property
    def hold_response(self) -> Hold:
        """How to ask for the response to a request that nobody records."""
        return self.find

    def find(self, scope: Scope, receive: Receive, send: Send, running: Running | None = None) -> Any:
        """Find who serves a request or handshake, and give the call of it, to be awaited at once.

        With `running`, which nobody gives who records, the call gives the response instead of sending it;
        None where that cannot be.
        """
        table = self.table or self._app.begin()
        path = strip_root_path(scope) if scope.get("root_path") else scope["path"]
        trace = None if running is not None else current_exchange.get()
        if trace is not None:
            if trace.ended:
                trace = None
            else:
                if trace.layer is not None:
                    tell_scope_changes(trace, scope)
                asked_ns = _now()
        lookup = table.http if scope["type"] == "http" else table.sockets
        method = scope.get("method", "GET")
        # As `table.match` does, without a call for what is said about a literal path.
        match = lookup.constants.get(method, lookup.others).get(path)
        if match is None:
            match = lookup.search(method, path)
        elif match is False:
            match = lookup.settle(method, path)
        if running is None:  # else the application did it, before its middleware
            scope["app"] = self._app
        if type(match) is not Found:
            if self.frontends is not None:
                match = self.frontends.take(match, scope["type"], path)
            if not isinstance(match, Found):
                if trace is not None:
                    location = toggled_location(scope, match.path) if isinstance(match, Redirected) else None
                    trace.note((notes.missed, _now(), asked_ns, table, path, match, location))
                return self._miss(match, scope, receive, send, running)
        if trace is not None:
            note = notes.matched, _now(), asked_ns, table, path, match.index, match.entry
            if trace.__class__ is Story:  # as its `note` does, without a call
                trace.notes.append(note)
                if trace.wake is not None:
                    trace.wake()
            else:
                trace.note(note)
        entry = match.entry
        outer = scope.get("path_params")
        # What was found is made for this request alone, but for the empty mapping of a literal path.
        scope["path_params"] = {**outer, **match.params} if outer else match.params or {}
        handle = entry.handle
        if type(handle) is HttpEndpoint:  # what it would find out itself
            scope["route"] = entry
            scope["endpoint"] = entry.endpoint  # type: ignore[union-attr]  # a mount has no such handle
            # Read before they are called: to look for methods of these names first takes longer.
            if running is not None:
                hold = handle.hold
                return hold(scope, receive, send, running)
            if trace is None:
                serve = handle.serve
                return serve(scope, receive, send)
            if trace.__class__ is Story:
                tell = handle.tell_story
                return tell(scope, receive, send, trace)
            return handle.refer(scope, receive, send)
        return None if running is not None else self._serve_other(match, path, scope, receive, send)

    def _miss(
        self,
        miss: MethodNotAllowed | Redirected | NotFound,
        scope: Scope,
        receive: Receive,
        send: Send,
        running: Running | None,
    ) -> Awaitable[Any]:
        if running is not None:
            return self._hold_miss(miss, scope, receive, send, running)
        return self._answer_miss(miss, scope, receive, send)

    def _serve_other(
        self, match: Found, path: str, scope: Scope, receive: Receive, send: Send
    ) -> Awaitable[None]:
        """Give the call of what is no plain HTTP route: a mount, a WebSocket, what a route class answers."""
        entry = match.entry
        if isinstance(entry, Mount):
            return self._run_mount(entry, match, path, scope, receive, send)
        scope["route"] = entry
        scope["endpoint"] = entry.endpoint
        assert entry.handle is not None
        return entry.handle(scope, receive, send)

    async def _run_mount(
        self, entry: Mount, match: Found, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        child = make_child_scope(scope, self._app, path, match.prefix_length)
        child["endpoint"] = entry.app  # until a route in it says its own
        if entry.pattern.converts or MOUNT_VALUES in child:
            child[MOUNT_VALUES] = {**child.get(MOUNT_VALUES, {}), **entry.pattern.convert(match.params)[0]}
        await self.run_inner(entry.handle or entry.app, child, scope, receive, send)

    async def run_inner(self, app: ASGIApp, child: Scope, scope: Scope, receive: Receive, send: Send) -> None:
        """Call what a mount or a host chose for the request of `scope`, and say there what it said in
        `child`. What it raises before its response began is answered.
        """
        watch = BorderWatch(send, scope, child)
        try:
            await app(child, receive, watch)
        except Exception as error:
            if watch.started:
                scope[RESPONSE_STARTED] = True
                raise
            if ANSWERED_AGAIN in child:
                scope[ANSWERED_AGAIN] = child[ANSWERED_AGAIN]
                if child[ANSWERED_AGAIN] is self._handlers:
                    raise
            tell_outside(scope, child)  # for the handler
            await self._answer_error(error, scope, receive, send)
        finally:
            tell_outside(scope, child)

    async def _answer_miss(
        self, miss: MethodNotAllowed | Redirected | NotFound, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if scope["type"] == "websocket":
            # Before an accept this refuses the handshake: the server answers 403.
            await send({"type": "websocket.close", "code": NORMAL_CLOSURE, "reason": ""})
            return
        handlers = self._handlers
        is_plain = handlers is not None and handlers.answer_http_plainly
        if miss is NOT_FOUND and is_plain and find_error_page(scope) is None:
            # By far the most common miss, and always the same: as answering HTTPException(404) would, sooner.
            scope[RESPONSE_STARTED] = True
            await send({"type": "http.response.start", "status": 404, "headers": list(_NOT_FOUND_HEADERS)})
            body = b"" if scope.get("method") == "HEAD" else _NOT_FOUND
            await send({"type": "http.response.body", "body": body})
            return
        response = await self._respond_to_miss(miss, scope, receive)
        scope[RESPONSE_STARTED] = True
        await response(scope, receive, send)

    async def _hold_miss(
        self,
        miss: MethodNotAllowed | Redirected | NotFound,
        scope: Scope,
        receive: Receive,
        send: Send,
        running: Running,
    ) -> Response:
        response = await self._respond_to_miss(miss, scope, receive)
        return await hold_or_stop(response, scope, receive, send, running)

    async def _respond_to_miss(
        self, miss: MethodNotAllowed | Redirected | NotFound, scope: Scope, receive: Receive
    ) -> Response:
        match miss:
            case Redirected(path=toggled):
                return RedirectResponse(toggled_location(scope, toggled))
            case MethodNotAllowed(allow=allow):
                self._name_refusing(allow, scope)
                error = HTTPException(405, headers={"Allow": ", ".join(allow)})
            case NotFound():
                error = HTTPException(404)
            case _:
                assert_never(miss)
        return await self._respond_to_error(error, scope, receive)

    def _name_refusing(self, allow: Sequence[str], scope: Scope) -> None:
        """Say in the scope which route has the path: handlers and middleware of metrics ask there, as in
        Starlette.
        """
        table = self.table or self._app.begin()  # a thread may have declared a route meanwhile
        path = strip_root_path(scope) if scope.get("root_path") else scope["path"]
        matches = [table.match("http", method, path) for method in allow]
        takers = [match for match in matches if isinstance(match, Found) and isinstance(match.entry, Route)]
        first = min(takers, key=lambda taker: taker.index, default=None)
        if first is not None and isinstance(first.entry, Route):
            scope["route"] = first.entry
            scope["endpoint"] = first.entry.endpoint
            scope["path_params"] = {**(scope.get("path_params") or {}), **first.params}

    async def _answer_error(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response of the handler that is meant for `error`; raise it when there is none."""
        if self._handlers is None:
            raise error
        if scope["type"] == "http":
            await self._handlers.send_answer(error, scope, receive, send, again=False)
        else:
            websocket = WebSocket(scope, receive, send)
            if not await answer_socket_error(self._handlers, websocket, error, again=False):
                raise error

    async def _respond_to_error(self, error: Exception, scope: Scope, receive: Receive) -> Response:
        if self._handlers is None:
            raise error
        response = await self._handlers.answer(Request(scope, receive), error, again=False)
        if response is None:
            raise error
        return response
