"""Pinned requests: green or red by themselves after the routes changed, what differs, and what may differ."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Locator, expect

from miniframework import App
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import TOKEN, Running, serve_dashboard


@dataclass
class Till:
    """A shop whose answers change from one version to the next. `change` is what a reload does."""

    version: int = 1
    app: App = field(default_factory=lambda: App(openapi_url=None))

    def __post_init__(self) -> None:
        @self.app.get("/prices/{book_id:int}")
        async def price(book_id: int) -> dict[str, int]:
            return {"book_id": book_id, "price": 9 + self.version}

        @self.app.get("/books/{book_id:int}")
        async def book(book_id: int) -> dict[str, object]:
            return {"book_id": book_id, "title": "Dune"}

        @self.app.get("/health")
        async def health() -> dict[str, str]:
            return {"up_since": f"2026-01-0{self.version}T08:00:00Z"}

        @self.app.post("/orders")
        async def order() -> dict[str, str]:
            return {"status": "sold"}

    def change(self) -> None:
        """Come back with other answers and one more route."""
        self.version += 1

        @self.app.get(f"/version/{self.version}")
        async def version() -> int:
            return self.version


def pin(running: Running, method: str, path: str) -> str:
    running.send(method, path)
    exchange_id = str(running.newest(method, path)["id"])
    headers = {"authorization": f"Bearer {TOKEN}"}
    url = f"/__inspector__/api/exchanges/{exchange_id}/pin"
    running.client.post(url, json={"pinned": True}, headers=headers).raise_for_status()
    return exchange_id


@pytest.fixture(scope="module")
def changed() -> Iterator[Running]:
    """A shop that came back with another answer, seen by nobody."""
    till = Till()
    with serve_dashboard(app=till.app) as running:
        for method, path in (
            ("GET", "/prices/7"),
            ("GET", "/books/7"),
            ("GET", "/health"),
            ("POST", "/orders"),
        ):
            pin(running, method, path)
        till.change()
        yield running


@pytest.fixture
def viewer(browser: Browser, changed: Running) -> Iterator[Watched]:
    with watched_page(browser, changed) as page:
        page.open("?view=replay")
        yield page
        page.check()


def line(page: Watched, path: str) -> Locator:
    return page.page.locator(".pinned-list li", has=page.page.get_by_text(path, exact=True))


def test_a_pinned_request_turns_red_or_green_by_itself_when_the_routes_change(browser: Browser) -> None:
    till = Till()
    with serve_dashboard(app=till.app) as running, watched_page(browser, running) as page:
        page.open()
        pin(running, "GET", "/books/7")
        pin(running, "GET", "/prices/7")
        page.page.keyboard.press("4")
        expect(line(page, "/books/7")).to_contain_text("/books/7")
        till.change()
        expect(line(page, "/books/7")).to_have_attribute("data-verdict", "same")
        expect(line(page, "/prices/7")).to_have_attribute("data-verdict", "changed")
        expect(page.page.locator(".pinned-head")).to_contain_text("1 same, 1 changed")
        expect(page.page.locator(".nav-pins")).to_contain_text("1 pinned request answers otherwise")
        page.check()


def test_a_click_shows_what_differs(viewer: Watched) -> None:
    red = line(viewer, "/prices/7")
    expect(red).to_contain_text("body differs in 1 place")
    red.get_by_role("link").click()
    removed = viewer.page.locator('.diff-line[data-sign="removed"]')
    expect(removed).to_contain_text('"price": 10')
    expect(red.get_by_role("link")).to_have_attribute("aria-current", "true")


def test_what_may_have_an_effect_is_not_sent_and_says_so(viewer: Watched) -> None:
    expect(line(viewer, "/orders")).to_have_attribute("data-verdict", "refused")
    expect(line(viewer, "/orders")).to_contain_text("asks first")


def test_what_looks_volatile_can_be_let_differ_and_that_taken_back(viewer: Watched) -> None:
    health = line(viewer, "/health")
    health.get_by_role("button", name="Let it differ").click()
    expect(health).to_have_attribute("data-verdict", "same")
    expect(health).to_contain_text("1 volatile field ignored")
    health.get_by_role("link").click()
    expect(viewer.page.locator(".replay-difference .callout")).to_contain_text("The same answer.")
    health.get_by_role("button", name="Forget 1 rule").click()
    expect(health).to_have_attribute("data-verdict", "changed")
    expect(viewer.page.locator(".replay-difference .callout")).to_contain_text("Not the same:")


def test_the_list_is_a_line_above_a_request_that_is_edited_and_opens_by_keyboard(viewer: Watched) -> None:
    book = viewer.shop.newest("GET", "/books/7")["id"]
    viewer.open(f"?view=replay&id={book}")
    expect(viewer.page.locator(".pinned-head")).to_contain_text("changed")
    expect(viewer.page.locator(".pinned-list")).to_have_count(0)
    viewer.page.get_by_role("button", name="Pinned").focus()
    viewer.page.keyboard.press("Enter")
    expect(viewer.page.locator(".pinned-list li")).to_have_count(4)
    viewer.expect_address("pins=open")


def test_axe_finds_nothing(browser: Browser, changed: Running) -> None:
    with watched_page(browser, changed) as page:
        page.open("?view=replay")
        line(page, "/prices/7").get_by_role("link").click()
        expect(page.page.locator('.diff-line[data-sign="removed"]')).to_be_visible()
        assert page.axe() == []
        page.check()


def test_replay_all_now_replays_them_and_unpin_takes_one_away(browser: Browser) -> None:
    till = Till()
    with serve_dashboard(app=till.app) as running, watched_page(browser, running) as page:
        pin(running, "GET", "/books/7")
        health = pin(running, "GET", "/health")
        page.open("?view=replay")
        page.page.get_by_role("button", name="Replay all now").click()
        expect(page.page.locator(".pinned-head")).to_contain_text("2 same")
        line(page, "/health").get_by_role("button", name="Unpin GET /health").click()
        expect(page.page.locator(".pinned-list li")).to_have_count(1)
        rows = {row["id"]: row for row in running.ask("api/exchanges")["rows"]}
        assert rows[health]["pinned"] is False
        assert any(row["replay_of"] == health for row in rows.values())
        page.check()
