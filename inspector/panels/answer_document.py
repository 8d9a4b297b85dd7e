"""What the document of an answer says by itself: an error's detail, the problems of a 422."""

import html
import json
import re
from http.client import responses
from typing import Any

from inspector.model import HttpExchange
from inspector.readable.headers import find_header

_MAX_DETAIL = 120
# Where frameworks put it: FastAPI, Litestar and REST framework; Sanic; and many applications.
_SAYING = ("detail", "message", "error_description", "error")
# The first paragraph of a page. It may be anybody's: what is searched for has a limit.
_PARAGRAPH = re.compile(r"<p>([^<]{1,500})</p>", re.IGNORECASE)
# A title that is underlined, as Sanic's, and a single line.
_UNDERLINED = re.compile(r"[^\n]{1,200}\n=+\n([^\n]+)")
# The attributes of one, which are what is written of an object that is returned.
_OF_AN_EXCEPTION = {"status_code", "detail", "headers"}


def find_detail(exchange: HttpExchange) -> str | None:
    """Return what an error says of itself: its `detail` as HTTPException writes it, or a text or page of one
    paragraph. None where it only names its status.
    """
    document = _read_answer(exchange)
    found = _find_saying(document) if isinstance(document, dict) else _find_paragraph(exchange)
    detail = " ".join((found or "").split())
    if not detail or detail.lower() == _phrase(exchange.status).lower():
        return None
    return detail if len(detail) <= _MAX_DETAIL else detail[: _MAX_DETAIL - 1] + "…"


def _find_saying(document: dict[str, Any]) -> str | None:
    return next((said for name in _SAYING if isinstance(said := document.get(name), str)), None)


def _find_paragraph(exchange: HttpExchange) -> str | None:
    kind = find_header(exchange.response_headers, "content-type") or ""
    text = exchange.response_body.data.decode("utf-8", "replace").strip()
    if kind.startswith("text/html") and exchange.status != 500:  # that page says the same of everything
        found = _PARAGRAPH.search(text)
        return html.unescape(found[1]) if found else None
    if not kind.startswith("text/plain"):
        return None
    titled = _UNDERLINED.fullmatch(text)
    return titled[1] if titled else None if "\n" in text else text


def _phrase(status: int | None) -> str:
    return responses.get(status or 0, "")


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
