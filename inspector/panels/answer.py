"""The answer decoder: one plain sentence on why a request got the answer it got."""

from inspector.model import Exchange, HttpExchange, Routing, SocketExchange, State
from inspector.panels.answer_document import ask_for_raise, find_detail, find_problems
from inspector.panels.answer_failure import (
    find_raising_dependency,
    has_moment,
    say_failure,
    say_handler,
)
from inspector.panels.answer_foreign import say_answering, say_log, say_missed, say_refused_by
from inspector.panels.answer_host import Around, say_host
from inspector.panels.answer_mount import answer_mount
from inspector.panels.answer_otherwise import answer_otherwise
from inspector.panels.answer_problems import say_problems
from inspector.panels.answer_refused import (
    say_method_not_allowed,
    say_not_found,
    say_redirect,
)
from inspector.panels.answer_routing import (
    answer_routing,
    say_endpoint,
    say_found,
    say_never_asked,
    say_shadowed,
    say_taken,
    say_taken_despite_shadow,
    say_text,
)
from inspector.panels.answer_socket import answer_socket
from inspector.panels.known_route import Snapshot
from inspector.panels.preflight import ask_for_leave, say_preflight
from inspector.panels.validation_gap import learn_types
from inspector.panels.way import Stop, follow_way, is_foreign
from inspector.readable.headers import find_header
from miniframework.routing.explanation import Explanation


def answer_exchange(
    exchange: Exchange,
    explanation: Explanation | None,
    table: Snapshot | None,
    around: Around | None = None,
) -> str:
    """Return the sentence for a recorded exchange.

    `explanation` is what the table that answered it says to its path, None when that table is not known;
    `around` is the application around it, where it is the table of a host.
    """
    said = _say_exchange(exchange, explanation, table)
    return said if around is None else said + say_host(exchange, around)


def _say_exchange(exchange: Exchange, explanation: Explanation | None, table: Snapshot | None) -> str:
    explained = follow_way(explanation, table) if explanation else ()
    stops = _recorded_way(exchange, explained)
    if isinstance(exchange, SocketExchange):
        return answer_socket(exchange, stops)
    if exchange.failure is not None:
        return say_failure(exchange, stops, exchange.failure)
    if exchange.status is None:
        return _say_unanswered(exchange, stops) + _say_stopped(exchange)
    if explained and not stops:
        return answer_otherwise(exchange, table, exchange.status)
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
    if not stops:
        return ()
    is_taken = stops[-1].route is not None
    if exchange.routing is Routing.MATCHED:
        first = exchange.steps[0].index if exchange.steps else None
        return stops if is_taken and first in (None, stops[0].explanation.winner) else ()
    return () if exchange.routing is Routing.NOT_FOUND and is_taken else stops


def _say_answered(exchange: HttpExchange, stops: tuple[Stop, ...], status: int) -> str:
    match exchange.routing:
        case Routing.NOT_FOUND if stops:
            return say_not_found(exchange, stops, status)
        case Routing.METHOD_NOT_ALLOWED if stops:
            return say_method_not_allowed(exchange, stops, status)
        case Routing.REDIRECT if stops:
            return say_redirect(exchange, stops, status)
        case Routing.MATCHED if exchange.problems:
            return f"{status}: {say_problems(exchange, stops, exchange.problems)}"
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
    if (preflight := say_preflight(exchange, who)) is not None:
        return f"{status}: {preflight}"
    if is_foreign(stops) and stops[-1].route is None:
        return say_missed(stops, status)
    without = f" Without it: {answer_routing(stops[0].explanation, stops[0].table)}" if stops else ""
    return f"{status}: answered by {who} before any route was tried.{without}"


def _say_matched(exchange: HttpExchange, stops: tuple[Stop, ...], status: int) -> str:
    last = stops[-1].route
    if last is not None and last.kind == "mount":
        return answer_mount(exchange, stops, last, status)
    if status < 400:
        return _say_good(exchange, stops, status)
    detail = find_detail(exchange)
    quoted = f", “{detail}”" if detail else ""
    routed = say_taken_despite_shadow(stops)
    if has_moment(exchange, "EndpointStarted"):
        who = f"{status} from inside {say_endpoint(last)}"
        return f"{who}: routing worked, the handler itself answered {status}{quoted}; {routed}"
    if is_foreign(stops):
        if problems := find_problems(exchange):
            said = say_problems(exchange, learn_types(stops, problems), problems)
            return f"{status} before {say_endpoint(last)} ran, as the answer says: {said}"
        return f"{say_refused_by(exchange, stops, status)}; {routed}{say_log(stops, status)}"
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
    if (preflight := say_preflight(exchange, f"the endpoint {say_endpoint(stops[-1].route)}")) is not None:
        return f"{status}: {preflight}"
    routed = say_taken(stops, "took")
    asked = ask_for_raise(exchange) + ask_for_leave(exchange)
    sent_to = find_header(exchange.response_headers, "location")
    done = f"sends the client to {say_text(sent_to)}" if sent_to and 300 <= status < 400 else "answered"
    if exchange.state is State.DISCONNECTED and exchange.replay is None:
        done += ", and the client left before it had ended"
    if exchange.state is State.ERROR:  # an exception that was seen is told by itself
        done = "began its answer and returned without ending it"
        asked += say_log(stops, 500)
    shadowed = f"{say_shadowed(stops)}.{say_never_asked(stops)}"
    return f"{status}: {say_answering(exchange, stops)} {done}; {routed}{shadowed}{asked}"


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
