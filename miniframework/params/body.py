"""Read a request's body as JSON, or say where it stops being JSON."""

import json
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from miniframework.params.problems import Problem, json_problem

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


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


BodyContent = NoBody | ReadBody | BrokenBody
NO_BODY = NoBody()


def read_body(body: bytes | None, content_type: str | None, *, any_type_is_json: bool) -> BodyContent:
    """Read a body. Without a content type it is taken for JSON.

    A body of another type stays bytes, unless `any_type_is_json`: `curl -d` says it sends a form.
    """
    if not body:
        return NO_BODY
    if any_type_is_json or content_type is None or is_json(content_type):
        return parse_json(body)
    return ReadBody(body)


def is_json(content_type: str) -> bool:
    """Tell whether a Content-Type is JSON. Source: RFC 6839 section 3.1 (`+json`), RFC 8259 section 11."""
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )


def parse_json(body: bytes) -> ReadBody | BrokenBody:
    """Parse UTF-8 JSON; a byte order mark is skipped (Source: RFC 8259 section 8.1)."""
    body = body.removeprefix(_BYTE_ORDER_MARK)
    try:
        return ReadBody(from_json(body))
    except ValueError as error:
        return BrokenBody(_locate(body, str(error)))


def _locate(body: bytes, said: str) -> Problem:
    """Find the character where parsing stopped: the standard library counts them, and says why."""
    try:
        json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8")
        return json_problem(len(before), f"byte 0x{body[error.start]:02x} is not UTF-8")
    except json.JSONDecodeError as error:
        return json_problem(error.pos, error.msg)
    except (ValueError, RecursionError):
        pass  # digits or depth beyond the interpreter's limit: the first parser's words say it
    return json_problem(_position(body, said), said.rpartition(" at line ")[0] or said)


def _position(body: bytes, said: str) -> int:
    """Turn `... at line 2 column 5` (bytes, from 1) into a character of the text."""
    line, _, column = said.rpartition(" at line ")[2].partition(" column ")
    if not (line.isdigit() and column.isdigit()):
        return 0
    lines = body.split(b"\n")
    before = b"\n".join([*lines[: int(line) - 1], lines[int(line) - 1][: max(int(column) - 1, 0)]])
    return len(before.decode("utf-8", "ignore"))
