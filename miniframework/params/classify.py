"""Decide where each parameter of a signature comes from."""

from collections.abc import Mapping, Sequence
from typing import get_origin

from miniframework.events import ParameterSource
from miniframework.http.connection import Connection
from miniframework.http.request import Request
from miniframework.misspelt import did_you_mean
from miniframework.params.annotations import (
    find_model,
    find_models,
    holds_structures,
    is_body_annotation,
    is_json_text,
    is_many,
    is_read_first,
    is_structured,
    is_upload,
    may_be_text,
)
from miniframework.params.field import BodyKind, BodyUse
from miniframework.params.gathering import FORM_SOURCES
from miniframework.params.marker import REQUIRED, Marker
from miniframework.params.signature import Signature, SignatureParameter
from miniframework.params.stacked import names_in_field
from miniframework.records import dataclass
from miniframework.routing.parts import Parameter


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """A parameter and where it comes from; `loose`: undeclared and unannotated, it may be the whole body."""

    signature: Signature
    parameter: SignatureParameter
    source: ParameterSource
    aliases: tuple[str, ...]
    body_use: BodyUse = BodyUse.NOTHING
    loose: bool = False

    @property
    def is_json_text(self) -> bool:
        """Whether one text holds JSON, whose value is wanted."""
        return is_json_text(self.parameter.metadata)

    @property
    def form_model(self) -> bool:
        """Whether a model is made of the form's fields, which then stand at its top level."""
        if self.source not in FORM_SOURCES or self.is_json_text:
            return False
        annotation = self.parameter.annotation
        return find_model(annotation) is not None or bool(find_models(annotation))


def place_parameter(
    signature: Signature,
    parameter: SignatureParameter,
    template: Mapping[str, Parameter],
    *,
    scalars_from_body: bool,
) -> Placed:
    """Say where a parameter comes from: its marker, else its name in the path, else what its type is.

    Undeclared, an UploadFile is a file of the form, a model, dataclass, typed dict, mapping or collection is
    a body, everything else a query parameter, which `scalars_from_body` also looks up in the JSON body's
    keys. A body's use is settled later, by how many there are. Raises ParameterError for a Path whose name
    the template does not have, and for a path or query parameter that no text can fill.
    """
    marker = parameter.marker
    names = () if marker is not None else names_in_field(parameter.metadata)
    source = _source(parameter, template, names)
    aliases = names or _aliases(parameter.name, marker)
    if source == "path":
        aliases = tuple(one for one in aliases if one in template)[:1] or aliases[:1]
    _refuse_other_protocol(signature, parameter)
    _check(signature, parameter, source, aliases[0], template)
    undeclared = marker is None and source == "query"
    return Placed(
        signature=signature,
        parameter=parameter,
        source=source,
        aliases=aliases,
        body_use=BodyUse.KEY if undeclared and scalars_from_body else BodyUse.NOTHING,
        loose=undeclared and not parameter.is_annotated and parameter.default is REQUIRED,
    )


@dataclass(frozen=True, slots=True)
class BodyShape:
    """As what the body of a route is read, and whether its parameters are keys of it."""

    kind: BodyKind
    embedded: bool

    def kept(self, usual: "BodyShape") -> "BodyShape":
        """Give the shape where the route's is `usual`: replacing a dependency changes it only if it must."""
        return usual if usual.kind is not BodyKind.NONE and self.kind in (BodyKind.NONE, usual.kind) else self


NO_BODY = BodyShape(BodyKind.NONE, False)


def find_shape(placed: Sequence[Placed]) -> BodyShape:
    """Say as what the body is read.

    One form field makes it a form, of which everything is a field but a model of form fields. Else a single
    body parameter is the whole body unless it asks to be embedded; several are keys. Source: FastAPI, "Body -
    Multiple Parameters" and "Request Forms and Files".
    """
    if any(one.source in FORM_SOURCES for one in placed):
        return BodyShape(BodyKind.FORM, True)
    bodies = {one.parameter.name: one.parameter.marker for one in placed if one.source == "body"}
    embedded = len(bodies) > 1 or any(marker is not None and marker.embed for marker in bodies.values())
    is_read = bodies or any(one.body_use is not BodyUse.NOTHING for one in placed)
    return BodyShape(BodyKind.JSON, embedded) if is_read else NO_BODY


