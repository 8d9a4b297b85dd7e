"""The events that are one line of the timeline and change nothing else of an exchange."""

from collections.abc import Callable, Mapping
from typing import Any

from inspector.model import Moment
from inspector.recording.facts import Stepped
from inspector.recording.render import cut_text
from miniframework import events
from miniframework.events import Event

# Names of a template's context in a line; a page may be given dozens.
MAX_CONTEXT_CHARACTERS = 200


def find_moment(event: Event, at_ns: int) -> Moment | None:
    """Give the line of an event that is one, None for the others."""
    make = _LINES.get(type(event))
    return None if make is None else make(event, at_ns)


def _middleware(event: events.MiddlewareEntered | events.MiddlewareLeft, at_ns: int) -> Moment:
    return Moment(at_ns=at_ns, kind=type(event).__name__, label=event.name, depth=event.depth)


def _dependency(event: events.DependencyResolved, at_ns: int) -> Moment:
    label = f"{event.name} (cached)" if event.cached else event.name
    kind = "DependencyResolved"
    return Moment(at_ns=at_ns, kind=kind, label=label, took_ns=event.took_ns, depth=event.depth)


def _step(fact: Stepped, at_ns: int) -> Moment:
    return Moment(at_ns=at_ns, kind=fact.kind, label=fact.label, took_ns=fact.took_ns, depth=fact.depth)


def _task_begun(event: events.BackgroundTaskStarted, at_ns: int) -> Moment:
    label = f"{event.name} (in a thread)" if event.in_thread else event.name
    return Moment(at_ns=at_ns, kind="BackgroundTaskStarted", label=label)


def _returned(event: events.EndpointFinished, at_ns: int) -> Moment:
    return Moment(at_ns=at_ns, kind="EndpointFinished", label="returned")


def _template(event: events.TemplateRendered, at_ns: int) -> Moment:
    given = cut_text(", ".join(event.context_keys), MAX_CONTEXT_CHARACTERS)
    label = f"{event.name} with {given}" if given else event.name
    return Moment(at_ns=at_ns, kind="TemplateRendered", label=label, took_ns=event.took_ns)


def _serialised(event: events.ResponseSerialised, at_ns: int) -> Moment:
    label, kind = event.response_class, "ResponseSerialised"
    return Moment(at_ns=at_ns, kind=kind, label=label, size=event.size, took_ns=event.took_ns)


def _task_finished(event: events.BackgroundTaskFinished, at_ns: int) -> Moment:
    return Moment(at_ns=at_ns, kind="BackgroundTaskFinished", label=event.name, took_ns=event.took_ns)


_LINES: Mapping[type[Event], Callable[[Any, int], Moment]] = {
    events.MiddlewareEntered: _middleware,
    events.MiddlewareLeft: _middleware,
    events.DependencyResolved: _dependency,
    Stepped: _step,
    events.EndpointFinished: _returned,
    events.TemplateRendered: _template,
    events.ResponseSerialised: _serialised,
    events.BackgroundTaskStarted: _task_begun,
    events.BackgroundTaskFinished: _task_finished,
}
