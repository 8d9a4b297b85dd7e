"""The answer decoder: one plain sentence on why a request got the answer it got."""

import json

from inspector.model import Exchange, HttpExchange, Routing, SocketExchange, State
from inspector.panels.answer_failure import (
    find_raising_dependency,
    has_moment,
    say_failure,
    say_handler,
)
from inspector.panels.answer_problems import say_problems
from inspector.panels.answer_routing import (
    answer_routing,
    say_endpoint,
    say_found,
    say_routing,
    say_shadowed,
    say_taken,
    say_taken_despite_shadow,
    say_text,
    say_way_out_of_shadow,
)
from inspector.panels.answer_socket import answer_socket
from inspector.panels.hints import find_path_hint, find_preflight_hint
from inspector.panels.known_route import Snapshot
from inspector.panels.way import Stop, follow_way, is_foreign
from miniframework.routing.explanation import Explanation

_MAX_DETAIL = 120
# The attributes of one, which are what is written of an object that is returned.
_OF_AN_EXCEPTION = {"status_code", "detail", "headers"}


def answer_exchange(exchange: Exchange, explanation: Explanation | None, table: Snapshot | None) -> str:
    """Return the sentence for a recorded exchange.

    `explanation` is what the table that answered it says to its path, None when that table is not known.
    """
    stops = _recorded_way(exchange, follow_way(explanation, table) if explanation else ())
    if isinstance(exchange, SocketExchange):
        return answer_socket(exchange, stops)
    if exchange.failure is not None:
        return say_failure(exchange, stops, exchange.failure)
    if exchange.status is None:
        return _say_unanswered(exchange, stops) + _say_stopped(exchange)
    return _say_answered(exchange, stops, exchange.status) + _say_rewritten(exchange) + _say_stopped(exchange)


def _say_stopped(exchange: HttpExchange) -> str:
    """Return what ends a replay early: nobody else leaves or cancels it."""
    if exchange.replay is None or exchange.state not in (State.DISCONNECTED, State.CANCELLED):
        return ""
    return " The replay was stopped: it had not ended within its time or size."


def _say_rewritten(exchange: HttpExchange) -> str:
    """Return which path the routes were asked for, where a middleware is known to have changed it."""
    path, root = exchange.scope.path, exchange.scope.root_path.rstrip("/")
    asked = exchange.steps[0].path if exchange.steps else path
    changes = [moment.label for moment in exchange.timeline if moment.kind == "ScopeChanged"]
    if asked in (path, path.removeprefix(root) or "/") or not any("path" in label for label in changes):
        return ""
    return f" The routes were asked for {say_text(asked)}: a middleware had changed the path."


