"""What a middleware did to the ASGI scope on the way to what it wraps, for requests that are recorded."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from miniframework.events import ScopeChange, ScopeChanged
from miniframework.tap import EnteredLayer, Trace
from miniframework.types import Scope

# Their values are text and numbers, so that comparing them runs nobody's code. All other values are told
# apart by identity. Source: ASGI specification, HTTP and WebSocket connection scope.
_PLAIN = frozenset(
    {"type", "http_version", "method", "scheme", "path", "raw_path", "query_string", "root_path", "headers",
     "client", "server", "subprotocols"}
)  # fmt: skip


def note_entered(trace: Trace, name: str, depth: int, scope: Scope) -> None:
    """Keep the scope as the middleware `name` is given it."""
    trace.layer = EnteredLayer(name, depth, _copy(scope))


def tell_scope_changes(trace: Trace, scope: Scope) -> None:
    """Emit what the middleware that was entered last changed in the scope, once and if it did."""
    layer, trace.layer = trace.layer, None
    if layer is None:
        return
    if changes := compare_scopes(layer.scope, scope):
        trace.emit(
            ScopeChanged(
                exchange_id=trace.exchange_id,
                at_ns=time.monotonic_ns(),
                name=layer.name,
                depth=layer.depth,
                changes=changes,
            )
        )


def compare_scopes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[ScopeChange, ...]:
    """Give every key that was set, replaced or taken away; of the state the keys in it."""
    before_state, after_state = before.get("state"), after.get("state")
    changes = list(_compare(before, after, "", without="state"))
    if isinstance(after_state, Mapping) and isinstance(before_state, Mapping | None):
        changes += _compare(before_state or {}, after_state, "state.")
    return tuple(changes)


def _compare(
    before: Mapping[str, Any], after: Mapping[str, Any], prefix: str, without: str | None = None
) -> Iterator[ScopeChange]:
    for key, new in after.items():
        if key == without:
            continue
        if key not in before:
            yield ScopeChange(key=f"{prefix}{key}", what="added", old=None, new=new)
        elif not _is_same(before[key], new, plain=not prefix and key in _PLAIN):
            yield ScopeChange(key=f"{prefix}{key}", what="replaced", old=before[key], new=new)
    for key in before.keys() - after.keys() - {without}:
        yield ScopeChange(key=f"{prefix}{key}", what="removed", old=before[key], new=None)


def _is_same(old: object, new: object, *, plain: bool) -> bool:
    return old is new or (plain and old == new)


def _copy(scope: Scope) -> dict[str, Any]:
    """The scope's keys, and those places of it copied that a middleware usually changes in place."""
    copy = dict(scope)
    if isinstance(copy.get("headers"), list):
        copy["headers"] = list(copy["headers"])
    if isinstance(copy.get("state"), dict):
        copy["state"] = dict(copy["state"])
    return copy
