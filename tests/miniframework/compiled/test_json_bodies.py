"""Bodies whose bytes are validated mean what their values do."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from miniframework import App
from miniframework.serving.compiled.json_alike import validates_json_alike
from miniframework.serving.endpoint import HttpEndpoint
from miniframework.types import Message
from tests.miniframework.asgi_driver import Wire, http_scope


class Author(BaseModel):
    name: str = Field(min_length=1)
    born: int | None = None


class Book(BaseModel):
    title: str
    price: float = Field(gt=0)
    pages: int = 0
    sold: bool = False
    tags: list[str] = []
    author: Author | None = None


class Dated(BaseModel):
    day: date


class Exact(BaseModel):
    price: Decimal


class Checked(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def check(cls, name: str) -> str:
        return name


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    name: str


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    name: str


BODIES = [
    b'{"title": "Emma", "price": 1}',
    b'{"title": "Emma", "price": "1.5", "pages": "12", "sold": "yes", "tags": ["a", "b"], "more": 1}',
    b'{"title": "Emma", "price": 1e3, "pages": 12.0, "sold": 1, "author": {"name": "Jane", "born": null}}',
    b'{"title": "Emma", "price": 1, "title": "Persuasion"}',
    b'{"title": "Emma", "price": 1, "pages": 123456789012345678901234567890}',
    b'{"title": "Emma", "price": 123456789012345678901234567890}',
    b'{"title": "Emma", "price": Infinity}',
    b'{"title": "Emma", "price": NaN}',
    b'{"title": "\\ud800", "price": 1}',
    b'{"title": 1, "price": 1}',
    b'{"title": "Emma", "price": 0}',
    b'{"title": "Emma", "price": 1, "pages": 1.5}',
    b'{"title": "Emma", "price": 1, "author": {"name": ""}}',
    b'{"title": "Emma", "price": 1, "tags": "ab"}',
    b'{"title": "Emma", "price": 1} {}',
    b'\xef\xbb\xbf{"title": "Emma", "price": 1}',
    '{"title": "Emma", "price": 1}'.encode("utf-16"),
    b'{"title": "\xff", "price": 1}',
    b"[]",
    b"null",
    b'"Emma"',
    b"{",
    b"",
]


def make_app(seen: list[Any]) -> App:
    app = App()

    @app.post("/books")
    async def create(book: Book, q: int = 0) -> Any:
        seen.append(repr(book))
        return repr(book)

    return app


def post(app: App, body: bytes, query: bytes = b"") -> list[Message]:
    wire = Wire([{"type": "http.request", "body": body}])
    headers = [(b"content-type", b"application/json")]
    asyncio.run(
        app(http_scope("/books", "POST", headers=headers, query_string=query), wire.receive, wire.send)
    )
    return wire.sent


@pytest.mark.parametrize("query", [b"", b"q=many"])
@pytest.mark.parametrize("body", BODIES, ids=repr)
def test_a_body_is_the_same_book_or_has_the_same_problems(body: bytes, query: bytes) -> None:
    compiled, looped = list[Any](), list[Any]()
    app, reference = make_app(compiled), make_app(looped)
    for entry in reference.table.entries:
        if isinstance(entry.handle, HttpEndpoint):
            entry.handle.serve = entry.handle.refer
    assert post(app, body, query) == post(reference, body, query)
    assert compiled == looped


@pytest.mark.parametrize(
    ("model", "alike"),
    [
        (Author, True),
        (Book, True),
        (Dated, False),
        (Exact, False),
        (Checked, False),
        (Strict, False),
        (Open, False),
        (dict[str, int], False),
        (Author | None, False),
        (Annotated[Author, Field(description="who")], False),
    ],
)
def test_only_plain_models_are_validated_as_bytes(model: Any, alike: bool) -> None:
    app = App()

    async def create(item: Any) -> Any:
        return item

    create.__annotations__["item"] = model
    app.post("/")(create)
    handle = next(entry.handle for entry in app.table.entries if isinstance(entry.handle, HttpEndpoint))
    (field,) = handle.call.plan.fields
    assert validates_json_alike(field) is alike
