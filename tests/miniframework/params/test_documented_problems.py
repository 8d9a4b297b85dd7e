"""The 422 documents that FastAPI's documentation and tests print, literally."""

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, field_validator

from miniframework.params.markers import Body, Cookie, Header, Path, Query
from tests.miniframework.params.binding import JSON, problems_of


class Item(BaseModel):
    name: str
    description: str | None = None
    price: float
    tax: float | None = None


class User(BaseModel):
    username: str
    full_name: str | None = None


def by_id(item_id: int) -> None: ...
def by_model(item: Item) -> None: ...
def by_two_models(item_id: int, item: Item, user: User, importance: Annotated[int, Body()]) -> None: ...
def by_embedded(item: Annotated[Item, Body(embed=True)]) -> None: ...
def by_query(needy: str) -> None: ...
def by_bounds(
    item_id: Annotated[int, Path(ge=0, le=1000)], size: Annotated[float, Query(gt=0, lt=10.5)]
) -> None: ...
def by_length(q: Annotated[str | None, Query(min_length=3, pattern="^fixedquery$")] = None) -> None: ...
def by_headers(x_token: Annotated[str, Header()], x_key: Annotated[str, Header()]) -> None: ...
def by_cookie(ads_id: Annotated[int, Cookie()]) -> None: ...
def by_list(items: list[Item]) -> None: ...
def by_weights(weights: dict[int, float]) -> None: ...
def by_bool(item_id: str, short: bool) -> None: ...


INT_PARSING = "Input should be a valid integer, unable to parse string as an integer"

