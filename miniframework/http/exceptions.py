"""Exceptions that are answers: raised by a handler, turned into a response."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from miniframework.errors import MiniframeworkError


class HTTPException(MiniframeworkError):
    """Answer with `status_code`, a JSON body `{"detail": ...}` and `headers`.

    `detail` is anything JSON has; by default the status's phrase. In a WebSocket endpoint it refuses the
    handshake, or closes the connection with 1008 once that is accepted. Raises TypeError for a status that is
    no number.
    """

    def __init__(
        self, status_code: int, detail: Any = None, headers: Mapping[str, str] | None = None
    ) -> None:
        given: object = status_code
        if not isinstance(given, int):
            name = type(self).__name__
            said = f"{name}({given!r:.100}): the status comes first, a number"
            raise TypeError(f"{said}; write {name}(404, 'Not Found')")
        self.status_code = status_code
        self.detail = find_phrase(status_code) if detail is None else detail
        self.headers = headers

    def __str__(self) -> str:
        return f"{self.status_code}: {self.detail}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status_code={self.status_code!r}, detail={self.detail!r})"


class Raised(dict[str, Any]):
    """What a user's own validator raised, in the `ctx` of a problem: its attributes when written as JSON, as
    FastAPI writes it, which are mostly none, and the `error` itself in `errors()`.
    """

    __slots__ = ("error",)

    def __init__(self, error: Exception, attributes: Mapping[str, Any]) -> None:
        super().__init__(attributes)
        self.error = error


class ValidationException(MiniframeworkError):
    """Something came or went out that is not what was declared.

    `errors` are mappings with `type`, `loc` (a list), `msg`, `input`; `body` is what they were found in.
    `endpoint_ctx` says which route it was, as far as it is known: `path` ("GET /items/{item_id}"),
    `function`, `file`, `line`.
    """

    def __init__(
        self,
        errors: Sequence[Mapping[str, Any]],
        *,
        body: Any = None,
        endpoint_ctx: Mapping[str, Any] | None = None,
    ) -> None:
        self.problems = tuple(errors)
        self.body = body
        self.endpoint_ctx: Mapping[str, Any] = endpoint_ctx or {}

    def __str__(self) -> str:
        count = len(self.problems)
        said = [f"{count} validation error{'' if count == 1 else 's'}:"]
        said += [f"  {problem}" for problem in self.errors()]
        if self.endpoint_ctx:
            said += ["", *_name_endpoint(self.endpoint_ctx)]
        return "\n".join(said)

    @property
    def summary(self) -> str:
        """The problems as one line, without what names our code: a client may read it."""
        return "; ".join(f"{'.'.join(map(str, p.get('loc', ())))}: {p.get('msg', '')}" for p in self.problems)

    @property
    def endpoint_function(self) -> str | None:
        """The name of the endpoint."""
        return self.endpoint_ctx.get("function")

    @property
    def endpoint_path(self) -> str | None:
        """The method and the path of the route, as "GET /items/{item_id}"."""
        return self.endpoint_ctx.get("path")

    @property
    def endpoint_file(self) -> str | None:
        """The file in which the endpoint stands."""
        return self.endpoint_ctx.get("file")

    @property
    def endpoint_line(self) -> int | None:
        """The line of that file at which the endpoint begins."""
        return self.endpoint_ctx.get("line")

    def errors(self) -> list[dict[str, Any]]:
        """Give the problems as FastAPI and pydantic do: each `loc` is a tuple, and what a validator raised
        stands in `ctx`.
        """
        return [_as_pydantic(problem) for problem in self.problems]


class RequestValidationError(ValidationException):
    """The request does not give an endpoint its parameters; answered with 422, whose `detail` are the
    `problems`.

    `body` is the value of the JSON body, the form, or the text that is no JSON; None without one.
    """


class ResponseValidationError(ValidationException):
    """A handler returned what its response model does not take: a failure of the server, answered with 500.

    `body` is what was returned.
    """


class WebSocketRequestValidationError(ValidationException):
    """A handshake does not give a WebSocket endpoint its parameters; closed with 1008."""


class WebSocketException(MiniframeworkError):
    """Close a WebSocket with `code` and `reason`; before the accept that refuses the handshake."""

    def __init__(self, code: int, reason: str | None = None) -> None:
        self.code = code
        self.reason = reason or ""
        super().__init__(f"{code}: {self.reason}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(code={self.code!r}, reason={self.reason!r})"


class ClientDisconnect(MiniframeworkError):
    """The client went away while its request body was being read."""


class ResponseReplaced(OSError):
    """Raised by `send` in an application whose response a middleware threw away: nobody waits for the rest.

    An OSError, as ASGI asks for when a message can no longer be sent.
    """


def _name_endpoint(said: Mapping[str, Any]) -> list[str]:
    """The lines of an error's text that say where it was, as a traceback does."""
    path = said.get("path")
    if not (said.get("file") and said.get("line") and said.get("function")):
        return [f"  Endpoint: {path}"] if path else []
    line = f'  File "{said["file"]}", line {said["line"]}, in {said["function"]}'
    return [line, f"    {path}"] if path else [line]


def _as_pydantic(problem: Mapping[str, Any]) -> dict[str, Any]:
    given = dict(problem)
    if "loc" in given:
        given["loc"] = tuple(given["loc"])
    context = problem.get("ctx")
    if isinstance(context, Mapping):
        said = context.items()
        given["ctx"] = {name: one.error if isinstance(one, Raised) else one for name, one in said}
    return given


def find_phrase(status_code: int) -> str:
    """Give the status's phrase, "" for an unknown one."""
    try:
        return HTTPStatus(status_code).phrase
    except ValueError:
        return ""
