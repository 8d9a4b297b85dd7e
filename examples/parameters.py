"""Where a handler's arguments come from.

Try:
    curl 'localhost:8000/books/7?genre=novel&tag=old&tag=signed' -H 'x-reader: ada' --cookie 'theme=dark'
    curl 'localhost:8000/books' --json '{"title": "Emma", "price": 9.5, "published": "1815-12-23"}'
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from miniframework import App, Cookie, Header, Path, Query

app = App()


class Genre(StrEnum):
    """What kind of book it is."""

    NOVEL = "novel"
    POETRY = "poetry"


class Book(BaseModel):
    """A book as a client sends it."""

    title: str = Field(min_length=1)
    price: float = Field(gt=0)
    published: date | None = None
    tags: set[str] = set()


@app.get("/books/{book_id}")
async def read_book(
    book_id: Annotated[int, Path(ge=1)],
    genre: Genre = Genre.NOVEL,
    tag: Annotated[list[str], Query(max_length=3)] = [],  # noqa: B006  # each request gets its own
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    x_reader: Annotated[str | None, Header()] = None,
    theme: Annotated[str, Cookie()] = "light",
) -> dict[str, object]:
    """Say what came, as the types it became."""
    return {
        "book_id": book_id,
        "genre": genre,
        "tag": tag,
        "limit": limit,
        "reader": x_reader,
        "theme": theme,
    }


@app.post("/books", status_code=201)
async def add_book(book: Book) -> Book:
    """Take a book; 422 with every problem when it is none."""
    return book
