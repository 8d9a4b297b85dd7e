"""What can be said of a request that another framework routed: it tells nobody which of its steps ran."""

from inspector.model import HttpExchange
from inspector.panels.answer_document import find_detail
from inspector.panels.answer_routing import say_endpoint, say_routing
from inspector.panels.sent_allow import sent_allow
from inspector.panels.way import Stop, name_framework

# What each framework calls that which may answer in the place of the endpoint.
_BEFORE = {
    "BlackSheep": "a binder or middleware",
    "Django": "a middleware or decorator",
    "Falcon": "a hook or middleware",
    "Flask": "a before_request function",
    "Litestar": "a guard, dependency or middleware",
    "Quart": "a before_request function",
    "Sanic": "a middleware",
    "Starlette": "a middleware",
}
# Which answer OPTIONS for an endpoint.
_ANSWER_OPTIONS = ("Django", "Falcon", "Flask", "Litestar", "Quart")
# Whose routers leave a mark in the scope of every request that reaches them: one without it was not routed.
_LEAVE_A_MARK = ("FastAPI", "Litestar", "Starlette")
# Which call functions of the user's before they answer that no route was found.
_ASK_FUNCTIONS_FIRST = ("Flask", "Quart")
# Their servers see every exception: what these do not handle themselves leaves the application.
_LET_EXCEPTIONS_OUT = ("FastAPI", "Starlette")


def say_before(stops: tuple[Stop, ...]) -> str:
    """Return what else than the endpoint may have answered: `a guard, dependency or middleware before it`."""
    return f"{_BEFORE.get(name_framework(stops), 'a dependency or middleware')} before it"


def say_refused_by(exchange: HttpExchange, stops: tuple[Stop, ...], status: int) -> str:
    """Return who may have answered an error, in whose words, and the methods that a 405 of it allows."""
    detail = find_detail(exchange)
    quoted = f", “{detail}”" if detail else ""
    allow = sent_allow(exchange) if status == 405 else None
    allowed = f"; it allows {', '.join(sorted(allow))}" if allow else ""
    return f"{status} from {say_endpoint(stops[-1].route)} or {say_before(stops)}{quoted}{allowed}"


def say_log(stops: tuple[Stop, ...], status: int | None) -> str:
    """Return where an exception is to be found that the framework kept to itself; "" for another status."""
    name = name_framework(stops)
    if status != 500 or not name or name in _LET_EXCEPTIONS_OUT:
        return ""
    return f" An exception behind it is in the log of the application: {name} does not pass it on."


def say_missed(stops: tuple[Stop, ...], status: int) -> str:
    """Return why no route takes what something else than a route answered, and what that may have been."""
    missed, name = f"{status}: {say_routing(stops)}", name_framework(stops)
    if name in _LEAVE_A_MARK and len(stops) == 1:
        return (
            f"{missed} But {name}'s router was not asked, as far as the scope shows: a middleware answered"
            " before any route was tried."
        )
    early = "a middleware or before_request function" if name in _ASK_FUNCTIONS_FIRST else "a middleware"
    return f"{missed} What answered {status} is not known: {early} before it, or an error handler behind it."


def say_answering(exchange: HttpExchange, stops: tuple[Stop, ...]) -> str:
    """Return who answered: the endpoint, or for OPTIONS perhaps the framework in its place."""
    endpoint, name = say_endpoint(stops[-1].route), name_framework(stops)
    if exchange.scope.method == "OPTIONS" and name in _ANSWER_OPTIONS and sent_allow(exchange) is not None:
        return f"{endpoint}, or {name} in its place,"
    return endpoint
