"""The Responses Object of an operation. Source: OpenAPI 3.1, Responses Object."""

import copy
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from miniframework.answering.answer import AnswerKind
from miniframework.http.response import JSONResponse, Response, has_content
from miniframework.openapi.constants import REF_PREFIX
from miniframework.openapi.described import DescribedRoute
from miniframework.openapi.merging import lay_over
from miniframework.openapi.schemas import Documented, Schema, Schemas, describe_output
from miniframework.signatures import signature_of

_RANGES = {
    "1XX": "Information",
    "2XX": "Success",
    "3XX": "Redirection",
    "4XX": "Client Error",
    "5XX": "Server Error",
    "DEFAULT": "Default Response",
}
VALIDATION_ERRORS: Mapping[str, Schema] = {
    "HTTPValidationError": {
        "title": "HTTPValidationError",
        "type": "object",
        "properties": {
            "detail": {"title": "Detail", "type": "array", "items": {"$ref": REF_PREFIX + "ValidationError"}}
        },
    },
    "ValidationError": {
        "title": "ValidationError",
        "type": "object",
        "properties": {
            "loc": {
                "title": "Location",
                "type": "array",
                "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            },
            "msg": {"title": "Message", "type": "string"},
            "type": {"title": "Error Type", "type": "string"},
            "input": {"title": "Input"},
            "ctx": {"title": "Context", "type": "object"},
        },
        "required": ["loc", "msg", "type"],
    },
}
_REFUSED: Schema = {
    "description": "Validation Error",
    "content": {"application/json": {"schema": {"$ref": REF_PREFIX + "HTTPValidationError"}}},
}


class Responses:
    """What a route answers: its own response, and the additional ones by their status."""

    def __init__(self, route: DescribedRoute) -> None:
        self._route = route
        self._answer = route.answer
        self._class: type[Response] = route.answer.response_class
        self._own = _describe(f"Response_{route.unique_id}", route.answer.model)
        self._item = _describe(f"StreamItem_{route.unique_id}", route.answer.item)
        self._models: dict[int | str, Documented] = {
            status: describe_output(f"Response_{status}_{route.unique_id}", response["model"])
            for status, response in route.responses.items()
            if response.get("model")
        }

    @property
    def described(self) -> list[Documented]:
        """Every value in them that has a schema."""
        described = (self._own, *self._models.values(), self._item)
        return [one for one in described if one is not None]

    @property
    def covers_refusal(self) -> bool:
        """Whether the route's author said what a request that fails validation is answered."""
        said = {str(status).upper() for status in (self._status, *self._route.responses)}
        return bool(said & {"422", "4XX", "DEFAULT"})

    def write(self, schemas: Schemas, *, may_refuse: bool) -> Schema:
        """Give the Responses Object; `may_refuse`: a request can fail validation."""
        status = self._status
        written: Schema = {str(status): self._write_own(schemas, status)}
        for key, response in self._route.responses.items():
            word = "default" if str(key).upper() == "DEFAULT" else str(key).upper()
            self._add(written.setdefault(word, {}), key, response, schemas)
        if may_refuse and not self.covers_refusal:
            written["422"] = copy.deepcopy(_REFUSED)
        return written

    @property
    def _status(self) -> int:
        """The status that was given, or the one the class of the response has by itself."""
        if self._answer.status_code is not None:
            return self._answer.status_code
        usual = signature_of(self._class).parameters.get("status_code")
        return usual.default if usual is not None and isinstance(usual.default, int) else 200

    def _write_own(self, schemas: Schemas, status: int) -> Schema:
        written: Schema = {"description": self._route.documentation.response_description}
        if not has_content(status):
            return written
        match self._answer.kind:
            case AnswerKind.JSON_LINES:
                written["content"] = {"application/jsonl": {"itemSchema": self._write_item(schemas)}}
            case AnswerKind.EVENTS:
                written["content"] = {"text/event-stream": {"itemSchema": self._write_event(schemas)}}
            case _ if self._class.media_type is not None:
                written["content"] = {self._class.media_type: {"schema": self._write_content(schemas)}}
        return written

    def _write_content(self, schemas: Schemas) -> Schema:
        if not issubclass(self._class, JSONResponse):
            return {"type": "string"}
        return {} if self._own is None else schemas.of(self._own)

    def _write_item(self, schemas: Schemas) -> Schema:
        return {} if self._item is None else schemas.of(self._item)

    def _write_event(self, schemas: Schemas) -> Schema:
        """Source: OpenAPI 3.2 section 4.14.4, Special Considerations for Server-Sent Events."""
        data: Schema = {"type": "string"}
        event: Schema = {
            "type": "object",
            "properties": {
                "data": data,
                "event": {"type": "string"},
                "id": {"type": "string"},
                "retry": {"type": "integer", "minimum": 0},
            },
        }
        if self._item is not None:
            data |= {"contentMediaType": "application/json", "contentSchema": schemas.of(self._item)}
            event["required"] = ["data"]
        return event

    def _add(self, written: Schema, status: int | str, response: Mapping[str, Any], schemas: Schemas) -> None:
        """Lay an additional response over what is written for its status already."""
        given: Schema = copy.deepcopy({name: value for name, value in response.items() if name != "model"})
        if status in self._models:
            media_type = self._class.media_type or "application/json"
            content = given.setdefault("content", {}).setdefault(media_type, {})
            lay_over(content.setdefault("schema", {}), schemas.of(self._models[status]))
        description = given.get("description") or written.get("description") or _phrase(status)
        lay_over(written, given)
        written["description"] = description


def _describe(name: str, annotation: Any) -> Documented | None:
    return None if annotation is None else describe_output(name, annotation)


def _phrase(status: int | str) -> str:
    word = _RANGES.get(str(status).upper())
    if word is not None:
        return word
    known = {one.value for one in HTTPStatus}
    return HTTPStatus(int(status)).phrase if int(status) in known else "Additional Response"
