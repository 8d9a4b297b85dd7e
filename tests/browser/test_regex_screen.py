"""The Regex screen: a pattern as text, as tracks, and against a text."""

from playwright.sync_api import expect

from tests.browser.pages import Watched


def test_the_tracks_light_what_accepted_and_what_refused(page: Watched) -> None:
    page.open("?view=regex&route=3&path=/books/42x")
    stations = page.page.locator(".railroad .station")
    expect(stations.locator("text")).to_have_text(["/books/", "0–9"])
    expect(stations.first).to_have_attribute("data-state", "accepted")
    expect(page.page.locator(".railroad .frame text")).to_have_text("book_id")
    expect(page.page.locator(".regex-verdict")).to_contain_text("stops at character 10")
    expect(page.page.locator(".char[data-state=refused]")).to_have_text("x")


def test_typing_moves_the_stop_and_shows_the_span(page: Watched) -> None:
    page.open("?view=regex&route=3")
    field = page.page.get_by_label("Path to try")
    field.fill("/books/")
    expect(page.page.locator(".regex-verdict")).to_contain_text("expected a digit")
    field.press_sequentially("42")
    expect(page.page.locator(".regex-verdict")).to_have_text("matches")
    expect(page.page.locator("ri-regex .table td").nth(1)).to_have_text("42")
    expect(page.page.locator("ri-regex .table td").nth(2)).to_have_text("7–9")


def test_the_compiled_regex_can_be_copied(page: Watched) -> None:
    page.open("?view=regex&route=3")
    page.page.locator(".regex-source .button").click()
    expect(page.page.locator("ri-toasts")).to_contain_text("regex")
    assert page.page.evaluate("navigator.clipboard.readText()") == "/books/(?P<book_id>[0-9]+)"


def test_a_route_of_a_mounted_app_is_tried_without_the_mounts_prefix(page: Watched) -> None:
    page.open("?view=routes")
    key = page.page.locator(".routes tbody tr").last.locator("a").get_attribute("href")
    assert key is not None
    page.open(f"{key}&path=/admin/reports/2024")
    expect(page.page.locator(".regex-verdict")).to_have_text("matches")
