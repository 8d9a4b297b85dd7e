"""How these tests bind: one endpoint, one request written as text, no server."""

from collections.abc import Callable, Mapping
from typing import Any

from miniframework.params.bind import BindResult, bind
from miniframework.params.plan import plan_parameters
from miniframework.routing.converters import BUILT_IN, Converter
from miniframework.routing.pattern import parse_pattern

JSON = (("content-type", "application/json"),)


def bind_request(
    endpoint: Callable[..., Any],
    *,
    template: str = "/",
    path: str = "/",
    query: str = "",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes | None = None,
    record: bool = False,
    scalars_from_body: bool = False,
    converters: Mapping[str, Converter] = BUILT_IN,
    special: Mapping[type, object] | None = None,
) -> BindResult:
    pattern = parse_pattern(template, converters)
    raw = pattern.match(path)
    assert raw is not None, f"{path} does not match {template}"
    special = special or {}
    plan = plan_parameters(endpoint, pattern, scalars_from_body=scalars_from_body, special=tuple(special))
    scope = {
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    return bind(plan, scope, raw, body if plan.needs_body else None, special, record)


def arguments_of(endpoint: Callable[..., Any], **request: Any) -> dict[str, Any]:
    result = bind_request(endpoint, **request)
    assert result.problems == []
    return result.arguments


def problems_of(endpoint: Callable[..., Any], **request: Any) -> list[dict[str, Any]]:
    return bind_request(endpoint, **request).problems
