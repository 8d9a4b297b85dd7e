"""The notes that almost every exchange consists of, read straight into its draft.

All others become events first. What is read here and what the events of the same note say is the same: one
function does it for both.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from inspector.model import Moment, Routing
from inspector.recording.capture import note_bound
from inspector.recording.draft import Draft
from inspector.recording.scope import read_headers
from inspector.recording.steps import route_step
from miniframework import notes
from miniframework.events import BoundParameter
from miniframework.notes import Reader
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable

Describe = Callable[..., tuple[BoundParameter, ...]]


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
    step = route_step(table, index, entry, path, raw_params, took_ns)
    draft.steps.append(step)
    draft.routing = Routing.MATCHED
    draft.timeline.add(Moment(at_ns=at_ns, kind="RouteMatched", label=step.template or "/"))


def add_start(draft: Draft, at_ns: int, status: int, headers: Iterable[Any]) -> None:
    """The application sent its status and headers."""
    draft.status = status
    draft.response_headers = read_headers(headers)
    draft.timeline.add(Moment(at_ns=at_ns, kind="ResponseStarted", label=str(status)))
    kind = draft.response_type("start")
    draft.messages.add(Moment(at_ns=at_ns, kind=kind, label=kind, direction="send"))


def add_call(draft: Draft, at_ns: int, name: str, in_thread: bool) -> None:
    """The user's function is about to be called."""
    label = f"{name} (in a thread)" if in_thread else name
    draft.timeline.add(Moment(at_ns=at_ns, kind="EndpointStarted", label=label))


def add_end(draft: Draft, at_ns: int) -> None:
    """The application returned."""
    draft.ended_ns = at_ns
    draft.timeline.add(Moment(at_ns=at_ns, kind="RequestFinished", label="the application returned"))


def _matched(
    draft: Draft,
    at_ns: int,
    asked_ns: int,
    table: RouteTable,
    path: str,
    index: int,
    entry: Entry,
    raw_params: tuple[tuple[str, str], ...],
) -> None:
    add_route(draft, draft.since(at_ns), table, index, entry, path, raw_params, at_ns - asked_ns)


def _bound(draft: Draft, at_ns: int, make: Describe, *taken: object) -> None:
    draft.add_parameters(note_bound(make(*taken), draft.limits.value_characters), draft.since(at_ns))


def _bound_and_called(
    draft: Draft, at_ns: int, name: str, in_thread: bool, make: Describe, *taken: object
) -> None:
    _bound(draft, at_ns, make, *taken)
    add_call(draft, draft.since(at_ns), name, in_thread)


def _called(draft: Draft, at_ns: int, name: str, in_thread: bool) -> None:
    add_call(draft, draft.since(at_ns), name, in_thread)


def _answered(draft: Draft, at_ns: int, returned_ns: int, made_as: str, size: int) -> None:
    add = draft.timeline.add
    add(Moment(at_ns=draft.since(returned_ns), kind="EndpointFinished", label="returned"))
    took_ns, kind = at_ns - returned_ns, "ResponseSerialised"
    add(Moment(at_ns=draft.since(at_ns), kind=kind, label=made_as, size=size, took_ns=took_ns))


def _response_started(draft: Draft, at_ns: int, status: int, headers: Iterable[Any]) -> None:
    add_start(draft, draft.since(at_ns), status, headers)


def _body_received(draft: Draft, at_ns: int, body: bytes) -> None:
    draft.add_body("request", body, len(body), more=False, at_ns=draft.since(at_ns))


def _body_sent(draft: Draft, at_ns: int, body: bytes) -> None:
    draft.add_body("response", body, len(body), more=False, at_ns=draft.since(at_ns))


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
    _response_started(draft, at_ns, status, headers)
    _body_sent(draft, at_ns, body)


def _finished(draft: Draft, at_ns: int) -> None:
    add_end(draft, draft.since(at_ns))


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
    notes.finished: _finished,
}
