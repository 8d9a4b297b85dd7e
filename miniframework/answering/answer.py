"""From what an endpoint returns to a response: decided once, at registration."""

import functools
from collections.abc import Callable
from enum import Enum
from typing import Any, assert_never

from miniframework.answering.event_stream import EventSourceResponse
from miniframework.http.response import JSONResponse, Response, has_content
from miniframework.http.streaming import StreamingResponse, iterate_written
from miniframework.records import dataclass


class AnswerKind(Enum):
    """What becomes of a returned value that is no response; the last three are of generators."""

    JSON = "JSON"
    CONTENT = "the content of the response class"
    JSON_LINES = "a stream of JSON values, one a line"
    EVENTS = "a stream of server-sent events"
    CHUNKS = "the chunks of a streaming response class"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """Makes the response of a value that is none itself.

    `model` is the type returned values are checked against (of a stream it is only documented), `item` that
    of a stream's items; None for none. `encode` writes a value (of a stream: an item) as JSON, `simplify`
    gives it as the response class takes it. Without a `status_code` it is the response class's own.
    """

    kind: AnswerKind
    status_code: int | None
    response_class: type[Response]
    model: Any
    item: Any
    encode: Callable[[Any], bytes]
    simplify: Callable[[Any], Any]

    @property
    def is_stream(self) -> bool:
        """Whether the endpoint is a generator; what it gives must reach `make` before it begins."""
        return self.kind not in (AnswerKind.JSON, AnswerKind.CONTENT)

    def make(self, value: Any, status_code: int | None = None) -> Response:
        """Make the response; `status_code` overrules the route's. Raises ResponseValidationError."""
        status = self.status_code if status_code is None else status_code
        if status is not None and not has_content(status):
            return self._make_empty(value, status)
        known: dict[str, Any] = {} if status is None else {"status_code": status}
        match self.kind:
            case AnswerKind.JSON:
                return JSONResponse.of_json(self.encode(value), status or 200)
            case AnswerKind.CONTENT:
                return self.response_class(self.simplify(value), **known)
            case AnswerKind.JSON_LINES:
                lines = iterate_written(value, self._write_line)
                return StreamingResponse(lines, status or 200, media_type="application/jsonl")
            case AnswerKind.EVENTS:
                return EventSourceResponse.of_items(value, self.encode, status or 200)
            case AnswerKind.CHUNKS:
                return self.response_class(iterate_written(value, _as_it_is), **known)
            case _:
                assert_never(self.kind)

    def _make_empty(self, value: Any, status_code: int) -> Response:
        """Make the response of a status without a body; its headers tell the content type all the same."""
        if self.kind is AnswerKind.JSON:
            return JSONResponse.of_json(b"", status_code)
        if self.kind is not AnswerKind.CONTENT:
            return Response(b"", status_code)
        response = self.response_class(self.simplify(value), status_code)
        response.body = b""
        if "content-length" in response.headers:
            response.headers["content-length"] = "0"
        return response

    def _write_line(self, item: Any) -> bytes:
        return self.encode(item) + b"\n"


def _as_it_is(chunk: Any) -> Any:
    return chunk


def start_stream(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Give a coroutine function that only calls a generator function: its items come when they are sent."""

    @functools.wraps(endpoint)
    async def start(**arguments: Any) -> Any:
        return endpoint(**arguments)

    return start
