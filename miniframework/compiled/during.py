"""What compiled routes call while they serve a request."""

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import from_json

from miniframework.http.cookies import parse_cookies
from miniframework.params.body import is_json as is_json_type
from miniframework.params.problems import Problem, missing_problem, validation_problems
from miniframework.types import Message, RawHeaders, Receive

# JSON to values; ValueError for what is none, and for JSON that the standard library would read otherwise.
parse = from_json
_NO_COOKIES: Mapping[str, str] = {}


def note(problems: list[Problem] | None, place: tuple[str, ...], error: ValidationError) -> list[Problem]:
    """Add pydantic's problems with the value at `place`."""
    found = validation_problems(place, error)
    if problems is None:
        return found
    problems += found
    return problems


def note_missing(problems: list[Problem] | None, place: tuple[str, ...]) -> list[Problem]:
    """Add that nothing came for `place`."""
    return [*(problems or ()), missing_problem(*place)]


def is_json(content_type: bytes) -> bool:
    """Tell whether a Content-Type is JSON."""
    return is_json_type(content_type.decode("latin-1"))


def read_cookies(headers: RawHeaders) -> Mapping[str, str]:
    """Give the cookies of a request."""
    lines = [value.decode("latin-1") for name, value in headers if name == b"cookie"]
    return parse_cookies("; ".join(lines)) if lines else _NO_COOKIES


def replay(message: Message | None, receive: Receive) -> Receive:
    """Give a `receive` that begins with a message which was received already."""
    if message is None:
        return receive
    pending: Message | None = message

    async def receive_again() -> Message:
        nonlocal pending
        if pending is None:
            return await receive()
        again, pending = pending, None
        return again

    return receive_again
