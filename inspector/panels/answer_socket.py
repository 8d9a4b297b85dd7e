"""One sentence on how a WebSocket handshake or connection went."""

from inspector.model import Routing, SocketExchange, State
from inspector.panels.answer_failure import (
    find_raising_dependency,
    has_moment,
    say_exception,
    say_failure,
    say_place,
)
from inspector.panels.answer_mount import STATIC_FILES
from inspector.panels.answer_problems import say_problems
from inspector.panels.answer_routing import (
    say_endpoint,
    say_routing,
    say_shadowed,
    say_taken,
    say_taken_despite_shadow,
    say_way_out_of_shadow,
)
from inspector.panels.known_route import KnownRoute
from inspector.panels.way import Stop


def answer_socket(exchange: SocketExchange, stops: tuple[Stop, ...]) -> str:
    """Return who accepted it, or why it was refused."""
    if exchange.accepted:
        return _say_accepted(exchange, stops)
    status = exchange.status if exchange.status is not None else 403
    if exchange.status is None and exchange.state is State.PENDING:
        return "The handshake is not answered yet."
    if exchange.failure is not None:
        return say_failure(exchange, stops, exchange.failure)
    if exchange.routing in (Routing.NOT_FOUND, Routing.UNKNOWN) and stops:
        if exchange.routing is Routing.UNKNOWN and _is_found(stops):
            return f"{status}: the handshake was refused before any route was tried, by a middleware."
        return f"{status}: {say_routing(stops)}"
    if exchange.problems:
        return f"{status}: {say_problems(exchange, stops, exchange.problems)}"
    return f"{status}: {_say_refused(exchange, stops)}"


def _say_accepted(exchange: SocketExchange, stops: tuple[Stop, ...]) -> str:
    who = f"Accepted by {say_endpoint(stops[-1].route)}: {say_taken(stops, 'took')}" if stops else "Accepted"
    frames = f"{exchange.frame_count} {'frame' if exchange.frame_count == 1 else 'frames'}"
    if exchange.failure is not None:
        place = say_place(exchange.failure)
        end = f"ended by {say_exception(exchange.failure)}{place and ',' + place}"
    elif exchange.closed_by is not None:
        reason = f", “{exchange.close_reason}”" if exchange.close_reason else ""
        end = f"closed by the {exchange.closed_by} with {exchange.close_code}{reason}"
    elif exchange.duration_ns is None:
        end = "still open"
    else:
        end = "ended without a close"
    return f"{who}{say_shadowed(stops)}; {frames}, {end}."


def _say_refused(exchange: SocketExchange, stops: tuple[Stop, ...]) -> str:
    answers = has_moment(exchange, "ResponseStarted")  # with a whole response, as few servers can
    reason = f", “{exchange.close_reason}”" if exchange.close_reason else ""
    code = f"(code {exchange.close_code}{reason})"
    if not stops:
        how = "with a response of its own" if answers else code
        return f"the application refused the handshake {how}."
    last = stops[-1].route
    if last is not None and last.kind == "mount" and not answers:
        return f"{_say_mount(last, code)}{say_way_out_of_shadow(stops)}"
    who = say_endpoint(last)
    if (raised := find_raising_dependency(exchange)) is not None:
        who = f"the dependency {raised[0]} of {who}"
    how = f"closed the connection before accepting it {code}"
    if answers:
        how = "refused the handshake with a response of its own"
    return f"{who} {how}: {say_taken_despite_shadow(stops)}"


def _say_mount(mount: KnownRoute, code: str) -> str:
    if mount.function == STATIC_FILES:
        return f"{mount.label}, took the handshake, and {STATIC_FILES} speaks HTTP only {code}."
    refused = f"what is mounted there refused it {code}: it may not speak WebSocket."
    return f"{mount.label}, took the handshake, and {refused}"


def _is_found(stops: tuple[Stop, ...]) -> bool:
    return stops[-1].route is not None