def _recorded_way(exchange: Exchange, stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
    """Drop what the explanation says beyond the record: then something else routed, not these tables."""
    disagrees = exchange.routing is Routing.MATCHED and stops and stops[-1].route is None
    return () if disagrees else stops


def _say_answered(exchange: HttpExchange, stops: tuple[Stop, ...], status: int) -> str:
    match exchange.routing:
        case Routing.NOT_FOUND if stops and status == 404:
            return _say_not_found(exchange, stops)
        case Routing.METHOD_NOT_ALLOWED if stops and status == 405:
            return _say_method_not_allowed(exchange, stops)
        case Routing.REDIRECT if stops:
            return _say_redirect(exchange, stops, status)
        case Routing.MATCHED if exchange.problems:
            return f"{status}: {say_problems(exchange, stops)}"
        case Routing.MATCHED if stops:
            return _say_matched(exchange, stops, status)
        case Routing.UNKNOWN:
            return _say_unrouted(exchange, stops, status)
        case _:
            return f"{status}: the table that answered it is no longer known."


def _say_unrouted(exchange: HttpExchange, stops: tuple[Stop, ...], status: int) -> str:
    entered = [moment.label for moment in exchange.timeline if moment.kind == "MiddlewareEntered"]
    if not entered and not stops:
        return f"{status}: answered by the application; how it routes cannot be seen here."
    who = f"the middleware {entered[-1].rpartition('.')[2]}" if entered else "a middleware"
    without = f" Without it: {answer_routing(stops[0].explanation, stops[0].table)}" if stops else ""
    return f"{status}: answered by {who} before any route was tried.{without}"


def _say_not_found(exchange: HttpExchange, stops: tuple[Stop, ...]) -> str:
    hint = find_path_hint(exchange.scope)
    return f"404: {say_routing(stops)}{f' {hint}' if hint else ''}"


def _say_method_not_allowed(exchange: HttpExchange, stops: tuple[Stop, ...]) -> str:
    hints = ""
    if exchange.scope.method == "OPTIONS":
        hints += f" {find_preflight_hint(exchange.scope.headers)}"
    sent = _sent_allow(exchange)
    true = stops[-1].explanation.allow
    if sent is not None and sent != frozenset(true):
        said = ", ".join(sorted(sent)) or "nothing"
        hints += f" The Allow header sent says {said}; the routes say {', '.join(true)}."
    return f"405: {say_routing(stops)}{hints}"


def _sent_allow(exchange: HttpExchange) -> frozenset[str] | None:
    values = [value for name, value in exchange.response_headers if name.lower() == "allow"]
    if not values:
        return None
    return frozenset(
        method.strip().upper() for value in values for method in value.split(",") if method.strip()
    )


def _say_redirect(exchange: HttpExchange, stops: tuple[Stop, ...], status: int) -> str:
    location = exchange.location or stops[-1].explanation.location
    advice = f" Call {location} directly to save the round trip."
    if exchange.scope.method not in ("GET", "HEAD"):
        advice = (
            f" The client must send {exchange.scope.method} and its body again, and some drop Authorization"
        )
        advice += f" on the way: call {location} directly."
    return f"{status}: {say_routing(stops)}{advice}"


def _say_matched(exchange: HttpExchange, stops: tuple[Stop, ...], status: int) -> str:
    last = stops[-1].route
    if last is not None and last.kind == "mount":
        return (
            f"{status} from inside {last.label}: it took the request, and what is mounted there answered;"
            f" its routes are not known here.{say_way_out_of_shadow(stops)}"
        )
    if status < 400:
        return _say_good(exchange, stops, status)
    detail = _find_detail(exchange)
    quoted = f", “{detail}”" if detail else ""
    routed = say_taken_despite_shadow(stops)
    if has_moment(exchange, "EndpointStarted"):
        who = f"{status} from inside {say_endpoint(last)}"
        return f"{who}: routing worked, the handler itself answered {status}{quoted}; {routed}"
    if is_foreign(stops):
        return f"{status} from {say_endpoint(last)} or from what stands before it{quoted}; {routed}"
    who = f"{status} before {say_endpoint(last)} ran"
    return f"{who}: routing worked, {_say_refusing(exchange)} answered{quoted}; {routed}"


def _say_refusing(exchange: HttpExchange) -> str:
    raised = find_raising_dependency(exchange)
    if raised is None:
        return "a dependency or middleware"
    name, error = raised
    if error == "HTTPException":
        return f"the dependency {name}"
    return f"the dependency {name} raised {error}, which {say_handler(exchange)}"


def _say_good(exchange: HttpExchange, stops: tuple[Stop, ...], status: int) -> str:
    if exchange.state is State.STREAMING:
        return f"{status}, still streaming: {say_found(stops)}"
    routed = say_taken(stops, "took")
    asked = _ask_for_raise(exchange)
    return f"{status}: {say_endpoint(stops[-1].route)} answered; {routed}{say_shadowed(stops)}.{asked}"


def _ask_for_raise(exchange: HttpExchange) -> str:
    """Ask about an answer that has just what an HTTPException has, "" for any other."""
    document = _read_answer(exchange)
    if not isinstance(document, dict) or document.keys() != _OF_AN_EXCEPTION:
        return ""
    return " It looks like an HTTPException that was returned: is a raise missing?"


def _find_detail(exchange: HttpExchange) -> str | None:
    """Return the `detail` of an error document, as HTTPException writes it or a 422 of FastAPI."""
    document = _read_answer(exchange)
    detail = document.get("detail") if isinstance(document, dict) else None
    if isinstance(detail, list) and detail:
        detail = _say_problem(detail[0])
    if not isinstance(detail, str):
        return None
    return detail if len(detail) <= _MAX_DETAIL else detail[: _MAX_DETAIL - 1] + "…"


def _read_answer(exchange: HttpExchange) -> object:
    try:
        return json.loads(exchange.response_body.data)
    except (ValueError, RecursionError):
        return None


def _say_problem(problem: object) -> str | None:
    """Return the first problem of a 422 as FastAPI writes it: `path.user_id: Input should be …`."""
    match problem:
        case {"loc": [*place], "msg": str(message)}:
            return f"{'.'.join(map(str, place))}: {message}"
    return None


def _say_unanswered(exchange: HttpExchange, stops: tuple[Stop, ...]) -> str:
    routed = f" {answer_routing(stops[0].explanation, stops[0].table)}" if stops else ""
    match exchange.state:
        case State.PENDING | State.STREAMING:
            return f"Not answered yet.{routed}"
        case State.CANCELLED:
            return f"No answer: the server cancelled the request before the application had answered.{routed}"
        case State.DISCONNECTED:
            return f"No answer: the client left before the application had answered.{routed}"
        case State.LOST:
            return f"No answer: the process that served it ended before it had answered.{routed}"
        case _:
            return f"No answer: the application returned without sending a response.{routed}"
