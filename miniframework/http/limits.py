"""How much of a request's body is taken: what is said about it, and the count that holds to it."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final, TypedDict

from miniframework.errors import RegistrationError
from miniframework.http.exceptions import HTTPException
from miniframework.http.headers import Headers
from miniframework.records import dataclass
from miniframework.routing.source import Source
from miniframework.types import Message, Receive, Scope

# Where the count of a body that has a limit is kept, and the limits of forms that nobody reads by hand.
BODY_COUNT: Final = "miniframework.body_count"
FORM_LIMITS: Final = "miniframework.form_limits"


class FormLimitWords(TypedDict, total=False):
    """How much of a form is taken where parameters ask for it; `max_part_size` is the bytes of one field."""

    max_fields: int
    max_files: int
    max_part_size: int


class LimitWords(TypedDict, total=False):
    """What is said about bodies: of a route before its router, of that before what includes it, of the
    application last. `max_body_size` is in bytes. Of `form_limits` each word goes its own way.
    """

    max_body_size: int | None
    form_limits: FormLimitWords | None


class LimitError(RegistrationError, ValueError):
    """A limit that is no number of bytes, fields or files."""


class BodyTooLarge(HTTPException):
    """The body has more bytes than the route takes, by its Content-Length or by what came; a 413."""

    def __init__(self) -> None:
        super().__init__(413, "Content Too Large")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The words as they were given."""

    max_body_size: int | None = None
    form: Mapping[str, int] = field(default_factory=dict)

    def around(self, inner: "Limits") -> "Limits":
        """Give what holds for something inside, which says `inner` itself."""
        if not self or not inner:
            return inner or self
        size = self.max_body_size if inner.max_body_size is None else inner.max_body_size
        return Limits(max_body_size=size, form={**self.form, **inner.form})

    def __bool__(self) -> bool:
        return self.max_body_size is not None or bool(self.form)


UNLIMITED: Final = Limits()


def read_limits(options: Mapping[str, Any], where: Source) -> Limits:
    """Take the limits out of what was said about a route, a router or an include. Raises LimitError."""
    size = options.get("max_body_size")
    form = dict(options.get("form_limits") or {})
    if size is None and not form:
        return UNLIMITED
    if size is not None:
        _check_limit("max_body_size", size, where)
    for name, limit in form.items():
        if name not in FormLimitWords.__annotations__:
            known = ", ".join(FormLimitWords.__annotations__)
            raise LimitError(where=where, problem=f"form_limits has no {name!r}", way_out=f"it has: {known}")
        _check_limit(f"form_limits {name!r}", limit, where)
    return Limits(max_body_size=size, form=form)


def _check_limit(name: str, limit: object, where: Source) -> None:
    if type(limit) is not int or limit < 0:
        problem = f"{name} is {limit!r}, not a non-negative integer"
        raise LimitError(where=where, problem=problem, way_out="or leave it out for no limit of its own")


class BodyCount:
    """Counts the bytes of one request's body as they are received; `limit` may change on the way inwards."""

    __slots__ = ("_came", "_declared", "_receive", "limit")

    def __init__(self, scope: Scope, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._came = 0
        declared = Headers(scope["headers"]).get("content-length", "")
        # No body has so many bytes that its length needs more digits.
        self._declared = int(declared[:18]) if declared.isdecimal() else 0
        self.limit = limit

    def check(self) -> None:
        """Raise BodyTooLarge when more came, or will come, than the limit of now."""
        if max(self._came, self._declared) > self.limit:
            raise BodyTooLarge

    async def receive(self) -> Message:
        """Receive as the server does. Raises BodyTooLarge instead of giving more than the limit."""
        if self._declared > self.limit:
            raise BodyTooLarge
        message = await self._receive()
        if message["type"] == "http.request":
            self._came += len(message.get("body") or b"")
            self.check()
        return message


def start_counting(scope: Scope, receive: Receive, limit: int) -> tuple[BodyCount, Receive]:
    """Give the count of a request with the `receive` that goes by it; one that runs gets the new limit."""
    count: BodyCount | None = scope.get(BODY_COUNT)
    if count is not None:
        count.limit = limit
        return count, receive
    count = scope[BODY_COUNT] = BodyCount(scope, receive, limit)
    return count, count.receive
