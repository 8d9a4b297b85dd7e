"""The application the browser tests look at: small, with one of each thing the dashboard has to explain."""

from collections.abc import AsyncIterator
from typing import Any

from miniframework import (
    App,
    HTMLResponse,
    HTTPException,
    JSONResponse,
    PlainTextResponse,
    Request,
    Response,
    Router,
    StreamingResponse,
    WebSocket,
)


def make_shop() -> App:
    """Return a new shop; its routes are numbered in the order of this function."""
    app = App(openapi_url=None)

    @app.get("/")
    async def welcome() -> dict[str, str]:
        return {"message": "welcome"}

    @app.get("/books")
    async def list_books(genre: str | None = None, limit: int = 20) -> list[str]:
        return [f"{genre or 'any'} {number}" for number in range(min(limit, 3))]

    @app.post("/books")
    async def add_book(request: Request) -> Response:
        return JSONResponse({"added": await request.json()}, status_code=201)

    @app.get("/books/{book_id:int}")
    async def get_book(book_id: int) -> dict[str, Any]:
        if book_id > 100:
            raise HTTPException(404, "no such book")
        return {"book_id": book_id, "title": f"Book {book_id}", "price": 9.5, "out_of_print": False}

    @app.get("/users/{user_id}")
    async def get_user(user_id: int) -> dict[str, int]:
        return {"user_id": user_id}

    @app.get("/users/me")  # never reached: route 5 takes it
    async def get_me() -> dict[str, str]:
        return {"user": "me"}

    @app.get("/orders/{order_id:uuid}/lines/{line:int}")
    async def order_line(order_id: str, line: int) -> dict[str, Any]:
        return {"order_id": str(order_id), "line": line}

    @app.get("/files/{path:path}")
    async def download(path: str) -> Response:
        return PlainTextResponse(path)

    @app.get("/page")
    async def page(text: str = "") -> Response:
        return HTMLResponse(f"<h1>{text}</h1><script>window.__pwned = 1</script>", headers={"x-echo": "page"})

    @app.get("/crash")
    async def crash(text: str = "the till is closed") -> None:
        raise ValueError(text)

    @app.get("/numbers")
    async def numbers() -> Response:
        async def lines() -> AsyncIterator[str]:
            for number in range(5):
                yield f"data: {number}\n\n"

        return StreamingResponse(lines(), media_type="text/event-stream")

    @app.websocket("/ws/{room}")
    async def chat(websocket: WebSocket, room: str) -> None:
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_json({"room": room, "heard": text})

    admin = App(openapi_url=None)

    @admin.get("/reports/{year:int}")
    async def report(year: int) -> dict[str, int]:
        return {"year": year}

    api = Router()

    @api.get("/status")
    async def status() -> dict[str, str]:
        return {"status": "ok"}

    app.include_router(api, prefix="/api")
    app.mount("/admin", admin, name="admin")
    return app
