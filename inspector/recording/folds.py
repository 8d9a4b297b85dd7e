"""How each note is folded into plain values, and how those are read again.

A fold lets the sheet see what has to be looked through, and raises UnusualError where a note holds what is
left to the assembler.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from inspector.apart import ParameterApart, ScopeApart, StepApart
from inspector.recording import reading
from inspector.recording.capture import render_parameter
from inspector.recording.draft import Draft
from inspector.recording.facts import Arrived
from inspector.recording.foreign import RoutingFound, RoutingRead, lent
from inspector.recording.moments import find_moment
from inspector.recording.pending import Flow
from inspector.recording.reading import READERS, tallied
from inspector.recording.scope import read_scope, read_usual_scope
from inspector.recording.sheet import Sheet, UnusualError
from inspector.recording.steps import missed_step, route_step
from miniframework.events import RequestBodyReceived, ResponseBodySent
from miniframework.routing.match import Match, MethodNotAllowed, outcome_of
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable
from miniframework.telling import notes
from miniframework.telling.notes import Describe, Reader

Values = tuple[Any, ...]
# From the values of a note, after its kind, to plain ones.
Fold = Callable[..., Values]
# Reads those into a draft.
Unfold = Callable[..., None]


def _fold_usual_start(sheet: Sheet, at_ns: int, headers: Iterable[Any], came: Values) -> Values:
    if came[0] != "http":
        raise UnusualError
    sheet.see_request(came[4], came[6], headers)
    return at_ns, headers, came


def _fold_start(sheet: Sheet, at_ns: int, scope: Mapping[str, Any]) -> Values:
    if scope["type"] != "http" or scope.get("subprotocols"):
        raise UnusualError
    sheet.see_request(scope["path"], scope["query_string"], scope["headers"])
    return at_ns, scope


def _fold_match(
    sheet: Sheet,
    at_ns: int,
    asked_ns: int,
    table: RouteTable,
    path: str,
    index: int,
    entry: Entry,
) -> Values:
    raw_params = tuple(notes.raw_params_of(entry, path).items())
    step = route_step(table, index, entry, path, raw_params, at_ns - asked_ns)
    sheet.see_table(table, (step,))
    return at_ns, step


def _fold_miss(
    sheet: Sheet, at_ns: int, asked_ns: int, table: RouteTable, path: str, miss: Match, location: str | None
) -> Values:
    if location is not None:
        raise UnusualError
    step = missed_step(table, path, at_ns - asked_ns)
    sheet.see_table(table, (step,))
    allow = miss.allow if isinstance(miss, MethodNotAllowed) else ()
    return at_ns, outcome_of(miss).value, step, allow, None


def fold_routing(sheet: Sheet, found: RoutingFound) -> Values:
    """What another framework's router did."""
    table, routing, steps, allow, location, parameters = found
    if location is not None:
        raise UnusualError
    sheet.see_table(table, steps)
    sheet.see_parameters(parameters)
    return routing.value, steps, allow, None, parameters


def _fold_bound(sheet: Sheet, at_ns: int, describe: Describe, *taken: object) -> Values:
    parameters = tuple([render_parameter(sheet.limit, *values) for values in describe(*taken)])
    sheet.see_parameters(parameters)
    return at_ns, parameters


def _fold_bound_and_called(
    sheet: Sheet, at_ns: int, name: str, in_thread: bool, describe: Describe, *taken: object
) -> Values:
    return *_fold_bound(sheet, at_ns, describe, *taken), name, in_thread


def _fold_answer(sheet: Sheet, at_ns: int, status: int, headers: Iterable[Any]) -> Values:
    headers = tuple(headers)
    sheet.see_answer(headers)
    return at_ns, int(status), headers


def _fold_sent(
    sheet: Sheet,
    at_ns: int,
    made_ns: int,
    returned_ns: int,
    status: int,
    headers: Iterable[Any],
    size: int,
    body: bytes,
) -> Values:
    sheet.see_answer(headers)
    sheet.see_answer_body(body)
    return at_ns, made_ns, returned_ns, int(status), headers, size, body


def _fold_sent_whole(sheet: Sheet, at_ns: int, status: int, headers: Iterable[Any], body: bytes) -> Values:
    sheet.see_answer(headers)
    sheet.see_answer_body(body)
    return at_ns, int(status), headers, body


def _fold_body_received(sheet: Sheet, at_ns: int, body: bytes) -> Values:
    sheet.see_request_body(body)
    return at_ns, body


def _fold_body_sent(sheet: Sheet, at_ns: int, body: bytes) -> Values:
    sheet.see_answer_body(body)
    return at_ns, body


def _fold_received(sheet: Sheet, event: RequestBodyReceived) -> Values:
    sheet.see_request_body(event.data)
    return "request", event.at_ns, event.data, event.more


