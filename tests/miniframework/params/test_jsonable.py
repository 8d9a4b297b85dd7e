"""What FastAPI's `jsonable_encoder` gives, value by value."""

import enum
import ipaddress
import re
from collections import deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, HttpUrl, SecretStr

from miniframework import UploadFile
from miniframework.encoders import jsonable_encoder


class Item(BaseModel):
    name: str
    price: float = 1.5
    note: str | None = None
    short: str = Field("s", alias="Short")


@dataclass
class Point:
    x: int
    y: date | None = None


class Pair(NamedTuple):
    a: int
    b: str


class Number(enum.Enum):
    ONE = 1


class Colour(enum.StrEnum):
    RED = "red"


class Row:
    def __init__(self) -> None:
        self.id = 1
        self._sa_instance_state = object()


WHEN = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        pytest.param(Item(name="a"), {"name": "a", "price": 1.5, "note": None, "Short": "s"}, id="a model"),
        pytest.param([Point(1, date(2020, 1, 2))], [{"x": 1, "y": "2020-01-02"}], id="a dataclass"),
        pytest.param((WHEN, time(1, 2)), ["2020-01-02T03:04:05+00:00", "01:02:00"], id="dates"),
        pytest.param(timedelta(minutes=1), 60.0, id="a timedelta"),
        pytest.param([Decimal("1.0"), Decimal("2")], [1.0, 2], id="decimals"),
        pytest.param({Number.ONE: Colour.RED}, {1: "red"}, id="enums"),
        pytest.param(Pair(1, "b"), [1, "b"], id="a named tuple"),
        pytest.param([{1}, frozenset([2]), deque([3])], [[1], [2], [3]], id="collections"),
        pytest.param((n for n in (1, 2)), [1, 2], id="a generator"),
        pytest.param([UUID(int=1), Path("a/b")], ["00000000-0000-0000-0000-000000000001", "a/b"], id="text"),
        pytest.param(ipaddress.ip_network("10.0.0.0/8"), "10.0.0.0/8", id="a network"),
        pytest.param(re.compile("a+"), "a+", id="a regex"),
        pytest.param(b"ab", "ab", id="bytes"),
        pytest.param([SecretStr("x"), HttpUrl("http://a.b")], ["**********", "http://a.b/"], id="pydantic's"),
        pytest.param(Row(), {"id": 1}, id="an object, without what SQLAlchemy keeps in it"),
        pytest.param({"_sa_x": 1, "a": 2}, {"a": 2}, id="a dict of such an object"),
        pytest.param(
            {"sent": UploadFile(BytesIO(b"ab"), size=2, filename="a.txt")},
            {"sent": {"filename": "a.txt", "content_type": None, "size": 2}},
            id="an uploaded file",
        ),
    ],
)
def test_a_value_becomes_plain(value: Any, plain: Any) -> None:
    assert jsonable_encoder(value) == plain


@pytest.mark.parametrize(
    ("value", "options", "plain"),
    [
        pytest.param(Item(name="a"), {"exclude_unset": True}, {"name": "a"}, id="unset fields"),
        pytest.param(Item(name="a", price=1.5), {"exclude_defaults": True}, {"name": "a"}, id="defaults"),
        pytest.param({"a": None, "b": 1}, {"exclude_none": True}, {"b": 1}, id="None in a dict"),
        pytest.param(
            Item(name="a"), {"include": {"name", "price"}}, {"name": "a", "price": 1.5}, id="include"
        ),
        pytest.param(
            Item(name="a"), {"exclude": ["note", "short"]}, {"name": "a", "price": 1.5}, id="exclude"
        ),
        pytest.param(
            [Item(name="a")],
            {"include": {"short"}, "by_alias": False},
            [{"short": "s"}],
            id="names of fields",
        ),
        pytest.param({"a": 1, "b": 2}, {"exclude": {"a"}}, {"b": 2}, id="exclude from a dict"),
        pytest.param(Point(1), {"include": {"x"}}, {"x": 1}, id="include of a dataclass"),
        pytest.param({"_sa": 1}, {"sqlalchemy_safe": False}, {"_sa": 1}, id="every key"),
        pytest.param(
            [WHEN], {"custom_encoder": {datetime: lambda d: d.year}}, [2020], id="a type's own encoder"
        ),
        pytest.param([WHEN], {"custom_encoder": {date: lambda d: d.month}}, [1], id="that of a base class"),
        pytest.param(
            {"i": Item(name="a")},
            {"custom_encoder": {Item: lambda i: i.name}},
            {"i": "a"},
            id="a model's own",
        ),
    ],
)
def test_the_options_choose_fields_and_encoders(value: Any, options: Any, plain: Any) -> None:
    assert jsonable_encoder(value, **options) == plain


def test_an_object_without_attributes_is_refused_with_its_type() -> None:
    with pytest.raises(ValueError, match=r"of type object has neither items nor attributes"):
        jsonable_encoder([object()])


def test_an_object_whose_own_code_fails_is_refused_too() -> None:
    class Secretive:
        def __iter__(self) -> None:
            raise NotImplementedError

        @property
        def __dict__(self) -> dict[str, Any]:  # type: ignore[override]  # whoever asks is refused
            raise NotImplementedError

    with pytest.raises(ValueError, match=r"of type .*Secretive has neither items nor attributes"):
        jsonable_encoder(Secretive())
