"""The application: `inspector run examples.bookshop.main:app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.exc import IntegrityError

from examples.bookshop.books import books, staff_books
from examples.bookshop.database import Database
from examples.bookshop.migrate import migrate, read_migrations
from examples.bookshop.orders import orders
from examples.bookshop.pages import pages
from examples.bookshop.settings import Settings
from examples.bookshop.tables import Author, Book
from miniframework import App, JSONResponse, Request, Response

FIRST_BOOKS = (
    ("9780141439587", "Emma", "Jane Austen", 950, 4),
    ("9780199537563", "Middlemarch", "George Eliot", 1195, 2),
    ("9780140449136", "Crime and Punishment", "Fyodor Dostoevsky", 1050, 0),
)


def create_app(settings: Settings) -> App:
    """Make a bookshop with a database of its own, opened when the server starts and closed when it ends."""

    @asynccontextmanager
    async def live(app: App) -> AsyncIterator[dict[str, Any]]:
        database = Database(settings.database_url)
        try:
            if "0001_books.sql" in await migrate(database.engine, read_migrations()):
                await stock_shelves(database)
            yield {"database": database, "settings": settings}
        finally:
            await database.close()

    app = App(lifespan=live, exception_handlers={IntegrityError: answer_conflict})
    app.include_router(pages)
    app.include_router(books)
    app.include_router(staff_books)
    app.include_router(orders)
    return app


async def stock_shelves(database: Database) -> None:
    """Put the first books into a new database."""
    async with database.session() as session, session.begin():
        for isbn, title, author, price_cents, stock in FIRST_BOOKS:
            by = Author(name=author)
            session.add(Book(isbn=isbn, title=title, author=by, price_cents=price_cents, stock=stock))


async def answer_conflict(request: Request, error: Exception) -> Response:
    """Answer what the database's own rules refuse: an ISBN twice, a book that was ordered taken away."""
    return JSONResponse({"detail": "this conflicts with what is stored"}, 409)


app = create_app(Settings.from_environment())
