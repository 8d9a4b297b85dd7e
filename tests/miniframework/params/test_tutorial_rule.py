"""scalars_from_body: path, then query, then the JSON body's keys, then the whole body."""

from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from miniframework.params.markers import Query
from tests.miniframework.params.binding import arguments_of, problems_of

APPLE = b'{"name": "Apple", "price": 1.99}'
VALUE = {"name": "Apple", "price": 1.99}


class Item(BaseModel):
    name: str
    price: float


def scalars(name: str, price: float) -> None: ...
def defaults(name: str = "Pear", price: float = 1.0) -> None: ...
def unannotated_pair(name, price) -> None: ...  # type: ignore[no-untyped-def]
def unannotated(item) -> None: ...  # type: ignore[no-untyped-def]
def unannotated_default(item=None) -> None: ...  # type: ignore[no-untyped-def]
def as_dict(item: dict) -> None: ...  # type: ignore[type-arg]
def as_model(item: Item) -> None: ...
def as_any(item: Any) -> None: ...
def model_and_scalar(item: Item, q: str | None = None) -> None: ...
def dict_and_unannotated(item: dict, name) -> None: ...  # type: ignore[no-untyped-def,type-arg]
def declared(name: Annotated[str, Query()] = "declared") -> None: ...


@pytest.mark.parametrize(
    ("endpoint", "request_parts", "arguments"),
    [
        pytest.param(scalars, {"body": APPLE}, VALUE, id="scalars from the body's keys"),
        pytest.param(scalars, {"query": "name=Fig&price=2"}, {"name": "Fig", "price": 2.0}, id="query"),
        pytest.param(
            scalars,
            {"query": "name=Fig", "body": APPLE},
            {"name": "Fig", "price": 1.99},
            id="query comes first",
        ),
        pytest.param(
            scalars,
            {"template": "/{name}", "path": "/Kiwi", "query": "name=Fig", "body": APPLE},
            {"name": "Kiwi", "price": 1.99},
            id="path comes before all",
        ),
        pytest.param(defaults, {}, {"name": "Pear", "price": 1.0}, id="defaults without a body"),
        pytest.param(defaults, {"body": b"[1]"}, {"name": "Pear", "price": 1.0}, id="a body without keys"),
        pytest.param(defaults, {"body": b'{"price": 3}'}, {"name": "Pear", "price": 3.0}, id="one key"),
        pytest.param(unannotated_pair, {"body": APPLE}, VALUE, id="two unannotated are keys"),
        pytest.param(unannotated, {"body": APPLE}, {"item": VALUE}, id="one unannotated is the whole body"),
        pytest.param(unannotated, {"body": b'{"item": 3}'}, {"item": 3}, id="unless its key is there"),
        pytest.param(unannotated, {"query": "item=3"}, {"item": "3"}, id="or the query has it"),
        pytest.param(unannotated_default, {"body": APPLE}, {"item": None}, id="a default is no body"),
        pytest.param(as_any, {"query": "item=3"}, {"item": "3"}, id="Any from the query"),
        pytest.param(as_dict, {"body": APPLE}, {"item": VALUE}, id="dict is the whole body"),
        pytest.param(as_model, {"body": APPLE}, {"item": Item(**VALUE)}, id="model is the whole body"),
        pytest.param(
            model_and_scalar,
            {"body": b'{"name": "a", "price": 1, "q": "b"}'},
            {"item": Item(name="a", price=1), "q": "b"},
            id="a model beside a scalar",
        ),
        pytest.param(
            dict_and_unannotated, {"body": APPLE}, {"item": VALUE, "name": "Apple"}, id="dict beside a key"
        ),
        pytest.param(declared, {"body": APPLE}, {"name": "declared"}, id="what is declared stays there"),
        pytest.param(
            scalars,
            {"body": APPLE, "headers": (("content-type", "application/x-www-form-urlencoded"),)},
            VALUE,
            id="curl -d says it is a form",
        ),
    ],
)
def test_a_parameter_is_found(endpoint: Any, request_parts: Any, arguments: Any) -> None:
    assert arguments_of(endpoint, scalars_from_body=True, **request_parts) == arguments


@pytest.mark.parametrize(
    ("endpoint", "request_parts", "locations"),
    [
        pytest.param(scalars, {}, [["query", "name"], ["query", "price"]], id="without a body: the query"),
        pytest.param(scalars, {"body": b'{"name": "a"}'}, [["body", "price"]], id="with a body: its key"),
        pytest.param(
            scalars, {"body": b'{"name": 1, "price": "x"}'}, [["body", "name"], ["body", "price"]], id="wrong"
        ),
        pytest.param(
            scalars, {"body": b'{"name": "a" x}'}, [["body", 13]], id="broken JSON with its position"
        ),
        pytest.param(unannotated, {}, [["query", "item"]], id="unannotated and nothing came"),
        pytest.param(
            dict_and_unannotated, {"body": b"{}"}, [["body", "name"]], id="a dict has the whole body"
        ),
        pytest.param(unannotated_pair, {"body": b'{"name": 1}'}, [["body", "price"]], id="one of two keys"),
    ],
)
def test_a_parameter_that_is_nowhere_is_a_problem(
    endpoint: Any, request_parts: Any, locations: list[Any]
) -> None:
    problems = problems_of(endpoint, scalars_from_body=True, **request_parts)
    assert [problem["loc"] for problem in problems] == locations


def test_without_the_rule_a_body_never_fills_a_scalar() -> None:
    problems = problems_of(scalars, body=APPLE)
    assert [problem["loc"] for problem in problems] == [["query", "name"], ["query", "price"]]