DOCUMENTS: list[Any] = [
    pytest.param(
        by_id,
        {"template": "/items/{item_id}", "path": "/items/foo"},
        [{"type": "int_parsing", "loc": ["path", "item_id"], "msg": INT_PARSING, "input": "foo"}],
        id="path-params: /items/foo",
    ),
    pytest.param(
        by_id,
        {"template": "/items/{item_id}", "path": "/items/4.2"},
        [{"type": "int_parsing", "loc": ["path", "item_id"], "msg": INT_PARSING, "input": "4.2"}],
        id="path-params: /items/4.2",
    ),
    pytest.param(
        by_query,
        {},
        [{"type": "missing", "loc": ["query", "needy"], "msg": "Field required", "input": None}],
        id="query-params: required and absent",
    ),
    pytest.param(
        by_model,
        {"headers": JSON, "body": b'{"name": "Foo"}'},
        [{"type": "missing", "loc": ["body", "price"], "msg": "Field required", "input": {"name": "Foo"}}],
        id="body: no price",
    ),
    pytest.param(
        by_model,
        {"headers": JSON, "body": b'{"name": "Foo", "price": "twenty"}'},
        [
            {
                "type": "float_parsing",
                "loc": ["body", "price"],
                "msg": "Input should be a valid number, unable to parse string as a number",
                "input": "twenty",
            }
        ],
        id="body: price is text",
    ),
    pytest.param(
        by_model,
        {"headers": JSON, "body": b"{}"},
        [
            {"type": "missing", "loc": ["body", "name"], "msg": "Field required", "input": {}},
            {"type": "missing", "loc": ["body", "price"], "msg": "Field required", "input": {}},
        ],
        id="body: two fields absent",
    ),
    pytest.param(
        by_model,
        {},
        [{"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}],
        id="body: nothing came",
    ),
    pytest.param(
        by_model,
        {"headers": JSON, "body": b"{some broken json}"},
        [
            {
                "type": "json_invalid",
                "loc": ["body", 1],
                "msg": "JSON decode error",
                "input": {},
                "ctx": {"error": "Expecting property name enclosed in double quotes"},
            }
        ],
        id="body: broken JSON",
    ),
    pytest.param(
        by_model,
        {
            "headers": (("content-type", "application/geo+json-seq"),),
            "body": b'{"name": "Foo", "price": 50.5}',
        },
        [
            {
                "type": "model_attributes_type",
                "loc": ["body"],
                "msg": "Input should be a valid dictionary or object to extract fields from",
                "input": '{"name": "Foo", "price": 50.5}',
            }
        ],
        id="body: not declared to be JSON",
    ),
    pytest.param(
        by_model,
        {"headers": JSON, "body": b'"name=Foo"'},
        [
            {
                "type": "model_attributes_type",
                "loc": ["body"],
                "msg": "Input should be a valid dictionary or object to extract fields from",
                "input": "name=Foo",
            }
        ],
        id="body: text instead of an object",
    ),
    pytest.param(
        by_two_models,
        {"template": "/items/{item_id}", "path": "/items/5"},
        [
            {"type": "missing", "loc": ["body", "item"], "msg": "Field required", "input": None},
            {"type": "missing", "loc": ["body", "user"], "msg": "Field required", "input": None},
            {"type": "missing", "loc": ["body", "importance"], "msg": "Field required", "input": None},
        ],
        id="body-multiple-params: no body",
    ),
    pytest.param(
        by_embedded,
        {"headers": JSON, "body": b'{"name": "Foo", "price": 50.5}'},
        [{"type": "missing", "loc": ["body", "item"], "msg": "Field required", "input": None}],
        id="body-multiple-params: not embedded",
    ),
    pytest.param(
        by_bounds,
        {"template": "/items/{item_id}", "path": "/items/1001", "query": "size=0"},
        [
            {
                "type": "less_than_equal",
                "loc": ["path", "item_id"],
                "msg": "Input should be less than or equal to 1000",
                "input": "1001",
                "ctx": {"le": 1000},
            },
            {
                "type": "greater_than",
                "loc": ["query", "size"],
                "msg": "Input should be greater than 0",
                "input": "0",
                "ctx": {"gt": 0.0},
            },
        ],
        id="path-params-numeric-validations",
    ),
    pytest.param(
        by_length,
        {"query": "q=nonregexquery"},
        [
            {
                "type": "string_pattern_mismatch",
                "loc": ["query", "q"],
                "msg": "String should match pattern '^fixedquery$'",
                "input": "nonregexquery",
                "ctx": {"pattern": "^fixedquery$"},
            }
        ],
        id="query-params-str-validations",
    ),
    pytest.param(
        by_headers,
        {},
        [
            {"type": "missing", "loc": ["header", "x-token"], "msg": "Field required", "input": None},
            {"type": "missing", "loc": ["header", "x-key"], "msg": "Field required", "input": None},
        ],
        id="dependencies: two headers absent",
    ),
    pytest.param(
        by_cookie,
        {"headers": (("cookie", "ads_id=x"),)},
        [{"type": "int_parsing", "loc": ["cookie", "ads_id"], "msg": INT_PARSING, "input": "x"}],
        id="cookie",
    ),
    pytest.param(
        by_list,
        {"headers": JSON, "body": b'[{"name": "a", "price": 1}, {"name": "b"}]'},
        [{"type": "missing", "loc": ["body", 1, "price"], "msg": "Field required", "input": {"name": "b"}}],
        id="body-nested-models: a list's second item",
    ),
    pytest.param(
        by_weights,
        {"headers": JSON, "body": b'{"foo": 2.2, "3": 3.3}'},
        [{"type": "int_parsing", "loc": ["body", "foo", "[key]"], "msg": INT_PARSING, "input": "foo"}],
        id="body-nested-models: index weights",
    ),
    pytest.param(
        by_bool,
        {"template": "/items/{item_id}", "path": "/items/foo", "query": "short=maybe"},
        [
            {
                "type": "bool_parsing",
                "loc": ["query", "short"],
                "msg": "Input should be a valid boolean, unable to interpret input",
                "input": "maybe",
            }
        ],
        id="query-params: bool",
    ),
]


@pytest.mark.parametrize(("endpoint", "request_parts", "document"), DOCUMENTS)
def test_problems_are_fastapis_documents(endpoint: Any, request_parts: Any, document: Any) -> None:
    assert problems_of(endpoint, **request_parts) == document


@pytest.mark.parametrize(("endpoint", "request_parts", "document"), DOCUMENTS)
def test_recording_changes_no_problem(endpoint: Any, request_parts: Any, document: Any) -> None:
    assert problems_of(endpoint, record=True, **request_parts) == document


def test_every_problem_is_told_at_once_in_the_order_of_the_sources() -> None:
    def endpoint(
        item: Item, session: Annotated[int, Cookie()], x_token: Annotated[int, Header()], q: int, item_id: int
    ) -> None: ...

    problems = problems_of(
        endpoint,
        template="/{item_id}",
        path="/a",
        query="q=b",
        headers=(("cookie", "session=c"), ("x-token", "d")),
        body=b"[]",
    )
    assert [problem["loc"][0] for problem in problems] == ["path", "query", "header", "cookie", "body"]


def test_broken_json_is_told_alone() -> None:
    problems = problems_of(by_two_models, template="/{item_id}", path="/x", body=b'{"item": {]')
    assert [problem["type"] for problem in problems] == ["json_invalid"]


def test_a_second_byte_order_mark_is_no_json() -> None:
    body = b'\xef\xbb\xbf\xef\xbb\xbf{"name": "Foo", "price": 50.5}'
    (problem,) = problems_of(by_model, headers=JSON, body=body)
    assert (problem["type"], problem["loc"]) == ("json_invalid", ["body", 0])
    assert problem["ctx"] == {"error": "Expecting value"}


def test_what_ones_own_validator_says_reaches_the_document_as_text() -> None:
    class Guarded(BaseModel):
        name: str

        @field_validator("name")
        @classmethod
        def refuse(cls, value: str) -> str:
            raise ValueError(f"{value} is taken")

    def endpoint(item: Guarded) -> None: ...

    assert problems_of(endpoint, body=b'{"name": "a"}') == [
        {
            "type": "value_error",
            "loc": ["body", "name"],
            "msg": "Value error, a is taken",
            "input": "a",
            "ctx": {"error": {}},
        }
    ]
