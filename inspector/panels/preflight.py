"""One sentence on a CORS preflight that a middleware answered: the browser asks before it sends a request.

Source: Fetch standard, CORS-preflight fetch.
"""

from inspector.model import HttpExchange
from inspector.panels.answer_routing import say_text
from inspector.readable.headers import find_header

_MAX_REASON = 120


def say_preflight(exchange: HttpExchange, who: str) -> str | None:
    """Return what `who` answered to a preflight; None where the request is none, or carries no leave."""
    asking = _find_asking(exchange)
    if asking is None:
        return None
    origin, method = asking
    asked = (
        f"a CORS preflight, with which a browser asks whether {say_text(origin)} may send {say_text(method)}"
    )
    status = exchange.status or 0
    if status >= 400:
        return f"{asked}. {_capital(who)} refuses it{_say_reason(exchange)}: what it allows must name them."
    if _find_leave(exchange) is None:
        return None
    return f"{asked}. {_capital(who)} allows it; the request itself comes next."


def ask_for_leave(exchange: HttpExchange) -> str:
    """Return what a good answer to a preflight lacks, "" where it lacks nothing or the request is none."""
    if _find_asking(exchange) is None or _find_leave(exchange) is not None:
        return ""
    return (
        " It is a CORS preflight, and this answer allows nothing, for it has no access-control-allow-origin:"
        " add a CORS middleware."
    )


def _find_asking(exchange: HttpExchange) -> tuple[str, str] | None:
    headers = exchange.scope.headers
    origin = find_header(headers, "origin")
    method = find_header(headers, "access-control-request-method")
    if exchange.scope.method != "OPTIONS" or origin is None or method is None:
        return None
    return origin, method


def _find_leave(exchange: HttpExchange) -> str | None:
    return find_header(exchange.response_headers, "access-control-allow-origin")


def _say_reason(exchange: HttpExchange) -> str:
    """The text of the answer where it is a short one: “Disallowed CORS origin”."""
    kind = find_header(exchange.response_headers, "content-type") or ""
    text = exchange.response_body.data.decode("utf-8", "replace").strip()
    return f" with “{text}”" if kind.startswith("text/plain") and 0 < len(text) <= _MAX_REASON else ""


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
