"""What a test client got."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as MailMessage
from http import HTTPStatus
from typing import Any

from miniframework.datastructures import Headers
from miniframework.errors import MiniframeworkError
from miniframework.testing.cookies import CookieJar


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResponse:
    """A whole response: `chunks` are the body messages as the application sent them.

    `history` are the redirects that led here, oldest first; `method` and `url` are those of the last request.
    """

    __test__ = False

    method: str
    url: str
    status_code: int
    headers: Headers
    chunks: tuple[bytes, ...] = ()
    history: tuple["TestResponse", ...] = ()
    cookies: CookieJar = field(default_factory=CookieJar)

    @property
    def content(self) -> bytes:
        """The body."""
        return b"".join(self.chunks)

    @property
    def encoding(self) -> str:
        """The charset the Content-Type names, UTF-8 when it names none."""
        mail = MailMessage()
        mail["content-type"] = self.headers.get("content-type", "")
        return str(mail.get_param("charset", "utf-8"))

    @property
    def text(self) -> str:
        """The body as text; bytes that are none become U+FFFD."""
        return self.content.decode(self.encoding, "replace")

    def json(self) -> Any:
        """The body read as JSON. Raises ValueError when it is none."""
        return json.loads(self.content)

    @property
    def reason_phrase(self) -> str:
        """The status's phrase, "" for one that has none."""
        return HTTPStatus(self.status_code).phrase if self.status_code in list(HTTPStatus) else ""

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status_code < 300

    @property
    def is_redirect(self) -> bool:
        """Whether the status is 3xx with a Location."""
        return 300 <= self.status_code < 400 and "location" in self.headers

    @property
    def is_error(self) -> bool:
        """Whether the status is 4xx or 5xx."""
        return self.status_code >= 400

    def raise_for_status(self) -> "TestResponse":
        """Give the response itself, or raise HTTPStatusError for 4xx and 5xx."""
        if self.is_error:
            raise HTTPStatusError(self)
        return self

    def iter_lines(self) -> Iterator[str]:
        """Give the body's lines without their ends."""
        yield from self.text.splitlines()

    def __repr__(self) -> str:
        return f"<TestResponse {self.status_code} {self.method} {self.url}>"


class HTTPStatusError(MiniframeworkError):
    """A response with a status of 4xx or 5xx where none was wanted."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        super().__init__(
            f"{response.method} {response.url} answered {response.status_code}: {response.text[:500]!r}"
        )
