"""What a route and its dependencies ask of a request, in the order in which the document names it."""

import inspect
from collections.abc import Callable, Hashable, Iterator
from dataclasses import field
from typing import Any

from miniframework.callables import without_partial
from miniframework.dependencies.graph import Dependency
from miniframework.params.field import Field, ParameterPlan
from miniframework.records import dataclass

_BODIES = ("body", "form", "file")


@dataclass(slots=True, kw_only=True)
class Asked:
    """The fields of a route by where they come from, and the security schemes on the way.

    `schemes` are pairs of a scheme and the scopes asked of it.
    """

    parameters: list[Field] = field(default_factory=list)
    bodies: list[Field] = field(default_factory=list)
    schemes: list[tuple[Any, tuple[str, ...]]] = field(default_factory=list)


def read_asked(plan: ParameterPlan) -> Asked:
    """Gather what the endpoint asks for, then what its dependencies do, each before those it needs itself."""
    asked = Asked()
    calls = dict(plan.dependency_calls)
    fields = [*plan.endpoint.fields]
    for dependency in _walk(plan.dependencies, set()):
        fields += calls[dependency.key].fields
        scheme = _find_scheme(dependency.call)
        if scheme is not None:
            asked.schemes.append((scheme, dependency.scopes))
    for source in ("path", "query", "header", "cookie"):
        asked.parameters += [one for one in fields if one.source == source]
    asked.bodies = [one for one in fields if one.source in _BODIES]
    return asked


def _walk(dependencies: tuple[Dependency, ...], seen: set[Hashable]) -> Iterator[Dependency]:
    for dependency in dependencies:
        key = (dependency.key, dependency.scopes)
        if key not in seen:
            seen.add(key)
            yield dependency
            yield from _walk(dependency.needs, seen)


def _find_scheme(call: Callable[..., Any]) -> Any | None:
    """Find the security scheme a dependency is; schemes are known by what they have, `model` and a name."""
    target: Any = inspect.unwrap(without_partial(call))
    is_scheme = not isinstance(target, type) and hasattr(target, "scheme_name") and hasattr(target, "model")
    return target if is_scheme else None
