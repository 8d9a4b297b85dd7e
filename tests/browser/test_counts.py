"""How many routes there are, and which number each has: the same wherever it is said."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.mall import make_long
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running, serve_dashboard

# make_shop() has thirteen routes, and a mount with one more.
ROUTES = 14


def test_every_screen_says_the_same_number_of_routes(page: Watched, shop: Running) -> None:
    shop.send("GET", "/nowhere")
    page.open_row("/nowhere")
    said = f"{ROUTES} routes"
    expect(page.page.locator(".section header", has_text="Match ladder")).to_contain_text(f"all {said} tried")
    expect(page.page.locator(".statusbar")).to_contain_text(said)
    expect(page.page.locator("nav a", has_text="Routes").locator(".nav-count")).to_have_text(str(ROUTES))
    page.page.keyboard.press("2")
    expect(page.page.locator(".tester-answer")).to_contain_text(f"{said}, tried from the top")
    page.page.locator(".tester-text").fill("admin")
    expect(page.page.locator(".tester-answer")).to_have_text(f"1 of {said} and 1 mount fit “admin”.")
    page.open("?view=health")
    expect(page.page.locator(".tile", has_text="routes seen")).to_contain_text(f"of {ROUTES}")


def test_routes_that_were_not_tried_are_not_said_to_have_failed(page: Watched, shop: Running) -> None:
    shop.send("GET", "/")
    page.open_row("/")
    expect(page.page.locator(".section header", has_text="Match ladder")).to_contain_text(
        f"1 of {ROUTES} routes"
    )
    fold = page.page.locator(".ladder-fold")
    expect(fold).to_have_count(1)
    expect(fold).to_contain_text(f"{ROUTES - 1} routes not examined: route 1 had taken it")


def test_a_route_inside_a_mount_has_one_number_everywhere(page: Watched, shop: Running) -> None:
    shop.send("GET", "/admin/reports/2024")
    page.open_row("/admin/reports/2024")
    number = "14.1"
    expect(page.page.locator(".answer")).to_contain_text(f"its route {number}, /reports/{{year:int}}")
    expect(page.page.locator(".chain .ladder-number")).to_have_text(["14", number])
    expect(page.page.locator(".ladder-inner .ladder-number")).to_have_text([number])
    page.page.keyboard.press("2")
    row = page.page.locator(".route-row", has_text="/reports/")
    expect(row.locator(".r-number")).to_have_text(number)


def test_where_a_path_stopped_is_marked_inside_a_mount_too(page: Watched, shop: Running) -> None:
    shop.send("GET", "/admin/reports/soon")
    page.open_row("/admin/reports/soon")
    read = page.page.locator(".path-read")
    expect(page.page.locator(".section header", has_text="Path")).to_have_text(
        "Path, as far as a route read it"
    )
    expect(read.locator("[data-refused]")).to_have_text("soon")
    expect(read.locator("[data-accepted]")).to_have_text("/admin/reports/")
    miss = page.page.locator(".chain li").last
    expect(miss).to_contain_text(re.compile(r"–\s*no route\s*takes\s*/reports/soon"))
    expect(miss.locator(".chain-template")).to_have_count(0)


@pytest.fixture
def long(browser: Browser) -> Iterator[Watched]:
    """The dashboard over an application of 1,200 routes, none of which takes the one request there was."""
    with serve_dashboard(app=make_long(1200)) as running:
        running.send("GET", "/nowhere")
        with watched_page(browser, running) as page:
            page.open()
            yield page
            page.check()


def test_a_fold_of_very_many_routes_opens_by_the_hundred(long: Watched) -> None:
    long.open_row("/nowhere")
    expect(long.page.locator(".section header", has_text="Match ladder")).to_contain_text(
        "all 1,200 routes tried"
    )
    fold = long.page.locator(".ladder-fold button")
    expect(fold).to_contain_text("1,200 routes failed at the first character")
    fold.click()
    rungs = long.page.locator(".ladder-rung")
    expect(rungs).to_have_count(100)
    long.page.get_by_role("button", name="Show 100 of 1,100 more").click()
    expect(rungs).to_have_count(200)
    fold.click()
    expect(rungs).to_have_count(0)