def _fold_piece(sheet: Sheet, event: ResponseBodySent) -> Values:
    sheet.see_answer_body(event.data, more=event.more)
    return "response", event.at_ns, event.data, event.more


def _fold_tally(sheet: Sheet, flow: Flow, spent_ns: int) -> Values:
    sheet.spent_ns = spent_ns
    return flow.missed, flow.missed_request_bytes, flow.missed_response_bytes, spent_ns


def _fold_as_it_is(sheet: Sheet, *taken: object) -> Values:
    return taken


def _fold_nothing(sheet: Sheet, *taken: object) -> Values:
    return ()


def _unfold_match(draft: Draft, at_ns: int, step: StepApart) -> None:
    reading.add_step(draft, draft.since(at_ns), step)


def _unfold_miss(draft: Draft, at_ns: int, *said: Any) -> None:
    reading.add_miss(draft, draft.since(at_ns), *said)


def _unfold_bound(draft: Draft, at_ns: int, parameters: tuple[ParameterApart, ...], *called: Any) -> None:
    draft.add_parameters(parameters, draft.since(at_ns))
    if called:
        reading.add_call(draft, draft.since(at_ns), *called)


def _unfold_piece(
    draft: Draft, side: Literal["request", "response"], at_ns: int, data: bytes, more: bool
) -> None:
    draft.add_body(side, data, len(data), more=more, at_ns=draft.since(at_ns))


def _unfold_nothing(draft: Draft) -> None:
    """A note that only who reads the routing looks at."""


def _begin_usually(at_ns: int, headers: Iterable[Any], came: Values) -> ScopeApart:
    return read_usual_scope(came, headers)


def _begin(at_ns: int, scope: Mapping[str, Any]) -> ScopeApart:
    state, extensions = tuple(map(str, scope["state"])), tuple(map(str, scope["extensions"]))
    return read_scope(
        Arrived(
            exchange_id="",
            at_ns=at_ns,
            scope=scope,
            started_unix_ns=0,
            state_keys=state,
            extensions=extensions,
        )
    )


def _unfold_lines(kind: Reader) -> Unfold:
    """Read a note that is a line of the timeline or two, by its events."""

    def unfold(draft: Draft, *taken: Any) -> None:
        for event in kind(draft.id, *taken):
            line = find_moment(event, draft.since(event.at_ns))
            assert line is not None, "it is a line"
            draft.timeline.add(line)

    return unfold


def _unfold_tally(draft: Draft, *counted: int) -> None:
    draft.count(*counted)


# Lines of the timeline, and nothing else.
_LINES = notes.entered, notes.left, notes.resolved, notes.shared, notes.returned, notes.serialised
_FOLDED: tuple[tuple[Reader | type, Fold, Unfold], ...] = (
    (notes.matched, _fold_match, _unfold_match),
    (notes.missed, _fold_miss, _unfold_miss),
    (RoutingRead, fold_routing, reading.add_routing),
    (notes.bound, _fold_bound, _unfold_bound),
    (notes.bound_and_called, _fold_bound_and_called, _unfold_bound),
    (notes.response_started, _fold_answer, READERS[notes.response_started]),
    (notes.answered_and_sent, _fold_sent, READERS[notes.answered_and_sent]),
    (notes.sent, _fold_sent_whole, READERS[notes.sent]),
    (notes.body_received, _fold_body_received, READERS[notes.body_received]),
    (notes.body_sent, _fold_body_sent, READERS[notes.body_sent]),
    (RequestBodyReceived, _fold_received, _unfold_piece),
    (ResponseBodySent, _fold_piece, _unfold_piece),
    (tallied, _fold_tally, _unfold_tally),
    (lent, _fold_nothing, _unfold_nothing),
    *((kind, _fold_as_it_is, READERS[kind]) for kind in (notes.called, notes.answered, notes.finished)),
    *((kind, _fold_as_it_is, _unfold_lines(kind)) for kind in _LINES),
)
# What a story begins with; then, from `FIRST` on, all else.
_BEGINNINGS: tuple[tuple[Reader, Fold, Callable[..., ScopeApart]], ...] = (
    (notes.started_usually, _fold_usual_start, _begin_usually),
    (notes.started, _fold_start, _begin),
)
FIRST = len(_BEGINNINGS)
FOLDS: Mapping[Reader | type, tuple[int, Fold]] = {
    kind: (number, fold) for number, (kind, fold, _) in enumerate((*_BEGINNINGS, *_FOLDED))
}
READ_START = tuple(read for _, _, read in _BEGINNINGS)
UNFOLDS: tuple[Unfold, ...] = (*(_unfold_nothing for _ in _BEGINNINGS), *(unfold for _, _, unfold in _FOLDED))
