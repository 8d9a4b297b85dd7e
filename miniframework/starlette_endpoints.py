"""Endpoints that are written Starlette's way, as functions that a route can call like any other.

Such an endpoint is a class, a function whose one parameter need not say that it is the request, or an ASGI
application.
"""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any, get_origin, get_type_hints

from miniframework.callables import without_partial
from miniframework.endpoints import METHODS, HTTPEndpoint, WebSocketEndpoint
from miniframework.http.connection import Connection
from miniframework.http.request import Request
from miniframework.signatures import signature_of
from miniframework.types import Message
from miniframework.websocket import WebSocket

# With the other methods of RFC 9110 section 9.3.
EVERY_METHOD = (*METHODS, "CONNECT", "TRACE")
_ASGI_ARGUMENTS = 3
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def is_asgi(endpoint: object) -> bool:
    """Tell whether an endpoint is no function, but an object or a class to be called with scope, receive and
    send. An endpoint class is one only if it has a `dispatch` of its own.
    """
    endpoint = without_partial(endpoint)
    if inspect.isroutine(endpoint) or not callable(endpoint):
        return False
    for base in (HTTPEndpoint, WebSocketEndpoint):
        if isinstance(endpoint, type) and issubclass(endpoint, base):
            return endpoint.dispatch is not base.dispatch
    try:
        parameters = signature_of(endpoint).parameters.values()
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
    parameters = signature_of(endpoint).parameters.values()
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
    named = without_partial(endpoint)
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
