"""One sentence on an exception that was raised on the way, whether it got out or a handler answered it."""

import re

from inspector.model import Exchange, Failure, Moment, State
from inspector.panels.answer_foreign import say_before
from inspector.panels.answer_routing import (
    say_endpoint,
    say_routing,
    say_shadowed,
    say_taken,
    say_taken_despite_shadow,
    say_text,
)
from inspector.panels.traceback_parts import find_cause, find_place
from inspector.panels.way import Stop, is_foreign

# A problem as FastAPI and miniframework write it into a ResponseValidationError: where, what, and the value.
# The text may be anybody's: what is searched for has a limit, or ends with its line.
_PROBLEM = re.compile(r"'loc': \('response',([^)]{0,500})\), 'msg': '([^']*)'(?:, 'input': (None\b)?)?")
# What Python says up to 3.13, and from 3.14 on.
_NOT_AWAITABLE = ("can't be used in 'await' expression", "object can't be awaited")


def say_failure(exchange: Exchange, stops: tuple[Stop, ...], failure: Failure) -> str:
    """Return which exception was raised where, and how far the request had come."""
    raised = say_exception(failure)
    place = say_place(failure)
    if exchange.state is not State.ERROR and exchange.status is not None:
        taken = say_taken_despite_shadow(stops) if stops else ""
        routed = taken and f" Routing worked: {taken}"
        answered = f"and {say_handler(exchange)} answered {exchange.status}"
        who = _say_who(exchange, stops)
        return f"{exchange.status}: {who} raised {raised}{place and ',' + place}, {answered}.{routed}"
    if (late := _find_late_step(exchange)) is not None:
        return f"{exchange.status}, sent whole; then {late} raised {raised}{place and ',' + place}."
    if _is_sent(exchange):
        begun = f"{exchange.status}, sent whole; then"
    elif exchange.status is not None and exchange.status < 500:
        begun = f"{exchange.status}, then broken off: the response had begun when"
    else:
        begun = f"{exchange.status or 500}:"
    if exchange.status in (None, 500) and (unfit := _say_unfit(failure)) is not None:
        return f"{begun} what {say_endpoint(stops[-1].route if stops else None)} returned {unfit}."
    if (when := _find_when(exchange, stops)) is not None:
        return f"{begun} {raised} was raised{place}, {when}."
    routed = _say_routed(stops)
    asked = _ask_for_await(failure.message)
    return f"{begun} {_say_who(exchange, stops)} raised {raised}{place and ',' + place}.{routed}{asked}"


def say_handler(exchange: Exchange) -> str:
    """Return who answered an exception: a handler of the application, or the framework by itself."""
    names = (moment.label for moment in exchange.timeline if moment.kind == "ExceptionHandled")
    name = next(names, "").partition(": ")[0].rpartition("<locals>.")[2]
    if name:
        return f"the exception handler {name}"
    return "the framework" if has_moment(exchange, "EndpointRaised") else "an exception handler"


def _say_routed(stops: tuple[Stop, ...]) -> str:
    if not stops:
        return ""
    if stops[-1].route is None:
        said = say_routing(stops)
        return f" {said[0].upper()}{said[1:]}"
    return f" Routing worked: {say_taken(stops, 'took')}{say_shadowed(stops)}."


def _say_who(exchange: Exchange, stops: tuple[Stop, ...]) -> str:
    if stops and stops[-1].route is None:
        return "the application"
    endpoint = say_endpoint(stops[-1].route) if stops else "the endpoint"
    if is_foreign(stops):
        if _is_sent(exchange):
            return f"what runs after {endpoint}, a background task or a clean-up,"
        return f"{endpoint}, or {say_before(stops)},"
    raised = find_raising_dependency(exchange)
    return endpoint if raised is None else f"the dependency {raised[0]} of {endpoint}"


