"""What is wrong with a request's values can be answered otherwise, and says where and what came."""

from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel

from miniframework import (
    App,
    Body,
    Form,
    HTTPException,
    PlainTextResponse,
    Request,
    RequestValidationError,
    Response,
)
from miniframework.exception_handlers import http_exception_handler, request_validation_exception_handler
from miniframework.testing import TestClient
from tests.miniframework.exception_handlers.failing_applications import failing

JSON_TYPE = {"content-type": "application/json"}


class Item(BaseModel):
    a: int


def test_validation_problems_can_be_answered_otherwise() -> None:
    app = App()

    @app.get("/{n}")
    async def number(n: int) -> int:
        return n

    @app.exception_handler(RequestValidationError)
    async def mine(request: Request, error: RequestValidationError) -> PlainTextResponse:
        return PlainTextResponse(str(error), 400)

    answer = TestClient(app).get("/x")
    assert answer.status_code == 400
    assert answer.text.startswith("1 validation error:\n  {")


@pytest.mark.parametrize("way", ["compiled", "reference"])
@pytest.mark.parametrize(
    ("sent", "loc", "body"),
    [
        ({"url": "/7"}, ("body", "a"), None),
        ({"url": "/7", "json": {"a": "x"}}, ("body", "a"), {"a": "x"}),
        ({"url": "/7", "json": [1]}, ("body", "a"), [1]),
        ({"url": "/x", "json": {"a": 1}}, ("path", "n"), {"a": 1}),
        ({"url": "/7", "content": b"{no", "headers": JSON_TYPE}, ("body", 1), "{no"),
        ({"url": "/form/7", "data": {"b": ["1", "2"], "c": "x"}}, ("body", "a"), {"b": ["1", "2"], "c": "x"}),
    ],
    ids=["none", "JSON", "a list", "a wrong path", "broken JSON", "a form"],
)
def test_a_handler_of_problems_sees_where_they_are_and_what_came(
    sent: dict[str, Any], loc: Any, body: Any, way: str
) -> None:
    app = App()
    seen: list[RequestValidationError] = []

    @app.post("/{n}")
    async def take(n: int, a: Annotated[int, Body(embed=True)]) -> None: ...

    @app.post("/form/{n}")
    async def take_form(n: int, a: Annotated[int, Form()]) -> None: ...

    @app.exception_handler(RequestValidationError)
    async def mine(request: Request, error: RequestValidationError) -> Response:
        seen.append(error)
        return await request_validation_exception_handler(request, error)

    if way == "reference":
        app.bus.subscribe(lambda event: None)
    answer = TestClient(app).post(**sent)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == list(seen[0].errors()[0]["loc"])
    assert (seen[0].errors()[0]["loc"], seen[0].body) == (loc, body)


@pytest.mark.parametrize("way", ["compiled", "reference"])
def test_a_handler_of_problems_is_given_what_a_validator_raised(way: str) -> None:
    def refuse(number: int) -> int:
        raise ValueError("never")

    app = App()
    seen: list[dict[str, Any]] = []

    @app.get("/")
    async def never(n: Annotated[int, AfterValidator(refuse)]) -> None: ...

    @app.exception_handler(RequestValidationError)
    async def mine(request: Request, error: RequestValidationError) -> Response:
        seen.extend(error.errors())
        return await request_validation_exception_handler(request, error)

    if way == "reference":
        app.bus.subscribe(lambda event: None)
    (told,) = TestClient(app).get("/?n=1").json()["detail"]
    assert (told["ctx"], told["msg"]) == ({"error": {}}, "Value error, never")
    assert repr(seen[0]["ctx"]["error"]) == "ValueError('never')"


class UnfitError(ValueError):
    def __init__(self, **known: Any) -> None:
        super().__init__("unfit")
        vars(self).update(known)


@pytest.mark.parametrize(
    "known", [{"code": 7, "allowed": {"x"}}, {"lock": object()}], ids=["plain", "no JSON"]
)
def test_the_attributes_of_what_a_validator_raised_are_told_if_json_can_hold_them(known: Any) -> None:
    def refuse(number: int) -> int:
        raise UnfitError(**known)

    app = App()

    @app.get("/")
    async def never(n: Annotated[int, AfterValidator(refuse)]) -> None: ...

    answer = TestClient(app).get("/?n=1")
    told = {"code": 7, "allowed": ["x"]} if "code" in known else {}
    assert (answer.status_code, answer.json()["detail"][0]["ctx"]) == (422, {"error": told})


@pytest.mark.parametrize("way", ["compiled", "reference"])
def test_what_is_no_object_is_told_alike_on_both_ways(way: str) -> None:
    app = App()

    @app.post("/")
    async def take(item: Item) -> None: ...

    if way == "reference":
        app.bus.subscribe(lambda event: None)
    assert TestClient(app).post("/", json=[1]).json()["detail"] == [
        {
            "type": "model_attributes_type",
            "loc": ["body"],
            "msg": "Input should be a valid dictionary or object to extract fields from",
            "input": [1],
        }
    ]


def test_a_handler_of_ones_own_may_leave_the_answer_to_the_default_one() -> None:
    app = failing(HTTPException(418, {"why": "tea"}, {"x-a": "b"}))

    @app.exception_handler(HTTPException)
    async def mine(request: Request, error: HTTPException) -> Response:
        return await http_exception_handler(request, error)

    answer = TestClient(app).get("/")
    assert (answer.status_code, answer.headers["x-a"]) == (418, "b")
    assert answer.json() == {"detail": {"why": "tea"}}
