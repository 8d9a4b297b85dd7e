"""The notes that almost every exchange consists of, read straight into its draft.

All others become events first. What is read here and what the events of the same note say is the same: one
function does it for both.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from inspector.apart import Names, ParameterApart, ScopeApart, StepApart, WorkerApart, moment
from inspector.model import Routing
from inspector.recording.capture import render_parameter
from inspector.recording.draft import Draft
from inspector.recording.foreign import lent
from inspector.recording.limits import RecordingLimits
from inspector.recording.pending import Flow, tally
from inspector.recording.scope import read_headers
from inspector.recording.steps import ROUTING, route_step
from miniframework.events import Event
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable
from miniframework.telling import notes
from miniframework.telling.notes import Describe, Reader

_MATCHED = Routing.MATCHED.value
_ARRIVED = moment(0, "RequestStarted", "request arrived")


def open_draft(
    of: str, worker: WorkerApart, scope: ScopeApart, limits: RecordingLimits, started: tuple[int, int]
) -> Draft:
    """The request reached the application, at this moment of the monotonic and of the wall clock."""
    draft = Draft(of, worker, scope, limits, started[0])
    draft.started_unix_ns = started[1]
    draft.timeline.items.append(_ARRIVED)
    return draft


def add_route(
    draft: Draft,
    at_ns: int,
    table: RouteTable,
    index: int,
    entry: Entry,
    path: str,
    raw_params: tuple[tuple[str, str], ...],
    took_ns: int,
) -> None:
    """A table found who takes the request."""
    draft.tables.append(table)
    add_step(draft, at_ns, route_step(table, index, entry, path, raw_params, took_ns))


def add_step(draft: Draft, at_ns: int, step: StepApart) -> None:
    """A table found who takes the request, as its step says."""
    draft.steps.append(step)
    draft.routing = _MATCHED
    draft.timeline.items.append((at_ns, "RouteMatched", step[2] or "/", None, None, None, 0))


def add_miss(
    draft: Draft,
    at_ns: int,
    outcome: str,
    step: StepApart,
    allow: Names,
    location: str | None,
) -> None:
    """A table let the request go, and said this instead."""
    draft.steps.append(step)
    draft.routing, draft.allow, draft.location = ROUTING[outcome], allow, location
    draft.timeline.items.append((at_ns, "RouteMissed", outcome, None, None, None, 0))


def add_routing(
    draft: Draft,
    routing: str,
    steps: Iterable[StepApart],
    allow: Names,
    location: str | None,
    parameters: tuple[ParameterApart, ...],
) -> None:
    """What another framework's router did; no line of the timeline, for when it decided is not known."""
    draft.routing, draft.steps = routing, list(steps)
    draft.allow, draft.location, draft.parameters = allow, location, parameters


def add_start(draft: Draft, at_ns: int, status: int, headers: Iterable[Any]) -> None:
    """The application sent its status and headers."""
    draft.status = status
    draft.response_headers = read_headers(headers)
    draft.timeline.items.append((at_ns, "ResponseStarted", str(status), None, None, None, 0))
    kind = draft.response_type("start")
    draft.messages.items.append((at_ns, kind, kind, "send", None, None, 0))


def add_call(draft: Draft, at_ns: int, name: str, in_thread: bool) -> None:
    """The user's function is about to be called."""
    label = f"{name} (in a thread)" if in_thread else name
    draft.timeline.items.append((at_ns, "EndpointStarted", label, None, None, None, 0))


def add_end(draft: Draft, at_ns: int) -> None:
    """The application returned."""
    draft.ended_ns = at_ns
    draft.timeline.items.append((at_ns, "RequestFinished", "the application returned", None, None, None, 0))


def _matched(
    draft: Draft,
    at_ns: int,
    asked_ns: int,
    table: RouteTable,
    path: str,
    index: int,
    entry: Entry,
) -> None:
    params = tuple(notes.raw_params_of(entry, path).items())
    add_route(draft, draft.since(at_ns), table, index, entry, path, params, at_ns - asked_ns)


def _bound(draft: Draft, at_ns: int, describe: Describe, *taken: object) -> None:
    limit = draft.limits.value_characters
    parameters = tuple([render_parameter(limit, *values) for values in describe(*taken)])
    draft.add_parameters(parameters, draft.since(at_ns))


def _bound_and_called(
    draft: Draft, at_ns: int, name: str, in_thread: bool, describe: Describe, *taken: object
) -> None:
    _bound(draft, at_ns, describe, *taken)
    add_call(draft, draft.since(at_ns), name, in_thread)


def _called(draft: Draft, at_ns: int, name: str, in_thread: bool) -> None:
    add_call(draft, draft.since(at_ns), name, in_thread)


def _answered(draft: Draft, at_ns: int, returned_ns: int, made_as: str, size: int) -> None:
    since, took_ns = draft.since, at_ns - returned_ns
    draft.timeline.items += (
        (since(returned_ns), "EndpointFinished", "returned", None, None, None, 0),
        (since(at_ns), "ResponseSerialised", made_as, None, size, took_ns, 0),
    )


def _response_started(draft: Draft, at_ns: int, status: int, headers: Iterable[Any]) -> None:
    add_start(draft, draft.since(at_ns), status, headers)


def _body_received(draft: Draft, at_ns: int, body: bytes) -> None:
    draft.add_body("request", body, len(body), more=False, at_ns=draft.since(at_ns))


def _body_sent(draft: Draft, at_ns: int, body: bytes) -> None:
    draft.add_body("response", body, len(body), more=False, at_ns=draft.since(at_ns))


def _sent(draft: Draft, at_ns: int, status: int, headers: Iterable[Any], body: bytes) -> None:
    since = draft.since(at_ns)
    add_start(draft, since, status, headers)
    draft.add_body("response", body, len(body), more=False, at_ns=since)


def _answered_and_sent(
    draft: Draft,
    at_ns: int,
    made_ns: int,
    returned_ns: int,
    status: int,
    headers: Iterable[Any],
    size: int,
    body: bytes,
) -> None:
    _answered(draft, made_ns, returned_ns, "JSONResponse", size)
    _sent(draft, at_ns, status, headers, body)


def _finished(draft: Draft, at_ns: int) -> None:
    add_end(draft, draft.since(at_ns))


def tallied(of: str, flow: Flow, spent_ns: int) -> Iterable[Event]:
    """All but the end of it was taken: what that cost, and how much was only counted."""
    return (tally(of, flow, spent_ns),)


def _lent(draft: Draft, at_ns: int, scope: object) -> None:
    """Only who reads the routing looks at it."""


def _tallied(draft: Draft, flow: Flow, spent_ns: int) -> None:
    draft.count(flow.missed, flow.missed_request_bytes, flow.missed_response_bytes, spent_ns)


READERS: Mapping[Reader, Callable[..., None]] = {
    notes.matched: _matched,
    notes.bound: _bound,
    notes.bound_and_called: _bound_and_called,
    notes.called: _called,
    notes.answered: _answered,
    notes.answered_and_sent: _answered_and_sent,
    notes.response_started: _response_started,
    notes.body_received: _body_received,
    notes.body_sent: _body_sent,
    notes.sent: _sent,
    notes.finished: _finished,
    tallied: _tallied,
    lent: _lent,
}
