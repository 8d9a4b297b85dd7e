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
    page.expect_no_address("token")
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


def test_the_code_of_the_palette_is_there_before_its_key_is_pressed(page: Watched) -> None:
    """Else the letters that follow the key would be the list's while it loads: `t` would change the theme."""
    expect(page.row("/books/1")).to_be_visible()
    expect(page.page.locator("ri-banners")).to_be_attached()  # comes together with the palette
    page.page.route("**/ri-palette.js", lambda route: route.abort())
    page.page.keyboard.press("Control+k")
    expect(page.page.get_by_role("combobox", name="Command, route or request")).to_be_focused()


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
    counted = page.page.locator("ri-nav a", has_text="Routes").locator(".nav-count")
    expect(counted).to_be_visible()
    expect(bar).to_contain_text(f"{counted.inner_text()} routes")
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
        expect(visitor.page.locator("ri-banners")).to_be_attached()  # their code comes after the rows
        first.close()
        expect(visitor.page.locator(".connection")).to_have_text("reconnecting")
        expect(visitor.page.locator(".banner")).to_contain_text("does not answer")
        expect(visitor.row("/books/9")).to_be_visible()
        again = stack.enter_context(serve_dashboard(port=other.port))
        again.send("GET", "/books/10")
        expect(visitor.row("/books/10")).to_be_visible()
        expect(visitor.page.locator(".banner")).to_have_count(0)
        visitor.check()


def test_screens_opened_while_the_dashboard_is_away_come_with_it(browser: Browser) -> None:
    """Nobody is told to reload a page that could not be had again; what failed is asked once more."""
    with contextlib.ExitStack() as stack:
        first = contextlib.ExitStack()
        other = first.enter_context(serve_dashboard())
        other.send("GET", "/books/9")
        visitor = stack.enter_context(watched_page(browser, other))
        visitor.expect_console("ERR_CONNECTION", "WebSocket connection", "dynamically imported module")
        visitor.open("?view=routes")
        expect(visitor.page.locator(".route-row").first).to_be_visible()
        expect(visitor.page.locator("ri-banners")).to_be_attached()
        visitor.page.keyboard.press("1")
        expect(visitor.row("/books/9")).to_be_visible()
        first.close()
        expect(visitor.page.locator(".connection")).to_have_text("reconnecting")
        visitor.page.keyboard.press("2")
        expect(visitor.page.locator("ri-routes")).to_contain_text("cannot be reached")
        visitor.page.keyboard.press("5")
        expect(visitor.page.locator("main")).to_contain_text("comes once the dashboard answers again")
        visitor.page.keyboard.press("3")
        notes = visitor.page.locator(".toast")
        expect(notes).to_have_text(["Not loaded: the dashboard does not answer."])
        stack.enter_context(serve_dashboard(port=other.port))
        expect(visitor.page.locator("ri-regex .railroad").first).to_be_visible()
        visitor.page.keyboard.press("5")
        expect(visitor.page.locator("#health-misses")).to_be_visible()
        visitor.page.keyboard.press("2")
        expect(visitor.page.locator(".route-row").first).to_be_visible()
        visitor.check()


def test_what_was_asked_in_vain_is_asked_again_when_the_dashboard_is_back(browser: Browser) -> None:
    with contextlib.ExitStack() as stack:
        first = contextlib.ExitStack()
        other = first.enter_context(serve_dashboard())
        other.send("GET", "/nowhere")
        visitor = stack.enter_context(watched_page(browser, other))
        visitor.expect_console("ERR_CONNECTION", "WebSocket connection")
        visitor.open("?view=routes&side=changes")
        expect(visitor.page.locator("ri-changes .empty")).to_be_visible()
        visitor.open("?view=routes&path=/books/1")
        answer = visitor.page.locator(".tester-answer")
        expect(answer).to_contain_text("get_book")
        first.close()
        expect(visitor.page.locator(".connection")).to_have_text("reconnecting")
        visitor.page.locator(".tester-text").fill("/books/2")
        expect(answer).to_contain_text("cannot be reached")
        visitor.page.get_by_role("tab", name="Changes").click()
        expect(visitor.page.locator("ri-changes .callout")).to_contain_text("cannot be reached")
        stack.enter_context(serve_dashboard(port=other.port))
        expect(answer).to_contain_text("book_id = 2")
        expect(visitor.page.locator("ri-changes .empty")).to_be_visible()
        visitor.check()


