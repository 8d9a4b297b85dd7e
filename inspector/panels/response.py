"""The answer as it went out: status, headers, body, and the exception behind it."""

from http import HTTPStatus
from typing import Any

from inspector.model import Exchange, Failure
from inspector.panels.body import body_view
from inspector.panels.traceback_parts import traceback_view


def response_panel(exchange: Exchange) -> dict[str, Any]:
    """Return the view; `reason` is the status code's usual phrase, which HTTP/2 no longer sends."""
    return {
        "status": exchange.status,
        "reason": find_reason(exchange.status),
        "headers": [list(header) for header in exchange.response_headers],
        "cookies": [value for name, value in exchange.response_headers if name.lower() == "set-cookie"],
        "allow": list(exchange.allow),
        "location": exchange.location,
        "body": body_view(exchange.response_body, exchange.response_headers),
        "error": None if exchange.failure is None else _error_view(exchange.failure),
    }


def find_reason(status: int | None) -> str | None:
    """Return the phrase of a status code, None for one that is not registered."""
    try:
        return None if status is None else HTTPStatus(status).phrase
    except ValueError:
        return None


def _error_view(failure: Failure) -> dict[str, Any]:
    return {
        "type": failure.type,
        "message": failure.message,
        "traceback": failure.traceback,
        "parts": traceback_view(failure.traceback),
    }
