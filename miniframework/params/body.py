"""Read a request's body as JSON, or say where it stops being JSON."""

import json
from typing import Any

from pydantic_core import from_json

from miniframework.http.exceptions import HTTPException
from miniframework.params.problems import Problem, json_problem
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True)
class NoBody:
    """Nothing came."""


@dataclass(frozen=True, slots=True)
class ReadBody:
    """The body's value: what its JSON says, or its bytes when it is declared to be something else."""

    value: Any


@dataclass(frozen=True, slots=True)
class BrokenBody:
    """The body is declared to be JSON and is not."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class ReadAlready:
    """A body that the class of the request has read itself: its bytes, and what it made of them."""

    raw: bytes
    content: ReadBody | BrokenBody


BodyContent = NoBody | ReadBody | BrokenBody
NO_BODY = NoBody()


def read_body(
    body: bytes | None, content_type: str | None, *, any_type_is_json: bool, untyped_is_json: bool
) -> BodyContent:
    """Read a body. One of another type than JSON stays bytes.

    Without a content type it is JSON if `untyped_is_json`; whatever the type, if `any_type_is_json`: `curl
    -d` says it sends a form. Raises HTTPException 400 as `parse_json` does.
    """
    if not body:
        return NO_BODY
    if is_read_as_json(content_type, any_type_is_json, untyped_is_json):
        return parse_json(body)
    return ReadBody(body)


def is_read_as_json(content_type: str | None, any_type_is_json: bool, untyped_is_json: bool) -> bool:
    """Tell whether `read_body` reads a body of this type as JSON."""
    return any_type_is_json or (is_json(content_type) if content_type else untyped_is_json)


def is_json(content_type: str) -> bool:
    """Tell whether a Content-Type is JSON. Source: RFC 6839 section 3.1 (`+json`), RFC 8259 section 11."""
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )


def parse_json(body: bytes) -> ReadBody | BrokenBody:
    """Parse JSON in UTF-8, UTF-16 or UTF-32; a byte order mark is skipped (RFC 8259 section 8.1).

    Raises HTTPException 400 for what is not even text, is nested more than 200 deep, or holds a number or a
    text that cannot be kept: there is no place in it to point at.
    """
    try:
        return ReadBody(from_json(body))
    except ValueError:
        return _parse_slowly(body)


def _parse_slowly(body: bytes) -> ReadBody | BrokenBody:
    """Find the encoding and, where it is no JSON, the place: the standard library counts characters."""
    try:
        text = body.decode(json.detect_encoding(body))
        json.JSONDecoder().decode(text)  # `loads` would refuse a second byte order mark in other words
        return ReadBody(from_json(text))
    except json.JSONDecodeError as error:
        return BrokenBody(json_problem(error.pos, error.msg))
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "There was an error parsing the body") from error
