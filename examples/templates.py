"""Pages from Jinja2 templates; the Timeline says which was rendered and how long it took.

Try:
    curl localhost:8000/
    curl localhost:8000/books/1
"""

from pathlib import Path

from miniframework import App, HTMLResponse, HTTPException, Request
from miniframework.staticfiles import StaticFiles
from miniframework.templating import Jinja2Templates

PAGES = Path(__file__).parent / "pages"
BOOKS = {1: "Emma", 2: "Faust <Part One>"}

app = App()
app.mount("/files", StaticFiles(directory=PAGES), name="files")
templates = Jinja2Templates(
    directory=PAGES, context_processors=[lambda request: {"shop": "Harbour Street Books"}]
)


@app.get("/", response_class=HTMLResponse)
async def shelf(request: Request) -> HTMLResponse:
    """List every book, with links made from the routes' names."""
    return templates.TemplateResponse(request, "shelf.html", {"books": BOOKS})


@app.get(
    "/books/{book_id:int}", response_class=HTMLResponse, responses={404: {"description": "No such book"}}
)
async def book(request: Request, book_id: int) -> HTMLResponse:
    """Show one book; what it holds is escaped."""
    if book_id not in BOOKS:
        raise HTTPException(404, f"no book {book_id}")
    return templates.TemplateResponse(request, "book.html", {"title": BOOKS[book_id]})
