"""What FastAPI makes of the text of a path parameter: the types that endpoints and dependencies declare."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from miniframework.routing.endpoints import type_text


def read_types(route: Any) -> Mapping[str, str]:
    """Return the declared type of each path parameter by its name in the template; the endpoint's own first.

    Empty for Starlette's routes, which hand on texts. Nothing is imported from FastAPI.
    """
    found: dict[str, str] = {}
    for parameter in _path_parameters(getattr(route, "dependant", None)):
        field = getattr(parameter, "field_info", None)
        if field is not None:
            found.setdefault(parameter.alias, _text_of(field))
    return found


def _path_parameters(dependant: Any) -> Iterator[Any]:
    yield from getattr(dependant, "path_params", ())
    for needed in getattr(dependant, "dependencies", ()):
        yield from _path_parameters(needed)


def _text_of(field: Any) -> str:
    notes = tuple(getattr(field, "metadata", ()))
    return type_text(Annotated[(field.annotation, *notes)] if notes else field.annotation)
