"""One sentence on a request that routing itself refused or redirected."""

from inspector.model import HttpExchange
from inspector.panels.answer_failure import has_moment, say_handler
from inspector.panels.answer_routing import say_routing, say_taken
from inspector.panels.hints import find_path_hint, find_preflight_hint
from inspector.panels.nearest import find_other_protocol
from inspector.panels.sent_allow import sent_allow
from inspector.panels.way import Stop
from miniframework.routing.match import MatchOutcome


def say_not_found(exchange: HttpExchange, stops: tuple[Stop, ...], status: int) -> str:
    """Return why no route took it, and what is odd about the path itself."""
    # A plain route is found with and without the application's own root path in front.
    hint = find_path_hint(exchange.scope, stops[0].table if len(stops) > 1 else None)
    return f"{status}: {say_routing(stops)}{f' {hint}' if hint else ''}{_say_made(exchange, stops, 404)}"


def say_method_not_allowed(exchange: HttpExchange, stops: tuple[Stop, ...], status: int) -> str:
    """Return which methods the path has, and where the Allow header says otherwise."""
    last = stops[-1].explanation
    hints = _say_made(exchange, stops, 405)
    if exchange.scope.method == "OPTIONS":
        hints += f" {find_preflight_hint(exchange.scope.headers)}"
    if exchange.scope.method == "HEAD" and "GET" in last.allow:
        hints += " A route for GET does not answer HEAD in this framework: it must name both."
    sent, true = sent_allow(exchange), frozenset(method.upper() for method in last.allow)
    if sent is not None and sent != true and not find_other_protocol(last, stops[-1].table):
        said = ", ".join(sorted(sent)) or "nothing"
        hints += f" The Allow header sent says {said}; the routes say {', '.join(last.allow)}."
    return f"{status}: {say_routing(stops)}{hints}"


def say_redirect(exchange: HttpExchange, stops: tuple[Stop, ...], status: int) -> str:
    """Return where the client is sent, and what the round trip costs."""
    location = exchange.location or stops[-1].explanation.location
    if stops[-1].explanation.outcome is MatchOutcome.FOUND:
        said = f"{say_taken(stops, 'would take')}, but its router sends the client to {location}."
    else:
        said = say_routing(stops)
    if not 300 <= status < 400:
        return f"{status}: {said} A middleware on the way back made {status} of that."
    if exchange.scope.method in ("GET", "HEAD"):
        return f"{status}: {said} Call {location} directly to save the round trip."
    advice = f" The client must send {exchange.scope.method} and its body again, and some drop Authorization"
    return f"{status}: {said}{advice} on the way: call {location} directly."


def _say_made(exchange: HttpExchange, stops: tuple[Stop, ...], usual: int) -> str:
    """Return who made another status of what the router says, "" where it is the usual one."""
    status = exchange.status
    if status == usual:
        return ""
    if has_moment(exchange, "ExceptionHandled"):
        return f" {_capital(say_handler(exchange))} made {status} of its {usual}."
    if find_other_protocol(
        stops[-1].explanation, stops[-1].table
    ):  # some have a status of their own for that
        return f" The answer is {status} in the place of {usual}: an error handler's, or the framework's own."
    return f" An error handler, or a middleware on the way back, made {status} of its {usual}."


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
