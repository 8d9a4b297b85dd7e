"""What people see in a browser."""

from pathlib import Path

from sqlalchemy import select

from examples.bookshop.database import Session
from examples.bookshop.tables import Book
from miniframework import Request, Response, Router
from miniframework.templating import Jinja2Templates

pages = Router(include_in_schema=False)
templates = Jinja2Templates(directory=Path(__file__).parent / "templates")


@pages.get("/")
async def shop_window(request: Request, session: Session) -> Response:
    """List what can be bought."""
    found = await session.scalars(select(Book).where(Book.stock > 0).order_by(Book.title))
    return templates.TemplateResponse(request, "window.html", {"books": found.all()})
