"""What can be said about an endpoint without calling it: its name and the types it declares."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import field
from types import FunctionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from miniframework.records import dataclass
from miniframework.signatures import texts_of

# pydantic's, which is not imported here: what they make of a text need not be what the type would.
_READ_BEFORE_THE_TYPE = ("BeforeValidator", "PlainValidator", "WrapValidator")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEndpoint:
    """An endpoint of another process, known by name only; `types` are its declared types as text."""

    name: str
    types: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """Raises TypeError always: the function lives elsewhere."""
        raise TypeError(f"endpoint {self.name!r} was read from a snapshot and cannot be called here")


def endpoint_name(endpoint: object) -> str:
    """`module:qualified.name` of a function, or of the class of anything else that can be called."""
    if isinstance(endpoint, StoredEndpoint):
        return endpoint.name
    named: Any = endpoint if hasattr(endpoint, "__qualname__") else type(endpoint)
    return f"{getattr(named, '__module__', None) or '?'}:{named.__qualname__}"


def declared_types(endpoint: Callable[..., Any]) -> Mapping[str, str]:
    """The annotation of each parameter as `type_text` writes it; those without one are absent."""
    if isinstance(endpoint, StoredEndpoint):
        return endpoint.types
    if isinstance(endpoint, FunctionType) and not texts_of(endpoint):
        return {}
    try:
        hints = get_type_hints(endpoint, include_extras=True)
    except (NameError, TypeError, AttributeError):
        # A forward reference that cannot be resolved here, or no function: the text as written must do.
        hints = dict(texts_of(endpoint))
    return {name: type_text(hint) for name, hint in hints.items() if name != "return"}


def type_text(hint: Any) -> str:
    """Return an annotation as text, without `Annotated[…]` around it unless a validator in it reads the text
    in place of the type.
    """
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        kinds = [type(note).__name__ for note in notes]
        if read_by := [kind for kind in kinds if kind in _READ_BEFORE_THE_TYPE]:
            return f"Annotated[{type_text(hint)}, {read_by[0]}]"
    if isinstance(hint, str):
        return hint
    return (
        str(hint.__name__)
        if isinstance(hint, type) and not get_args(hint)
        else inspect.formatannotation(hint)
    )
