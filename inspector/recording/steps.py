"""The way of a request through the tables, as the model has it."""

from inspector.apart import StepApart
from inspector.model import Routing
from inspector.recording.draft import Draft
from miniframework import events
from miniframework.routing.explanation import MatchOutcome
from miniframework.routing.route import Entry, Mount
from miniframework.routing.table import RouteTable

_ROUTING = {
    MatchOutcome.FOUND: Routing.MATCHED.value,
    MatchOutcome.NOT_FOUND: Routing.NOT_FOUND.value,
    MatchOutcome.METHOD_NOT_ALLOWED: Routing.METHOD_NOT_ALLOWED.value,
    MatchOutcome.REDIRECT: Routing.REDIRECT.value,
}


def route_step(
    table: RouteTable,
    index: int,
    entry: Entry,
    path: str,
    raw_params: tuple[tuple[str, str], ...],
    took_ns: int,
) -> StepApart:
    """Give the step of an entry that took the request, with the places of its parameters in the path."""
    pattern = entry.pattern
    found = pattern.regex.fullmatch(path) if raw_params else None
    spans = () if found is None else tuple([found.span(name) for name, _ in raw_params])
    endpoint = None if isinstance(entry, Mount) else endpoint_name(entry.endpoint)
    return (
        table.fingerprint, index, pattern.template, entry.name, endpoint, path, raw_params, took_ns, spans,
    )  # fmt: skip


def mark_missed(draft: Draft, event: events.RouteMissed) -> None:
    """Note that a table let the request go, and what it says instead."""
    draft.tables.append(event.table)
    draft.routing = _ROUTING[event.outcome]
    draft.allow, draft.location = event.allow, event.location
    fingerprint, path, took_ns = event.table.fingerprint, event.path, event.took_ns
    draft.steps.append((fingerprint, None, None, None, None, path, (), took_ns, ()))


def endpoint_name(endpoint: object) -> str:
    """Give `package.module:function` of a callable."""
    module = getattr(endpoint, "__module__", None) or type(endpoint).__module__
    name = getattr(endpoint, "__qualname__", None) or type(endpoint).__qualname__
    return f"{module}:{name}"
