"""A small bookshop, the application of `inspector demo`.

It has what real ones have: books by number, by ISBN and by slug, orders, a back office mounted as an
application of its own, a live feed, a chat, and some mistakes of the kind that people look for for an hour.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

from inspector.demo.backoffice import backoffice
from inspector.demo.customers import customers
from inspector.demo.live import live
from inspector.demo.orders import orders
from inspector.demo.shelf import TheShop, book_or_404
from inspector.demo.stock import Book, Genre, IsbnConverter, NewBook, Shop, author_id
from miniframework import (
    App,
    Header,
    HTMLResponse,
    HTTPException,
    PlainTextResponse,
    Query,
    RedirectResponse,
    Request,
    Response,
)


@asynccontextmanager
async def open_shop(app: App) -> AsyncIterator[dict[str, Any]]:
    """Stock the shelves when the server starts."""
    yield {"shop": Shop.stocked()}


app = App(openapi_url=None, lifespan=open_shop, converters={"isbn": IsbnConverter()})


@app.middleware("http")
async def add_shop_header(request: Request, call_next: Any) -> Response:
    """Say on every answer which branch it comes from."""
    response: Response = await call_next(request)
    response.headers["x-branch"] = "harbour-street"
    return response


@app.exception_handler(LookupError)
async def not_in_stock(request: Request, error: Exception) -> Response:
    """Answer for books that a query names and nobody has."""
    return PlainTextResponse(f"We do not have that: {error}", status_code=404)


@app.get("/")
async def welcome(shop: TheShop) -> Response:
    """Greet in HTML."""
    return HTMLResponse(f"<!doctype html><title>Bookshop</title><h1>{len(shop.books)} books in stock</h1>")


@app.get("/health")
async def health() -> dict[str, str]:
    """Answer a load balancer."""
    return {"status": "ok"}


@app.get("/books")
async def list_books(
    shop: TheShop,
    genre: Genre | None = None,
    in_stock: bool = False,
    max_price: float | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[Book]:
    """List books, filtered by the query."""
    found = [
        book
        for book in shop.books.values()
        if (genre is None or book.genre == genre)
        and (not in_stock or book.stock > 0)
        and (max_price is None or book.price <= max_price)
    ]
    return found[:limit]


@app.post("/books", status_code=201)
async def add_book(shop: TheShop, book: NewBook) -> Book:
    """Put a new book on the shelf."""
    return shop.add(book)


@app.get("/books/{isbn:isbn}")
async def get_book_by_isbn(shop: TheShop, isbn: str) -> Book:
    """Show a book by its ISBN; a wrong check digit is a problem of the parameter, not another route."""
    found = shop.find_isbn(isbn)
    if found is None:
        raise HTTPException(404, detail=f"no book has the ISBN {isbn}")
    return found


@app.get("/books/{book_id:int}")
async def get_book(shop: TheShop, book_id: int) -> Book:
    """Show a book by its number."""
    return book_or_404(shop, book_id)


@app.put("/books/{book_id:int}")
async def replace_book(shop: TheShop, book_id: int, book: NewBook) -> Book:
    """Replace all that is known of a book."""
    old = book_or_404(shop, book_id)
    shop.books[book_id] = old.model_copy(update=book.model_dump())
    return shop.books[book_id]


@app.delete("/books/{book_id:int}", status_code=204)
async def remove_book(shop: TheShop, book_id: int) -> None:
    """Take a book off the shelf."""
    book_or_404(shop, book_id)
    del shop.books[book_id]


@app.get("/books/{slug}")
async def get_book_by_slug(shop: TheShop, slug: str) -> Book:
    """Show a book by the name in its URL."""
    found = shop.find_slug(slug)
    if found is None:
        raise LookupError(slug)
    return found


# Never reached: the route above takes this path first. The mistake is there to be found.
@app.get("/books/bestsellers")
async def bestsellers(shop: TheShop) -> list[Book]:
    """List what sells best."""
    return sorted(shop.books.values(), key=lambda book: book.stock)[:3]


@app.get("/books/{book_id:int}/reviews")
async def list_reviews(shop: TheShop, book_id: int) -> list[dict[str, str]]:
    """Show what readers say."""
    return shop.reviews.get(book_or_404(shop, book_id).id, [])


@app.post("/books/{book_id:int}/reviews", status_code=201)
async def add_review(request: Request, shop: TheShop, book_id: int) -> dict[str, str]:
    """Take a review from an HTML form."""
    form = await request.form()
    return shop.review(book_or_404(shop, book_id).id, str(form.get("stars", "3")), str(form.get("text", "")))


@app.get("/authors/{author:uuid}/books")
async def books_of_author(shop: TheShop, author: UUID) -> list[Book]:
    """List the books of one author."""
    return [book for book in shop.books.values() if author_id(book.author) == author]


@app.get("/covers/{book_id:int}.{kind}")
async def cover(shop: TheShop, book_id: int, kind: str) -> Response:
    """Draw a cover; two parameters share one segment of the path."""
    book = book_or_404(shop, book_id)
    if kind != "svg":
        raise HTTPException(415, detail=f"covers are drawn as svg, not as {kind}")
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 12"><text y="6">{book.id}</text></svg>'
    return Response(drawing.encode(), media_type="image/svg+xml")


@app.get("/convert/{price:float}/{currency}")
def convert_price(price: float, currency: str) -> dict[str, float | str]:
    """Convert a price; a plain function, run in a thread."""
    rates = {"eur": 1.17, "usd": 1.27, "jpy": 191.0}
    return {"price": round(price * rates[currency.lower()], 2), "currency": currency.upper()}


@app.get("/downloads/{file:path}")
async def download(file: str, accept_language: Annotated[str, Header()] = "en") -> Response:
    """Give a file of the catalogue; the path may have slashes."""
    return PlainTextResponse(f"{file} in {accept_language}\n", headers={"content-disposition": "attachment"})


@app.get("/shop/{rest:path}")
async def moved(rest: str) -> Response:
    """Send visitors of the old site to the new one."""
    return RedirectResponse(f"/{rest}", status_code=301)


@app.get("/recommendations")
async def recommend(shop: TheShop) -> list[Book]:
    """Recommend books; this takes its time."""
    await asyncio.sleep(0.8)
    return list(shop.books.values())[-3:]


@app.get("/statistics")
async def statistics(shop: TheShop, sold: int = 0) -> dict[str, float]:
    """Show how a day went; fails on a day without sales, as such code does."""
    turnover = sum(order.total for order in shop.orders.values())
    return {"turnover": turnover, "per_book": turnover / sold}


app.include_router(orders, prefix="/api/v1")
app.include_router(customers)
app.include_router(live, prefix="/live")
app.mount("/backoffice", backoffice, name="backoffice")

__all__ = ["app"]
