"""axe finds nothing on any of these screens, in either theme."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running


@pytest.fixture(scope="module", autouse=True)
def _traffic(shop: Running) -> None:
    matched = ["/", "/books/42", "/users/7", "/admin/reports/2024", "/numbers", "/books/43?from=list"]
    for path in [*matched, "/books/abc", "/users/me", "/books/", "/crash"]:
        shop.send("GET", path)
    shop.send("POST", "/books", json={"title": "Dune", "password": "secret"})
    shop.send("DELETE", "/books/1")


@pytest.fixture
def opened_list(kept: Watched) -> Iterator[Watched]:
    kept.begin_again()
    expect(kept.row("/books/1")).to_be_visible()
    yield kept
    kept.check()


@pytest.fixture
def loaded_list(browser: Browser, shop: Running) -> Iterator[Watched]:
    """For what another address does not take away."""
    with watched_page(browser, shop) as watched:
        watched.open()
        expect(watched.row("/books/1")).to_be_visible()
        yield watched
        watched.check()


def opened(path: str, tab: str = "Why") -> Callable[[Watched], None]:
    def show(page: Watched) -> None:
        page.open_row(path)
        page.tab(tab)

    return show


def pressed(*keys: str) -> Callable[[Watched], None]:
    def show(page: Watched) -> None:
        for key in keys:
            page.page.keyboard.press(key)

    return show


def copying(page: Watched) -> None:
    page.open_row("/books/42")
    page.page.get_by_role("button", name="Copy as", exact=True).click()
    page.page.get_by_role("menuitem", name="curl command").wait_for()


SCREENS: dict[str, Callable[[Watched], None]] = {
    "the list": pressed(),
    "the filter with a mistake": pressed("/", "x", ":", "y"),
    "why it matched": opened("/books/42"),
    "why it matched with a query": opened("/books/43?from=list"),
    "why nothing matched": opened("/books/abc"),
    "why a value was refused": opened("/users/me"),
    "why a mount took it": opened("/admin/reports/2024"),
    "the request": opened("/books", "Request"),
    "the response with a traceback": opened("/crash", "Response"),
    "the timeline": opened("/numbers", "Timeline"),
    "the messages": opened("/numbers", "ASGI messages"),
    "the menu of formats": copying,
}
OVER_THE_LIST = {
    "the list paused": pressed("p"),
    "the palette": pressed("Control+k"),
    "the help": pressed("?"),
}


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS.keys())
def test_axe_finds_nothing(opened_list: Watched, screen: Callable[[Watched], None]) -> None:
    screen(opened_list)
    assert opened_list.axe() == []


@pytest.mark.parametrize("screen", OVER_THE_LIST.values(), ids=OVER_THE_LIST.keys())
def test_axe_finds_nothing_in_what_stands_over_the_list(
    loaded_list: Watched, screen: Callable[[Watched], None]
) -> None:
    screen(loaded_list)
    assert loaded_list.axe() == []
