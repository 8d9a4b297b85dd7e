import dataclasses
import datetime
import enum
import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from inspector.recording.render import MAX_DEPTH, render_value, to_json_value


class Item(BaseModel):
    name: str
    price: float = 1.5


@dataclasses.dataclass(slots=True)
class Point:
    x: int
    y: int


class Colour(enum.Enum):
    RED = 1


class Nosy:
    """Would be noticed if anything of it were run."""

    def __repr__(self) -> str:
        raise AssertionError("code of the user's was run")

    __str__ = __repr__

    def __getattr__(self, name: str) -> Any:
        raise AssertionError("code of the user's was run")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a'b", '"a\'b"'),
        (b"\xff", "b'\\xff'"),
        ([1, "a", None], "[1, 'a', None]"),
        ((), "()"),
        ({"a": {"b": [1]}}, "{'a': {'b': [1]}}"),
        (Item(name="pen"), "Item(name='pen', price=1.5)"),
        ([Point(1, 2)], "[Point(x=1, y=2)]"),
        (Colour.RED, "Colour.RED"),
        (uuid.UUID(int=1), "UUID('00000000-0000-0000-0000-000000000001')"),
        (datetime.date(2020, 1, 2), "datetime.date(2020, 1, 2)"),
        pytest.param(10**5000, "<int of 16610 bits>", id="huge int"),
        ([[[[[[1]]]]]], "[[[[…]]]]"),
    ],
)
def test_known_kinds_are_shown(value: object, text: str) -> None:
    assert render_value(value, 200) == text


def test_unknown_kinds_are_named_and_never_run() -> None:
    assert render_value(Nosy(), 200) == f"<{__name__}.Nosy>"
    assert render_value({"a": [Nosy()]}, 200) == f"{{'a': [<{__name__}.Nosy>]}}"
    assert to_json_value({"input": Nosy()}, 200) == {"input": f"<{__name__}.Nosy>"}


def test_large_values_are_cut_and_not_walked_to_their_end() -> None:
    def endless() -> Any:
        while True:
            yield 1

    assert render_value("x" * 10_000_000, 20).endswith("…")
    assert render_value([1] * 10_000_000, 2000).endswith(", …]")
    assert "generator" in render_value(endless(), 200)


@pytest.mark.parametrize(
    ("value", "made"),
    [
        pytest.param(2**63 - 1, 2**63 - 1, id="the largest of 64 bits"),
        pytest.param(2**63, "9223372036854775808", id="larger"),
        pytest.param(1 - 2**63, 1 - 2**63, id="the smallest"),
        pytest.param(-(2**63), "-9223372036854775808", id="smaller"),
    ],
)
def test_a_number_that_journals_cannot_hold_is_kept_as_text(value: int, made: object) -> None:
    assert to_json_value(value, 200) == made


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}], ids=["lists", "dicts"])
def test_what_is_nested_deeper_than_it_is_shown_ends_as_text(wrap: Any) -> None:
    def nest(value: Any, times: int) -> Any:
        return wrap(nest(value, times - 1)) if times else value

    deepest = 2 * MAX_DEPTH + 1
    assert to_json_value(nest(1, deepest), 200) == nest(1, deepest)
    assert to_json_value(nest(1, deepest + 1), 200) == nest(repr(wrap(1)), deepest)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.datetimes(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner, inner)
    ),
)


@given(_ANYTHING, st.integers(0, 300))
def test_text_is_never_longer_than_its_limit(value: object, limit: int) -> None:
    assert len(render_value(value, limit)) <= max(limit, 1)


@given(_ANYTHING)
def test_a_problem_is_always_json(value: object) -> None:
    made = to_json_value(value, 50)
    assert json.loads(json.dumps(made, allow_nan=False)) == made
