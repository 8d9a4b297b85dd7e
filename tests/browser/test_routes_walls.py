"""Routes that hide others, includes and mounts in the gutter; and a table of ten thousand."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.mall import make_long, make_mall
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running, serve_dashboard
from tests.browser.test_routes_screen import BOX, matched, row

LONG = 10_000


@pytest.fixture(scope="module")
def mall_server() -> Iterator[Running]:
    with serve_dashboard(app=make_mall()) as running:
        for path in ("/", "/shops/3", "/shops/3", "/files/a/b", "/crash", "/office/reports/2024"):
            running.send("GET", path)
        yield running


@pytest.fixture(scope="module")
def mall_page(browser: Browser, mall_server: Running) -> Iterator[Watched]:
    with watched_page(browser, mall_server) as watched:
        watched.open()
        yield watched


@pytest.fixture
def mall(mall_page: Watched) -> Iterator[Watched]:
    mall_page.begin_again()
    yield mall_page
    mall_page.check()


@pytest.fixture(scope="module")
def long(browser: Browser) -> Iterator[Watched]:
    with serve_dashboard(app=make_long(LONG)) as running, watched_page(browser, running) as watched:
        yield watched
        watched.check()


def test_a_catch_all_is_a_wall_that_names_what_it_hides(mall: Watched) -> None:
    mall.go("?view=routes")
    walls = mall.page.locator(".route-wall")
    expect(walls).to_have_count(2)
    expect(walls.nth(0)).to_contain_text("/files/{rest:path} hides 2 routes")
    expect(walls.nth(0).locator("a")).to_have_text(["6/files/latest", "7/files/{file}/rawbut for %0A"])
    expect(mall.page.locator(".tree-wall[data-solid]").first).to_have_text("hides 2")


def test_the_wall_of_a_mount_stands_below_the_routes_inside(mall: Watched) -> None:
    mall.go("?view=routes")
    wall = mall.page.locator(".route-wall").nth(1)
    expect(wall).to_contain_text("/office hides 1 route")
    tops = [one.bounding_box() for one in (row(mall, "11.2"), wall, row(mall, "12"))]
    heights = [box["y"] for box in tops if box]
    assert heights == sorted(heights)
    assert len(heights) == 3


def test_a_hidden_route_says_so_and_its_witness_proves_it(mall: Watched) -> None:
    mall.go("?view=routes")
    mall.page.locator(".route-wall a").first.click()
    expect(row(mall, "6").get_by_label("never reached")).to_be_visible()
    callout = mall.page.locator(".route-card .callout")
    expect(callout).to_contain_text("5 /files/{rest:path} takes every path of it first")
    callout.get_by_title("Test this path").click()
    expect(matched(mall)).to_contain_text(["/files/{rest:path}"])
    expect(row(mall, "6")).to_have_attribute("data-outcome", "shadowed")


def test_a_route_that_a_line_break_still_reaches_is_not_called_unreachable(mall: Watched) -> None:
    mall.go("?view=routes&route=6")
    callout = mall.page.locator(".route-card .callout")
    expect(callout).to_contain_text("Only a path with a line break (%0A) reaches it")
    mall.page.get_by_label("Path to test").fill("/files/a%0Ab/raw")
    expect(matched(mall)).to_have_text("/files/{file}/raw")


def test_includes_and_mounts_share_bars_in_the_gutter(mall: Watched) -> None:
    mall.go("?view=routes")
    expect(row(mall, "12")).to_be_visible()
    bars = {
        number: [one.get_attribute("data-kind") for one in row(mall, number).locator(".r-gutter i").all()]
        for number in ("7", "8", "9", "10", "11", "11.1")
    }
    assert bars == {
        "7": [],
        "8": ["include"],
        "9": ["include", "include"],
        "10": ["include", "include"],
        "11": [],
        "11.1": ["mount"],
    }
    expect(row(mall, "9").locator(".r-gutter i").nth(1)).to_have_attribute("data-begins", "")
    expect(row(mall, "10").locator(".r-gutter i").nth(1)).to_have_attribute("data-ends", "")


@pytest.mark.parametrize(
    "search",
    ["&route=5", "&path=/office/reports/20x&route=2.1", "&find=nothing-at-all"],
    ids=["walls and a card", "a path refused in a mount", "nothing found"],
)
def test_axe_finds_nothing(mall: Watched, search: str) -> None:
    mall.go(f"?view=routes{search}")
    shown = ".routes-list > .empty" if "find" in search else ".route-wall >> nth=1"
    expect(mall.page.locator(shown)).to_be_visible()
    assert mall.axe() == []


def test_ten_thousand_routes_cost_the_page_as_many_rows_as_it_shows(long: Watched) -> None:
    long.open("?view=routes")
    expect(row(long, "1")).to_be_visible()
    assert long.page.locator("ri-routes *").count() <= 1_500
    expect(long.page.get_by_role("grid")).to_have_attribute("aria-rowcount", str(LONG + 1))


@pytest.mark.timeout(180)
def test_in_a_large_table_the_winner_comes_into_sight_and_the_rest_folds(long: Watched) -> None:
    long.open("?view=routes")
    long.page.get_by_label(BOX).fill("/area4321/items/7")
    expect(matched(long)).to_have_text("/area4321/items/{item_id:int}", timeout=60_000)
    expect(matched(long)).to_be_in_viewport()
    expect(long.page.locator(".route-fold").first).to_contain_text("routes, all refused")
    expect(long.page.locator(".routes-note")).to_contain_text("of 10,000 verdicts")
    long.page.get_by_role("button", name="Show every route").click()
    expect(long.page.locator(".route-fold")).to_have_count(0)
    long.expect_address("all=1")
    won = long.page.locator('.tree-row[data-walk="won"] .tree-label > code')
    expect(won).to_have_text(["/area4321", "/items", "/{item_id:int}"])
    expect(won.last).to_be_in_viewport()


def test_the_last_of_ten_thousand_routes_is_one_key_away(long: Watched) -> None:
    long.open("?view=routes")
    expect(row(long, "1")).to_be_visible()
    long.page.keyboard.press("Shift+G")
    expect(row(long, "10000")).to_be_in_viewport()
    expect(row(long, "10000")).to_have_attribute("aria-selected", "true")
