"""Endpoints as classes, with Starlette's names: a method for each HTTP method, or for what a client does."""

import functools
import inspect
import json
from collections.abc import Callable, Generator, Iterable
from typing import Any, ClassVar, Literal, get_origin, get_type_hints

from miniframework.concurrency import run_in_threadpool
from miniframework.http.connection import Connection
from miniframework.http.exceptions import HTTPException
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.params.awaited import is_async
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from miniframework.websocket import NORMAL_CLOSURE, WebSocket

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY")
# With the other methods of RFC 9110 section 9.3.
EVERY_METHOD = (*_METHODS, "CONNECT", "TRACE")
_ASGI_ARGUMENTS = 3
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
# RFC 6455 section 7.4.1: a kind of data the endpoint does not take; a failure of the server.
_UNSUPPORTED_DATA = 1003
_INTERNAL_ERROR = 1011


class HTTPEndpoint:
    """One URL as a class: `async def get(self, request)`, `def post(self, request)` and so on give Responses.

    One is made for each request. What it has no method for is answered with 405.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send

    @classmethod
    def allowed_methods(cls) -> list[str]:
        """Give the HTTP methods it answers; HEAD comes with GET."""
        own = {method for method in _METHODS if getattr(cls, method.lower(), None) is not None}
        return [method for method in _METHODS if method in own or (method == "HEAD" and "GET" in own)]

    def __await__(self) -> Generator[Any, None, None]:
        """Serve the request: the class is an ASGI application, too."""
        return self.dispatch().__await__()

    async def dispatch(self) -> None:
        """Send what `respond` gives."""
        response = await self.respond(Request(self.scope, self.receive))
        await response(self.scope, self.receive, self.send)

    async def respond(self, request: Request) -> Response:
        """Give what the method of that name gives; a plain one is called in a thread."""
        allowed = self.allowed_methods()
        if request.method not in allowed:
            return await self.method_not_allowed(request)
        name = request.method.lower()
        handler = getattr(self, "get" if name == "head" and not hasattr(self, "head") else name)
        response: Response
        if inspect.iscoroutinefunction(handler):
            response = await handler(request)
        else:
            response = await run_in_threadpool(handler, request)
        return response

    async def method_not_allowed(self, request: Request) -> Response:
        """Answer a method it does not have. Raises HTTPException 405."""
        raise HTTPException(405, headers={"Allow": ", ".join(self.allowed_methods())})


class WebSocketEndpoint:
    """A WebSocket as a class: override `on_connect`, `on_receive` and `on_disconnect`.

    `encoding` is what `on_receive` is given: "text", "bytes", "json" (of either), or None for what comes.
    Another kind of message closes the connection with 1003.
    """

    encoding: ClassVar[Literal["text", "bytes", "json"] | None] = None

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send

    def __await__(self) -> Generator[Any, None, None]:
        """Serve the connection: the class is an ASGI application, too."""
        return self.dispatch().__await__()

    async def dispatch(self) -> None:
        """Serve the connection that it was made for."""
        await self.serve(WebSocket(self.scope, self.receive, self.send))

    async def serve(self, websocket: WebSocket) -> None:
        """Call the methods until the client has left, and `on_disconnect` whatever happens."""
        await self.on_connect(websocket)
        code = NORMAL_CLOSURE
        try:
            while (message := await websocket.receive())["type"] != "websocket.disconnect":
                await self.on_receive(websocket, await self.decode(websocket, message))
            code = message.get("code") or NORMAL_CLOSURE
        except Exception:
            code = _INTERNAL_ERROR
            raise
        finally:
            await self.on_disconnect(websocket, code)

    async def decode(self, websocket: WebSocket, message: Message) -> Any:
        """Give the data of a message. Raises RuntimeError for another kind than `encoding` says."""
        text, data = message.get("text"), message.get("bytes")
        if self.encoding == "json":
            try:
                return json.loads((data or b"") if text is None else text)
            except ValueError:
                await websocket.close(_UNSUPPORTED_DATA)
                raise RuntimeError("Malformed JSON data received.") from None
        if self.encoding is None:
            return data if text is None else text
        given = text if self.encoding == "text" else data
        if given is None:
            await websocket.close(_UNSUPPORTED_DATA)
            other = "bytes" if self.encoding == "text" else "text"
            raise RuntimeError(f"Expected {self.encoding} websocket messages, but got {other}")
        return given

    async def on_connect(self, websocket: WebSocket) -> None:
        """Do what a new connection wants; accepts it if not overridden."""
        await websocket.accept()

    async def on_receive(self, websocket: WebSocket, data: Any) -> None:
        """Take a message of the client."""

    async def on_disconnect(self, websocket: WebSocket, close_code: int) -> None:
        """Clean up after a connection; its code is 1011 when something was raised."""


def is_asgi(endpoint: object) -> bool:
    """Tell whether an endpoint is no function, but an object or a class to be called with scope, receive and
    send. An endpoint class is one only if it has a `dispatch` of its own.
    """
    while isinstance(endpoint, functools.partial):
        endpoint = endpoint.func
    if inspect.isroutine(endpoint) or not callable(endpoint):
        return False
    for base in (HTTPEndpoint, WebSocketEndpoint):
        if isinstance(endpoint, type) and issubclass(endpoint, base):
            return endpoint.dispatch is not base.dispatch
    try:
        parameters = inspect.signature(endpoint).parameters.values()
    except (TypeError, ValueError):  # it does not tell
        return False
    empty, positional = inspect.Parameter.empty, inspect.Parameter.POSITIONAL_OR_KEYWORD
    needed = [one for one in parameters if one.default is empty and one.kind is positional]
    return len(needed) == _ASGI_ARGUMENTS


def as_function(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Give the function that makes and calls an endpoint class for each request; any other is given back."""
    if not isinstance(endpoint, type) or is_asgi(endpoint):
        return endpoint
    if issubclass(endpoint, HTTPEndpoint):

        async def answer(request: Request) -> Any:
            return await endpoint(request.scope, request.receive, _send_nothing).respond(request)

        return _call_it(answer, endpoint)
    if issubclass(endpoint, WebSocketEndpoint):

        async def serve(websocket: WebSocket) -> None:
            await endpoint(websocket.scope, websocket.receive, websocket.send).serve(websocket)

        return _call_it(serve, endpoint)
    return endpoint


