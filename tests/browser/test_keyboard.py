"""By keys alone: what one does keeps the focus, and a key does one thing."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running

# A window of 1280 by 800 with the page zoomed twice.
ZOOMED: ViewportSize = {"width": 640, "height": 400}


@pytest.fixture
def zoomed(browser: Browser, fresh: Running) -> Iterator[Watched]:
    with watched_page(browser, fresh, size=ZOOMED) as page:
        yield page
        page.check()


def opened(page: Watched, shop: Running) -> None:
    shop.send("GET", "/books/1", headers={"x-one": "1"})
    page.open_row("/books/1")


def test_escape_closes_the_menu_and_not_the_request_behind_it(shown: Watched, shop: Running) -> None:
    opened(shown, shop)
    button = shown.page.get_by_role("button", name="Copy as", exact=True)
    button.focus()
    shown.page.keyboard.press("Enter")
    expect(shown.page.get_by_role("menuitem", name="curl command")).to_be_focused()
    shown.page.keyboard.press("Escape")
    expect(shown.page.get_by_role("menu")).to_be_hidden()
    expect(button).to_be_focused()
    expect(shown.page.locator(".detail")).to_be_visible()
    shown.page.keyboard.press("Escape")
    expect(shown.page.locator(".detail")).to_have_count(0)


def test_the_menu_goes_round_and_to_its_ends(shown: Watched, shop: Running) -> None:
    opened(shown, shop)
    shown.page.get_by_role("button", name="Copy as", exact=True).press("Enter")
    first = shown.page.get_by_role("menuitem", name="curl command")
    last = shown.page.get_by_role("menuitem", name="HAR entry")
    expect(first).to_be_focused()
    for key, item in (("ArrowUp", last), ("ArrowDown", first), ("End", last), ("Home", first)):
        shown.page.keyboard.press(key)
        expect(item).to_be_focused()
    shown.page.keyboard.press("Tab")
    expect(shown.page.get_by_role("menu")).to_be_hidden()


@pytest.mark.parametrize(("key", "name"), [("2", "Routes"), ("3", "Regex"), ("5", "Health"), ("r", "Replay")])
def test_a_screen_that_is_called_by_its_key_has_the_focus(
    shown: Watched, shop: Running, key: str, name: str
) -> None:
    opened(shown, shop)
    shown.page.get_by_role("tab", name="Request").focus()
    shown.page.keyboard.press(key)
    expect(shown.page.get_by_role("main", name=name)).to_be_focused()


def test_a_header_that_is_added_or_taken_out_leaves_the_focus_beside_it(
    shown: Watched, shop: Running
) -> None:
    opened(shown, shop)
    shown.page.keyboard.press("r")
    names = shown.page.locator(".replay-headers").get_by_label(re.compile("^Name of header"))
    expect(names.first).to_be_visible()
    before = names.count()
    shown.page.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(names.last).to_be_focused()
    shown.page.keyboard.type("x-two")
    shown.page.get_by_role("button", name="Remove x-two").press("Enter")
    expect(names).to_have_count(before)
    expect(shown.page.locator(".replay-headers button").last).to_be_focused()


def test_what_sends_and_resets_a_request_keeps_the_focus(shown: Watched, shop: Running) -> None:
    opened(shown, shop)
    shown.page.keyboard.press("r")
    shown.page.get_by_label("Path and query").fill("/books/2")
    send, reset = (
        shown.page.get_by_role("button", name=name, exact=True).first for name in ("Send", "Reset")
    )
    send.press("Enter")
    expect(shown.page.locator('.diff-layer[data-layer="body"]')).to_be_visible()
    expect(send).to_be_focused()
    reset.press("Enter")
    expect(shown.page.get_by_label("Path and query")).to_have_value("/books/1")
    expect(reset).to_be_focused()
    expect(reset).to_have_attribute("aria-disabled", "true")


def test_at_the_end_of_a_run_the_button_that_steps_keeps_the_focus(shown: Watched, shop: Running) -> None:
    shown.go("?view=regex&route=3&path=/books/7")
    forward = shown.page.get_by_role("button", name="Step forward")
    shown.page.get_by_role("button", name="First step").press("Enter")
    expect(shown.page.locator(".stepper-place")).to_contain_text("step 1 of")
    last = shown.page.get_by_role("slider", name="Step").get_attribute("max")
    shown.page.get_by_role("slider", name="Step").press("End")
    shown.page.get_by_role("slider", name="Step").press("ArrowLeft")
    forward.press("Enter")
    expect(shown.page.locator(".stepper-place")).to_contain_text(f"step {last} of")
    expect(forward).to_be_focused()
    forward.press("Enter")
    expect(shown.page.locator(".stepper-place")).to_contain_text(f"step {last} of")


def test_zoomed_twice_the_routes_and_their_tree_are_both_to_be_read(zoomed: Watched) -> None:
    zoomed.open("?view=routes")
    for part in (".route-row", ".tree-row"):
        first = zoomed.page.locator(part).first
        first.scroll_into_view_if_needed()
        expect(first).to_be_in_viewport(ratio=1)
    assert zoomed.page.locator(".routes").evaluate("(one) => one.clientHeight") > 150
    zoomed.open("?view=routes&side=whatif")
    row = zoomed.page.locator(".whatif-row").first
    row.scroll_into_view_if_needed()
    expect(row).to_be_in_viewport(ratio=1)


def test_on_paper_an_open_request_is_whole_and_what_only_a_screen_can_do_is_gone(
    page: Watched, shop: Running
) -> None:
    shop.send("GET", "/books/1", headers={f"x-{number}": "1" for number in range(60)})
    page.open_row("/books/1")
    page.tab("Request")
    expect(page.page.locator(".pairs")).to_be_visible()
    page.page.emulate_media(media="print", color_scheme="dark")
    try:
        panel = page.page.locator(".detail-panel")
        assert panel.evaluate("(one) => one.scrollHeight <= one.clientHeight")
        assert page.page.evaluate("document.documentElement.scrollHeight > 1600")
        for part in (".top", "nav", ".live-list", ".detail-actions"):
            expect(page.page.locator(part)).to_be_hidden()
        expect(page.page.locator(".detail")).to_have_css("background-color", "rgb(255, 255, 255)")
    finally:
        page.page.emulate_media(media="screen", color_scheme="light")


def test_a_list_names_its_current_row_only_while_that_is_drawn(shown: Watched, shop: Running) -> None:
    for number in range(60):
        shop.send("GET", f"/books/{number}")
    expect(shown.row("/books/59")).to_be_visible()
    shown.page.keyboard.press("g")
    grid = shown.page.locator(".list")
    expect(grid).to_have_attribute("aria-activedescendant", "row-selected")
    grid.evaluate("(one) => (one.scrollTop = one.scrollHeight)")
    expect(shown.row("/books/59")).to_be_visible()
    expect(grid).not_to_have_attribute("aria-activedescendant", "row-selected")
    expect(shown.page.locator("#row-selected")).to_have_count(0)


def test_an_edit_that_is_undone_leaves_the_focus_in_what_if(shown: Watched) -> None:
    edits = '[{"op":"remove","route":"2"},{"op":"remove","route":"3"}]'
    shown.go(f"?view=routes&side=whatif&edits={quote(edits)}")
    undo = shown.page.get_by_role("button", name=re.compile("^Undo"))
    expect(undo).to_have_count(2)
    undo.last.press("Enter")
    expect(undo).to_have_count(1)
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(shown.page.locator('.whatif-row[tabindex="0"]')).to_be_focused()
    shown.page.get_by_role("button", name="Add a route").press("Enter")
    added = shown.page.locator(".whatif-row", has_text="/new")
    added.press("Enter")
    shown.page.get_by_role("button", name="Take out").press("Enter")
    expect(added).to_have_count(0)
    expect(shown.page.locator('.whatif-row[tabindex="0"]')).to_be_focused()


def test_a_link_that_leads_away_from_its_tab_leaves_the_focus_at_the_tabs(
    shown: Watched, shop: Running
) -> None:
    shown.expect_console("500")
    shop.send("GET", "/crash")
    shown.open_row("/crash")
    shown.page.get_by_role("button", name="Traceback").press("Enter")
    expect(shown.page.get_by_role("tab", name="Response")).to_be_focused()


def test_a_card_that_is_closed_gives_the_focus_to_the_table(shown: Watched) -> None:
    shown.go("?view=routes&route=4")
    card = shown.page.locator("ri-route-card")
    card.get_by_role("button", name="Close").press("Enter")
    expect(card).to_have_count(0)
    expect(shown.page.get_by_role("grid", name="Routes in match order")).to_be_focused()


def test_what_asks_before_it_sends_leaves_the_focus_at_send(shown: Watched, shop: Running) -> None:
    shown.expect_console("409")
    shop.send("POST", "/books", json={"title": "Dune"})
    shown.open_row("/books")
    shown.page.keyboard.press("r")
    send = shown.page.get_by_role("button", name="Send", exact=True).first
    send.press("Enter")
    shown.page.get_by_role("button", name="Send all the same").press("Enter")
    expect(shown.page.locator('.diff-layer[data-layer="status"]')).to_be_visible()
    expect(send).to_be_focused()
