"""Routes, Regex, Replay and Health, by what axe finds: nothing, in either theme."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Watched


def show_routes(page: Watched) -> None:
    page.go("?view=routes")
    expect(page.page.locator(".route-row[data-key]").first).to_be_visible()


def show_a_path_tested(page: Watched) -> None:
    page.go("?view=routes&path=/users/me")
    expect(page.page.locator('.route-row[data-outcome="shadowed"]')).to_be_visible()


def show_a_regex_refusing(page: Watched) -> None:
    page.go("?view=regex&route=3&path=/books/42x")
    expect(page.page.locator(".char[data-state=refused]")).to_be_visible()


def show_a_regex_accepting(page: Watched) -> None:
    page.go("?view=regex&route=3&path=/books/42")
    expect(page.page.locator(".regex-verdict")).to_have_text("matches")


def show_a_step_of_the_engine(page: Watched) -> None:
    page.go("?view=regex&how=fullmatch&regex=(a)*(?!x)ab&path=aab&step=16")
    expect(page.page.locator(".railroad .area")).to_be_visible()


def show_a_regex_that_cannot_be_read(page: Watched) -> None:
    page.go("?view=regex&how=search&regex=(a&path=aab")
    expect(page.page.get_by_role("alert")).to_be_visible()


def show_a_difference(page: Watched) -> None:
    page.shop.send("GET", "/books/42")
    page.go(f"?view=replay&id={page.shop.newest('GET', '/books/42')['id']}")
    page.page.get_by_label("Path and query").fill("/books/43")
    page.page.get_by_role("button", name="Send").first.click()
    expect(page.page.locator('.diff-line[data-sign="added"]').first).to_be_visible()


def show_no_replay(page: Watched) -> None:
    page.shop.send("GET", "/books/42")
    page.go("?view=replay")
    expect(page.page.locator("ri-replay")).to_contain_text("Choose a request")


def show_health(page: Watched) -> None:
    page.shop.send("GET", "/nowhere")
    page.shop.newest("GET", "/nowhere")
    page.go("?view=health")
    expect(page.page.locator(".finding").first).to_be_visible()
    expect(page.page.locator(".unmatched li").first).to_contain_text("no route takes")


def show_a_what_if(page: Watched) -> None:
    page.shop.send("GET", "/users/me")
    page.shop.newest("GET", "/users/me")
    edits = '[{"op":"move","route":"6","before":"5"},{"op":"remove","route":"4"}]'
    page.go(f"?view=routes&side=whatif&edits={edits}")
    expect(page.page.locator(".whatif-outcome .moved li").first).to_be_visible()
    page.page.locator('.whatif-row[data-id="6"]').click()
    expect(page.page.get_by_label("Pattern")).to_be_visible()


def show_a_what_if_refused(page: Watched) -> None:
    page.expect_console("400")
    page.go('?view=routes&side=whatif&edits=[{"op":"pattern","route":"4","path":"/books/{"}]')
    expect(page.page.get_by_role("alert")).to_be_visible()


def show_no_changes(page: Watched) -> None:
    page.go("?view=routes&side=changes")
    expect(page.page.locator("ri-changes")).to_contain_text("is the one the recording began with")


SCREENS = [
    show_routes,
    show_a_path_tested,
    show_a_regex_refusing,
    show_a_regex_accepting,
    show_a_step_of_the_engine,
    show_a_regex_that_cannot_be_read,
    show_a_difference,
    show_no_replay,
    show_health,
    show_a_what_if,
    show_a_what_if_refused,
    show_no_changes,
]


@pytest.mark.parametrize("show", SCREENS, ids=[show.__name__ for show in SCREENS])
def test_axe_finds_nothing(shown: Watched, show: Callable[[Watched], None]) -> None:
    show(shown)
    assert shown.axe() == []
