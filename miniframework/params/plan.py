"""From an endpoint's signature to the plan by which every request is bound."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_origin

from pydantic.fields import FieldInfo

from miniframework.dependencies.depends import DependsMarker
from miniframework.dependencies.graph import (
    build_dependencies,
    cleans_up,
    distinct_dependencies,
)
from miniframework.dependencies.overrides import NO_OVERRIDES, Overrides
from miniframework.dependencies.security_scopes import SecurityScopes
from miniframework.http.connection import Connection
from miniframework.params.annotations import (
    describe_annotation,
    find_model,
    find_models,
    find_usual,
    is_any_text,
    is_bytes,
    is_many,
)
from miniframework.params.classify import NO_BODY, Placed, find_shape, place_parameter, settle_bodies
from miniframework.params.field import BodyKind, BodyUse, CallPlan, Field, Gathering, ParameterPlan
from miniframework.params.form_union import plan_union, read_in_branches
from miniframework.params.gathering import FORM_SOURCES, plan_gathering
from miniframework.params.marker import REQUIRED, Marker
from miniframework.params.signature import Signature, SignatureParameter, read_signature
from miniframework.params.stacked import complete_marker
from miniframework.params.usual import find_usual_field
from miniframework.params.validator import build_validator
from miniframework.params.written import can_do_without
from miniframework.routing.converters import BUILT_IN
from miniframework.routing.parts import Parameter
from miniframework.routing.pattern import PathPattern
from miniframework.routing.source import Source

__all__ = ["CallPlan", "Field", "ParameterPlan", "plan_parameters"]

# Python makes a new one each time, of 216 bytes.
_NOTHING: frozenset[Any] = frozenset()

# The order in which FastAPI lists problems.
_ORDER = {"path": 0, "query": 1, "header": 2, "cookie": 3, "body": 4, "form": 4, "file": 4}


def plan_parameters(
    endpoint: Callable[..., Any],
    pattern: PathPattern | None,
    *,
    scalars_from_body: bool = False,
    untyped_is_json: bool = True,
    source: Source | None = None,
    special: Sequence[type] = (),
    dependencies: Sequence[DependsMarker] = (),
    overrides: Overrides = NO_OVERRIDES,
) -> ParameterPlan:
    """Work out what `endpoint`, registered at `pattern`, asks of a request.

    `scalars_from_body` is the tutorial's rule: an undeclared scalar is looked for in the query, then in the
    keys of the JSON body; an unannotated parameter found nowhere gets the whole body. Without it FastAPI's
    rule holds. `untyped_is_json`: a body without a content type is JSON. `special` are types whose objects
    the caller gives to `bind`: a parameter annotated with one of them or a subclass, or unannotated and named
    like one (`request`), gets that object. `dependencies` are called before the endpoint's own, for what they
    do; `overrides` has what is called in the place of a dependency. Raises ParameterError or DependencyError,
    with file and line, for what no request could fill.
    """
    signature = read_signature(endpoint, source)
    planner = _Planner(pattern, special, scalars_from_body=scalars_from_body)
    if overrides:
        usual = distinct_dependencies(build_dependencies(signature, dependencies, NO_OVERRIDES))
        planner.keep_shape([*((one.signature, one.scopes) for one in usual), (signature, ())])
    needed = build_dependencies(signature, dependencies, overrides)
    distinct = distinct_dependencies(needed)
    body_kind, calls = planner.plan([*((one.signature, one.scopes) for one in distinct), (signature, ())])
    fields = [field for call in calls for field in call.fields]
    wants = frozenset(kind for call in calls for _, kind in call.special) or _NOTHING
    return ParameterPlan(
        endpoint=calls[-1],
        dependencies=needed,
        dependency_calls=tuple((one.key, call) for one, call in zip(distinct, calls, strict=False)),
        body_kind=body_kind,
        file_keys=frozenset(key for field in fields for key in _file_keys(field)) or _NOTHING,
        any_type_is_json=scalars_from_body,
        untyped_is_json=untyped_is_json,
        wants=wants,
        cleans_up=cleans_up(needed),
        needs_request=body_kind is not BodyKind.NONE or any(issubclass(one, Connection) for one in wants),
    )


_ScopedSignature = tuple[Signature, tuple[str, ...]]


class _Planner:
    """Plans the signatures of one route together, for they share its path and its body."""

    def __init__(
        self, pattern: PathPattern | None, special: Sequence[type], *, scalars_from_body: bool
    ) -> None:
        self._template: Mapping[str, Parameter] = (
            {} if pattern is None else {one.name: one for one in pattern.parameters}
        )
        self._special = tuple(special)
        self._scalars_from_body = scalars_from_body
        self._usual = NO_BODY

    def keep_shape(self, signatures: Sequence[_ScopedSignature]) -> None:
        """Let the body stay as these ask for it, whom others take the place of."""
        special = [self._find_special(signature) for signature, _ in signatures]
        self._usual = find_shape([one for _, one in self._place_all(signatures, special)])

    def plan(self, signatures: Sequence[_ScopedSignature]) -> tuple[BodyKind, list[CallPlan]]:
        special = [self._find_special(signature) for signature, _ in signatures]
        placed = self._place_all(signatures, special)
        every = [one for _, one in placed]
        shape = find_shape(every).kept(self._usual)
        fields: list[list[Field]] = [[] for _ in signatures]
        for (at, one), use in zip(placed, settle_bodies(every, shape), strict=True):
            fields[at].append(self._make_field(one, use))
        return shape.kind, [
            CallPlan(
                name=signature.name,
                source=signature.source,
                fields=tuple(sorted(own, key=lambda field: _ORDER[field.source])),
                special=tuple(pair for pair in injected.items() if pair[1] is not SecurityScopes),
                scopes=tuple((name, scopes) for name, kind in injected.items() if kind is SecurityScopes),
            )
            for own, injected, (signature, scopes) in zip(fields, special, signatures, strict=True)
        ]

    def _place_all(
        self, signatures: Sequence[_ScopedSignature], special: Sequence[Mapping[str, type]]
    ) -> list[tuple[int, Placed]]:
        """Place every parameter that the request has to give, each with the number of its signature."""
        return [
            (at, self._place(signature, parameter))
            for at, (signature, _) in enumerate(signatures)
            for parameter in signature.parameters
            if parameter.depends is None
            and parameter.name not in special[at]
            and not _belongs_elsewhere(signature, parameter)
        ]

    def _place(self, signature: Signature, parameter: SignatureParameter) -> Placed:
        return place_parameter(
            signature, parameter, self._template, scalars_from_body=self._scalars_from_body
        )

    def _find_special(self, signature: Signature) -> dict[str, type]:
        by_name = {kind.__name__.lower(): kind for kind in self._special}
        found: dict[str, type] = {}
        for parameter in signature.parameters:
            if parameter.is_usual or parameter.depends or parameter.name in self._template:
                continue
            kind = self._special_kind(parameter.annotation)
            if kind is not None:
                if parameter.marker is not None:
                    signature.refuse(
                        parameter.name,
                        f"{parameter.marker.source.capitalize()}() cannot give a {kind.__name__}",
                        "drop the marker: the annotation is enough",
                    )
                found[parameter.name] = kind
            elif not parameter.is_annotated and parameter.name in by_name and parameter.marker is None:
                found[parameter.name] = by_name[parameter.name]
        return found

    def _special_kind(self, annotation: object) -> type | None:
        if not isinstance(annotation, type) or get_origin(annotation) is not None or find_usual(annotation):
            return None
        if annotation is Connection:  # not what is derived from it: a WebSocket is no Request
            return Connection if Connection in self._special else None
        kinds = (*self._special, SecurityScopes)
        return next((one for one in kinds if one is not Connection and issubclass(annotation, one)), None)

    def _make_field(self, placed: Placed, body_use: BodyUse) -> Field:
        segment = self._template[placed.aliases[0]] if placed.source == "path" else None
        if (usual := find_usual_field(placed, body_use, segment)) is not None:
            return usual
        parameter, marker = placed.parameter, _marker_of(placed)
        free = not parameter.metadata and not (marker and marker.constraints)
        own_converter = segment is not None and BUILT_IN.get(segment.converter_name) is not segment.converter
        repeats = placed.source in ("query", "header", *FORM_SOURCES) and not placed.is_json_text
        return Field(
            name=parameter.name,
            aliases=placed.aliases,
            keys=tuple(map(str.lower, placed.aliases)) if placed.source == "header" else placed.aliases,
            source=placed.source,
            body_use=body_use,
            many=repeats and is_many(parameter.annotation),
            gathering=_plan_gathering(placed),
            reads_file=placed.source == "file" and is_bytes(parameter.annotation),
            any_text=free and is_any_text(parameter.annotation) and placed.source not in FORM_SOURCES,
            is_text=parameter.annotation is str,
            validator=build_validator(placed.signature, _as_read(placed), own_types=own_converter),
            validates_default=marker is not None and bool(marker.validate_default),
            converter=None if segment is None else segment.converter,
            converter_name="pydantic" if segment is None else segment.converter_name,
            declared_type=describe_annotation(parameter.annotation),
            default=parameter.default,
            default_factory=marker.default_factory if marker else None,
            marker=marker,
            annotation=parameter.annotation,
            metadata=parameter.metadata,
            marked_at=parameter.marked_at,
        )


def _file_keys(field: Field) -> Collection[str]:
    """The names in the form whose files are wanted as bytes."""
    if field.gathering is not None:
        return field.gathering.file_names
    return field.keys if field.reads_file else ()


def _marker_of(placed: Placed) -> Marker | None:
    """What is said about a parameter; without a marker, what a `pydantic.Field(...)` of its type says."""
    parameter = placed.parameter
    if parameter.marker is None and any(isinstance(one, FieldInfo) for one in parameter.metadata):
        return complete_marker(Marker(source=placed.source), parameter.metadata)
    return parameter.marker


def _as_read(placed: Placed) -> SignatureParameter:
    """The parameter as its value is validated: of a union of form models each reads the form itself."""
    parameter = placed.parameter
    if placed.form_model and find_models(parameter.annotation):
        return replace(parameter, annotation=read_in_branches(parameter.annotation, placed.source))
    return parameter


def _belongs_elsewhere(signature: Signature, parameter: SignatureParameter) -> bool:
    """Whether it is what only the other protocol has, and may be left to its default, or left out.

    So `def f(request: Request = None, websocket: WebSocket = None)` serves both, and so does a decorator's
    function that only says it wants both.
    """
    if parameter.is_usual:
        return False
    is_connection = isinstance(parameter.annotation, type) and issubclass(parameter.annotation, Connection)
    if not is_connection or parameter.marker is not None:
        return False
    return parameter.default is not REQUIRED or can_do_without(signature.call, parameter.name)


def _plan_gathering(placed: Placed) -> Gathering | None:
    """How a model is made of the query, the headers, the cookies or the form."""
    annotation, marker = placed.parameter.annotation, placed.parameter.marker
    if placed.form_model and (models := find_models(annotation)):
        return plan_union(models, annotation, placed.source)
    model = find_model(annotation)
    gathers = placed.source in ("query", "header", "cookie") or placed.form_model
    if model is None or not gathers or placed.is_json_text:
        return None
    convert = marker is None or marker.convert_underscores
    return plan_gathering(model, annotation, placed.source, convert_underscores=convert)
