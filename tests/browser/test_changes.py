"""After the route table changed: the note over every screen, and before and after on the Routes screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from miniframework import App
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running, serve_dashboard
from tests.browser.shop import make_shop


@pytest.fixture
def growing() -> Iterator[tuple[App, Running]]:
    """A shop of its own for each test: its routes change while it is served."""
    app = make_shop()
    with serve_dashboard(app=app) as running:
        for path in ("/boks/7", "/boks/7", "/books/1"):
            running.send("GET", path)
        running.newest("GET", "/books/1")
        yield app, running


@pytest.fixture
def viewer(browser: Browser, growing: tuple[App, Running]) -> Iterator[Watched]:
    with watched_page(browser, growing[1]) as page:
        page.open()
        expect(page.row("/books/1")).to_be_visible()
        yield page
        page.check()


def add_boks(app: App) -> None:
    @app.get("/boks/{book_id:int}")
    async def boks(book_id: int) -> dict[str, int]:
        return {"book_id": book_id}


def test_a_changed_table_is_said_over_every_screen_with_what_it_means(
    viewer: Watched, growing: tuple[App, Running]
) -> None:
    note = viewer.page.locator("ri-reload-note .banner")
    expect(note).to_have_count(0)
    add_boks(growing[0])
    expect(note).to_contain_text("Routes changed: 1 added; 2 recorded requests now go elsewhere.")
    viewer.page.keyboard.press("5")
    expect(note).to_be_visible()
    note.get_by_role("link", name="Before and after").click()
    expect(viewer.page.locator("ri-changes .change")).to_have_count(1)
    expect(note).to_have_count(0)
    viewer.expect_address("side=changes")


def test_the_note_can_be_dismissed(viewer: Watched, growing: tuple[App, Running]) -> None:
    add_boks(growing[0])
    viewer.page.get_by_role("button", name="Dismiss").click()
    expect(viewer.page.locator("ri-reload-note .banner")).to_have_count(0)


def test_before_and_after_lists_routes_requests_and_regions(
    viewer: Watched, growing: tuple[App, Running]
) -> None:
    viewer.open("?view=routes&side=changes")
    expect(viewer.page.locator("ri-changes")).to_contain_text("is the one the recording began with")
    add_boks(growing[0])
    change = viewer.page.locator(".change")
    expect(change.locator('.entries li[data-state="added"]')).to_contain_text("/boks/{book_id:int}")
    expect(change.locator(".entries code", has_text="test_changes.py:")).to_have_count(1)
    moved = change.locator(".moved")
    expect(moved).to_have_count(2)
    requests, regions = moved.nth(0), moved.nth(1)
    expect(requests).to_contain_text("/boks/7")
    expect(requests).to_contain_text("2 times, last")
    expect(requests.locator(".side").first).to_have_text("404, no route")
    expect(requests.locator(".to .side")).to_contain_text("/boks/{book_id:int}")
    expect(regions.locator("li")).to_contain_text(["/boks/1", "405", "redirect"])
    regions.get_by_role("link").first.click()
    viewer.expect_address("path=%2Fboks%2F")


def test_axe_finds_nothing_in_before_and_after_and_its_note(
    browser: Browser, growing: tuple[App, Running]
) -> None:
    app, running = growing
    with watched_page(browser, running) as page:
        page.open()
        expect(page.row("/books/1")).to_be_visible()
        add_boks(app)
        expect(page.page.locator("ri-reload-note .banner")).to_be_visible()
        assert page.axe() == []
        page.page.get_by_role("link", name="Before and after").click()
        expect(page.page.locator(".change .moved li").first).to_be_visible()
        assert page.axe() == []
        page.check()


def test_a_request_that_went_elsewhere_opens_in_live(viewer: Watched, growing: tuple[App, Running]) -> None:
    add_boks(growing[0])
    viewer.page.get_by_role("link", name="Before and after").click()
    viewer.page.locator(".change .moved").first.get_by_role("link").click()
    expect(viewer.page.locator(".detail-path")).to_have_text("/boks/7")


def test_health_tells_the_last_change(viewer: Watched, growing: tuple[App, Running]) -> None:
    viewer.open("?view=health")
    last = viewer.page.get_by_role("region", name="Last change of the table")
    expect(last).to_contain_text("is the one the recording began with")
    add_boks(growing[0])
    expect(last).to_contain_text("1 added; 2 recorded requests now go elsewhere")
    answered = viewer.page.locator(".unmatched [data-now]")
    expect(answered).to_contain_text("boks")


def test_what_a_replay_would_match_is_asked_again_of_the_new_table(
    viewer: Watched, growing: tuple[App, Running]
) -> None:
    viewer.row("/boks/7").click()
    viewer.page.keyboard.press("r")
    would = viewer.page.locator(".replay-would")
    expect(would).to_contain_text("Would not reach a handler")
    add_boks(growing[0])
    expect(would).to_contain_text("Would match. boks (test_changes.py:")
