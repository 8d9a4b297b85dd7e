"""The way of a request through the tables, as the model has it."""

from inspector.model import RouteStep, Routing
from inspector.recording.draft import Draft
from miniframework import events
from miniframework.routing.explanation import MatchOutcome
from miniframework.routing.route import Entry, Mount
from miniframework.routing.table import RouteTable

_ROUTING = {
    MatchOutcome.FOUND: Routing.MATCHED,
    MatchOutcome.NOT_FOUND: Routing.NOT_FOUND,
    MatchOutcome.METHOD_NOT_ALLOWED: Routing.METHOD_NOT_ALLOWED,
    MatchOutcome.REDIRECT: Routing.REDIRECT,
}


def route_step(
    table: RouteTable,
    index: int,
    entry: Entry,
    path: str,
    raw_params: tuple[tuple[str, str], ...],
    took_ns: int,
) -> RouteStep:
    """Give the step of an entry that took the request, with the places of its parameters in the path."""
    found = entry.pattern.regex.fullmatch(path) if raw_params else None
    spans = () if found is None else tuple([found.span(name) for name, _ in raw_params])
    return RouteStep(
        table=table.fingerprint,
        index=index,
        template=entry.pattern.template,
        name=entry.name,
        endpoint=None if isinstance(entry, Mount) else endpoint_name(entry.endpoint),
        path=path,
        raw_params=raw_params,
        took_ns=took_ns,
        spans=spans,
    )


def mark_missed(draft: Draft, event: events.RouteMissed) -> None:
    """Note that a table let the request go, and what it says instead."""
    draft.tables.append(event.table)
    draft.routing = _ROUTING[event.outcome]
    draft.allow, draft.location = event.allow, event.location
    draft.steps.append(
        RouteStep(
            table=event.table.fingerprint,
            index=None,
            template=None,
            name=None,
            endpoint=None,
            path=event.path,
            raw_params=(),
            took_ns=event.took_ns,
        )
    )


def endpoint_name(endpoint: object) -> str:
    """Give `package.module:function` of a callable."""
    module = getattr(endpoint, "__module__", None) or type(endpoint).__module__
    name = getattr(endpoint, "__qualname__", None) or type(endpoint).__qualname__
    return f"{module}:{name}"
