"""Which plans can be written as lines; the reference serves any."""

from collections.abc import Iterator

from miniframework.dependencies.graph import CallKind, Dependency
from miniframework.params.field import BodyKind, ParameterPlan
from miniframework.serving.compiled.taking import can_take

# A plain generator runs in a thread, both halves of it: there is nothing to be gained around that.
_KINDS = (CallKind.COROUTINE, CallKind.CLASS, CallKind.FUNCTION, CallKind.ASYNC_GENERATOR)


def is_simple(plan: ParameterPlan) -> bool:
    """Tell whether a plan asks for nothing but what can be written as lines."""
    if plan.body_kind is BodyKind.FORM or plan.any_type_is_json:
        return False
    return all(map(can_take, plan.fields)) and all(map(_is_simple_dependency, _every(plan.dependencies)))


def _every(dependencies: tuple[Dependency, ...]) -> Iterator[Dependency]:
    for one in dependencies:
        yield one
        yield from _every(one.needs)


def _is_simple_dependency(one: Dependency) -> bool:
    return one.use_cache and one.kind in _KINDS and one.lifetime == "request" and one.turns is None
