"""Parameters that are alike in many routes share what is made of them, and no others do."""

from typing import Any

import pytest

from miniframework.params.field import Field
from miniframework.params.plan import plan_parameters
from miniframework.routing.converters import IntConverter
from miniframework.routing.pattern import parse_pattern


def fields_of(endpoint: Any, template: str = "/items/{item_id}", **converters: Any) -> dict[str, Field]:
    pattern = parse_pattern(template, converters) if converters else parse_pattern(template)
    return {field.name: field for field in plan_parameters(endpoint, pattern).fields}


async def one(item_id: int, q: str | None = None) -> None: ...
async def other(item_id: int, q: str | None = None) -> None: ...


def test_routes_share_the_fields_of_like_parameters() -> None:
    first, second = fields_of(one), fields_of(other)
    assert first["item_id"] is second["item_id"]
    assert first["q"] is second["q"]


def test_a_shared_field_says_where_its_parameter_comes_from() -> None:
    in_path, in_query = fields_of(one)["item_id"], fields_of(one, "/items")["item_id"]
    assert (in_path.source, in_path.converter_name) == ("path", "str")
    assert (in_query.source, in_query.converter) == ("query", None)
    assert fields_of(one, "/items/{item_id:int}")["item_id"].converter_name == "int"


async def counted(limit: int = 1) -> None: ...
async def switched(limit: int = True) -> None: ...
async def zero(limit: float = 0.0) -> None: ...
async def minus_zero(limit: float = -0.0) -> None: ...
async def none_last(limit: int | None = None) -> None: ...
async def none_first(limit: None | int = None) -> None: ...  # noqa: RUF036  # the order is what is tested


@pytest.mark.parametrize(
    ("first", "second", "read"),
    [
        (counted, switched, lambda field: field.default),
        (zero, minus_zero, lambda field: field.default),
        (none_last, none_first, lambda field: field.declared_type),
    ],
    ids=["1 and True", "0.0 and -0.0", "None behind and before"],
)
def test_parameters_that_are_only_equal_are_kept_apart(first: Any, second: Any, read: Any) -> None:
    said = [repr(read(fields_of(endpoint)["limit"])) for endpoint in (first, second, first)]
    assert said[0] == said[2] != said[1]


def test_a_converter_of_ones_own_is_kept_with_its_route() -> None:
    class Odd(IntConverter):
        name = "int"

    own = Odd()
    template = "/items/{item_id:int}"
    assert fields_of(one, template, int=own)["item_id"].converter is own
    assert fields_of(one, template)["item_id"].converter is not own
