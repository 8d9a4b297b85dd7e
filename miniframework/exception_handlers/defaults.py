"""What answers an exception for which nobody wrote a handler."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from miniframework.http.exceptions import (
    ClientDisconnect,
    HTTPException,
    RequestValidationError,
    WebSocketException,
    WebSocketRequestValidationError,
)
from miniframework.http.request import Request
from miniframework.http.response import JSONResponse, Response
from miniframework.params.encode import json_encode
from miniframework.websocket import WebSocket, shorten_reason

# RFC 6455 section 7.4.1: a message that violates the endpoint's policy.
_POLICY_VIOLATION = 1008


def answer_http_exception(request: Request, error: HTTPException) -> Response:
    """Answer with the exception's status, headers and `{"detail": ...}`; a 204 or 304 has no body."""
    if error.status_code in (204, 304):
        return Response(b"", error.status_code, error.headers)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


def answer_validation_error(request: Request, error: RequestValidationError) -> Response:
    """Answer 422 with every problem. Source: FastAPI, which set the shape."""
    return answer_problems(error.problems)


def answer_problems(problems: Sequence[Mapping[str, Any]]) -> Response:
    """Answer 422 with these problems."""
    return JSONResponse.of_json(json_encode({"detail": problems}), 422)


def answer_disconnect(request: Request, error: ClientDisconnect) -> Response:
    """Answer a client that left while sending its body; nobody hears it, and it is no failure of the
    server.
    """
    return Response(b"", 400)


async def close_with_exception(websocket: WebSocket, error: WebSocketException) -> None:
    """Close with the exception's code and reason; before the accept that refuses the handshake."""
    if not websocket.is_closed:
        await websocket.close(error.code, shorten_reason(error.reason))


async def close_with_problems(websocket: WebSocket, error: WebSocketRequestValidationError) -> None:
    """Close with 1008 and the problems as the reason, as far as it holds them."""
    if not websocket.is_closed:
        await websocket.close(_POLICY_VIOLATION, shorten_reason(error.summary))


async def http_exception_handler(request: Request, exc: HTTPException) -> Response:
    """Answer as `answer_http_exception`: FastAPI's name, to be awaited in a handler of one's own."""
    return answer_http_exception(request, exc)


async def request_validation_exception_handler(request: Request, exc: RequestValidationError) -> Response:
    """Answer as `answer_validation_error`: FastAPI's name, to be awaited in a handler of one's own."""
    return answer_validation_error(request, exc)


async def websocket_request_validation_exception_handler(
    websocket: WebSocket, exc: WebSocketRequestValidationError
) -> None:
    """Close as `close_with_problems`: FastAPI's name, to be awaited in a handler of one's own."""
    await close_with_problems(websocket, exc)


# Those whose answer an application's error page may show another way; those that are called in the serving
# task, as they wait for nothing; and all of which there is nothing to tell.
WITH_PAGE: tuple[Callable[..., Any], ...] = (answer_http_exception, answer_validation_error)
OUR_OWN: tuple[Callable[..., Any], ...] = (*WITH_PAGE, answer_disconnect)
DEFAULT: tuple[Callable[..., Any], ...] = (*OUR_OWN, close_with_exception, close_with_problems)
