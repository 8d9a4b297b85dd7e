"""From an endpoint's signature to the plan by which every request is bound."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic.fields import FieldInfo

from miniframework.dependencies.graph import build_dependencies, distinct_dependencies
from miniframework.events import ParameterSource
from miniframework.params.annotations import describe_annotation, find_model, is_any_text, is_many
from miniframework.params.classify import Placed, place_parameter, settle_bodies
from miniframework.params.field import BodyUse, CallPlan, Field, Member, ParameterPlan
from miniframework.params.signature import Signature, read_signature
from miniframework.params.validator import build_validator
from miniframework.routing.converters import BUILT_IN
from miniframework.routing.parts import Parameter
from miniframework.routing.pattern import PathPattern
from miniframework.routing.source import Source

__all__ = ["CallPlan", "Field", "ParameterPlan", "plan_parameters"]

# The order in which FastAPI lists problems.
_ORDER = ("path", "query", "header", "cookie", "body")


def plan_parameters(
    endpoint: Callable[..., Any],
    pattern: PathPattern | None,
    *,
    scalars_from_body: bool = False,
    source: Source | None = None,
    special: Sequence[type] = (),
) -> ParameterPlan:
    """Work out what `endpoint`, registered at `pattern`, asks of a request.

    `scalars_from_body` is the tutorial's rule: an undeclared scalar is looked for in the query, then in the
    keys of the JSON body; an unannotated parameter found nowhere gets the whole body. Without it FastAPI's
    rule holds. `special` are types whose objects the caller gives to `bind`: a parameter annotated with one
    of them, or unannotated and named like one (`request`), gets that object. Raises ParameterError or
    DependencyError, with file and line, for what no request could fill.
    """
    signature = read_signature(endpoint, source)
    dependencies = build_dependencies(signature)
    distinct = distinct_dependencies(dependencies)
    planner = _Planner(pattern, special, scalars_from_body=scalars_from_body)
    calls = planner.plan([*(one.signature for one in distinct), signature])
    fields = [field for call in calls for field in call.fields]
    return ParameterPlan(
        endpoint=calls[-1],
        dependencies=dependencies,
        dependency_calls=tuple((one.key, call) for one, call in zip(distinct, calls, strict=False)),
        needs_body=any(field.body_use is not BodyUse.NOTHING for field in fields),
        any_type_is_json=scalars_from_body,
        wants=frozenset(kind for call in calls for _, kind in call.special),
    )


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

    def plan(self, signatures: Sequence[Signature]) -> list[CallPlan]:
        special = [self._find_special(signature) for signature in signatures]
        placed = [
            place_parameter(signature, parameter, self._template, scalars_from_body=self._scalars_from_body)
            for signature, injected in zip(signatures, special, strict=True)
            for parameter in signature.parameters
            if parameter.depends is None and parameter.name not in injected
        ]
        uses = settle_bodies(placed)
        fields = [(one.signature, self._make_field(one, uses[at])) for at, one in enumerate(placed)]
        return [
            CallPlan(
                fields=tuple(
                    sorted(
                        (field for owner, field in fields if owner is signature),
                        key=lambda field: _ORDER.index(field.source),
                    )
                ),
                special=tuple(injected.items()),
            )
            for signature, injected in zip(signatures, special, strict=True)
        ]

    def _find_special(self, signature: Signature) -> dict[str, type]:
        by_name = {kind.__name__.lower(): kind for kind in self._special}
        found: dict[str, type] = {}
        for parameter in signature.parameters:
            if parameter.depends or parameter.marker or parameter.name in self._template:
                continue
            if isinstance(parameter.annotation, type) and parameter.annotation in self._special:
                found[parameter.name] = parameter.annotation
            elif not parameter.is_annotated and parameter.name in by_name:
                found[parameter.name] = by_name[parameter.name]
        return found

    def _make_field(self, placed: Placed, body_use: BodyUse) -> Field:
        parameter, marker = placed.parameter, placed.parameter.marker
        segment = self._template[placed.alias] if placed.source == "path" else None
        free = not parameter.metadata and not (marker and marker.constraints)
        own_converter = segment is not None and BUILT_IN.get(segment.converter_name) is not segment.converter
        return Field(
            name=parameter.name,
            alias=placed.alias,
            source=placed.source,
            body_use=body_use,
            many=placed.source in ("query", "header") and is_many(parameter.annotation),
            members=_members(placed),
            any_text=free and is_any_text(parameter.annotation),
            is_text=parameter.annotation is str,
            validator=build_validator(placed.signature, parameter, own_types=own_converter),
            converter=None if segment is None else segment.converter,
            converter_name="pydantic" if segment is None else segment.converter_name,
            declared_type=describe_annotation(parameter.annotation),
            default=parameter.default,
            default_factory=marker.default_factory if marker else None,
        )


def _members(placed: Placed) -> tuple[Member, ...]:
    """The names a model takes from the query, the headers or the cookies."""
    model = find_model(placed.parameter.annotation)
    if model is None or placed.source in ("path", "body"):
        return ()
    return tuple(_member(name, field, placed.source) for name, field in model.model_fields.items())


def _member(name: str, field: FieldInfo, source: ParameterSource) -> Member:
    alias = field.validation_alias if isinstance(field.validation_alias, str) else None
    in_request = alias or name
    if source == "header":
        in_request = (alias or name.replace("_", "-")).lower()
    return Member(name=in_request, key=alias or name, many=is_many(field.annotation))
