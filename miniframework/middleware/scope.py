"""What a middleware did to the ASGI scope on the way to what it wraps, for requests that are recorded."""

import operator
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from miniframework.events import ScopeChange, ScopeChanged
from miniframework.tap import EnteredLayer, Trace
from miniframework.types import Scope

# Their values are text and numbers, so that comparing them runs nobody's code. All other values are told
# apart by identity. Source: ASGI specification, HTTP and WebSocket connection scope.
_PLAIN = frozenset(
    {"type", "http_version", "method", "scheme", "path", "raw_path", "query_string", "root_path", "headers",
     "client", "server", "subprotocols"}
)  # fmt: skip
_NOTHING: Final = object()  # what a key that is not there holds, for None is a value


def note_entered(trace: Trace, name: str, depth: int, scope: Scope) -> None:
    """Keep the scope as the middleware `name` is given it."""
    headers, state = scope.get("headers"), scope.get("state")
    trace.layer = EnteredLayer(
        name,
        depth,
        dict(scope),
        list(headers) if headers.__class__ is list else None,
        dict(state) if state.__class__ is dict else None,
    )


def tell_scope_changes(trace: Trace, scope: Scope) -> None:
    """Emit what the middleware that was entered last changed in the scope, once and if it did."""
    layer = trace.layer
    if layer is None:
        return
    trace.layer = None
    if _is_untouched(layer, scope):
        return
    before = layer.scope
    if layer.headers is not None:
        before["headers"] = layer.headers
    if layer.state is not None:
        before["state"] = layer.state
    if changes := compare_scopes(before, scope):
        trace.emit(
            ScopeChanged(
                exchange_id=trace.exchange_id,
                at_ns=time.monotonic_ns(),
                name=layer.name,
                depth=layer.depth,
                changes=changes,
            )
        )


def _is_untouched(layer: EnteredLayer, scope: Scope) -> bool:
    """Whether nothing at all happened to the scope: so it is with most middleware, and quickly told."""
    if not _holds_the_same(layer.scope, scope):
        return False
    if layer.headers is not None and layer.headers != scope["headers"]:
        return False
    return layer.state is None or _holds_the_same(layer.state, scope["state"])


def _holds_the_same(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return list(before) == list(after) and all(map(operator.is_, before.values(), after.values()))


def compare_scopes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[ScopeChange, ...]:
    """Give every key that was set, replaced or taken away; of the state the keys in it."""
    old, new = before.get("state"), after.get("state")
    if not isinstance(old, dict | None) or not isinstance(new, dict | None):
        return tuple(_compare(before, after, ""))
    changes = _compare(before, after, "", without="state")
    return (*changes, *_compare(old or {}, new or {}, "state."))


def _compare(
    before: Mapping[str, Any], after: Mapping[str, Any], prefix: str, without: str | None = None
) -> Iterator[ScopeChange]:
    for key, new in after.items():
        old = before.get(key, _NOTHING)
        if old is new or key == without:
            continue
        if old is _NOTHING:
            yield ScopeChange(key=prefix + key, what="added", old=None, new=new)
        elif prefix or key not in _PLAIN or old != new:
            yield ScopeChange(key=prefix + key, what="replaced", old=old, new=new)
    for key, old in before.items():
        if key not in after and key != without:
            yield ScopeChange(key=prefix + key, what="removed", old=old, new=None)
