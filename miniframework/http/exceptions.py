"""Exceptions that are answers: raised by a handler, turned into a response."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from miniframework.errors import MiniframeworkError


class HTTPException(MiniframeworkError):
    """Answer with `status_code`, a JSON body `{"detail": ...}` and `headers`.

    `detail` is anything JSON has; by default the status's phrase. In a WebSocket endpoint it refuses the
    handshake, or closes the connection with 1008 once that is accepted.
    """

    def __init__(
        self, status_code: int, detail: Any = None, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status_code = status_code
        self.detail = find_phrase(status_code) if detail is None else detail
        self.headers = headers
        super().__init__(f"{status_code}: {self.detail}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status_code={self.status_code!r}, detail={self.detail!r})"


class RequestValidationError(MiniframeworkError):
    """The request does not give an endpoint its parameters; answered with 422.

    `problems` is the answer's `detail`: each a mapping with `type`, `loc`, `msg`, `input`.
    """

    def __init__(self, problems: Sequence[Mapping[str, Any]]) -> None:
        self.problems = tuple(problems)
        said = "; ".join(f"{'.'.join(map(str, p.get('loc', ())))}: {p.get('msg', '')}" for p in self.problems)
        super().__init__(said)


class ClientDisconnect(MiniframeworkError):
    """The client went away while its request body was being read."""


class ResponseReplaced(OSError):
    """Raised by `send` in an application whose response a middleware threw away: nobody waits for the rest.

    An OSError, as ASGI asks for when a message can no longer be sent.
    """


def find_phrase(status_code: int) -> str:
    """Give the status's phrase, "" for an unknown one."""
    try:
        return HTTPStatus(status_code).phrase
    except ValueError:
        return ""
