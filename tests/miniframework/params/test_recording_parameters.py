from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from miniframework.dependencies.depends import Depends
from miniframework.events import BoundParameter
from miniframework.params.markers import Cookie, Header, Query
from tests.miniframework.params.binding import bind_request


class Item(BaseModel):
    name: str


def recorded(endpoint: Any, **request: Any) -> dict[str, BoundParameter]:
    return {one.name: one for one in bind_request(endpoint, record=True, **request).parameters}


def told(parameter: BoundParameter) -> tuple[Any, ...]:
    return (parameter.source, parameter.raw, parameter.converter, parameter.declared_type, parameter.value)


def test_nothing_is_recorded_unless_asked() -> None:
    assert bind_request(lambda x=1: 0).parameters == ()


def test_raw_text_and_value_are_both_kept() -> None:
    def endpoint(
        item_id: int,
        slug: str,
        item: Item,
        q: str,
        ids: Annotated[list[int], Query()],
        x_token: Annotated[str, Header()],
        sid: Annotated[int, Cookie(alias="session")],
    ) -> None: ...

    parameters = recorded(
        endpoint,
        template="/{item_id:int}/{slug}",
        path="/007/a",
        query="q=x&ids=1&ids=2",
        headers=(("x-token", "t"), ("cookie", "session=3")),
        body=b'{"name": "a"}',
    )
    assert {name: told(one) for name, one in parameters.items()} == {
        "item_id": ("path", "007", "int", "int", 7),
        "slug": ("path", "a", "str", "str", "a"),
        "item": ("body", b'{"name": "a"}', "pydantic", "Item", Item(name="a")),
        "q": ("query", "x", "text", "str", "x"),
        "ids": ("query", ["1", "2"], "pydantic", "list[int]", [1, 2]),
        "x_token": ("header", "t", "text", "str", "t"),
        "sid": ("cookie", "3", "pydantic", "int", 3),
    }
    assert parameters["sid"].alias == "session"
    assert parameters["x_token"].alias == "x-token"
    assert not any(one.default_used or one.problem for one in parameters.values())


def test_a_default_is_told_from_a_value() -> None:
    parameter = recorded(lambda x=5: 0)["x"]
    assert (parameter.raw, parameter.value, parameter.default_used) == (None, 5, True)


def test_who_asks_for_a_parameter_is_told_with_the_place_where_that_stands() -> None:
    def common_parameters(q: str = "", limit: int = 10) -> None: ...

    def endpoint(q: str, common: Annotated[None, Depends(common_parameters)]) -> None: ...

    parameters = bind_request(endpoint, query="q=x&limit=y", record=True).parameters
    asked = [(one.name, *one.asked_by.rpartition(".")[0].split(".")[1:]) for one in parameters]
    file = "test_recording_parameters"
    by_common, by_endpoint = f"common_parameters {file}", f"endpoint {file}"
    assert asked == [("q", by_common), ("limit", by_common), ("q", by_endpoint)]
    line = common_parameters.__code__.co_firstlineno
    assert parameters[0].asked_by.endswith(f".common_parameters {file}.py:{line}")


def test_a_problem_stands_at_its_parameter() -> None:
    def endpoint(a: int, b: int, c: int = 1) -> None: ...

    parameters = recorded(endpoint, query="a=x")
    assert parameters["a"].raw == "x"
    assert parameters["a"].problem == "Input should be a valid integer, unable to parse string as an integer"
    assert parameters["b"].problem == "Field required"
    assert (parameters["b"].value, parameters["b"].default_used) == (None, False)
    assert parameters["c"].problem is None


@pytest.mark.parametrize("scalars_from_body", [True, False], ids=["tutorial", "FastAPI"])
def test_a_broken_body_is_kept_as_it_came(scalars_from_body: bool) -> None:
    def endpoint(item: Item, other: Item) -> None: ...

    parameters = recorded(endpoint, body=b"{", scalars_from_body=scalars_from_body)
    assert [one.raw for one in parameters.values()] == [b"{", b"{"]
    assert [one.problem for one in parameters.values()] == ["JSON decode error", "JSON decode error"]


def test_a_scalar_from_the_body_has_the_json_of_its_key() -> None:
    def endpoint(name: str, price: float) -> None: ...

    parameters = recorded(endpoint, body=b'{"name": "Apple", "price": 1.99}', scalars_from_body=True)
    assert told(parameters["name"]) == ("body", '"Apple"', "pydantic", "str", "Apple")
    assert told(parameters["price"]) == ("body", "1.99", "pydantic", "float", 1.99)


def test_a_dependencys_parameters_are_told_before_the_endpoints() -> None:
    def pages(limit: int = 10) -> int:
        return limit

    def endpoint(item_id: int, pages: Annotated[int, Depends(pages)]) -> None: ...

    assert list(recorded(endpoint, template="/{item_id}", path="/1")) == ["limit", "item_id"]


@pytest.mark.parametrize("record", [True, False])
def test_recording_changes_no_argument(record: bool) -> None:
    def endpoint(item: Item, q: Annotated[list[int], Query()], x: str = "d") -> None: ...

    result = bind_request(endpoint, query="q=1", body=b'{"name": "a"}', record=record)
    assert result.arguments == {"item": Item(name="a"), "q": [1], "x": "d"}
