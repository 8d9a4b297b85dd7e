"""Responses: what a handler returns, and how it goes out as ASGI messages."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final
from urllib.parse import quote

from miniframework.background import BackgroundTask
from miniframework.errors import NoTextError
from miniframework.header_text import encode_header
from miniframework.http.content_length import READY, content_length
from miniframework.http.cookies import SameSite, format_set_cookie
from miniframework.http.headers import MutableHeaders, MutableHeadersView
from miniframework.http.url import URL
from miniframework.types import RawHeaders, Receive, Scope, Send

# Compact, and nothing but what JSON has.
_JSON_WRITER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
# By the type of the scope: on a handshake a response is the denial (ASGI, websocket.http.response).
_MESSAGES = {
    "http": ("http.response.start", "http.response.body"),
    "websocket": ("websocket.http.response.start", "websocket.http.response.body"),
}


class Response:
    """Status, headers and a whole body; itself an ASGI application that sends them.

    `content` is text or bytes. Text is written in `charset`, which a `text/` content type names. Header names
    and values are checked: ValueError for CR, LF or NUL in a value. `background` is called after it was sent.
    A status that has no body, as 204, drops it.
    """

    __slots__ = ("__dict__", "background", "body", "raw_headers", "status_code")
    media_type: str | None = None
    charset: ClassVar[str] = "utf-8"

    def __init__(
        self,
        content: Any = b"",
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        background: BackgroundTask | None = None,
    ) -> None:
        self.status_code = status_code
        self.background = background
        if media_type is not None:
            self.media_type = media_type
        kind = self.media_type
        if type(content) is str and type(self).render is _RENDER and self.charset == "utf-8":
            self.body = body = content.encode()  # as `render` does, without a call
        else:
            self.body = body = self.render(content)
        if headers is None and self.charset == "utf-8":  # as `make_headers` does, without a call
            size = len(body)
            length = READY[size] if size < 2048 else content_length(size)
            self.raw_headers: RawHeaders = [length] if kind is None else [length, _CONTENT_TYPES[kind]]
            if status_code != 200 and not has_content(status_code):
                self.body = b""
                self.raw_headers[:1] = empty_length(status_code)
            return
        Response.init_headers(self, headers)

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Set `raw_headers`, for a subclass with an `__init__` of its own that has set `status_code` before,
        and `body` and `media_type` if there are any. To override it has no effect.
        """
        self.raw_headers = make_headers(headers, None)
        if not has_content(self.status_code):
            self.body = b""
            for name, value in empty_length(self.status_code):
                add_missing(self.raw_headers, name, value)
        elif (body := getattr(self, "body", None)) is not None:
            add_missing(self.raw_headers, *content_length(len(body)))
        if self.media_type is not None:
            add_missing(self.raw_headers, *_content_type(self.media_type, self.charset))

    def render(self, content: Any) -> bytes:
        """Give the body for `content`."""
        if isinstance(content, str):
            return content.encode() if self.charset == "utf-8" else content.encode(self.charset)
        if content is None:
            return b""
        if isinstance(content, bytes | memoryview):
            return bytes(content)
        if callable(encode := getattr(content, "encode", None)):  # markup that becomes text when it is sent
            return bytes(encode(self.charset))
        raise NoTextError(
            f"{type(self).__name__} takes text or bytes, not {type(content).__name__} {content!r:.100}; "
            "return the value itself or a JSONResponse to get JSON"
        )

    @property
    def headers(self) -> MutableHeaders:
        """The headers, to read and to change."""
        headers = MutableHeadersView()  # a list of pairs needs no look at what it is
        headers.raw = self.raw_headers
        return headers

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: int | None = None,
        expires: datetime | int | str | None = None,
        path: str | None = "/",
        domain: str | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: SameSite | None = "lax",
        partitioned: bool = False,
    ) -> None:
        """Add one Set-Cookie header. Raises CookieError for a bad name, ValueError for what breaks out."""
        cookie = format_set_cookie(
            key,
            value,
            max_age=max_age,
            expires=expires,
            path=path,
            domain=domain,
            secure=secure,
            httponly=httponly,
            samesite=samesite,
            partitioned=partitioned,
        )
        self.headers.append("set-cookie", cookie)

    def delete_cookie(
        self,
        key: str,
        path: str = "/",
        domain: str | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: SameSite | None = "lax",
        partitioned: bool = False,
    ) -> None:
        """Ask the browser to forget a cookie; path and domain must be those it was set with."""
        self.set_cookie(
            key,
            max_age=0,
            expires=0,
            path=path,
            domain=domain,
            secure=secure,
            httponly=httponly,
            samesite=samesite,
            partitioned=partitioned,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; to a HEAD request without the body. On a WebSocket handshake it is the denial response."""
        start, rest = _MESSAGES[scope["type"]]
        await send({"type": start, "status": self.status_code, "headers": self.raw_headers})
        await send({"type": rest, "body": b"" if scope.get("method") == "HEAD" else self.body})
        if self.background is not None:
            await self.background()


_RENDER: Final = Response.render


class PlainTextResponse(Response):
    """Text as `text/plain`."""

    __slots__ = ()
    media_type = "text/plain"


class HTMLResponse(Response):
    """Text as `text/html`."""

    __slots__ = ()
    media_type = "text/html"


class JSONResponse(Response):
    """A value that JSON has, as `jsonable_encoder` gives one. Raises TypeError for another, ValueError for
    NaN.
    """

    __slots__ = ()
    media_type = "application/json"

    @classmethod
    def of_json(cls, body: bytes, status_code: int = 200) -> "JSONResponse":
        """Give a response whose body is JSON already."""
        response = cls.__new__(cls)
        response.status_code = status_code
        response.background = None
        response.body = body
        has_body = has_content(status_code)
        response.raw_headers = [content_length(len(body))] if has_body else empty_length(status_code)
        if cls.media_type is not None:
            response.raw_headers.append(_CONTENT_TYPES[cls.media_type])
        return response

    def render(self, content: Any) -> bytes:
        """Give the value as compact JSON in UTF-8. Raises TypeError for what JSON does not have, as a date
        or a model, ValueError for NaN and for what holds itself.
        """
        return _JSON_WRITER.encode(content).encode()


class RedirectResponse(Response):
    """Sends the client elsewhere; 307 keeps method and body. `url` is percent-encoded where it must be.

    It goes out as it stands: check a target that comes from a client, `//host` names another site.
    """

    __slots__ = ()

    def __init__(
        self,
        url: str | URL,
        status_code: int = 307,
        headers: Mapping[str, str] | None = None,
        background: BackgroundTask | None = None,
    ) -> None:
        super().__init__(b"", status_code, headers, background=background)
        self.headers["location"] = quote(str(url), safe=":/%#?=@[]!$&'()*+,;~")


def make_headers(
    headers: Mapping[str, str] | None, media_type: str | None, charset: str = "utf-8"
) -> RawHeaders:
    """Encode the headers; add the content type unless one is among them."""
    if headers is None:
        return [] if media_type is None else [_content_type(media_type, charset)]
    raw = [encode_header(name, value) for name, value in headers.items()]
    if media_type is not None:
        add_missing(raw, *_content_type(media_type, charset))
    return raw


def _content_type(media_type: str, charset: str) -> tuple[bytes, bytes]:
    return _CONTENT_TYPES[media_type] if charset == "utf-8" else _encode_content_type(media_type, charset)


def _encode_content_type(media_type: str, charset: str) -> tuple[bytes, bytes]:
    if media_type.startswith("text/") and "charset=" not in media_type.lower():
        media_type += f"; charset={charset}"
    return encode_header("content-type", media_type)


class _ContentTypes(dict[str, tuple[bytes, bytes]]):
    """The headers by media type, their charset UTF-8. A memo of a pure function: an application has few, and
    each response would encode its own again. To ask an lru_cache takes twice as long.
    """

    __slots__ = ()

    def __missing__(self, media_type: str) -> tuple[bytes, bytes]:
        header = _encode_content_type(media_type, "utf-8")
        if len(self) < _MOST_MEDIA_TYPES:
            self[media_type] = header
        return header


_MOST_MEDIA_TYPES = 64
_CONTENT_TYPES: Final = _ContentTypes()


def add_missing(raw: RawHeaders, name: bytes, value: bytes) -> None:
    """Add a header unless one of that name (in lower case) is there."""
    for key, _ in raw:
        if key == name:
            return
    raw.append((name, value))


def has_content(status_code: int) -> bool:
    """Tell whether a response of this status has a body. Source: RFC 9110 sections 6.4.1 and 15.3.6."""
    return status_code >= 200 and status_code not in (204, 205, 304)


def settle_length(response: Response) -> None:
    """Make the Content-Length right that was set when the response was made without a body: the status or the
    body were set since. One of the user's own stays.
    """
    if response.raw_headers and response.raw_headers[0] is READY[0]:
        has_body = has_content(response.status_code)
        length = [content_length(len(response.body))] if has_body else empty_length(response.status_code)
        response.raw_headers[:1] = length


def empty_length(status_code: int) -> RawHeaders:
    """Give the Content-Length of a response without a body: that of a 205 is 0, the others have none.

    Source: RFC 9110 sections 8.6, 15.3.6 and 15.4.5.
    """
    return [content_length(0)] if status_code == 205 else []
