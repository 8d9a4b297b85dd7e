"""The way of a request through the tables, as the model has it."""

from functools import lru_cache

from inspector.apart import StepApart
from inspector.model import Routing
from inspector.redaction.near_paths import NearPattern, find_near, near_patterns
from miniframework.routing.match import MatchOutcome
from miniframework.routing.route import Entry, Mount
from miniframework.routing.table import RouteTable

# By the outcome's own word.
ROUTING = {
    MatchOutcome.FOUND.value: Routing.MATCHED.value,
    MatchOutcome.NOT_FOUND.value: Routing.NOT_FOUND.value,
    MatchOutcome.METHOD_NOT_ALLOWED.value: Routing.METHOD_NOT_ALLOWED.value,
    MatchOutcome.REDIRECT.value: Routing.REDIRECT.value,
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


def missed_step(table: RouteTable, path: str, took_ns: int) -> StepApart:
    """Give the step of a table that let the request go.

    What would be a telling parameter of a route that the path comes near to is named in it, to be hidden.
    """
    near = find_near(_near_of(table), path)
    raw_params = tuple([(name, text) for name, text, _, _ in near])
    spans = tuple([(start, end) for _, _, start, end in near])
    return table.fingerprint, None, None, None, None, path, raw_params, took_ns, spans


@lru_cache(maxsize=16)  # a table an application; there are few
def _near_of(table: RouteTable) -> tuple[NearPattern, ...]:
    return near_patterns(entry.pattern.template for entry in table.entries)


def endpoint_name(endpoint: object) -> str:
    """Give `package.module:function` of a callable."""
    module = getattr(endpoint, "__module__", None) or type(endpoint).__module__
    name = getattr(endpoint, "__qualname__", None) or type(endpoint).__qualname__
    return f"{module}:{name}"
