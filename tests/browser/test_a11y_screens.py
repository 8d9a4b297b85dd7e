"""Routes, Regex and Replay, by what axe finds: nothing, in either theme."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running


def show_routes(page: Watched) -> None:
    page.open("?view=routes")
    expect(page.page.locator(".routes tbody tr").first).to_be_visible()


def show_a_path_tested(page: Watched) -> None:
    page.open("?view=routes&path=/users/me")
    expect(page.page.locator('.routes tr[data-outcome="shadowed"]')).to_be_visible()


def show_a_regex_refusing(page: Watched) -> None:
    page.open("?view=regex&route=3&path=/books/42x")
    expect(page.page.locator(".char[data-state=refused]")).to_be_visible()


def show_a_regex_accepting(page: Watched) -> None:
    page.open("?view=regex&route=3&path=/books/42")
    expect(page.page.locator(".regex-verdict")).to_have_text("matches")


def show_a_difference(page: Watched) -> None:
    page.shop.send("GET", "/books/42")
    page.open(f"?view=replay&id={page.shop.newest('GET', '/books/42')['id']}")
    page.page.get_by_label("Path and query").fill("/books/43")
    page.page.get_by_role("button", name="Send").first.click()
    expect(page.page.locator('.diff-line[data-sign="added"]').first).to_be_visible()


def show_no_replay(page: Watched) -> None:
    page.open("?view=replay")
    expect(page.page.locator("ri-replay")).to_contain_text("Choose a request")


SCREENS = [
    show_routes,
    show_a_path_tested,
    show_a_regex_refusing,
    show_a_regex_accepting,
    show_a_difference,
    show_no_replay,
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("show", SCREENS, ids=[show.__name__ for show in SCREENS])
def test_axe_finds_nothing(
    browser: Browser, shop: Running, show: Callable[[Watched], None], theme: Literal["light", "dark"]
) -> None:
    with watched_page(browser, shop, theme=theme) as page:
        show(page)
        assert page.axe() == []
        page.check()
