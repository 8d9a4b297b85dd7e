"""What an endpoint of a miniframework application asks of a request, and the code that was made of it."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from inspector.adapters.native.table import find_table
from inspector.journal.protocol import Document
from inspector.redaction import MARK
from inspector.redaction.keys import is_sensitive_name
from inspector.replay.refusal import Refusal
from inspector.wiring.asking import NotAsked
from miniframework.dependencies.graph import Dependency
from miniframework.params.field import CallPlan, Field, ParameterPlan
from miniframework.params.marker import REQUIRED
from miniframework.routing.route import Mount, Route
from miniframework.routing.table import RouteTable
from miniframework.serving.endpoint import HttpEndpoint
from miniframework.serving.limited import LimitedEndpoint
from miniframework.serving.socket_endpoint import SocketEndpoint

_MAX_DEFAULT = 120  # characters of one that is shown


def describe_route_plan(app: object, fingerprint: str, mounts: Sequence[int], index: int) -> Document:
    """Describe a route of the table in force: parameters, dependencies as a tree, the compiled code.

    Raises NotAsked when that is not the table in force, or the route has no plan: it is a mount, or what
    serves it was made by other means.
    """
    endpoint = _find_endpoint(app, fingerprint, mounts, index)
    call = endpoint.call
    plan = call.plan
    shown = endpoint.show_code() if isinstance(endpoint, HttpEndpoint) else None
    code = None if shown is None else {"source": shown.source, "values": [list(one) for one in shown.values]}
    return {
        "endpoint": call.name,
        "in_thread": call.in_thread,
        "body": str(plan.body_kind),
        **_describe_call(plan.endpoint),
        "dependencies": _describe_dependencies(plan),
        "code": code,
    }


def _find_endpoint(
    app: object, fingerprint: str, mounts: Sequence[int], index: int
) -> HttpEndpoint | SocketEndpoint:
    table = find_table(app)
    if table is None or table.fingerprint != fingerprint:
        raise NotAsked(_OTHER_TABLE)
    for at in mounts:
        table = _inner(table, at)
    entry = table.entries[index] if index < len(table.entries) else None
    handle = None if entry is None or isinstance(entry, Mount) else entry.handle
    if isinstance(handle, LimitedEndpoint):
        handle = handle.endpoint
    if isinstance(handle, HttpEndpoint | SocketEndpoint):
        return handle
    raise NotAsked(_CLASS_OF_ITS_OWN if isinstance(entry, Route) else _NO_PLAN)


def _inner(table: RouteTable, at: int) -> RouteTable:
    entry = table.entries[at] if at < len(table.entries) else None
    inner = None if entry is None else table.inside(entry)
    if inner is None:
        raise NotAsked(_NO_PLAN)
    return inner


def _describe_call(call: CallPlan) -> Document:
    return {
        "parameters": [_describe_field(field) for field in call.fields],
        "special": [[name, kind.__name__] for name, kind in call.special],
    }


def _describe_field(field: Field) -> Document:
    return {
        "name": field.name,
        "alias": field.alias,
        "source": field.source,
        "type": field.declared_type,
        "required": field.required,
        "default": None if field.required else _show_default(field),
        "converter": field.converter_name,
    }


def _show_default(field: Field) -> str:
    if field.default_factory is not None or field.default is REQUIRED:
        return "made for each request"
    if is_sensitive_name(field.name) or is_sensitive_name(field.alias):
        return MARK
    text = repr(field.default)
    return text if len(text) <= _MAX_DEFAULT else text[: _MAX_DEFAULT - 1] + "…"


def _describe_dependencies(plan: ParameterPlan) -> list[Document]:
    calls: Mapping[Hashable, CallPlan] = dict(plan.dependency_calls)
    told: set[Hashable] = set()
    return [_describe_dependency(one, calls, told) for one in plan.dependencies]


def _describe_dependency(
    one: Dependency, calls: Mapping[Hashable, CallPlan], told: set[Hashable]
) -> Document:
    """`again`: its value is used a second time, and what it asks for stands where it is told first."""
    again = one.key in told
    told.add(one.key)
    asked: dict[str, Any] = {"parameters": [], "special": []} if again else _describe_call(calls[one.key])
    return {
        "parameter": one.parameter,
        "name": one.name,
        "kind": str(one.kind),
        "lifetime": one.lifetime,
        "scopes": list(one.scopes),
        "cached": one.use_cache,
        "again": again and one.use_cache,
        **asked,
        "needs": [] if again else [_describe_dependency(need, calls, told) for need in one.needs],
    }


_OTHER_TABLE = Refusal(
    code="no_plan",
    message="Only the plans of the routes that are served now are known, of a miniframework application.",
    hint="Look at the newest table.",
)
_NO_PLAN = Refusal(
    code="no_plan",
    message="There is no plan: this is a mount, or its routes are another application's.",
    hint="Look at a route of its own.",
)
_CLASS_OF_ITS_OWN = Refusal(
    code="no_plan",
    message="The class of this route has a handler of its own, so its plan is not what serves it alone.",
    hint="Read the class.",
)
