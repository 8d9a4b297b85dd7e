"""Swagger UI and ReDoc show an application's document in a real browser, with nothing from elsewhere."""

from collections.abc import Iterator
from typing import Annotated

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from pydantic import BaseModel

from miniframework import App, Depends
from miniframework.security import APIKeyHeader, OAuth2PasswordBearer, OAuth2PasswordRequestForm
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


def make_desk() -> App:
    """Tells which credentials came, by two schemes; served below another application."""
    desk = App(title="The desk", swagger_ui_parameters={"persistAuthorization": True})
    bearer = OAuth2PasswordBearer(tokenUrl="log-in", scopes={"lend": "Take books home"})
    key = APIKeyHeader(name="X-Key")

    @desk.post("/log-in")
    def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
        return {"access_token": f"{form.username} {form.scopes}", "token_type": "bearer"}

    @desk.get("/me")
    def me(token: Annotated[str, Depends(bearer)], key: Annotated[str, Depends(key)]) -> list[str]:
        return [token, key]

    app = App(openapi_url=None)
    app.mount("/desk", desk)
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


@pytest.fixture(scope="module")
def desk() -> Iterator[Running]:
    with serve_dashboard(app=make_desk()) as running:
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


def test_swagger_ui_logs_in_and_keeps_what_it_was_given(page: Page, desk: Running) -> None:
    seen = Seen(page, desk.origin)
    page.goto(f"{desk.origin}/desk/docs")
    page.get_by_role("button", name="Authorize").first.click()
    login = page.locator(".modal-ux .auth-container").filter(has_text="OAuth2PasswordBearer")
    login.locator("#oauth_username").fill("ann")
    login.locator("#oauth_password").fill("secret")
    login.locator(".scopes label").last.click()
    login.locator("button.authorize").click()
    expect(login.get_by_text("Logout")).to_be_visible()
    keys = page.locator(".modal-ux .auth-container").filter(has_text="APIKeyHeader")
    keys.locator("input").fill("k1")
    keys.locator("button.authorize").click()
    page.reload()
    page.locator(".opblock-get .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    said = page.locator(".live-responses-table .response .microlight").first
    expect(said).to_contain_text("ann ['lend']")
    expect(said).to_contain_text("k1")
    assert (seen.outside, seen.errors) == ([], [])


def test_redoc_shows_the_operations(page: Page, library: Running) -> None:
    seen = Seen(page, library.origin)
    page.goto(f"{library.origin}/redoc")
    expect(page.get_by_role("heading", name="The library").first).to_be_visible()
    expect(page.get_by_role("heading", name="Read Book").first).to_be_visible()
    expect(page.get_by_role("heading", name="Add Book").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert (seen.outside, seen.errors) == ([], [])
