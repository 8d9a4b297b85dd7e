"""One server-sent event, as an endpoint yields it."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, model_validator


def _one_line(text: str | None, info: ValidationInfo) -> str | None:
    if text is not None and info.field_name == "id" and "\0" in text:
        raise ValueError("SSE 'id' must not contain null characters")
    if text is not None and ("\r" in text or "\n" in text):
        raise ValueError(f"SSE '{info.field_name}' must be a single line")
    return text


class ServerSentEvent(BaseModel):
    """One event. `data` goes out as JSON (text in quotes too), `raw_data` as it is; give one of them.

    `event` is its type (`message` without one), `id` what the browser sends back as Last-Event-ID when it
    connects again, `retry` the milliseconds until it does, `comment` lines that readers skip. What would
    break out of its line raises pydantic's ValidationError, a ValueError; the messages are FastAPI's.
    """

    data: Any = None
    raw_data: str | None = None
    event: Annotated[str | None, AfterValidator(_one_line)] = None
    id: Annotated[str | None, AfterValidator(_one_line)] = None
    retry: Annotated[int | None, Field(ge=0)] = None
    comment: str | None = None

    @model_validator(mode="after")
    def _check_data(self) -> Self:
        if self.data is not None and self.raw_data is not None:
            raise ValueError(
                "Cannot set both 'data' and 'raw_data' on the same ServerSentEvent. Use 'data' for "
                "JSON-serialized payloads or 'raw_data' for pre-formatted strings."
            )
        return self