def request_response(func: Callable[[Request], Any]) -> ASGIApp:
    """Give the ASGI application that answers each request with the response of `func(request)`, which is
    awaited, or called in a thread if it is plain. What it raises is answered by the application around.
    """
    is_awaited = is_async(func)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await func(request) if is_awaited else await run_in_threadpool(func, request)
        await response(scope, receive, send)

    return answer


def given_request(endpoint: Callable[..., Any], path: str) -> Callable[..., Any]:
    """Give an endpoint whose one parameter says nothing, and is none of the path, as one that asks for the
    Request. So is a decorator's function that looks for the request in its `*args`.
    """
    if not _takes_one_unsaid(endpoint, path, Request):
        return as_function(endpoint)
    if not inspect.iscoroutinefunction(endpoint):

        def answer_in_thread(request: Request) -> Any:
            return endpoint(request)

        return _call_it(answer_in_thread, endpoint)

    async def answer(request: Request) -> Any:
        return await endpoint(request)

    return _call_it(answer, endpoint)


def given_socket(endpoint: Callable[..., Any], path: str) -> Callable[..., Any]:
    """Give an endpoint whose one parameter says nothing, and is none of the path, as one that asks for the
    WebSocket.
    """
    if not _takes_one_unsaid(endpoint, path, WebSocket):
        return as_function(endpoint)

    def serve(websocket: WebSocket) -> Any:
        return endpoint(websocket)

    return _call_it(serve, endpoint)


def _takes_one_unsaid(endpoint: Callable[..., Any], path: str, usual: type[Connection]) -> bool:
    """Tell whether a function has one parameter, which can only be the request or the connection; not where
    its annotation says so in the `usual` way, which any route understands, but for one that takes `*args`.
    """
    function: Any = endpoint
    bound: set[str] = set()
    while isinstance(function, functools.partial):
        bound |= function.keywords.keys()
        function = function.func
    if not inspect.isroutine(function):
        return False
    parameters = inspect.signature(endpoint).parameters.values()
    unbound = [one for one in parameters if one.name not in bound]
    if len(unbound) != 1 or unbound[0].kind not in _POSITIONAL or f"{{{unbound[0].name}" in path:
        return False
    if unbound[0].default is not inspect.Parameter.empty:
        return False
    return _says_nothing(function, unbound[0].name, None if _takes_all(function) else usual)


def _takes_all(function: Callable[..., Any]) -> bool:
    """Tell whether a function takes `*args`, whatever the signature says that a decorator gave it."""
    code = getattr(function, "__code__", None)
    return code is not None and bool(code.co_flags & inspect.CO_VARARGS)


def _says_nothing(function: Callable[..., Any], name: str, usual: type[Connection] | None) -> bool:
    """Tell whether nothing else than the request can be meant by a parameter."""
    try:
        said = get_type_hints(function, include_extras=True).get(name, Any)
    except (NameError, TypeError, AttributeError, SyntaxError):
        return True  # a type that is known to type checkers alone
    origin = get_origin(said)
    kind = origin or said
    if kind in (Any, object):
        return True
    return isinstance(kind, type) and issubclass(kind, Connection) and said is not usual


def _call_it(function: Callable[..., Any], endpoint: Callable[..., Any]) -> Callable[..., Any]:
    named: Any = endpoint
    while isinstance(named, functools.partial):
        named = named.func
    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(function, name, getattr(named, name))
    return function


def choose_methods(methods: Iterable[str] | None, endpoint: object) -> Iterable[str]:
    """Give the methods that were said, else those of an endpoint class, or GET."""
    if methods is not None:
        return methods
    if isinstance(endpoint, type) and issubclass(endpoint, HTTPEndpoint):
        return endpoint.allowed_methods()
    return ("GET",)


async def _send_nothing(message: Message) -> None:
    raise RuntimeError("a method of an HTTPEndpoint gives its Response; the framework sends it")
