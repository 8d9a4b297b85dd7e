"""What can be said of a request that another framework routed: it tells nobody which of its steps ran."""

from inspector.model import HttpExchange
from inspector.panels.answer_document import find_detail
from inspector.panels.answer_routing import say_endpoint
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
_ANSWER_OPTIONS = ("Django", "Flask", "Quart")
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


def say_answering(exchange: HttpExchange, stops: tuple[Stop, ...]) -> str:
    """Return who answered: the endpoint, or for OPTIONS perhaps the framework in its place."""
    endpoint, name = say_endpoint(stops[-1].route), name_framework(stops)
    if exchange.scope.method == "OPTIONS" and name in _ANSWER_OPTIONS and sent_allow(exchange) is not None:
        return f"{endpoint}, or {name} in its place,"
    return endpoint