def test_a_count_that_could_not_be_had_comes_with_the_dashboard(browser: Browser) -> None:
    with contextlib.ExitStack() as stack:
        first = contextlib.ExitStack()
        other = first.enter_context(serve_dashboard())
        visitor = stack.enter_context(watched_page(browser, other))
        visitor.expect_console("ERR_", "WebSocket connection")
        visitor.page.route("**/api/routes**", lambda route: route.abort())
        with visitor.page.expect_event("requestfailed"):
            visitor.open()
        expect(visitor.page.locator(".statusbar")).not_to_contain_text("routes")
        expect(visitor.page.locator("ri-banners")).to_be_attached()
        first.close()
        visitor.page.unroute("**/api/routes**")  # sooner, a second request of the page could be answered
        banner = visitor.page.locator(".banner")
        expect(banner).to_contain_text("does not answer")
        # A number that changes each second is for the eye: a screen reader would say it each second.
        expect(
            banner.locator('[aria-hidden="true"]', has_text=re.compile(r"^(in \d+ s|now)$"))
        ).to_have_count(1)
        stack.enter_context(serve_dashboard(port=other.port))
        expect(visitor.page.locator(".statusbar")).to_contain_text("routes")
        expect(visitor.page.locator('nav a[href="?view=routes"] .nav-count')).to_be_visible()
        visitor.check()


def test_a_browser_that_stores_nothing_shows_the_page_all_the_same(tab: Watched) -> None:
    tab.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name,"
        " { get() { throw new DOMException('denied', 'SecurityError'); } });"
    )
    tab.open()
    tab.page.keyboard.press("t")
    expect(tab.page.locator("html")).to_have_attribute("data-theme", "light")


ENTRIES = ("js/main.js", "js/components/ri-app.js", "css/app.css")
FETCHED_BEFORE_THE_FIRST_ROW = """
    new MutationObserver((_, observer) => {
        if (!document.querySelector(".list-row[data-id]")) return;
        observer.disconnect();
        window.__fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
    }).observe(document, {subtree: true, childList: true});
"""


def static_root(shop: Running) -> str:
    """The address under which this version's files are served, as the shell page names it."""
    found = re.search(r'src="([^"]+)js/main.js"', shop.client.get(shop.dashboard).text)
    assert found is not None
    return f"{shop.dashboard}{found[1]}"


def needed_files(shop: Running) -> dict[str, bytes]:
    """Each file that the first row needs, by name: what the page begins with, and what these import."""
    root = static_root(shop)
    files: dict[str, bytes] = {}
    waiting = [f"{root}{name}" for name in ENTRIES]
    while waiting:
        url = str(httpx.URL(waiting.pop()))
        name = url.removeprefix(root)
        if name in files:
            continue
        files[name] = shop.client.get(url).raise_for_status().content
        waiting += [str(httpx.URL(url).join(target)) for target in NEEDED.findall(files[name].decode())]
    return files


def test_what_the_list_needs_to_show_its_first_row_is_small(shop: Running) -> None:
    """What is loaded later (detail, other screens, palette) does not count; comments do."""
    sizes = {name: len(gzip.compress(content)) for name, content in needed_files(shop).items()}
    print(f"{sum(sizes.values())} bytes gz in {len(sizes)} files")
    assert "js/components/ri-list.js" in sizes
    assert not {"js/components/ri-detail.js", "js/panels/replay.js", "css/routes.css"} & sizes.keys()
    assert sum(sizes.values()) <= 60_000


def test_nothing_else_is_fetched_before_the_first_row_is_there(tab: Watched, shop: Running) -> None:
    tab.page.add_init_script(FETCHED_BEFORE_THE_FIRST_ROW)
    tab.open()
    expect(tab.row("/books/1")).to_be_visible()
    root = static_root(shop)
    fetched = {
        url.removeprefix(root) for url in tab.page.evaluate("window.__fetched") if url.startswith(root)
    }
    assert {name for name in fetched if not name.endswith(".woff2")} == needed_files(shop).keys()


def test_the_page_asks_for_what_the_first_row_needs_at_once(shop: Running) -> None:
    """Else each import is a way to the server and back, one after the other."""
    hints = re.findall(
        r'rel="(?:preload" as="style|modulepreload)" href="([^"]+)"', shop.client.get(shop.dashboard).text
    )
    prefix = static_root(shop).removeprefix(shop.dashboard)
    begun = {"js/main.js", "css/app.css"}  # the page names them itself
    assert sorted(hints) == sorted(f"{prefix}{name}" for name in needed_files(shop).keys() - begun)
