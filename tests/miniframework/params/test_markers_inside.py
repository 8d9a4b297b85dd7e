"""Markers where pydantic reads them: inside a union, a list or a model. They say there what a field says."""

from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from miniframework import App, Depends
from miniframework.params.markers import Body, Form, Query
from miniframework.testing import TestClient
from tests.miniframework.params.binding import JSON, arguments_of, problems_of

Big = Annotated[int, Query(ge=5, description="A large number", alias="other")]


class Book(BaseModel):
    pages: Annotated[int, Body(ge=3)]
    title: str = Body("Dune", max_length=4)
    shelf: Annotated[str | None, Query(max_length=2)] = None


class Found(BaseModel):
    limit: Annotated[int, Query(ge=3, alias="most")] = 4
    order: str = Query("name", max_length=5)


class Scan(BaseModel):
    page: int = Form(ge=1)


def optional(x: Big | None = None) -> None: ...
def listed(x: Annotated[list[Annotated[str, Query(min_length=2)]], Query()]) -> None: ...
def mapped(x: dict[str, Annotated[int, Body(gt=1)]]) -> None: ...
def book(x: Book) -> None: ...
def found(x: Annotated[Found, Query()]) -> None: ...


@pytest.mark.parametrize(
    ("endpoint", "request_parts", "loc", "kind"),
    [
        pytest.param(optional, {"query": "x=4"}, ["query", "x"], "greater_than_equal", id="in a union"),
        pytest.param(listed, {"query": "x=ab&x=a"}, ["query", "x", 1], "string_too_short", id="in a list"),
        pytest.param(
            mapped, {"headers": JSON, "body": b'{"a": 1}'}, ["body", "a"], "greater_than", id="in a mapping"
        ),
        pytest.param(
            book,
            {"headers": JSON, "body": b'{"pages": 2}'},
            ["body", "pages"],
            "greater_than_equal",
            id="in a model",
        ),
        pytest.param(
            book,
            {"headers": JSON, "body": b'{"pages": 3, "title": "Emmas"}'},
            ["body", "title"],
            "string_too_long",
            id="as a default in a model",
        ),
        pytest.param(
            found, {"query": "most=2"}, ["query", "most"], "greater_than_equal", id="an alias in a model"
        ),
    ],
)
def test_what_a_marker_asks_for_holds_inside_a_type(
    endpoint: Any, request_parts: Any, loc: list[str | int], kind: str
) -> None:
    (problem,) = problems_of(endpoint, **request_parts)
    assert (problem["loc"], problem["type"]) == (loc, kind)


def test_a_default_in_a_marker_is_the_default_of_a_models_field() -> None:
    made = arguments_of(book, headers=JSON, body=b'{"pages": 3}')["x"]
    assert (made.pages, made.title, made.shelf) == (3, "Dune", None)
    assert Book(pages=3).title == "Dune"
    assert arguments_of(found)["x"] == Found(most=4, order="name")


def test_a_marker_in_a_forms_model_asks_for_it() -> None:
    app = App()

    @app.post("/")
    def scan(data: Annotated[Scan, Form()]) -> int:
        return data.page

    client = TestClient(app)
    assert client.post("/", data={"page": "2"}).json() == 2
    assert client.post("/", data={"page": "0"}).json()["detail"][0]["loc"] == ["body", "page"]


def test_a_model_of_markers_is_a_dependency_and_is_described() -> None:
    app = App()

    @app.get("/")
    def find(query: Annotated[Found, Depends()], size: Big | None = None) -> Found:
        return query

    client = TestClient(app)
    assert client.get("/?most=7").json() == {"most": 7, "order": "name"}
    assert client.get("/?order=longer").json()["detail"][0]["loc"] == ["query", "order"]
    (operation,) = client.get("/openapi.json").json()["paths"]["/"].values()
    (size,) = (one for one in operation["parameters"] if one["name"] == "size")
    assert size["schema"]["anyOf"][0] == {"type": "integer", "minimum": 5, "description": "A large number"}
