"""How the API answers: JSON, and every error in one shape that says what is wrong and what helps."""

import logging
from typing import Any

from inspector.errors import InspectorError, JournalError, JournalReadOnlyError
from inspector.streaming.messages import to_json
from miniframework import HTTPException, Request, RequestValidationError, Response

_LOG = logging.getLogger("inspector")


class ApiError(InspectorError):
    """A request the API cannot answer: an HTTP status, a code for the page, and words for people."""

    def __init__(self, status: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint


def answer_json(value: Any, status: int = 200) -> Response:
    """Return a value as JSON; what was recorded may hold text that has no UTF-8, which is escaped."""
    return Response(to_json(value).encode(), status, media_type="application/json")


def error_json(code: str, message: str, hint: str = "") -> dict[str, dict[str, str]]:
    """Return the body of every error the dashboard answers."""
    return {"error": {"code": code, "message": message, "hint": hint}}


async def answer_api_error(request: Request, error: ApiError) -> Response:
    """Answer what an endpoint refused."""
    return answer_json(error_json(error.code, error.message, error.hint), error.status)


async def answer_validation_error(request: Request, error: RequestValidationError) -> Response:
    """Answer a body or parameter of the wrong shape."""
    return answer_json(error_json("bad_parameter", str(error)), 422)


async def answer_journal_error(request: Request, error: JournalError) -> Response:
    """Answer while the journal cannot be read; the message names its file and the way out."""
    _LOG.warning("the dashboard could not read the journal: %s", error)
    return answer_json(error_json("journal", str(error)), 503)


async def answer_read_only(request: Request, error: JournalReadOnlyError) -> Response:
    """Answer a write to a recording that is only looked at."""
    return answer_json(error_json("read_only", str(error), "Copy the file to keep a version of it."), 409)


async def answer_http_exception(request: Request, error: HTTPException) -> Response:
    """Answer what the framework itself refuses: an unknown path, a wrong method."""
    response = answer_json(error_json(f"http_{error.status_code}", str(error.detail)), error.status_code)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def parse_number(request: Request, name: str, default: int, *, at_most: int) -> int:
    """Return a whole number from the query. Raises ApiError for what is none; more than `at_most` is cut."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # as many digits as SQLite's integers hold
        raise ApiError(400, "bad_parameter", f"{name} is {text[:40]!r}, not a whole number of 0 or more")
    return min(int(text), at_most)


def require_text(request: Request, name: str) -> str:
    """Return a parameter of the query. Raises ApiError when it is missing."""
    text = request.query_params.get(name)
    if text is None:
        raise ApiError(400, "missing_parameter", f"the query has no {name}", f"Add ?{name}=…")
    return text
