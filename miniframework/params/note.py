"""What a recorded request tells of one parameter."""

from typing import Any

from pydantic_core import to_json

from miniframework.events import BoundParameter, ParameterSource
from miniframework.http.upload import UploadFile
from miniframework.params.body import BrokenBody, ReadBody
from miniframework.params.field import BodyUse, Field
from miniframework.params.gathering import FORM_SOURCES
from miniframework.params.reader import RequestReader
from miniframework.params.take import ABSENT, UNFIT


def note_parameter(
    field: Field,
    reader: RequestReader,
    taken: tuple[ParameterSource, str, Any],
    value: Any,
    problem: str | None,
    *,
    asked_by: str,
) -> BoundParameter:
    """Put down what came (`taken`: source, name, what), the value it became, the words of the first problem,
    and who asked for it.
    """
    source, alias, came = taken
    broken = _is_broken(field, reader)
    if broken and came is ABSENT and isinstance(reader.content, BrokenBody):
        problem = reader.content.problem["msg"]
    is_text = field.any_text and source not in ("path", "body")
    return BoundParameter(
        name=field.name,
        alias=alias,
        source=source,
        raw=reader.raw_body if broken and came is ABSENT else _raw(came, source, reader),
        declared_type=field.declared_type,
        converter="text" if is_text else field.converter_name,
        value=None if value is ABSENT else value,
        default_used=came is ABSENT and value is not ABSENT,
        asked_by=asked_by,
        problem=problem,
    )


def _is_broken(field: Field, reader: RequestReader) -> bool:
    return field.body_use is not BodyUse.NOTHING and isinstance(reader.content, BrokenBody)


def _raw(came: Any, source: ParameterSource, reader: RequestReader) -> str | bytes | list[str] | None:
    if came is ABSENT:
        return None
    if came is UNFIT:
        return reader.raw_body
    if isinstance(came, dict) and source != "body":
        return [f"{name}={_text(one)}" for name, one in came.items()]
    if source in FORM_SOURCES:
        return [_text(one) for one in came] if isinstance(came, list) else _text(came)
    if source == "body":
        content = reader.content
        whole = isinstance(content, ReadBody) and came is content.value
        return reader.raw_body if whole else to_json(came, inf_nan_mode="constants", fallback=repr).decode()
    return came  # type: ignore[no-any-return]  # text, or a list of texts


def _text(value: Any) -> str:
    """A field's text; of a file its name, type and size, never its content."""
    if isinstance(value, UploadFile):
        return f"{value.filename} ({value.content_type or 'no type'}, {value.size} bytes)"
    return f"{len(value)} bytes of a file" if isinstance(value, bytes) else str(value)
