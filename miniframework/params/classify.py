"""Decide where each parameter of a signature comes from."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from miniframework.events import ParameterSource
from miniframework.params.annotations import find_model, is_body_annotation, is_many
from miniframework.params.field import BodyUse
from miniframework.params.markers import REQUIRED, Marker
from miniframework.params.signature import Signature, SignatureParameter
from miniframework.routing.parts import Parameter


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """A parameter and where it comes from; `loose`: undeclared and unannotated, it may be the whole body."""

    signature: Signature
    parameter: SignatureParameter
    source: ParameterSource
    alias: str
    body_use: BodyUse = BodyUse.NOTHING
    loose: bool = False


def place_parameter(
    signature: Signature,
    parameter: SignatureParameter,
    template: Mapping[str, Parameter],
    *,
    scalars_from_body: bool,
) -> Placed:
    """Say where a parameter comes from: its marker, else its name in the path, else what its type is.

    Undeclared, a model, dataclass, typed dict, mapping or collection is a body, everything else a query
    parameter, which `scalars_from_body` also looks up in the JSON body's keys. A body's use is settled
    later, by how many there are. Raises ParameterError for a Path whose name the template does not have,
    and for a path or query parameter that no text can fill.
    """
    marker = parameter.marker
    source: ParameterSource
    if marker is not None:
        source = marker.source
    elif parameter.name in template:
        source = "path"
    else:
        source = "body" if is_body_annotation(parameter.annotation) else "query"
    alias = _alias(parameter.name, marker)
    _check(signature, parameter, source, alias, template)
    undeclared = marker is None and source == "query"
    return Placed(
        signature=signature,
        parameter=parameter,
        source=source,
        alias=alias,
        body_use=BodyUse.KEY if undeclared and scalars_from_body else BodyUse.NOTHING,
        loose=undeclared and not parameter.is_annotated and parameter.default is REQUIRED,
    )


def settle_bodies(placed: Sequence[Placed]) -> dict[int, BodyUse]:
    """Say for each parameter, by position, what it takes from the body.

    A single body parameter is the whole body unless it asks to be embedded; several are keys. When none is
    declared, a single loose parameter may be the whole body. Source: FastAPI, "Body - Multiple Parameters".
    """
    bodies = {one.alias: one.parameter.marker for one in placed if one.source == "body"}
    embedded = len(bodies) > 1 or any(marker is not None and marker.embed for marker in bodies.values())
    single_loose = not bodies and sum(one.loose for one in placed) == 1
    uses: dict[int, BodyUse] = {}
    for position, one in enumerate(placed):
        if one.source == "body":
            uses[position] = BodyUse.KEY if embedded else BodyUse.WHOLE
        elif one.body_use is BodyUse.KEY and one.loose and single_loose:
            uses[position] = BodyUse.KEY_OR_WHOLE
        else:
            uses[position] = one.body_use
    return uses


def _alias(name: str, marker: Marker | None) -> str:
    if marker is None:
        return name
    if marker.source == "header":
        given = marker.alias or (name.replace("_", "-") if marker.convert_underscores else name)
        return given.lower()
    return marker.alias or name


def _check(
    signature: Signature,
    parameter: SignatureParameter,
    source: ParameterSource,
    alias: str,
    template: Mapping[str, Parameter],
) -> None:
    if source == "path":
        if alias not in template:
            known = ", ".join(template) or "none"
            near = difflib.get_close_matches(alias, template, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            signature.refuse(
                parameter.name,
                f"Path() wants {alias!r} from the path, whose parameters are: {known}{hint}",
                f"write {{{alias}}} into the path, or take another marker",
            )
        if is_body_annotation(parameter.annotation):
            signature.refuse(
                parameter.name,
                f"a path segment cannot become {parameter.annotation!r}",
                "annotate it with a plain type (int, str, UUID, an enum)",
            )
    elif source in ("query", "header", "cookie"):
        structured = is_body_annotation(parameter.annotation) and find_model(parameter.annotation) is None
        if structured and not (is_many(parameter.annotation) and source != "cookie"):
            signature.refuse(
                parameter.name,
                f"a {source} parameter cannot become {parameter.annotation!r}",
                "annotate it with a plain type, a list of them, or a pydantic model with one field a name",
            )
