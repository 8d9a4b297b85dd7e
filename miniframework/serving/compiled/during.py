"""What compiled routes call while they serve a request."""

import inspect
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from miniframework.concurrency import run_in_threadpool
from miniframework.http.cookies import parse_cookies
from miniframework.http.request import Request
from miniframework.params.body import is_json as is_json_type
from miniframework.params.problems import Problem, missing_problem, validation_problems
from miniframework.types import Message, RawHeaders, Receive, Scope

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


def request_with(scope: Scope, receive: Receive, body: bytes) -> Request:
    """Give a request whose whole body was received already."""
    request = Request(scope, receive)
    request.keep_body(body)
    return request


async def in_thread(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Call a dependency that is a plain `def` in a thread; it may give something to await."""
    value = await run_in_threadpool(function, *arguments, **named)
    return await value if inspect.isawaitable(value) else value


async def end_failed(generator: AsyncGenerator[Any, None], error: BaseException) -> bool:
    """Raise `error` at the `yield` of a dependency, as its context manager would; tell whether it swallows
    it.
    """
    manager = asynccontextmanager(lambda: generator)()
    return bool(await manager.__aexit__(type(error), error, error.__traceback__))


async def refuse_second_yield(generator: AsyncGenerator[Any, None]) -> None:
    """Raise what a context manager raises when there is a second `yield`."""
    try:
        raise RuntimeError("generator didn't stop")
    finally:
        await generator.aclose()


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
