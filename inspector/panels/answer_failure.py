"""One sentence on an exception that was raised on the way, whether it got out or a handler answered it."""

import re
from pathlib import PurePath

from inspector.model import Exchange, Failure, State
from inspector.panels.answer_routing import say_endpoint, say_shadowed, say_taken, say_taken_despite_shadow
from inspector.panels.way import Stop, is_foreign

_FRAME = re.compile(r'^\s*File "([^"]+)", line (\d+)', re.MULTILINE)


def say_failure(exchange: Exchange, stops: tuple[Stop, ...], failure: Failure) -> str:
    """Return which exception was raised where, and how far the request had come."""
    name = failure.type.rpartition(".")[2]
    raised = f"{name}: {failure.message}" if failure.message else name
    frames = _FRAME.findall(failure.traceback)
    place = f" at {PurePath(frames[-1][0]).name}:{frames[-1][1]}" if frames else ""
    if exchange.state is not State.ERROR and exchange.status is not None:
        who = say_endpoint(stops[-1].route) if stops else "the endpoint"
        taken = say_taken_despite_shadow(stops) if stops else ""
        routed = taken and f" Routing worked: {taken}"
        answered = f"and an exception handler answered {exchange.status}"
        return f"{exchange.status}: {who} raised {raised}{place and ',' + place}, {answered}.{routed}"
    if (late := _find_late_step(exchange)) is not None:
        return f"{exchange.status}, sent whole; then {late} raised {raised}{place and ',' + place}."
    if exchange.status is not None and exchange.status < 500:
        begun = f"{exchange.status}, then broken off: the response had begun when"
    else:
        begun = f"{exchange.status or 500}:"
    if not has_moment(exchange, "EndpointStarted") and not is_foreign(stops):
        where = (
            f"before {stops[-1].route.function} ran" if stops and stops[-1].route else "before any route ran"
        )
        return f"{begun} {raised} was raised{place}, {where}."
    who = say_endpoint(stops[-1].route) if stops else "the endpoint"
    if is_foreign(stops):
        who += ", or what stands before it,"
    routed = f" Routing worked: {say_taken(stops, 'took')}{say_shadowed(stops)}." if stops else ""
    return f"{begun} {who} raised {raised}{place and ',' + place}.{routed}"


def _find_late_step(exchange: Exchange) -> str | None:
    """What raised when the response was sent already: a background task, or a dependency's clean-up."""
    is_sent = False
    for moment in exchange.timeline:
        is_sent = is_sent or (moment.kind == "ResponseBodySent" and moment.label == "response complete")
        name = moment.label.partition(": ")[0]
        if is_sent and moment.kind == "BackgroundTaskRaised":
            return f"the background task {name.rpartition('.')[2]}"
        if is_sent and moment.kind == "DependencyCleanedUp" and name != moment.label:
            return f"the clean-up of {name.rpartition('.')[2]}"
    return None


def has_moment(exchange: Exchange, kind: str) -> bool:
    """Whether the timeline holds an event of this kind."""
    return any(moment.kind == kind for moment in exchange.timeline)
