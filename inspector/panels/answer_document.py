"""What the document of an answer says by itself: an error's detail, the problems of a 422."""

import json
from typing import Any

from inspector.model import HttpExchange

_MAX_DETAIL = 120
# The attributes of one, which are what is written of an object that is returned.
_OF_AN_EXCEPTION = {"status_code", "detail", "headers"}


def find_detail(exchange: HttpExchange) -> str | None:
    """Return the `detail` of an error document, as HTTPException writes it."""
    document = _read_answer(exchange)
    detail = document.get("detail") if isinstance(document, dict) else None
    if not isinstance(detail, str):
        return None
    return detail if len(detail) <= _MAX_DETAIL else detail[: _MAX_DETAIL - 1] + "…"


def find_problems(exchange: HttpExchange) -> tuple[dict[str, Any], ...]:
    """Return the problems of a 422 as FastAPI writes them, () for any other document."""
    document = _read_answer(exchange)
    detail = document.get("detail") if isinstance(document, dict) else None
    if exchange.status != 422 or not isinstance(detail, list):
        return ()
    return tuple(detail) if all(map(_is_problem, detail)) else ()


def ask_for_raise(exchange: HttpExchange) -> str:
    """Ask about an answer that has just what an HTTPException has, "" for any other."""
    document = _read_answer(exchange)
    if not isinstance(document, dict) or document.keys() != _OF_AN_EXCEPTION:
        return ""
    return " It looks like an HTTPException that was returned: is a raise missing?"


def _is_problem(problem: object) -> bool:
    match problem:
        case {"loc": [str(), *_], "msg": str(), "type": str(), **rest}:
            return isinstance(rest.get("ctx", {}), dict)
    return False


def _read_answer(exchange: HttpExchange) -> object:
    try:
        return json.loads(exchange.response_body.data)
    except (ValueError, RecursionError):
        return None
