"""Responses, where FastAPI and Starlette have them."""

import warnings
from collections.abc import AsyncIterable, Iterable
from typing import Any

from miniframework.answering.event_stream import EventSourceResponse
from miniframework.errors import DeprecatedWord
from miniframework.http.file import FileResponse
from miniframework.http.response import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from miniframework.http.streaming import StreamingResponse

Content = str | bytes | memoryview
SyncContentStream = Iterable[Content]
AsyncContentStream = AsyncIterable[Content]
ContentStream = AsyncContentStream | SyncContentStream

__all__ = [
    "AsyncContentStream",
    "Content",
    "ContentStream",
    "EventSourceResponse",
    "FileResponse",
    "HTMLResponse",
    "JSONResponse",
    "ORJSONResponse",
    "PlainTextResponse",
    "RedirectResponse",
    "Response",
    "StreamingResponse",
    "SyncContentStream",
    "UJSONResponse",
]

_OLD_WRITER = (
    "{} is deprecated: what is returned is written by pydantic when a return type or a response model is "
    "said; leave the class out, or take JSONResponse"
)


class ORJSONResponse(JSONResponse):
    """FastAPI's name for JSON by orjson, deprecated there; written by pydantic here, without orjson."""

    __slots__ = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        warnings.warn(_OLD_WRITER.format("ORJSONResponse"), DeprecatedWord, stacklevel=2)
        super().__init__(*args, **options)


class UJSONResponse(JSONResponse):
    """FastAPI's name for JSON by ujson, deprecated there; written by pydantic here, without ujson."""

    __slots__ = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        warnings.warn(_OLD_WRITER.format("UJSONResponse"), DeprecatedWord, stacklevel=2)
        super().__init__(*args, **options)
