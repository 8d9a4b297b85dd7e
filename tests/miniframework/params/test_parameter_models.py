"""Models made of query parameters, headers and cookies, as FastAPI 0.165 makes them."""

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import AliasChoices, BaseModel, BeforeValidator, Field

from miniframework.params.markers import Cookie, Header, Query
from tests.miniframework.params.binding import arguments_of, problems_of


class Filters(BaseModel):
    limit: int = Field(100, gt=0)
    order_by: Literal["name", "price"] = "name"
    tags: list[str] = []
    kind: str | None = Field(None, alias="theKind")
    page: str | None = Field(None, validation_alias=AliasChoices("p", "page"))


class OpenFilters(Filters):
    model_config = {"extra": "allow"}


class StrictFilters(Filters):
    model_config = {"extra": "forbid"}


class ByEitherName(BaseModel):
    model_config = {"populate_by_name": True}
    some_name: str = Field(alias="otherName")


class Common(BaseModel):
    x_token: str
    save_data: bool = False
    x_tag: list[str] = []


class Mixed(BaseModel):
    x_old: int = Header(1, convert_underscores=False)
    x_new: int = Header(2, convert_underscores=True)
    x_plain: int = 3


class Chosen(BaseModel):
    model_config = {"populate_by_name": True}
    x_mark: str = Field("", validation_alias=AliasChoices("X-Sign"))
    x_tag: str = Field("", validation_alias=AliasChoices("x_tag", "X-Label"))


class StrictSession(BaseModel):
    model_config = {"extra": "forbid"}
    sid: int


def split(text: Any) -> Any:
    return text.split(",") if isinstance(text, str) else text


class Basket(BaseModel):
    ids: Annotated[list[int], BeforeValidator(split)]


def filters(x: Annotated[Filters, Query()]) -> None: ...
def open_filters(x: Annotated[OpenFilters, Query()]) -> None: ...
def strict_filters(x: Annotated[StrictFilters, Query()]) -> None: ...
def optional_filters(x: Annotated[Filters | None, Query()] = None) -> None: ...
def either(x: Annotated[ByEitherName, Query()]) -> None: ...
def headers(x: Annotated[Common, Header()]) -> None: ...
def headers_as_written(x: Annotated[Common, Header(convert_underscores=False)]) -> None: ...
def mixed(x: Annotated[Mixed, Header()]) -> None: ...
def mixed_as_written(x: Annotated[Mixed, Header(convert_underscores=False)]) -> None: ...
def chosen(x: Annotated[Chosen, Header()]) -> None: ...
def session(x: Annotated[StrictSession, Cookie()]) -> None: ...


@pytest.mark.parametrize(
    ("endpoint", "request_parts", "value"),
    [
        pytest.param(filters, {"query": ""}, {}, id="defaults"),
        pytest.param(
            filters,
            {"query": "limit=5&tags=a&tags=b&theKind=k&other=1"},
            {"limit": 5, "tags": ["a", "b"], "kind": "k"},
            id="values, a list, an alias",
        ),
        pytest.param(filters, {"query": "kind=k"}, {}, id="with an alias the field's own name is nothing"),
        pytest.param(filters, {"query": "page=2"}, {"page": "2"}, id="the second choice"),
        pytest.param(filters, {"query": "page=2&p=1"}, {"page": "1"}, id="the first choice is preferred"),
        pytest.param(
            open_filters,
            {"query": "a=1&b=1&b=2"},
            {"a": "1", "b": ["1", "2"]},
            id="others are kept, repeated ones as a list",
        ),
        pytest.param(either, {"query": "some_name=a"}, {"some_name": "a"}, id="by name"),
        pytest.param(either, {"query": "otherName=a"}, {"some_name": "a"}, id="by alias"),
        pytest.param(
            headers,
            {"headers": (("X-Token", "t"), ("save-data", "on"), ("x-tag", "a"), ("x-tag", "b"))},
            {"x_token": "t", "save_data": True, "x_tag": ["a", "b"]},
            id="headers",
        ),
        pytest.param(
            headers_as_written, {"headers": (("x_token", "t"),)}, {"x_token": "t"}, id="underscores kept"
        ),
        pytest.param(
            mixed,
            {"headers": (("x_old", "4"), ("x-old", "5"), ("x-new", "6"), ("x_plain", "7"))},
            {"x_old": 4, "x_new": 6},
            id="a field has its own word for its underscores",
        ),
        pytest.param(
            mixed_as_written,
            {"headers": (("x_old", "4"), ("x-new", "6"), ("x_plain", "7"))},
            {"x_old": 4, "x_new": 6, "x_plain": 7},
            id="which holds before that of the model",
        ),
        pytest.param(
            chosen,
            {"headers": (("X_TAG", "a"), ("x-tag", "b"), ("x-label", "c"), ("x-mark", "d"), ("x_mark", "e"))},
            {"x_tag": "a", "x_mark": "d"},
            id="a choice of names is what it says, with its underscores",
        ),
        pytest.param(session, {"headers": (("cookie", "sid=3"),)}, {"sid": 3}, id="cookies"),
    ],
)
def test_a_model_is_made_of_several_names(endpoint: Any, request_parts: Any, value: Any) -> None:
    made = arguments_of(endpoint, **request_parts)["x"]
    assert made.model_dump(exclude_unset=True) == value


