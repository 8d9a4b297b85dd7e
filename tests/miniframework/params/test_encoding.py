import enum
import json
import math
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from miniframework.errors import EncodeError
from miniframework.params.encode import json_encode, stream_encode
from miniframework.params.jsonable import jsonable_encoder


class Item(BaseModel):
    name: str = Field("a", serialization_alias="Name")


@dataclass
class Point:
    x: int


class Plain:
    def __init__(self) -> None:
        self.x = 1


class Colour(enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        pytest.param({"a": [1, None, True, "é"]}, '{"a":[1,null,true,"é"]}', id="compact, not escaped"),
        pytest.param(Item(), '{"Name":"a"}', id="a model by its aliases"),
        pytest.param([Point(1)], '[{"x":1}]', id="a dataclass"),
        pytest.param({Colour.RED: Colour.RED}, '{"red":"red"}', id="an enum"),
        pytest.param(datetime(2024, 1, 2, tzinfo=UTC), '"2024-01-02T00:00:00+00:00"', id="a datetime"),
        pytest.param(timedelta(seconds=90), "90.0", id="a timedelta in seconds"),
        pytest.param(UUID(int=1), '"00000000-0000-0000-0000-000000000001"', id="a uuid"),
        pytest.param([Decimal("1.10"), Decimal("2")], "[1.1,2]", id="decimals as numbers"),
        pytest.param({date(2024, 1, 2): Item()}, '{"2024-01-02":{"Name":"a"}}', id="a key"),
        pytest.param(Plain(), '{"x":1}', id="an object by its attributes"),
        pytest.param({1}, "[1]", id="a set"),
        pytest.param((n for n in (1, 2)), "[1,2]", id="a generator"),
        pytest.param(b"ab", '"ab"', id="bytes"),
        pytest.param([math.nan, math.inf], "[null,null]", id="what JSON does not have"),
        pytest.param([math.nan, Point(1)], '[null,{"x":1}]', id="and what it does not have among others"),
    ],
)
def test_a_value_becomes_json(value: Any, encoded: str) -> None:
    assert json_encode(value).decode() == encoded


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_decoding_undoes_encoding(value: Any) -> None:
    assert json.loads(json_encode(value)) == value


class Strange:
    __slots__ = ()


class Awaited:
    """What a coroutine function gives when it is called."""

    __slots__ = ()

    def __await__(self) -> Generator[None, None, int]:
        yield
        return 1


FORGOTTEN = "a Awaited was never awaited: write await before its call"
CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)


class Loop(BaseModel):
    inner: Any = None


class Base64Loop(Loop):
    model_config = ConfigDict(ser_json_bytes="base64")


def make_loop(kind: type[Loop]) -> Loop:
    loop = kind()
    loop.inner = loop
    return loop


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(Strange(), "Strange", id="an unknown class"),
        pytest.param([Strange()], "Strange", id="an unknown class inside"),
        pytest.param(iter([1]), "list_iterator", id="an iterator, which is read once"),
        pytest.param({"x": iter([1])}, "list_iterator", id="an iterator inside"),
        pytest.param(b"\xff", "utf-8", id="bytes that are no text"),
        pytest.param(CIRCLE, "Circular", id="a circle"),
        pytest.param(make_loop(Loop), "Circular", id="a model that holds itself"),
        pytest.param(make_loop(Base64Loop), "Circular", id="a model with settings that holds itself"),
        pytest.param(Awaited(), FORGOTTEN, id="an awaitable"),
        pytest.param({"x": [Awaited()]}, FORGOTTEN, id="an awaitable inside"),
        pytest.param("\ud800", "surrogates", id="half a surrogate pair"),
    ],
)
def test_what_cannot_be_json_is_refused_with_its_type(value: Any, said: str) -> None:
    with pytest.raises(EncodeError, match=said) as caught:
        json_encode(value)
    assert caught.value.value is value
    assert "return dicts, lists" in str(caught.value)


@pytest.mark.parametrize(("value", "said"), [(Strange(), "Strange"), (CIRCLE, "Circular")])
def test_an_item_of_a_stream_that_cannot_be_json_is_refused(value: Any, said: str) -> None:
    with pytest.raises(EncodeError, match=said) as caught:
        stream_encode(value)
    assert caught.value.value is value


def test_what_json_does_not_have_is_null_in_a_stream() -> None:
    assert stream_encode({"a": [math.nan, 1.5], "b": -math.inf}) == b'{"a": [null, 1.5], "b": null}'


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**60), 2**60)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text()
        | st.decimals(allow_nan=False, allow_infinity=False, places=2)
        | st.datetimes(timezones=st.none() | st.just(UTC))
        | st.timedeltas()
        | st.uuids()
        | st.sampled_from([Colour.RED, Point(3), Item()]),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
        max_leaves=10,
    )
)
def test_what_is_written_is_what_jsonable_encoder_says(value: Any) -> None:
    assert json.loads(json_encode(value)) == json.loads(json.dumps(jsonable_encoder(value)))


@pytest.mark.parametrize("value", [Item.model_construct(name=1), {"item": Item.model_construct(name=1)}])
def test_a_model_that_was_filled_with_something_else_is_written_with_pydantics_warning(value: Any) -> None:
    with pytest.warns(UserWarning, match="Expected `str`"):
        assert b'"Name":1' in json_encode(value).replace(b'"name"', b'"Name"')
