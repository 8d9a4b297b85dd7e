"""What a test client got."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from email.message import Message as MailMessage
from http import HTTPStatus
from typing import Any

from miniframework.errors import MiniframeworkError
from miniframework.testing.cookies import CookieJar
from miniframework.testing.decoding import cut, decode_text, split_lines, unpack
from miniframework.testing.headers import ResponseHeaders, parse_links
from miniframework.testing.sent import SentRequest
from miniframework.testing.url import RequestURL

# What an error of another status than 2xx calls it, by its first digit; the words are httpx's.
_KINDS = {
    1: "Informational response",
    3: "Redirect response",
    4: "Client error",
    5: "Server error",
}
# Where httpx sends who wonders what a status means.
_MEANINGS = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/"


class TestResponse:
    """A response; `chunks` are the body messages as the application sent them.

    `extensions` are what the application said beside it: "http.response.debug", "http.response.trailers".
    `content`, `text` and the iterators have gzip and deflate undone. `history` are the redirects that led
    here, oldest first. That of `client.stream` is still coming: read it with an iterator, or whole with
    `read()`; before that `content` and what is made of it raise RuntimeError.
    """

    __test__ = False

    def __init__(
        self,
        *,
        request: SentRequest,
        status_code: int,
        headers: ResponseHeaders,
        chunks: Iterable[bytes] = (),
        cookies: CookieJar | None = None,
        elapsed: timedelta = timedelta(0),
        extensions: dict[str, Any] | None = None,
    ) -> None:
        self.request = request
        self.status_code = status_code
        self.headers = headers
        self.history: list[TestResponse] = []
        self.cookies = CookieJar() if cookies is None else cookies
        self.elapsed = elapsed
        self.http_version = "HTTP/1.1"
        self.extensions = {} if extensions is None else extensions
        self._kept: tuple[bytes, ...] | None = chunks if isinstance(chunks, tuple) else None
        self._coming = iter(()) if isinstance(chunks, tuple) else iter(chunks)
        self._consumed = False
        self._encoding: str | None = None
        self.num_bytes_downloaded = sum(map(len, self._kept or ()))
        self.next_request: SentRequest | None = None
        self.on_close: Callable[[], None] | None = None

    @property
    def template(self) -> Any:
        """The template it was made with; AttributeError without one."""
        return self._find_shown("template")

    @property
    def context(self) -> Any:
        """What the template was given; AttributeError without one."""
        return self._find_shown("context")

    def _find_shown(self, name: str) -> Any:
        shown = self.extensions.get("http.response.debug") or {}
        if name not in shown:
            raise AttributeError(f"{self!r} has no {name}: it was made without a template")
        return shown[name]

    @property
    def method(self) -> str:
        """The method of the request that was answered."""
        return self.request.method

    @property
    def url(self) -> RequestURL:
        """The URL of the request that was answered, the last one after redirects."""
        return self.request.url

    def close(self) -> None:
        """Leave a response that `send(stream=True)` gave; closing twice is no error."""
        on_close, self.on_close = self.on_close, None
        if on_close is not None:
            on_close()

    @property
    def is_closed(self) -> bool:
        """Whether nothing more comes."""
        return self.is_read or self.is_stream_consumed

    @property
    def is_stream_consumed(self) -> bool:
        """Whether the body was read, whole or in pieces."""
        return self._kept is not None or self._consumed

    @property
    def is_read(self) -> bool:
        """Whether the whole body is here."""
        return self._kept is not None

    @property
    def chunks(self) -> tuple[bytes, ...]:
        """The body messages as the application sent them."""
        if self._kept is None:
            raise RuntimeError("the response was not read yet; call read() first")
        return self._kept

    def read(self) -> bytes:
        """Read a streamed response to its end, and give its content."""
        if self._kept is None:
            self._kept = tuple(self.iter_raw())
        return self.content

    def iter_raw(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Give the body as it was sent, in the pieces in which it comes or of `chunk_size` bytes. A streamed
        one only once.
        """
        pieces = self._pieces()
        yield from pieces if chunk_size is None else cut(pieces, chunk_size)

    def _pieces(self) -> Iterator[bytes]:
        if self._kept is not None:
            yield from self._kept
            return
        if self._consumed:
            raise RuntimeError("the response was streamed already; keep the pieces, or call read() first")
        self._consumed = True
        for piece in self._coming:
            self.num_bytes_downloaded += len(piece)
            yield piece

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Give the body with gzip and deflate undone, in pieces of `chunk_size` bytes or as it comes."""
        pieces = unpack(self.iter_raw(), self.headers.get("content-encoding", ""))
        yield from (one for one in (pieces if chunk_size is None else cut(pieces, chunk_size)) if one)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """Give the body as text, as it comes or in pieces of `chunk_size` characters."""
        texts = decode_text(self.iter_bytes(), self.encoding)
        yield from texts if chunk_size is None else cut(texts, chunk_size)

    def iter_lines(self) -> Iterator[str]:
        """Give the body's lines without their ends, each as soon as it is whole."""
        yield from split_lines(self.iter_text())

    @property
    def content(self) -> bytes:
        """The body, with gzip and deflate undone."""
        return b"".join(unpack(self.chunks, self.headers.get("content-encoding", "")))

    @property
    def links(self) -> dict[str | None, dict[str, str]]:
        """What the Link header names, by `rel` or else by URL. Source: RFC 8288 section 3."""
        return parse_links(self.headers.get("link", ""))

    @property
    def charset_encoding(self) -> str | None:
        """The charset the Content-Type names, None when it names none."""
        mail = MailMessage()
        mail["content-type"] = self.headers.get("content-type", "")
        charset = mail.get_param("charset")
        return None if charset is None else str(charset)

    @property
    def encoding(self) -> str:
        """As what the body is read: what was set here, the charset the Content-Type names, else UTF-8."""
        return self._encoding or self.charset_encoding or "utf-8"

    @encoding.setter
    def encoding(self, encoding: str) -> None:
        self._encoding = encoding

    @property
    def text(self) -> str:
        """The body as text; bytes that are none become U+FFFD."""
        return self.content.decode(self.encoding, "replace")

    def json(self, **options: Any) -> Any:
        """The body read as JSON, with the options of `json.loads`. Raises ValueError when it is none."""
        return json.loads(self.content, **options)

    @property
    def reason_phrase(self) -> str:
        """The status's phrase, "" for one that has none."""
        if self.status_code == 418:
            return "I'm a teapot"  # httpx's spelling, RFC 2324's
        return HTTPStatus(self.status_code).phrase if self.status_code in list(HTTPStatus) else ""

    @property
    def is_informational(self) -> bool:
        """Whether the status is 1xx."""
        return 100 <= self.status_code < 200

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status_code < 300

    @property
    def is_redirect(self) -> bool:
        """Whether the status is 3xx."""
        return 300 <= self.status_code < 400

    @property
    def has_redirect_location(self) -> bool:
        """Whether it says where to go: 301, 302, 303, 307 or 308 with a Location."""
        return self.status_code in (301, 302, 303, 307, 308) and "location" in self.headers

    @property
    def is_client_error(self) -> bool:
        """Whether the status is 4xx."""
        return 400 <= self.status_code < 500

    @property
    def is_server_error(self) -> bool:
        """Whether the status is 5xx."""
        return 500 <= self.status_code < 600

    @property
    def is_error(self) -> bool:
        """Whether the status is 4xx or 5xx."""
        return self.is_client_error or self.is_server_error

    def raise_for_status(self) -> "TestResponse":
        """Give the response itself, or raise HTTPStatusError for anything but 2xx."""
        if not self.is_success:
            raise HTTPStatusError(self)
        return self

    def __repr__(self) -> str:
        return f"<Response [{self.status_code} {self.reason_phrase}]>"


class HTTPStatusError(MiniframeworkError):
    """A response with another status than 2xx where none was wanted."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.request = response.request
        kind = _KINDS.get(response.status_code // 100, "Invalid status code")
        text = f"{kind} '{response.status_code} {response.reason_phrase}' for url '{response.url}'"
        if response.has_redirect_location:
            text += f"\nRedirect location: '{response.headers['location']}'"
        super().__init__(f"{text}\nFor more information check: {_MEANINGS}{response.status_code}")
        if response.is_read:
            self.add_note(f"It said: {response.text[:500]!r}")
