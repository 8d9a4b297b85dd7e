"""The events that are one line of the timeline and change nothing else of an exchange."""

from collections.abc import Callable, Mapping
from typing import Any

from inspector.apart import MomentApart, moment
from inspector.recording.facts import Stepped
from inspector.recording.render import cut_text
from miniframework import events
from miniframework.events import Event

# Names of a template's context in a line; a page may be given dozens.
MAX_CONTEXT_CHARACTERS = 200


def find_moment(event: Event, at_ns: int) -> MomentApart | None:
    """Give the line of an event that is one, None for the others."""
    make = _LINES.get(type(event))
    return None if make is None else make(event, at_ns)


def _middleware(event: events.MiddlewareEntered | events.MiddlewareLeft, at_ns: int) -> MomentApart:
    return moment(at_ns, type(event).__name__, event.name, depth=event.depth)


def _dependency(event: events.DependencyResolved, at_ns: int) -> MomentApart:
    label = f"{event.name} (cached)" if event.cached else event.name
    return moment(at_ns, "DependencyResolved", label, took_ns=event.took_ns, depth=event.depth)


def _step(fact: Stepped, at_ns: int) -> MomentApart:
    return moment(at_ns, fact.kind, fact.label, took_ns=fact.took_ns, depth=fact.depth)


def _task_begun(event: events.BackgroundTaskStarted, at_ns: int) -> MomentApart:
    label = f"{event.name} (in a thread)" if event.in_thread else event.name
    return moment(at_ns, "BackgroundTaskStarted", label)


def _returned(event: events.EndpointFinished, at_ns: int) -> MomentApart:
    return moment(at_ns, "EndpointFinished", "returned")


def _template(event: events.TemplateRendered, at_ns: int) -> MomentApart:
    given = cut_text(", ".join(event.context_keys), MAX_CONTEXT_CHARACTERS)
    label = f"{event.name} with {given}" if given else event.name
    return moment(at_ns, "TemplateRendered", label, took_ns=event.took_ns)


def _serialised(event: events.ResponseSerialised, at_ns: int) -> MomentApart:
    label = event.response_class
    return moment(at_ns, "ResponseSerialised", label, size=event.size, took_ns=event.took_ns)


def _task_finished(event: events.BackgroundTaskFinished, at_ns: int) -> MomentApart:
    return moment(at_ns, "BackgroundTaskFinished", event.name, took_ns=event.took_ns)


_LINES: Mapping[type[Event], Callable[[Any, int], MomentApart]] = {
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
