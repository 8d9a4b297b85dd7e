"""The shop itself: one of every kind of route."""

from typing import Any

from bookshop.admin import admin
from bookshop.orders import router as orders
from miniframework import App, HTTPException, Response, WebSocket

app = App(openapi_url=None)

BOOKS = {
    42: {"id": 42, "title": "The Left Hand of Darkness", "author": "Ursula K. Le Guin", "price": "9.99"},
    43: {"id": 43, "title": "The Dispossessed", "author": "Ursula K. Le Guin", "price": "8.50"},
}


@app.get("/")
def home() -> dict[str, str]:
    return {"message": "Welcome to the bookshop"}


@app.get("/books")
def list_books(page: int = 1, author: str | None = None) -> list[dict[str, Any]]:
    return [book for book in BOOKS.values() if author in (None, book["author"])]


@app.post("/books", status_code=201)
def create_book(book: dict[str, Any]) -> dict[str, Any]:
    return {"id": 44, **book}


@app.get("/books/{book_id:int}")
def get_book(book_id: int) -> dict[str, Any]:
    if book_id not in BOOKS:
        raise HTTPException(404, f"no book {book_id}")
    return BOOKS[book_id]


@app.put("/books/{book_id:int}")
def update_book(book_id: int, book: dict[str, Any]) -> dict[str, Any]:
    return {"id": book_id, **book}


@app.get("/books/{slug}")
def book_by_slug(slug: str) -> dict[str, str]:
    return {"slug": slug}


@app.get("/books/bestsellers")
def bestsellers() -> list[int]:
    return [42, 43]


@app.get("/users/{user_id}")
def get_user(user_id: int) -> dict[str, int]:
    return {"id": user_id}


@app.get("/users/me")
def me() -> dict[str, str]:
    return {"name": "you"}


@app.get("/covers/{isbn}@{scale:int}x.{format}")
def cover(isbn: str, scale: int, format: str) -> Response:
    return Response(bytes(range(256)) * scale, media_type=f"image/{format}")


@app.get("/files/{path:path}")
def download(path: str) -> Response:
    return Response("isbn,copies\n9780441478125,12\n" * 40, media_type="text/csv")


app.include_router(orders, prefix="/api")


@app.websocket("/ws/stock/{book_id:int}")
async def stock_feed(websocket: WebSocket, book_id: int) -> None:
    await websocket.accept(subprotocol="stock.v1")
    await websocket.send_json({"book_id": book_id, "stock": 12})
    async for _ in websocket.iter_text():
        await websocket.send_bytes(b"\x01\x02\x00\xff")


@app.get("/events")
def events() -> Response:
    return Response("data: sold 42\n\n" * 3, media_type="text/event-stream")


@app.post("/checkout/{book_id:int}")
def checkout(book_id: int, payment: dict[str, Any]) -> None:
    raise ValueError("the till is closed")


app.mount("/admin", admin)
