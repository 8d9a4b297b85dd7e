"""Read a callable's signature: every parameter with its annotation resolved and its marker taken out."""

import contextlib
import functools
import inspect
import sys
from collections.abc import Callable, Mapping
from types import FunctionType, NoneType
from typing import Annotated, Any, ForwardRef, NoReturn, get_type_hints

from miniframework.dependencies.depends import Depends, DependsMarker, Security
from miniframework.errors import ParameterError
from miniframework.params.annotations import find_usual, follow_alias, strip_annotated
from miniframework.params.generic import describe_generic, fill_types, find_generic
from miniframework.params.marker import REQUIRED, MarkedField, Marker
from miniframework.params.markers import Body, Cookie, File, Form, Header, Path, Query
from miniframework.params.stacked import complete_marker, stack_markers
from miniframework.params.written import EMPTY, Written, is_plain_function, list_parameters, takes_by_name
from miniframework.records import dataclass
from miniframework.routing.source import Source
from miniframework.signatures import annotations_of, texts_of

# Defaults that are the same whenever they are equal and of one type (0.0 and -0.0 are not).
_USUAL_DEFAULTS = (str, int, bool, NoneType)
_MARKERS = (Marker, DependsMarker)
_MARKER_NAMES: Mapping[object, str] = {
    function: function.__name__
    for function in (Path, Query, Header, Cookie, Body, Form, File, Depends, Security)
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SignatureParameter:
    """One parameter as its author wrote it.

    `annotation` is without its `Annotated` wrapper (`Any` when there is none, then `is_annotated` is False);
    `metadata` is what else stood in the wrapper, and the marker stood before its item `marked_at`: a value
    meets what they ask for in this order. `default` is REQUIRED when there is none. `is_usual`: one of the
    usual types, maybe optional, and nothing else; routes by the thousand have such ones, and share them.
    """

    name: str
    annotation: Any
    is_annotated: bool
    metadata: tuple[object, ...]
    default: object
    marker: Marker | None
    depends: DependsMarker | None
    is_usual: bool = False
    marked_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signature:
    """A callable's name, place and parameters; `call` is what will be called, with keywords only."""

    call: Callable[..., Any]
    name: str
    source: Source | None
    parameters: tuple[SignatureParameter, ...]

    def refuse(self, parameter: str, problem: str, way_out: str) -> NoReturn:
        """Raise the ParameterError that says where this callable stands and which parameter is wrong."""
        where = None if self.source is None else str(self.source)
        raise ParameterError(
            where=where, problem=f"{self.name}(): parameter {parameter!r}: {problem}", way_out=way_out
        ) from None  # what pydantic or the interpreter said stands in `problem`


def read_signature(call: Callable[..., Any], source: Source | None = None) -> Signature:
    """Read what `call` asks for; `source` is where to send the reader of an error (its own line by default).

    Annotations written as text are resolved in the module of the callable. What `functools.partial` has
    bound is not asked of a request, but a marker that it has bound is the one to read the parameter by.
    Raises ParameterError for what no request could fill.
    """
    signature = Signature(
        call=call, name=describe_call(call), source=source or find_source(call), parameters=()
    )
    try:
        declared = list_parameters(find_generic(call) or call)
    except (TypeError, ValueError) as error:
        raise ParameterError(
            where=None if source is None else str(source),
            problem=f"the signature of {call!r} cannot be read: {error}",
            way_out="wrap it in a function of your own whose parameters are annotated",
        ) from error
    bound = _find_bound(call)
    wanted = [parameter for parameter in declared if parameter.name not in bound]
    return Signature(
        call=call,
        name=signature.name,
        source=signature.source,
        parameters=tuple(_read_parameter(signature, parameter) for parameter in wanted),
    )


def _find_bound(call: Callable[..., Any]) -> set[str]:
    """Name the parameters to which a partial has given a value by keyword."""
    said = call.keywords if isinstance(call, functools.partial) else {}
    return {name for name, value in said.items() if not isinstance(_unwrap_marker(value), _MARKERS)}


def read_return(call: Callable[..., Any]) -> Any:
    """Read the type `call` says it returns; EMPTY when it says nothing. What a decorator has put into
    `__signature__` speaks for the function, as it does for parameters.

    Raises NameError, SyntaxError, TypeError or AttributeError for text that names no type.
    """
    target = _annotated_target(call)
    said = _said_signature(call)
    kept = annotations_of(target).get("return", EMPTY)
    annotation = kept if said is None else said.return_annotation
    is_open = isinstance(annotation, str | ForwardRef)
    return _evaluate(target, "return", annotation) if is_open else annotation


def _said_signature(call: Callable[..., Any]) -> inspect.Signature | None:
    """Find the signature that a decorator wrote down, on the outermost function that has one."""
    if isinstance(call, functools.partial):
        return _said_signature(call.func)
    if is_plain_function(call) or not (inspect.isroutine(call) or hasattr(call, "__wrapped__")):
        return None
    told: Any = inspect.unwrap(call, stop=lambda one: hasattr(one, "__signature__"))
    said = getattr(told, "__signature__", None)
    return said if isinstance(said, inspect.Signature) else None


def describe_call(call: Callable[..., Any]) -> str:
    """Name a callable the way its author would: `get_db`, `Pagination`, `Service.load`."""
    if isinstance(call, functools.partial):
        return describe_call(call.func)
    if (kind := find_generic(call)) is not None:
        return describe_generic(call, kind)
    return getattr(call, "__qualname__", type(call).__qualname__).replace("<locals>.", "")


def find_source(call: Callable[..., Any]) -> Source | None:
    """Find the line where a callable was written; None for one that is not written in Python."""
    target = _annotated_target(call)
    code = getattr(target, "__code__", None)
    return None if code is None else Source(file=code.co_filename, line=code.co_firstlineno)


def _annotated_target(call: Callable[..., Any]) -> Any:
    """The function that holds the annotations: through partial, `functools.wraps`, a class, an instance."""
    if is_plain_function(call):
        return call
    if isinstance(call, functools.partial):
        return _annotated_target(call.func)
    call = find_generic(call) or call
    if isinstance(call, type):
        return inspect.unwrap(call.__init__)  # type: ignore[misc]  # read, never called
    if not inspect.isroutine(call) and not hasattr(call, "__wrapped__"):
        return inspect.unwrap(type(call).__call__)
    target = inspect.unwrap(call)
    return getattr(target, "__func__", target)


def _read_parameter(signature: Signature, parameter: Written | inspect.Parameter) -> SignatureParameter:
    if isinstance(parameter, inspect.Parameter):
        _check_kind(signature, parameter)
    if find_usual(parameter.annotation) is not None:
        if parameter.default is EMPTY:
            return _usual_parameter(parameter.name, parameter.annotation, REQUIRED)
        if type(parameter.default) in _USUAL_DEFAULTS:
            return _usual_parameter(parameter.name, parameter.annotation, parameter.default)
    is_annotated = parameter.annotation is not EMPTY
    annotation = fill_types(signature.call, _resolve(signature, parameter)) if is_annotated else Any
    base, metadata = strip_annotated(follow_alias(annotation))
    # The dots are the older word of FastAPI's tutorial for "required".
    default = REQUIRED if parameter.default is EMPTY or parameter.default is ... else parameter.default
    for stray in (*metadata, default):
        if isinstance(stray, FunctionType) and (name := _MARKER_NAMES.get(stray)) is not None:
            signature.refuse(parameter.name, f"{name} is not called", f"write {name}() with its brackets")
    if (misplaced := _find_misplaced_marker(base)) is not None:
        way_out = f"write Annotated[str, {misplaced.removesuffix('()')}()] with the type it should have"
        signature.refuse(parameter.name, f"{misplaced} is no type", way_out)
    said = [_unwrap_marker(one) for one in metadata]
    default = _unwrap_marker(default)
    markers = [one for one in (*said, default) if isinstance(one, _MARKERS)]
    beside = tuple(one for one in said if not isinstance(one, _MARKERS))
    marker = markers[0] if markers else None
    if len(markers) > 1:
        marker = stack_markers(markers)
        if marker is None or default is markers[-1]:
            signature.refuse(parameter.name, "has more than one marker", "keep the one it should be read by")
    if markers and default is marker:
        default = REQUIRED
    marked_at = next((at for at, one in enumerate(said) if isinstance(one, Marker)), len(beside))
    if isinstance(marker, Marker):
        marker = complete_marker(marker, beside, marked_at=marked_at)
        default = _one_default(signature, parameter.name, marker, default)
    return SignatureParameter(
        name=parameter.name,
        annotation=base,
        is_annotated=is_annotated,
        metadata=beside,
        default=default,
        marker=marker if isinstance(marker, Marker) else None,
        depends=marker if isinstance(marker, DependsMarker) else None,
        marked_at=marked_at,
    )


def _find_misplaced_marker(annotation: object) -> str | None:
    """Name the marker that stands where the type should: `q: Query`, `db: Depends(get_db)`."""
    if isinstance(annotation, FunctionType):
        return _MARKER_NAMES.get(annotation)
    marker = _unwrap_marker(annotation)
    if isinstance(marker, DependsMarker):
        return "Depends()"
    return f"{marker.source.capitalize()}()" if isinstance(marker, Marker) else None


def _unwrap_marker(said: object) -> object:
    return said.marker if isinstance(said, MarkedField) else said


@functools.lru_cache(maxsize=4096, typed=True)  # a memo of a pure function; typed, for 1 is not True
def _usual_parameter(name: str, annotation: Any, default: object) -> SignatureParameter:
    return SignatureParameter(
        name=name,
        annotation=annotation,
        is_annotated=True,
        metadata=(),
        default=default,
        marker=None,
        depends=None,
        is_usual=True,
    )


def _one_default(signature: Signature, name: str, marker: Marker, default: object) -> object:
    if marker.default is REQUIRED:
        return default
    if default is not REQUIRED:
        signature.refuse(name, f"has two defaults, {marker.default!r} and {default!r}", "drop one of them")
    return marker.default


def _check_kind(signature: Signature, parameter: inspect.Parameter) -> None:
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        signature.refuse(
            str(parameter),
            "a request cannot fill it",
            "name each parameter; if a decorator wraps the function, give the wrapper functools.wraps",
        )
    if parameter.kind is parameter.POSITIONAL_ONLY and not takes_by_name(signature.call, parameter.name):
        signature.refuse(
            parameter.name, "is positional-only, and parameters are given by name", "remove the '/'"
        )


def _resolve(signature: Signature, parameter: Written | inspect.Parameter) -> Any:
    """Turn an annotation, or the text of one, into the type it names."""
    base, metadata = strip_annotated(parameter.annotation)
    if type(base) is type or find_usual(base) is not None:
        return parameter.annotation  # there is no text in it
    target = _annotated_target(signature.call)
    try:
        return _evaluate(target, parameter.name, parameter.annotation)
    except (NameError, SyntaxError, TypeError, AttributeError) as error:
        if any(map(_names_dependency, (*metadata, parameter.default))):
            # Nobody reads the type of what a dependency gives.
            return Annotated[Any, *metadata] if metadata else Any
        written = texts_of(target).get(parameter.name, parameter.annotation)
        signature.refuse(
            parameter.name,
            f"annotation {written!r} cannot be resolved: {error}",
            "import the type at the top of the module (not under TYPE_CHECKING, not inside a function), "
            "or write a type instead of text",
        )


def _names_dependency(said: object) -> bool:
    marker = _unwrap_marker(said)
    return isinstance(marker, DependsMarker) and marker.dependency is not None


def _evaluate(target: Any, name: str, annotation: object) -> Any:
    """The type that an annotation means in the module of the function it stands on."""
    module = sys.modules.get(getattr(target, "__module__", None) or "")
    names = getattr(target, "__globals__", None) or vars(module or sys)
    local = _find_enclosed(target) if inspect.isfunction(target) else {}

    def holder() -> None: ...

    holder.__annotations__ = {name: annotation}
    return get_type_hints(holder, names, local, include_extras=True)[name]


def _find_enclosed(function: FunctionType) -> dict[str, Any]:
    """Give what a function sees of those around it, as far as it has a value already."""
    found: dict[str, Any] = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        with contextlib.suppress(ValueError):  # it is set later
            found[name] = cell.cell_contents
    return found
