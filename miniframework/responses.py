"""Responses, where FastAPI and Starlette have them."""

from miniframework.http.file import FileResponse as FileResponse
from miniframework.http.response import HTMLResponse as HTMLResponse
from miniframework.http.response import JSONResponse as JSONResponse
from miniframework.http.response import PlainTextResponse as PlainTextResponse
from miniframework.http.response import RedirectResponse as RedirectResponse
from miniframework.http.response import Response as Response
from miniframework.http.sse import EventSourceResponse as EventSourceResponse
from miniframework.http.streaming import StreamingResponse as StreamingResponse

__all__ = [
    "EventSourceResponse",
    "FileResponse",
    "HTMLResponse",
    "JSONResponse",
    "ORJSONResponse",
    "PlainTextResponse",
    "RedirectResponse",
    "Response",
    "StreamingResponse",
    "UJSONResponse",
]


class ORJSONResponse(JSONResponse):
    """FastAPI's name for JSON by orjson, deprecated there; written by pydantic here, without orjson."""

    __slots__ = ()


class UJSONResponse(JSONResponse):
    """FastAPI's name for JSON by ujson, deprecated there; written by pydantic here, without ujson."""

    __slots__ = ()
