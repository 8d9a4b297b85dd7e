"""A class whose types are filled in, as `Pager[int]`: to be called like the class, and to be read like it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args, get_origin

from miniframework.params.annotations import describe_annotation


def find_generic(call: Callable[..., Any]) -> type | None:
    """Give the class of which `call` is a form with its types filled in; None for anything else."""
    if isinstance(call, type):
        return None
    kind = get_origin(call)
    return kind if isinstance(kind, type) else None


def describe_generic(call: Callable[..., Any], kind: type) -> str:
    """Name it the way its author did: `Pager[int]`."""
    return f"{kind.__qualname__}[{', '.join(map(describe_annotation, get_args(call)))}]"


def fill_types(call: Callable[..., Any], annotation: Any) -> Any:
    """Give the annotation of a parameter of `call` with the types that were filled in, `T` being `int`."""
    kind = find_generic(call)
    if kind is None:
        return annotation
    filled: Mapping[Any, Any] = dict(zip(getattr(kind, "__parameters__", ()), get_args(call), strict=False))
    if isinstance(annotation, TypeVar):
        return filled.get(annotation, annotation)
    open_types = getattr(annotation, "__parameters__", ())
    if isinstance(annotation, type) or not open_types:
        return annotation
    return annotation[tuple(filled.get(one, one) for one in open_types)]