def _find_when(exchange: Exchange, stops: tuple[Stop, ...]) -> str | None:
    """Say when it was, where neither the endpoint nor a dependency of it is known to have raised it."""
    is_missed = bool(stops) and stops[-1].route is None
    if is_foreign(stops) or is_missed or find_raising_dependency(exchange) is not None:
        return None
    route = stops[-1].route if stops else None
    if has_moment(exchange, "EndpointFinished"):
        return f"after {say_endpoint(route)} had returned"
    if has_moment(exchange, "EndpointStarted"):
        return None
    return f"before {route.function} ran" if route else "before any route ran"


def _ask_for_await(message: str) -> str:
    """Ask about the mistake that Python's own words for it do not name, "" for any other message."""
    if message.startswith("'coroutine' object"):
        return " Is an await missing?"
    return " Is an await too much?" if message.endswith(_NOT_AWAITABLE) else ""


def _say_unfit(failure: Failure) -> str | None:
    """Say what is wrong with what an endpoint returned, None for an exception that is not about that."""
    name = failure.type.rpartition(".")[2]
    if name == "EncodeError":
        problem = failure.message.partition("; return ")[0]  # the rest says what might be returned instead
        return f"is no answer: {name}: {say_text(problem)}"
    problems = _PROBLEM.findall(failure.message) if name == "ResponseValidationError" else []
    if not problems:
        return None
    (place, said, came), more = problems[0], len(problems) - 1
    path = ".".join(step.strip(" '") for step in place.split(",") if step.strip())
    what = f"{path}: {said[:1].lower()}{said[1:]}" if path else f"{said[:1].lower()}{said[1:]}"
    if not path and came == "None":
        what = "it is None; is a return missing?"
    others = f", and {more} more {'problem' if more == 1 else 'problems'}" if more else ""
    return f"does not fit its response model: {say_text(what)}{others} ({name})"


def say_place(failure: Failure) -> str:
    """Return ` at app.py:12`, "" where it is not known, or that of the cause is told."""
    place = None if find_cause(failure.traceback) else find_place(failure.traceback)
    return f" at {place}" if place else ""


def say_exception(failure: Failure) -> str:
    """Return its class and the first paragraph of what it says, on one line."""
    name = failure.type.rpartition(".")[2]
    said = " ".join(failure.message.strip().partition("\n\n")[0].split())
    said = said if said.endswith("..") else said.removesuffix(".")
    cause = find_cause(failure.traceback)
    because = f", because of {say_text(cause)}" if cause else ""
    return f"{name}: {say_text(said)}{because}" if said else f"{name}{because}"


def find_raising_dependency(exchange: Exchange) -> tuple[str, str] | None:
    """Return the dependency that raised before the endpoint was called, and the class of the exception."""
    told = (moment.label for moment in exchange.timeline if moment.kind == "DependencyRaised")
    name, _, error = next(told, "").partition(": ")
    return (name.rpartition("<locals>.")[2], error.rpartition(".")[2]) if name else None


def _find_late_step(exchange: Exchange) -> str | None:
    """What raised when the response was sent already: a background task, or a dependency's clean-up."""
    is_sent = False
    for moment in exchange.timeline:
        is_sent = is_sent or _ends_response(moment)
        name = moment.label.partition(": ")[0]
        if is_sent and moment.kind == "BackgroundTaskRaised":
            return f"the background task {name.rpartition('.')[2]}"
        if is_sent and moment.kind == "DependencyCleanedUp" and name != moment.label:
            return f"the clean-up of {name.rpartition('.')[2]}"
    return None


def _is_sent(exchange: Exchange) -> bool:
    """Whether the answer was whole, and was not itself that to the exception."""
    return (exchange.status or 500) < 500 and any(map(_ends_response, exchange.timeline))


def _ends_response(moment: Moment) -> bool:
    return moment.kind == "ResponseBodySent" and moment.label == "response complete"


def has_moment(exchange: Exchange, kind: str) -> bool:
    """Whether the timeline holds an event of this kind."""
    return any(moment.kind == kind for moment in exchange.timeline)