def test_an_optional_model_is_absent_as_a_whole_when_none_of_its_names_came() -> None:
    assert arguments_of(optional_filters, query="other=1") == {"x": None}
    assert arguments_of(optional_filters, query="limit=1")["x"].limit == 1


def missing(*loc: str, came: Any) -> dict[str, Any]:
    return {"type": "missing", "loc": list(loc), "msg": "Field required", "input": came}


def forbidden(*loc: str, came: Any) -> dict[str, Any]:
    return {
        "type": "extra_forbidden",
        "loc": list(loc),
        "msg": "Extra inputs are not permitted",
        "input": came,
    }


@pytest.mark.parametrize(
    ("endpoint", "request_parts", "problems"),
    [
        pytest.param(
            filters,
            {"query": "limit=0"},
            [
                {
                    "type": "greater_than",
                    "loc": ["query", "limit"],
                    "msg": "Input should be greater than 0",
                    "input": "0",
                    "ctx": {"gt": 0},
                }
            ],
            id="a constraint",
        ),
        pytest.param(
            strict_filters,
            {"query": "tool=a&tool=b"},
            [forbidden("query", "tool", came=["a", "b"])],
            id="others are forbidden",
        ),
        pytest.param(
            headers,
            {"headers": (("host", "h"),)},
            [missing("header", "x-token", came={"host": "h"})],
            id="a header is told by its name in the request",
        ),
        pytest.param(
            headers,
            {"headers": (("x_token", "t"),)},
            [missing("header", "x-token", came={})],
            id="an unconverted name is nobody's header",
        ),
        pytest.param(
            session,
            {"headers": (("cookie", "sid=1; more=x"),)},
            [forbidden("cookie", "more", came="x")],
            id="other cookies",
        ),
    ],
)
def test_problems_of_a_model_are_fastapis_documents(endpoint: Any, request_parts: Any, problems: Any) -> None:
    assert problems_of(endpoint, **request_parts) == problems


def basket(x: Annotated[Basket, Cookie()]) -> None: ...
def baskets(
    ids: Annotated[list[int], BeforeValidator(split), Cookie()],
    sizes: Annotated[dict[str, int], BeforeValidator(json.loads), Header()],
) -> None: ...


def test_a_cookie_comes_once_and_a_validator_may_make_a_list_of_it() -> None:
    cookie = ("cookie", "ids=1,2")
    assert arguments_of(basket, headers=(cookie,)) == {"x": Basket(ids=[1, 2])}
    several = arguments_of(baskets, headers=(cookie, ("sizes", '{"a": 1}')))
    assert several == {"ids": [1, 2], "sizes": {"a": 1}}
    (problem,) = problems_of(lists_of_cookies, headers=(("cookie", "ids=1"),))
    assert (problem["type"], problem["loc"], problem["input"]) == ("list_type", ["cookie", "ids"], "1")


class PlainBasket(BaseModel):
    ids: list[int]


def lists_of_cookies(x: Annotated[PlainBasket, Cookie()]) -> None: ...
