"""The shell: token, navigation, palette, help, theme, reconnecting, and what is loaded when."""

import contextlib
import gzip
import re

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import Watched, watched_page
from tests.browser.serving import TOKEN, Running, serve_dashboard

NEEDED = re.compile(
    r'^(?:import |export [^"\n]*? from |\} from |@import )[^"\n]*?"(\.{0,2}[^"]+)"', re.MULTILINE
)


@pytest.fixture(autouse=True)
def _traffic(fresh: Running) -> None:
    fresh.send("GET", "/books/1")


def test_the_token_leaves_the_address_at_once(page: Watched) -> None:
    assert "token" not in page.page.url
    assert page.page.evaluate("sessionStorage.getItem('inspector.token')") == TOKEN


def test_without_a_token_there_is_a_locked_screen_that_takes_one(browser: Browser, shop: Running) -> None:
    with watched_page(browser, shop) as visitor:
        visitor.expect_console("401", "403")
        visitor.open(token=None)
        expect(visitor.page.get_by_role("heading", name="This dashboard is locked")).to_be_visible()
        box = visitor.page.get_by_label("Token or link")
        box.fill("wrong")
        box.press("Enter")
        expect(visitor.page.get_by_role("alert")).to_contain_text("not the token of this run")
        box.fill(f"{shop.dashboard}#token={TOKEN}")
        box.press("Enter")
        expect(visitor.row("/books/1")).to_be_visible()
        visitor.check()


@pytest.mark.parametrize(
    ("key", "view"), [("2", "routes"), ("3", "regex"), ("4", "replay"), ("5", "health"), ("1", "live")]
)
def test_a_number_key_opens_a_screen(page: Watched, key: str, view: str) -> None:
    page.page.keyboard.press(key)
    expect(page.page.locator(f"ri-{view}")).to_be_visible()
    expect(page.page.locator("nav a[aria-current=page]")).to_have_count(1)


def test_back_goes_back(page: Watched) -> None:
    page.page.keyboard.press("2")
    expect(page.page.locator("ri-routes")).to_be_visible()
    page.page.go_back()
    expect(page.page.locator("ri-live")).to_be_visible()


def test_keys_mean_nothing_while_typing(page: Watched) -> None:
    page.page.keyboard.press("/")
    page.page.keyboard.type("j2p")
    expect(page.page.get_by_role("combobox", name="Filter requests")).to_have_value("j2p")
    expect(page.page.locator("ri-live")).to_be_visible()
    expect(page.page.locator(".connection")).to_have_text("live")


def test_the_palette_finds_commands_routes_and_requests(page: Watched) -> None:
    expect(page.row("/books/1")).to_be_visible()
    page.page.keyboard.press("Control+k")
    options = page.page.get_by_role("dialog", name="Command palette").get_by_role("option")
    expect(options.first).to_be_visible()
    page.page.keyboard.type("books/1")
    expect(options.first).to_contain_text("/books/1")
    page.page.keyboard.press("Enter")
    expect(page.page.locator(".detail-path")).to_have_text("/books/1")
    page.page.keyboard.press("Control+k")
    page.page.keyboard.type("theme dark")
    page.page.keyboard.press("Enter")
    expect(page.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_help_lists_every_key(page: Watched) -> None:
    page.page.keyboard.press("?")
    dialog = page.page.get_by_role("dialog", name="Keys and filter words")
    expect(dialog).to_contain_text("Copy as curl")
    expect(dialog).to_contain_text("status:4xx")
    page.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_theme_is_remembered(page: Watched) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.page.evaluate(background)
    page.page.keyboard.press("t")
    page.page.keyboard.press("t")
    expect(page.page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.page.evaluate(background)
    assert dark != light
    page.page.reload()
    expect(page.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.page.evaluate(background) == dark


def test_the_status_bar_names_the_app_and_its_routes(page: Watched, shop: Running) -> None:
    bar = page.page.locator(".statusbar")
    expect(bar).to_contain_text("routes")
    expect(bar).to_contain_text("req/s")


def test_a_lost_dashboard_is_said_what_is_listed_stays_and_it_is_taken_up_again(browser: Browser) -> None:
    with contextlib.ExitStack() as stack:
        first = contextlib.ExitStack()
        other = first.enter_context(serve_dashboard())
        other.send("GET", "/books/9")
        visitor = stack.enter_context(watched_page(browser, other))
        visitor.expect_console("ERR_CONNECTION_REFUSED", "WebSocket connection", "ERR_CONNECTION_RESET")
        visitor.open()
        expect(visitor.row("/books/9")).to_be_visible()
        first.close()
        expect(visitor.page.locator(".connection")).to_have_text("reconnecting")
        expect(visitor.page.locator(".banner")).to_contain_text("does not answer")
        expect(visitor.row("/books/9")).to_be_visible()
        again = stack.enter_context(serve_dashboard(port=other.port))
        again.send("GET", "/books/10")
        expect(visitor.row("/books/10")).to_be_visible()
        expect(visitor.page.locator(".banner")).to_have_count(0)
        visitor.check()


def test_what_the_list_needs_to_show_its_first_row_is_small(page: Watched, shop: Running) -> None:
    """What is loaded later (detail, other screens, palette) does not count; comments do."""
    static = page.page.locator("script[type=module]").get_attribute("src")
    assert static is not None
    root = f"{shop.dashboard}{static.removesuffix('js/main.js')}"
    sizes: dict[str, int] = {}
    waiting = [f"{root}js/main.js", f"{root}js/components/ri-app.js", f"{root}css/app.css"]
    while waiting:
        url = str(httpx.URL(waiting.pop()))
        if url in sizes:
            continue
        text = shop.client.get(url).raise_for_status().content
        sizes[url] = len(gzip.compress(text))
        waiting += [str(httpx.URL(url).join(target)) for target in NEEDED.findall(text.decode())]
    print(f"{sum(sizes.values())} bytes gz in {len(sizes)} files")
    assert any("ri-list" in url for url in sizes)
    assert not any("ri-detail" in url or "panels/replay" in url or "css/routes" in url for url in sizes)
    assert sum(sizes.values()) <= 71_500