def settle_bodies(placed: Sequence[Placed], shape: BodyShape) -> list[BodyUse]:
    """Say for each parameter what it takes from a body of this shape.

    When none is declared as the body, a single loose parameter may be the whole of it.
    """
    if shape.kind is BodyKind.FORM:
        return [_use_of_form(one) for one in placed]
    loose = sum(one.loose for one in placed)
    single_loose = loose == 1 and all(one.source != "body" for one in placed)
    uses: list[BodyUse] = []
    for one in placed:
        if one.source == "body":
            uses.append(BodyUse.KEY if shape.embedded else BodyUse.WHOLE)
        elif one.body_use is BodyUse.KEY and one.loose and single_loose:
            uses.append(BodyUse.KEY_OR_WHOLE)
        else:
            uses.append(one.body_use)
    return uses


def _use_of_form(placed: Placed) -> BodyUse:
    if placed.source == "body" or placed.source in FORM_SOURCES:
        return BodyUse.WHOLE if placed.form_model else BodyUse.KEY
    return BodyUse.NOTHING  # the tutorial's rule reads JSON, not forms


def _source(
    parameter: SignatureParameter, template: Mapping[str, Parameter], names: tuple[str, ...]
) -> ParameterSource:
    if parameter.marker is not None:
        return parameter.marker.source
    if any(name in template for name in names or (parameter.name,)):
        return "path"
    if parameter.is_usual:
        return "query"
    if is_upload(parameter.annotation):
        return "file"
    return "body" if is_body_annotation(parameter.annotation) else "query"


def _aliases(name: str, marker: Marker | None) -> tuple[str, ...]:
    if marker is None:
        return (name,)
    dashed = marker.source == "header" and marker.convert_underscores
    return marker.names or (name.replace("_", "-") if dashed else name,)


def _refuse_other_protocol(signature: Signature, parameter: SignatureParameter) -> None:
    """Refuse the Request of a WebSocket route, and the reverse: what a route has is never placed."""
    annotation = parameter.annotation
    if not (isinstance(annotation, type) and get_origin(annotation) is None):
        return
    if issubclass(annotation, Request):
        way_out = "take a WebSocket, or declare it with @app.get"
        signature.refuse(parameter.name, "a WebSocket route has no Request", way_out)
    if issubclass(annotation, Connection):
        way_out = "take a Request, or declare it with @app.websocket"
        signature.refuse(parameter.name, "an HTTP route has no WebSocket", way_out)


def _check(
    signature: Signature,
    parameter: SignatureParameter,
    source: ParameterSource,
    alias: str,
    template: Mapping[str, Parameter],
) -> None:
    if parameter.is_usual:
        return
    if source != "path" and parameter.marker is not None and parameter.name in template:
        signature.refuse(
            parameter.name,
            f"{source.capitalize()}() cannot take what stands in the path",
            "take Path(), or another name for the one or the other",
        )
    if source == "path":
        _check_path(signature, parameter, alias, template)
    elif source in ("query", "header", "cookie"):
        _check_shape(signature, parameter, source)


def _check_path(
    signature: Signature, parameter: SignatureParameter, alias: str, template: Mapping[str, Parameter]
) -> None:
    if alias not in template:
        known = ", ".join(template) or "none"
        near = did_you_mean(alias, template)
        hint = f"; {near}" if near else ""
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


def _check_shape(signature: Signature, parameter: SignatureParameter, source: ParameterSource) -> None:
    structured = (
        is_structured(parameter.annotation)
        and find_model(parameter.annotation) is None
        and not is_json_text(parameter.metadata)
    )
    is_list = is_many(parameter.annotation) and not holds_structures(parameter.annotation)
    # A header or a cookie may still be left out: then there is a value, and else a problem to tell.
    may_come_true = source != "query" and (
        _has_default(parameter) or is_read_first(parameter.metadata) or may_be_text(parameter.annotation)
    )
    if structured and not may_come_true and not (is_list and source != "cookie"):
        lists = "" if source == "cookie" else "a list of them, "
        signature.refuse(
            parameter.name,
            f"a {source} parameter cannot become {parameter.annotation!r}",
            f"annotate it with a plain type, {lists}or a pydantic model with one field a name",
        )


def _has_default(parameter: SignatureParameter) -> bool:
    factory = None if parameter.marker is None else parameter.marker.default_factory
    return parameter.default is not REQUIRED or factory is not None
