"""Swagger UI and ReDoc show an application's document in a real browser, with nothing from elsewhere."""

from collections.abc import Iterator
from typing import Annotated

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from pydantic import BaseModel

from miniframework import App, Depends
from miniframework.security import OAuth2PasswordBearer
from tests.browser.serving import Running, serve_dashboard


class Book(BaseModel):
    title: str
    pages: int = 1


def make_library() -> App:
    app = App(title="The library", description="Lends **books**.")
    bearer = OAuth2PasswordBearer(tokenUrl="token")

    @app.get("/books/{book_id}", tags=["reading"])
    def read_book(book_id: int, q: str | None = None) -> Book:
        """Reads one."""
        return Book(title=f"book {book_id}")

    @app.post("/books/", tags=["writing"])
    def add_book(book: Book, token: Annotated[str, Depends(bearer)]) -> Book:
        return book

    return app


class Seen:
    """What a page asked for elsewhere, and what went wrong in it."""

    def __init__(self, page: Page, origin: str) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        self._origin = origin
        page.on("request", self._note_request)
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self._origin, "data:", "blob:")):
            self.outside.append(request.url)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)


@pytest.fixture(scope="module")
def library() -> Iterator[Running]:
    with serve_dashboard(app=make_library()) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_swagger_ui_shows_the_operations_and_tries_one_out(page: Page, library: Running) -> None:
    seen = Seen(page, library.origin)
    page.goto(f"{library.origin}/docs")
    expect(page.locator(".info .title")).to_contain_text("The library")
    expect(page.locator(".opblock")).to_have_count(2)
    expect(page.get_by_role("button", name="Authorize").first).to_be_visible()
    page.locator(".opblock-get .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_placeholder("book_id").fill("7")
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response .microlight").first).to_contain_text("book 7")
    assert (seen.outside, seen.errors) == ([], [])


def test_redoc_shows_the_operations(page: Page, library: Running) -> None:
    seen = Seen(page, library.origin)
    page.goto(f"{library.origin}/redoc")
    expect(page.get_by_role("heading", name="The library").first).to_be_visible()
    expect(page.get_by_role("heading", name="Read Book").first).to_be_visible()
    expect(page.get_by_role("heading", name="Add Book").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert (seen.outside, seen.errors) == ([], [])
