"""Books: everybody reads them, staff change them."""

from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from examples.bookshop.database import Session
from examples.bookshop.schemas import BookChange, BookView, Key, NewBook, Refusal, Text
from examples.bookshop.staff import STAFF_ONLY, require_staff
from examples.bookshop.tables import Author, Book, Cover
from miniframework import Depends, HTTPException, Query, Response, Router, UploadFile

COVER_TYPES = ("image/png", "image/jpeg", "image/webp")
MAX_COVER_BYTES = 200_000


class Sorting(StrEnum):
    """What a list of books may be sorted by."""

    TITLE = "title"
    PRICE = "price"
    NEWEST = "newest"


_ORDERS: dict[Sorting, InstrumentedAttribute[str] | InstrumentedAttribute[int] | ColumnElement[int]] = {
    Sorting.TITLE: Book.title,
    Sorting.PRICE: Book.price_cents,
    Sorting.NEWEST: Book.id.desc(),
}

# Other answers than the route's own, for the documentation.
MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Refusal, "description": "There is no such book"}}
CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": Refusal, "description": "The ISBN is taken, or the book was ordered"}
}

books = Router(tags=["books"])
staff_books = Router(tags=["books"], dependencies=[Depends(require_staff)], responses=STAFF_ONLY)


@books.get("/books")
async def list_books(
    session: Session,
    search: Annotated[Text, Query()] = "",
    author_id: Key | None = None,
    in_stock: bool = False,
    sort: Sorting = Sorting.TITLE,
    skip: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[BookView]:
    """List the books whose title holds a text, by one author, or of which there are copies."""
    wanted = select(Book).order_by(_ORDERS[sort], Book.id).offset(skip).limit(limit)
    if search:
        wanted = wanted.where(Book.title.icontains(search, autoescape=True))
    if author_id is not None:
        wanted = wanted.where(Book.author_id == author_id)
    if in_stock:
        wanted = wanted.where(Book.stock > 0)
    return [BookView.model_validate(book) for book in await session.scalars(wanted)]


async def find_book(session: Session, book_id: Key) -> Book:
    """Give the book of the path. Answers 404 when there is none."""
    book = await session.get(Book, book_id)
    if book is None:
        raise HTTPException(404, f"there is no book {book_id}")
    return book


Found = Annotated[Book, Depends(find_book, scope="function")]


@books.get("/books/{book_id:int}", responses=MISSING)
async def read_book(book: Found) -> BookView:
    """Show a book."""
    return BookView.model_validate(book)


@books.get("/books/{book_id:int}/cover", response_class=Response, responses=MISSING)
async def read_cover(session: Session, book: Found) -> Response:
    """Show the picture of a book."""
    cover = await session.get(Cover, book.id)
    if cover is None:
        raise HTTPException(404, f"book {book.id} has no cover")
    return Response(cover.content, media_type=cover.media_type)


@staff_books.post("/books", status_code=201, responses=CONFLICT)
async def add_book(session: Session, new: NewBook) -> BookView:
    """Put a book on the shelf; its author is noted with the first one."""
    author = await _find_or_add_author(session, new.author)
    book = Book(**new.model_dump(exclude={"author"}), author=author)
    session.add(book)
    await session.flush()
    return BookView.model_validate(book)


async def _find_or_add_author(session: AsyncSession, name: str) -> Author:
    found = await session.scalar(select(Author).where(Author.name == name))
    return found or Author(name=name)


@staff_books.patch("/books/{book_id:int}", responses=MISSING)
async def change_book(book: Found, change: BookChange) -> BookView:
    """Change what is sent and leave the rest."""
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(book, name, value)
    return BookView.model_validate(book)


@staff_books.delete("/books/{book_id:int}", status_code=204, responses={**MISSING, **CONFLICT})
async def remove_book(session: Session, book: Found) -> None:
    """Take a book off the shelf, its cover with it. Answers 409 once it was ordered."""
    await session.delete(book)
    await session.flush()


@staff_books.put(
    "/books/{book_id:int}/cover",
    status_code=204,
    responses={
        **MISSING,
        413: {"model": Refusal, "description": "The picture is too large"},
        415: {"model": Refusal, "description": "It is no picture that is shown here"},
    },
)
async def replace_cover(session: Session, book: Found, cover: UploadFile) -> None:
    """Take the picture of a book. Answers 413 and 415 for what is too large or no picture."""
    if cover.content_type not in COVER_TYPES:
        raise HTTPException(415, f"a cover is one of {', '.join(COVER_TYPES)}, not {cover.content_type}")
    content = await cover.read(MAX_COVER_BYTES + 1)
    if len(content) > MAX_COVER_BYTES:
        raise HTTPException(413, f"a cover has at most {MAX_COVER_BYTES} bytes")
    await session.merge(Cover(book_id=book.id, media_type=cover.content_type, content=content))
