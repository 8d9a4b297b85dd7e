"""The text of a route's compiled function, for people: written again when asked for, and kept nowhere."""

from types import MethodType
from typing import Any

from miniframework.answering.answer import Answer
from miniframework.params.field import ParameterPlan
from miniframework.records import dataclass
from miniframework.serving.call import Call
from miniframework.serving.compiled.reference import Reference
from miniframework.serving.compiled.simple import is_simple
from miniframework.serving.compiled.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCode:
    """`source` is what is compiled; `values` says in words what each name that begins with v stands for."""

    source: str
    values: tuple[tuple[str, str], ...]


def show_route(call: Call, endpoint: Reference, answer: Answer) -> ShownCode | None:
    """Give the function that `compile_route` makes as text, None where only the reference serves."""
    if not is_simple(call.plans.plain):
        return None
    writer = Writer(call, endpoint, answer)
    writer.write()
    known = _names_in_requests(call.plans.plain)
    values = ((name, _say(value, known)) for name, value in writer.text.values.items())
    return ShownCode(source=writer.text.source, values=tuple(values))


def _names_in_requests(plan: ParameterPlan) -> set[str]:
    """What may be shown as it is: where parameters are looked for. A default may be a secret."""
    places = [(field.source, field.alias) for field in plan.fields]
    keys = [key for field in plan.fields for key in (*field.keys, field.alias)]
    return {repr(one) for one in (*places, *keys, *(key.encode("latin-1", "replace") for key in keys))}


def _say(value: Any, known: set[str]) -> str:
    if isinstance(value, bool | None):
        return repr(value)
    if isinstance(value, str | bytes | int | tuple) and repr(value) in known:
        return repr(value)
    if isinstance(value, MethodType):
        return f"{type(value.__self__).__name__}.{value.__name__}"
    if callable(value):
        return str(getattr(value, "__qualname__", type(value).__qualname__))
    return f"{type(value).__name__}, not shown"
