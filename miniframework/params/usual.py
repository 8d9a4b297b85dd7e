"""Fields that are alike in many routes, as of `item_id: int` or `q: str | None = None`: made once, shared."""

from functools import lru_cache

from miniframework.params.annotations import describe_annotation, is_any_text
from miniframework.params.classify import Placed
from miniframework.params.field import BodyUse, Field
from miniframework.params.signature import SignatureParameter
from miniframework.params.validator import build_usual_validator
from miniframework.routing.converters import BUILT_IN
from miniframework.routing.parts import Parameter


def find_usual_field(placed: Placed, body_use: BodyUse, segment: Parameter | None) -> Field | None:
    """Give the field of a usual parameter; None where it is to be made for its own route.

    `segment` is its place in the path; without one it is a parameter of the query.
    """
    if not placed.parameter.is_usual or body_use is not BodyUse.NOTHING:
        return None
    if segment is None:
        return _make_usual(placed.parameter, None)
    is_built_in = BUILT_IN.get(segment.converter_name) is segment.converter
    return _make_usual(placed.parameter, segment.converter_name) if is_built_in else None


@lru_cache(maxsize=4096)  # a memo of a pure function; usual parameters are themselves shared
def _make_usual(parameter: SignatureParameter, converter_name: str | None) -> Field:
    names = (parameter.name,)
    return Field(
        name=parameter.name,
        aliases=names,
        keys=names,
        source="query" if converter_name is None else "path",
        body_use=BodyUse.NOTHING,
        many=False,
        gathering=None,
        reads_file=False,
        any_text=is_any_text(parameter.annotation),
        is_text=parameter.annotation is str,
        validator=build_usual_validator(parameter.annotation),
        validates_default=False,
        converter=None if converter_name is None else BUILT_IN[converter_name],
        converter_name="pydantic" if converter_name is None else converter_name,
        declared_type=describe_annotation(parameter.annotation),
        default=parameter.default,
        default_factory=None,
        marker=None,
        annotation=parameter.annotation,
    )
