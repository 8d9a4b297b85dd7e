"""A type may name types that are defined below the route; a name that is never defined fails its requests."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import pytest
from pydantic import BaseModel, ConfigDict, RootModel, field_validator
from pydantic.errors import PydanticUndefinedAnnotation
from typing_extensions import TypedDict

from miniframework import App, Body, Depends, Form, Header, Query, WebSocket
from miniframework.responses import JSONResponse
from miniframework.testing import TestClient

Content = TypeVar("Content")


class Book(BaseModel):
    model_config = ConfigDict(title="A book")

    author: "Person"
    pages: int = 1


class Nested(BaseModel):
    book: Book | None = None
    inner: "list[Nested]" = []


class Checked(BaseModel):
    author: "Person"

    @field_validator("author")
    @classmethod
    def refuse_nobody(cls, author: "Person") -> "Person":
        if author.name == "nobody":
            raise ValueError("nobody writes")
        return author


class Boxed(BaseModel, Generic[Content]):
    content: Content
    label: "Person | None" = None


class Books(RootModel["list[Person]"]): ...


class AsDict(TypedDict):
    author: "Person"


class AsTuple(NamedTuple):
    author: "Person"


@dataclass
class AsDataclass:
    author: "Person"


class Lost(BaseModel):
    author: "Nobody"  # type: ignore[name-defined]  # noqa: F821  # that is the case


class Filters(BaseModel):
    author: "Name" = "anyone"


def need_book(book: Book) -> Book:
    return book


def declare() -> App:
    app = App()

    @app.post("/book")
    def keep_book(book: Book) -> Book:
        return book

    @app.post("/optional")
    def keep_optional(book: Book | None = None) -> Book | None:
        return book

    @app.post("/embedded")
    def keep_embedded(book: Annotated[Book, Body(embed=True)]) -> list[Book]:
        return [book]

    @app.post("/two")
    def keep_two(first: Book, second: Book) -> dict[str, Book]:
        return {"first": first, "second": second}

    @app.post("/nested")
    def keep_nested(nested: Nested) -> Nested:
        return nested

    @app.post("/checked")
    def keep_checked(checked: Checked) -> Checked:
        return checked

    @app.post("/boxed")
    def keep_boxed(boxed: Boxed[int]) -> Boxed[int]:
        return boxed

    @app.post("/books")
    def keep_books(books: Books) -> Books:
        return books

    @app.post("/dict")
    def keep_dict(book: AsDict) -> AsDict:
        return book

    @app.post("/tuple")
    def keep_tuple(book: Annotated[AsTuple, Body()]) -> AsTuple:
        return book

    @app.post("/dataclass")
    def keep_dataclass(book: AsDataclass) -> AsDataclass:
        return book

    @app.post("/needed")
    def keep_needed(book: Annotated[Book, Depends(need_book)]) -> Any:
        return book

    @app.post(
        "/content", response_class=JSONResponse, response_model=Book, response_model_exclude_defaults=True
    )
    def keep_content(book: Book) -> Any:
        return book

    @app.get("/query")
    def read_query(filters: Annotated[Filters, Query()]) -> str:
        return filters.author

    @app.get("/header")
    def read_header(filters: Annotated[Filters, Header()]) -> str:
        return filters.author

    @app.post("/form")
    def read_form(filters: Annotated[Filters, Form()]) -> str:
        return filters.author

    @app.get("/stream")
    async def stream() -> AsyncIterator[Book]:
        yield Book(author=Person(name="Ada"))

    @app.get("/wrong", responses={404: {"model": Book}})
    def answer_wrong() -> Book:
        return {"author": {}}  # type: ignore[return-value]  # that is the case

    @app.websocket("/socket")
    async def meet(websocket: WebSocket, filters: Annotated[Filters, Query()]) -> None:
        await websocket.accept()
        await websocket.send_text(filters.author)

    @app.post("/lost", include_in_schema=False)
    def keep_lost(lost: Lost) -> None: ...

    @app.get("/lost", include_in_schema=False)
    def find_lost() -> Lost:
        return {"author": 1}  # type: ignore[return-value]  # that is the case

    return app


# Declared while `Person` is unknown: an application for each way, for a route is compiled once.
APPS = {"compiled": declare(), "loop": declare()}


class Person(BaseModel):
    name: str


class Search(BaseModel):
    words: "list[Word]" = []


Name = Word = str
ADA = {"name": "Ada"}
BOOK = {"author": ADA, "pages": 1}


@pytest.fixture
def app(way: None, request: pytest.FixtureRequest) -> App:
    return APPS[request.node.callspec.params["way"]]


@pytest.mark.parametrize(
    ("path", "sent", "answer"),
    [
        ("/book", {"author": ADA}, BOOK),
        ("/optional", {"author": ADA}, BOOK),
        ("/optional", None, None),
        ("/embedded", {"book": {"author": ADA}}, [BOOK]),
        ("/two", {"first": BOOK, "second": BOOK}, {"first": BOOK, "second": BOOK}),
        ("/nested", {"inner": [{"book": BOOK}]}, {"book": None, "inner": [{"book": BOOK, "inner": []}]}),
        ("/checked", {"author": ADA}, {"author": ADA}),
        ("/boxed", {"content": "3", "label": ADA}, {"content": 3, "label": ADA}),
        ("/books", [ADA], [ADA]),
        ("/dict", {"author": ADA}, {"author": ADA}),
        ("/tuple", [ADA], [ADA]),
        ("/dataclass", {"author": ADA}, {"author": ADA}),
        ("/needed", {"author": ADA}, BOOK),
        ("/content", BOOK, {"author": ADA}),
    ],
)
def test_a_body_and_an_answer_may_name_a_type_of_below(app: App, path: str, sent: Any, answer: Any) -> None:
    response = TestClient(app).post(path, json=sent)
    assert (response.status_code, response.json()) == (200, answer)


@pytest.mark.parametrize(
    ("path", "sent", "loc"),
    [
        ("/book", {"author": {}}, ["body", "author", "name"]),
        ("/embedded", {"book": {"author": {"name": 1}}}, ["body", "book", "author", "name"]),
        ("/two", {"first": BOOK, "second": {}}, ["body", "second", "author"]),
        ("/checked", {"author": {"name": "nobody"}}, ["body", "author"]),
        ("/boxed", {"content": "x"}, ["body", "content"]),
        ("/dataclass", {}, ["body", "author"]),
    ],
)
def test_the_problem_is_told_where_it_stands(app: App, path: str, sent: Any, loc: list[str]) -> None:
    response = TestClient(app).post(path, json=sent)
    assert (response.status_code, response.json()["detail"][0]["loc"]) == (422, loc)


def test_models_of_the_query_the_headers_and_the_form_may_too(app: App) -> None:
    client = TestClient(app)
    assert client.get("/query?author=Ada").json() == "Ada"
    assert client.get("/header", headers={"author": "Ada"}).json() == "Ada"
    assert client.post("/form", data={"author": "Ada"}).json() == "Ada"
    with client.websocket_connect("/socket?author=Ada") as socket:
        assert socket.receive_text() == "Ada"


def test_items_of_a_stream_may_too(app: App) -> None:
    assert TestClient(app).get("/stream").json() == BOOK


def test_an_answer_that_does_not_fit_is_an_error_of_the_server(app: App) -> None:
    assert TestClient(app, raise_server_exceptions=False).get("/wrong").status_code == 500


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_name_that_is_never_defined_is_named_at_the_request(app: App, method: str) -> None:
    with pytest.raises(PydanticUndefinedAnnotation, match="name 'Nobody' is not defined"):
        TestClient(app).request(method, "/lost", json={} if method == "POST" else None)


def test_a_model_of_a_function_is_rebuilt_by_its_author(way: None) -> None:
    inner = App()

    class Early(BaseModel):
        late: "Late"

    @inner.post("/")
    def keep(early: Early) -> Early:
        return early

    class Late(BaseModel):
        number: int

    Early.model_rebuild()
    response = TestClient(inner).post("/", json={"late": {"number": "1"}})
    assert response.json() == {"late": {"number": 1}}


def test_the_document_has_what_was_defined_below() -> None:
    app = declare()
    schemas = app.openapi()["components"]["schemas"]
    assert schemas["Book"]["properties"]["author"] == {"$ref": "#/components/schemas/Person"}
    assert schemas["Person"]["required"] == ["name"]


def test_a_model_whose_types_were_defined_before_the_route_knows_its_lists(way: None) -> None:
    inner = App()

    @inner.get("/")
    def read(search: Annotated[Search, Query()]) -> Search:
        return search

    assert TestClient(inner).get("/?words=a&words=b").json() == {"words": ["a", "b"]}
