"""What the class of a returned value says about how it is written."""

from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel, Field

from miniframework import App, JSONResponse, PlainTextResponse, Response
from miniframework.params.encode import json_encode
from miniframework.serving.compiled.written import _MOST_CLASSES, _Writers
from miniframework.testing import TestClient


class Item(BaseModel):
    name: str = Field(default="pear", serialization_alias="called")


class Loud(Item, ser_json_bytes="base64"):
    data: bytes = b"\xff"


@dataclass
class Point:
    x: int = 1


class OwnText(PlainTextResponse):
    pass


VALUES: list[Any] = [{"a": Item()}, [1], "text", 1.5, None, Item(), Loud(), Point(), b"bytes", {1, 2}]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_class_is_written_as_json_encode_writes_it(value: Any) -> None:
    write = _Writers()[type(value)]
    assert write is not None
    assert write(value) == json_encode(value)


@pytest.mark.parametrize("kind", [Response, JSONResponse, OwnText])
def test_a_response_is_not_written(kind: type) -> None:
    assert _Writers()[kind] is None


def test_no_more_classes_are_kept_than_an_application_has() -> None:
    writers = _Writers()
    for number in range(_MOST_CLASSES + 5):
        assert writers[type(f"Made{number}", (dict,), {})] is not None
    assert len(writers) == _MOST_CLASSES


def test_a_model_that_was_built_anew_is_written_as_it_is_now() -> None:
    class Cut(BaseModel):
        name: str = "pear"

    app = App(openapi_url=None)

    @app.get("/")
    async def give():  # type: ignore[no-untyped-def]
        return Cut()

    client = TestClient(app)
    assert client.get("/").json() == {"name": "pear"}
    Cut.model_fields["name"].serialization_alias = "called"
    Cut.model_rebuild(force=True)
    assert client.get("/").json() == {"called": "pear"}
