"""Endpoints as classes, with Starlette's names: a method for each HTTP method, or for what a client does."""

import inspect
import json
from collections.abc import Callable, Generator
from typing import Any, ClassVar, Literal

from miniframework.concurrency import run_in_threadpool
from miniframework.http.exceptions import HTTPException
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.params.awaited import is_async
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from miniframework.websocket import NORMAL_CLOSURE, WebSocket

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY")
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
        own = {method for method in METHODS if getattr(cls, method.lower(), None) is not None}
        return [method for method in METHODS if method in own or (method == "HEAD" and "GET" in own)]

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
