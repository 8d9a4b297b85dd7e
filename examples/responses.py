"""What a handler can answer with.

Try:
    curl -i localhost:8000/poem
    curl -i localhost:8000/poem.txt -H 'range: bytes=0-9'
    curl -i localhost:8000/theme/dark
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, Literal

from miniframework import (
    App,
    Header,
    HTTPException,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Request,
    Response,
    StreamingResponse,
)
from miniframework.responses import FileResponse

LINES = ("Tyger Tyger, burning bright,", "In the forests of the night;")
POEM = Path(__file__).parent / "pages" / "tyger.txt"

app = App()


class SoldOut(Exception):
    """A book that nobody has."""

    def __init__(self, title: str) -> None:
        self.title = title
        super().__init__(title)


@app.exception_handler(SoldOut)
async def answer_sold_out(request: Request, error: Exception) -> Response:
    """Answer a SoldOut, wherever it was raised."""
    return JSONResponse({"sold_out": str(error)}, 409)


@app.get("/lines")
async def read_lines() -> list[str]:
    """A value is sent as JSON."""
    return list(LINES)


@app.get("/poem", response_class=PlainTextResponse)
async def read_poem() -> StreamingResponse:
    """Each piece goes out when it is made."""

    async def write() -> AsyncIterator[str]:
        for line in LINES:
            yield f"{line}\n"

    return StreamingResponse(write(), media_type="text/plain")


@app.get("/poem.txt", response_class=FileResponse)
async def read_poem_file() -> FileResponse:
    """A file, in parts if the client asks for them, and not at all if it has it."""
    return FileResponse(POEM, media_type="text/plain")


@app.get("/theme/{name}", responses={202: {"description": "From the next page on"}})
async def choose_theme(name: Literal["light", "dark"], response: Response) -> dict[str, str]:
    """The response that a handler asks for takes headers, cookies and a status; the value is its body."""
    response.set_cookie("theme", name, httponly=True)
    response.headers["x-theme"] = name
    response.status_code = 202
    return {"theme": name}


@app.get("/old-poem", response_class=RedirectResponse, status_code=301)
async def read_old_poem() -> RedirectResponse:
    """Send the client elsewhere."""
    return RedirectResponse("/poem", 301)


@app.get(
    "/books/{title}",
    responses={404: {"description": "No such book"}, 409: {"description": "Nobody has it"}},
)
async def read_book(title: str, accept: Annotated[str, Header()] = "*/*") -> Any:
    """Refuse with a status and a detail, or by raising what a handler knows how to answer."""
    if title == "emma":
        raise SoldOut(title)
    if title != "tyger":
        raise HTTPException(404, f"no book is called {title}", {"x-hint": "tyger"})
    return PlainTextResponse(LINES[0]) if accept == "text/plain" else {"first_line": LINES[0]}
