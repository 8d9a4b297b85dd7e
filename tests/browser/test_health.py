"""The Health screen: what the table proves, what traffic says, how the inspector itself does."""

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from miniframework import App
from miniframework.types import Receive, Scope, Send
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running, serve_dashboard


@pytest.fixture
def page(shown: Watched) -> Watched:
    """Every test here goes to the screen it is about."""
    return shown


@pytest.fixture(autouse=True)
def _traffic(fresh: Running) -> None:
    for path in ("/books/42", "/books/abc", "/boks/7", "/boks/7", "/admin/reports/2024"):
        fresh.send("GET", path)
    fresh.send("DELETE", "/books")
    fresh.newest("DELETE", "/books")


def tile(page: Watched, words: str) -> Locator:
    return page.page.locator(".tile", has_text=words).locator("strong")


def test_a_dead_route_is_shown_with_its_example_both_places_and_the_fix(page: Watched) -> None:
    page.go("?view=health")
    finding = page.page.locator('.finding[data-kind="unreachable"]')
    expect(finding.locator("h3")).to_have_text(re.compile(r"GET\s+/users/me can never be reached"))
    proof = finding.locator(".finding-proof > div")
    expect(proof.filter(has_text="example")).to_contain_text("/users/me")
    expect(proof.filter(has_text="taken by")).to_have_text(
        re.compile(r"taken by\s*5\s*/users/{user_id}\s*get_user\s*browser/shop\.py:\d+\s*")
    )
    expect(proof.filter(has_text="meant for")).to_have_text(
        re.compile(r"meant for\s*6\s*/users/me\s*get_me\s*browser/shop\.py:\d+\s*")
    )
    expect(proof.filter(has_text="fix")).to_contain_text("declare it before shop.py:")


def test_the_page_says_what_the_check_says(page: Watched, shop: Running) -> None:
    checked = shop.ask("api/check")
    page.go("?view=health")
    expect(page.page.locator(".finding")).to_have_count(len(checked["findings"]))
    for level, words in (("error", "never does"), ("warning", "may surprise"), ("note", "worth knowing")):
        number = sum(finding["severity"] == level for finding in checked["findings"])
        expect(tile(page, words)).to_have_text(str(number))
    serious = sum(finding["severity"] != "note" for finding in checked["findings"])
    expect(page.page.locator("nav a", has_text="Health").locator(".nav-count")).to_have_text(str(serious))


def test_the_example_opens_the_tester(page: Watched) -> None:
    page.go("?view=health&level=error")
    page.page.locator(".finding-proof").get_by_role("link", name="/users/me").first.click()
    expect(page.page.locator("ri-routes")).to_be_visible()
    page.expect_address("path=%2Fusers%2Fme")
    page.expect_no_address("level=")


def test_the_fix_can_be_tried(page: Watched) -> None:
    page.go("?view=health")
    page.page.get_by_role("link", name="what would change").click()
    expect(page.page.locator(".whatif-edits li")).to_have_text(
        re.compile(r"move 6 /users/me before 5 /users/{user_id}")
    )


def test_one_severity_is_chosen_by_its_tile_and_stands_in_the_address(page: Watched) -> None:
    page.go("?view=health")
    notes = page.page.get_by_role("button", name="worth knowing")
    notes.click()
    expect(notes).to_have_attribute("aria-pressed", "true")
    expect(page.page.locator('.finding[data-severity="error"]')).to_have_count(0)
    page.expect_address("level=note")
    notes.click()
    expect(page.page.locator('.finding[data-severity="error"]')).to_have_count(1)


def test_requests_without_a_route_are_grouped_and_explained(page: Watched) -> None:
    page.go("?view=health")
    expect(tile(page, "without a route")).to_have_text("4")
    groups = page.page.locator(".unmatched")
    expect(groups).to_have_count(2)
    missing, refused = groups.nth(0), groups.nth(1)
    expect(missing.locator("li").first).to_contain_text(re.compile(r"/boks/7\s+2 times"))
    expect(missing.locator("li").first).to_contain_text("Did you mean /books/7?")
    expect(missing).to_contain_text("int refuses “abc” at “a”")
    expect(refused).to_contain_text("/books exists, but not for DELETE")
    missing.get_by_role("link", name="/books/7").click()
    page.expect_address("path=%2Fbooks%2F7")


def test_routes_nobody_asked_for_are_listed(page: Watched) -> None:
    page.go("?view=health")
    never = page.page.locator(".never li")
    expect(never.filter(has_text="/crash")).to_have_count(1)
    expect(never.filter(has_text="/books/{book_id:int}")).to_have_count(0)
    expect(never.filter(has_text="/admin/reports/{year:int}")).to_have_count(0)


def test_new_traffic_shows_without_a_reload(page: Watched, shop: Running) -> None:
    page.go("?view=health")
    never = page.page.locator(".never li")
    expect(never.filter(has_text="/numbers")).to_have_count(1)
    shop.send("GET", "/numbers")
    expect(never.filter(has_text="/numbers")).to_have_count(0)


def test_the_inspectors_own_numbers_are_those_of_its_recorder(page: Watched, shop: Running) -> None:
    page.go("?view=health")
    stats = shop.ask("api/app")["stats"]
    own = page.page.locator(".own")
    expect(own).to_contain_text(f"recorded{stats['recorded']}")
    expect(own).to_contain_text("not recorded0")
    expect(own).to_contain_text("gaps in this list0")
    expect(own).to_contain_text("exchanges held6")
    shop.send("GET", "/books/43")
    expect(own).to_contain_text("exchanges held7")


def test_a_table_without_a_finding_is_said_to_be_right(browser: Browser) -> None:
    app = App(openapi_url=None)

    @app.get("/right")
    async def right() -> dict[str, bool]:
        return {"right": True}

    with serve_dashboard(app=app) as running, watched_page(browser, running) as page:
        page.open("?view=health")
        expect(page.page.locator("ri-health .callout").first).to_contain_text("Every route can be reached")
        expect(tile(page, "never does")).to_have_text("0")
        page.check()


def test_of_an_app_whose_table_is_unknown_nothing_is_claimed(browser: Browser) -> None:
    async def foreign(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    with serve_dashboard(app=foreign) as running, watched_page(browser, running) as page:
        running.send("GET", "/x")
        running.newest("GET", "/x")
        page.open("?view=health")
        sections = page.page.locator(".health-main > section")
        expect(sections).to_have_count(2)
        proof, misses = sections.nth(0), sections.nth(1)
        expect(proof).to_contain_text("nothing can be proved about it")
        expect(misses).to_contain_text("Whether a request found a route is not known.")
        expect(page.page.locator(".own")).to_contain_text("recorded1")
        page.check()
