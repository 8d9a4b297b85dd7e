"""The application as a server calls it: ASGI in, through the middleware, to the dispatcher."""

from collections.abc import Awaitable

from miniframework.bus import EventBus
from miniframework.declaring.handling import Handling
from miniframework.declaring.hosts import Host, HostRouting
from miniframework.exception_handlers import answer_http_exception
from miniframework.http.limits import BodyTooLarge
from miniframework.http.mounting import SendWatch
from miniframework.http.request import Request
from miniframework.http.started import RESPONSE_STARTED
from miniframework.lifespan import LifeEvents, run_lifespan
from miniframework.middleware.base import FunctionMiddleware, begin, check_answer
from miniframework.middleware.held import SENT, HeldResponse
from miniframework.middleware.passed import Running, give_up_quietly
from miniframework.middleware.stack import Middleware, build_stack, find_function
from miniframework.serving.dispatch import Dispatcher
from miniframework.tap import Tap
from miniframework.telling.story import Story
from miniframework.telling.trace import current_exchange
from miniframework.types import ASGIApp, Receive, Scope, Send


class AsgiCallable(Handling):
    """What a server calls. An App is one; it sets the attributes below, and `_stack` and `_function` to None
    whenever what they are made of changes.

    The plainest request, without middleware and with nobody listening, goes from `__call__` to the
    dispatcher at once; with one function as its middleware it is answered in place. All others go through
    `_serve`, which says what the other two do as well.
    """

    bus: EventBus
    root_path: str
    _dispatch: Dispatcher
    _function: FunctionMiddleware | None  # that is its outermost layer
    _hosts: list[Host]
    _is_started: bool
    _middleware: list[Middleware]
    _stack: ASGIApp | None
    _tap: Tap  # around `_serve`

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI call. Raises ValueError for a scope type it does not know, as ASGI asks for."""
        if self.root_path:
            scope["root_path"] = self.root_path
        kind = scope["type"]
        if kind != "http" and kind != "websocket":
            if kind != "lifespan":
                raise ValueError(f"ASGI scope type {kind!r} is not known (http, websocket, lifespan)")
            await self._live(scope, receive, send)
        elif self.bus.listening:
            await self.enter(scope, receive, send)
        elif self._middleware or self._hosts:
            function = self._function  # None as well until `_serve` made the stack
            if function is None or kind != "http" or current_exchange.get() is not None:
                await self._serve(scope, receive, send)
                return
            # As `_serve` does, where a function is the outermost and its response can be had before it is
            # sent. In place: a coroutine of its own would be a tenth of what such a function costs.
            scope["app"] = scope["router"] = self
            running: Running = []
            watch: SendWatch | None = None
            begun = False
            try:
                response = await begin(function, scope, receive, send, running)
                if type(response) is HeldResponse and response.rest is None:
                    begun, response.rest = True, SENT  # as it sends itself
                    await send(
                        {
                            "type": "http.response.start",
                            "status": response.status_code,
                            "headers": response.headers.raw,
                        }
                    )
                    await send({"type": "http.response.body", "body": response.whole_body})
                else:
                    check_answer(function, response)
                    watch = SendWatch(send)
                    await response(scope, receive, watch)
                while running:
                    await running.pop().give_up(None)
            except BaseException as error:  # noqa: BLE001  # it is raised there
                begun = begun if watch is None else watch.started
                await self._end_failed(error, running, begun, scope, receive, send)
        else:  # as `_serve` does, without a call in between
            try:
                await self._dispatch.find(scope, receive, send)
            except Exception as error:
                await self._answer_failure(error, RESPONSE_STARTED in scope, scope, receive, send)
                raise

    def enter(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Do as when it is called, a recorded request with one coroutine less; for who awaits it at once, in
        its own task.
        """
        if self.root_path and scope["type"] != "lifespan":
            scope["root_path"] = self.root_path
        told = self._tap.begin(scope, receive, send)
        if told is None:
            is_served = self.bus.listening and scope["type"] in ("http", "websocket")
            return self._serve(scope, receive, send) if is_served else self(scope, receive, send)
        return self._tell(told, scope) if type(told) is Story else told.run(self._serve, scope)

    async def _tell(self, story: Story, scope: Scope) -> None:
        """As the tap does around `_serve`, with that in place."""
        try:
            if self._middleware or self._hosts:
                await self._serve(scope, story.receive, story)
            else:
                try:
                    await self._dispatch.find(scope, story.receive, story)
                except Exception as error:
                    begun = RESPONSE_STARTED in scope
                    await self._answer_failure(error, begun, scope, story.receive, story)
                    raise
        except BaseException as error:
            story.fail(error)
            raise
        story.finish()

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start and stop inside the middleware, which is made here: one may want to see the messages."""
        scope["app"] = self
        try:
            stack = self._wrapped()
        except Exception:  # noqa: BLE001  # it is raised below, where the server is told of it
            failing = LifeEvents(startup=[self._wrapped])
            await run_lifespan(failing.around, self, scope, receive, send)
        else:
            await stack(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and turn what nobody expected into a 500 before it goes on to the server."""
        watch: SendWatch | None = None
        try:
            if self._middleware or self._hosts:
                # Middleware may ask for both, whose routes are the same; the dispatcher comes later.
                scope["app"] = scope["router"] = self
                watch = SendWatch(send)
                await self._wrapped()(scope, receive, watch)
            else:
                await self._dispatch.find(scope, receive, send)
        except BodyTooLarge as error:  # from middleware that read more than there may be
            if watch is None or watch.started:
                raise
            await answer_http_exception(Request(scope, receive), error)(scope, receive, watch)
        except Exception as error:
            started = RESPONSE_STARTED in scope if watch is None else watch.started
            await self._answer_failure(error, started, scope, receive, send)
            raise

    def _wrapped(self) -> ASGIApp:
        if self._stack is None:
            self._is_started = True
            inner = HostRouting(self._dispatch, self._hosts) if self._hosts else self._dispatch
            self._stack = build_stack(inner, self._middleware)
            self._function = find_function(self._stack)
        return self._stack

    async def _end_failed(
        self,
        error: BaseException,
        running: Running,
        begun: bool,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """End what still runs behind a function that failed, and answer where nothing was; then raise, unless
        that was the whole answer.
        """
        await give_up_quietly(running, error)
        running.clear()
        if isinstance(error, BodyTooLarge) and not begun:
            await answer_http_exception(Request(scope, receive), error)(scope, receive, send)
            return
        if isinstance(error, Exception):
            await self._answer_failure(error, begun, scope, receive, send)
        raise error

    async def _answer_failure(
        self, error: Exception, begun: bool, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer what nobody expected; raises RuntimeError where a handler was meant, and comes too late."""
        if scope["type"] != "http":
            return
        scope.setdefault("app", self)
        request = Request(scope, receive)
        if begun:
            await self._handlers.hear_late(request, error)
        else:
            response = await self._handlers.answer_failure(request, error, debug=self.debug)
            await response(scope, receive, send)
