"""The Live screen over a real server: requests come in, are filtered, chosen, held back."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running


@pytest.fixture(autouse=True)
def _traffic(fresh: Running) -> None:
    fresh.send("GET", "/")


def test_a_request_appears_by_itself(shown: Watched, shop: Running) -> None:
    expect(shown.row("/")).to_be_visible()
    shop.send("GET", "/books/7")
    expect(shown.row("/books/7")).to_be_visible()


def test_a_row_says_method_status_path_route_and_time(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/books/42?x=1")
    row = shown.row("/books/42?x=1")
    expect(row.locator(".method")).to_have_text("GET")
    expect(row.locator(".status")).to_have_text("200")
    expect(row.locator(".c-path .seg")).to_have_text("42")
    expect(row.locator(".c-route")).to_contain_text("/books/{book_id")
    expect(row.locator(".c-ms")).to_have_text(re.compile(r"\d\s*(µs|ms)"))


def test_an_unmatched_request_says_so_in_words(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/nowhere")
    shop.send("DELETE", "/books/1")
    expect(shown.row("/nowhere").locator(".c-route")).to_have_text("no route")
    expect(shown.row("/books/1").locator(".c-route")).to_have_text("method not allowed")


def test_the_list_follows_new_requests_and_the_pill_brings_it_back(shown: Watched, shop: Running) -> None:
    for number in range(60):
        shop.send("GET", f"/books/{number}")
    expect(shown.row("/books/59")).to_be_in_viewport()
    shown.page.mouse.move(600, 400)
    shown.page.mouse.wheel(0, -600)
    follow = shown.page.get_by_role("button", name="Follow")
    expect(follow).to_be_visible()
    shop.send("GET", "/books/99")
    expect(shown.page.locator(".nav-count").first).to_have_text("62")
    expect(shown.page.locator('.c-path[title="/books/99"]')).to_have_count(0)
    follow.click()
    expect(shown.row("/books/99")).to_be_in_viewport()


def test_scrolled_away_the_row_under_the_eye_stays(shown: Watched, shop: Running) -> None:
    for number in range(60):
        shop.send("GET", f"/books/{number}")
    expect(shown.row("/books/59")).to_be_in_viewport()
    shown.page.evaluate("document.querySelector('.list').scrollTop -= 700")
    expect(shown.page.get_by_role("button", name="Follow")).to_be_visible()
    before = shown.row("/books/25").bounding_box()
    for number in range(20):
        shop.send("GET", f"/users/{number}")
    expect(shown.page.locator(".nav-count").first).to_have_text("81")
    assert shown.row("/books/25").bounding_box() == before
    shown.page.evaluate(  # what the stream says when the journal lets old exchanges go
        """() => {
            const { store } = document.querySelector("ri-app").session;
            const removed = store.ring.toArray().slice(0, 10).map((row) => row.id);
            store.apply({type: "delta", from: 0, to: 0, rows: [], removed});
        }"""
    )
    expect(shown.page.locator(".nav-count").first).to_have_text("71")
    assert shown.row("/books/25").bounding_box() == before


def test_a_filter_is_typed_applied_and_part_of_the_address(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/nowhere")
    shown.page.keyboard.press("/")
    shown.page.keyboard.type("status:4xx path:/no")
    expect(shown.page.locator(".list-row[data-id]")).to_have_count(1)
    expect(shown.row("/nowhere")).to_be_visible()
    shown.expect_address("filter=status%3A4xx+path%3A%2Fno")
    shown.page.reload()
    expect(shown.page.locator(".list-row[data-id]")).to_have_count(1)
    expect(shown.page.get_by_role("combobox", name="Filter requests")).to_have_value("status:4xx path:/no")


def test_a_mistake_in_the_filter_is_underlined_where_it_stands(shown: Watched) -> None:
    shown.page.keyboard.press("/")
    shown.page.keyboard.type("GET statuss:200")
    expect(shown.page.locator(".filter-marks u")).to_have_text("statuss:200")
    expect(shown.page.locator(".filter-problem")).to_contain_text("did you mean status")
    expect(shown.row("/")).to_be_visible()


def test_a_suggestion_is_taken_with_the_keyboard(shown: Watched) -> None:
    shown.page.keyboard.press("/")
    shown.page.keyboard.type("me")
    shown.page.keyboard.press("ArrowDown")
    shown.page.keyboard.press("Enter")
    expect(shown.page.get_by_role("combobox", name="Filter requests")).to_have_value("method:")


def test_chips_are_switches_for_status_classes(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/nowhere")
    shop.send("GET", "/crash")
    shown.page.get_by_role("button", name="4xx").click()
    expect(shown.page.locator(".list-row[data-id]")).to_have_count(1)
    shown.page.get_by_role("button", name="5xx").click(modifiers=["Shift"])
    expect(shown.page.locator(".list-row[data-id]")).to_have_count(2)
    shown.page.get_by_role("button", name="All", exact=True).click()
    expect(shown.page.locator(".list-row[data-id]")).to_have_count(3)


def test_keys_move_the_selection_and_escape_closes_it(shown: Watched, shop: Running) -> None:
    for number in range(4):
        shop.send("GET", f"/books/{number}")
    expect(shown.row("/books/3")).to_be_visible()
    shown.page.keyboard.press("j")
    expect(shown.row("/books/3")).to_have_attribute("aria-selected", "true")
    shown.page.keyboard.press("k")
    shown.page.keyboard.press("ArrowUp")
    expect(shown.row("/books/1")).to_have_attribute("aria-selected", "true")
    shown.page.keyboard.press("g")
    expect(shown.row("/")).to_have_attribute("aria-selected", "true")
    shown.page.keyboard.press("Escape")
    expect(shown.page.locator(".detail")).to_have_count(0)
    shown.expect_no_address("id=")


def test_the_selection_is_pinned_by_id_while_rows_arrive(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/books/1")
    shown.open_row("/books/1")
    for number in range(40):
        shop.send("GET", f"/users/{number}")
    expect(shown.page.locator(".nav-count").first).to_have_text("42")
    expect(shown.page.locator(".detail-path")).to_have_text("/books/1")
    shown.page.keyboard.press("k")
    expect(shown.row("/")).to_have_attribute("aria-selected", "true")


def test_pause_holds_the_list_and_counts_what_waits(page: Watched, shop: Running) -> None:
    expect(page.row("/")).to_be_visible()
    page.page.keyboard.press("p")
    for number in range(3):
        shop.send("GET", f"/books/{number}")
    expect(page.page.locator(".follow")).to_have_text("3 new")
    expect(page.page.locator(".connection")).to_have_text("paused")
    expect(page.page.locator(".list-row[data-id]")).to_have_count(1)
    page.page.keyboard.press("p")
    expect(page.page.locator(".list-row[data-id]")).to_have_count(4)


def test_without_requests_there_is_a_line_to_copy(page: Watched, shop: Running) -> None:
    page.page.get_by_role("button", name="Clear", exact=False).first.click()
    expect(page.page.get_by_role("heading", name="Waiting for the first request")).to_be_visible()
    page.page.get_by_role("button", name="Copy").click()
    expect(page.page.locator(".toast").last).to_contain_text("Copied command")
    assert page.page.evaluate("navigator.clipboard.readText()").startswith("curl -i http")
    shop.send("GET", "/books/5")
    expect(page.row("/books/5")).to_be_visible()


def test_a_reload_keeps_the_list(page: Watched, shop: Running) -> None:
    shop.send("GET", "/books/8")
    expect(page.row("/books/8")).to_be_visible()
    page.page.reload()
    expect(page.row("/books/8")).to_be_visible()


def test_a_websocket_is_a_row_with_its_frames(shown: Watched, shop: Running) -> None:
    shown.page.evaluate(
        """(url) => new Promise((resolve) => {
            const socket = new WebSocket(url);
            socket.onopen = () => socket.send("hello");
            socket.onmessage = () => socket.close(1000);
            socket.onclose = resolve;
        })""",
        shop.origin.replace("http", "ws") + "/ws/den",
    )
    row = shown.row("/ws/den")
    expect(row.locator(".method")).to_have_text("WS")
    expect(row.locator(".c-size")).to_have_text("2 frames")
    shown.open_row("/ws/den")
    shown.tab("Frames")
    expect(shown.page.locator(".frames li")).to_have_count(2)
    expect(shown.page.locator(".frame-text").first).to_have_text("hello")
    expect(shown.page.locator(".frames-end")).to_contain_text("closed by the client with 1000")


def test_a_narrow_window_shows_the_list_and_then_the_detail_alone(browser: Browser, shop: Running) -> None:
    shop.send("GET", "/books/3")
    with watched_page(browser, shop, size={"width": 400, "height": 800}) as narrow:
        narrow.open()
        narrow.open_row("/books/3")
        expect(narrow.page.locator(".list")).to_be_hidden()
        assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 400
        narrow.page.get_by_role("button", name="Close").click()
        expect(narrow.row("/books/3")).to_be_visible()
        narrow.check()


def test_what_another_tab_cleared_is_said_beside_a_request_that_stays_open(
    shown: Watched, shop: Running
) -> None:
    shop.send("GET", "/books/3")
    shown.open_row("/books/3")
    shop.clear()
    expect(shown.page.locator(".list-none")).to_have_text(
        "Nothing is recorded any more. The next request appears here."
    )
    expect(shown.page.locator(".detail-path")).to_have_text("/books/3")
    shop.send("GET", "/books/4")
    expect(shown.row("/books/4")).to_be_visible()
