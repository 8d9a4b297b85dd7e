"""The plan of a route in its card: what its endpoint asks for, and its code."""

from playwright.sync_api import Browser, expect

from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running


def test_the_plan_of_a_route_opens_in_its_card_and_stays_open_for_the_next(page: Watched) -> None:
    page.open("?view=routes&route=1")
    page.page.get_by_role("button", name="Plan").click()
    fields = page.page.locator(".plan-fields li")
    expect(fields).to_have_text(["query genre: str | None = None", "query limit: int = 20"])
    expect(page.page.locator(".plan-code")).to_contain_text("async def serve(scope, receive, send):")
    page.expect_address("plan=open")
    page.page.locator('.route-row[data-key="3"]').click()
    expect(fields).to_contain_text(["book_id: int"])


def test_a_mount_has_no_plan(page: Watched) -> None:
    page.open("?view=routes&route=13&plan=open")
    expect(page.page.locator(".route-card")).to_contain_text("admin")
    expect(page.page.locator("ri-route-plan")).to_have_count(0)


def test_axe_finds_nothing(browser: Browser, shop: Running) -> None:
    with watched_page(browser, shop) as page:
        page.open("?view=routes&route=3&plan=open")
        expect(page.page.locator(".plan-code")).to_be_visible()
        assert page.axe() == []
        page.check()
