"""The Regex screen: a pattern as text, as tracks, and against a text."""

import pytest
from playwright.sync_api import Browser, expect

from miniframework import App
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import serve_dashboard


@pytest.fixture
def page(shown: Watched) -> Watched:
    """Every test here goes to the screen it is about."""
    return shown


def test_the_tracks_light_what_accepted_and_what_refused(page: Watched) -> None:
    page.go("?view=regex&route=3&path=/books/42x")
    stations = page.page.locator(".railroad .station")
    expect(stations.locator("text")).to_have_text(["/books/", "0–9"])
    expect(stations.first).to_have_attribute("data-state", "accepted")
    expect(page.page.locator(".railroad .frame text")).to_have_text("book_id")
    expect(page.page.locator(".regex-verdict")).to_contain_text("stops at character 10")
    expect(page.page.locator(".char[data-state=refused]")).to_have_text("x")


def test_typing_moves_the_stop_and_shows_the_span(page: Watched) -> None:
    page.go("?view=regex&route=3")
    field = page.page.get_by_label("Path to try")
    field.fill("/books/")
    expect(page.page.locator(".regex-verdict")).to_contain_text("expected a digit")
    field.press_sequentially("42")
    expect(page.page.locator(".regex-verdict")).to_have_text("matches")
    expect(page.page.locator("ri-regex .table td").nth(1)).to_have_text("42")
    expect(page.page.locator("ri-regex .table td").nth(2)).to_have_text("7–9")


def test_a_path_that_was_recorded_is_there_to_be_tried(page: Watched) -> None:
    page.shop.send("GET", "/books/4711")
    page.go("?view=live")
    expect(page.row("/books/4711")).to_be_visible()
    page.go("?view=regex&route=3")
    page.page.locator(".regex-recorded").get_by_role("button", name="/books/4711").click()
    expect(page.page.get_by_label("Path to try")).to_have_value("/books/4711")
    expect(page.page.locator(".regex-verdict")).to_have_text("matches")


def test_the_compiled_regex_can_be_copied(page: Watched) -> None:
    page.go("?view=regex&route=3")
    page.page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.page.locator("ri-toasts")).to_contain_text("regex")
    assert page.page.evaluate("navigator.clipboard.readText()") == "/books/(?P<book_id>[0-9]+)"


def test_a_route_of_a_mounted_app_is_tried_without_the_mounts_prefix(page: Watched) -> None:
    page.go("?view=regex&route=13.0&path=/admin/reports/2024")
    expect(page.page.locator(".regex-verdict")).to_have_text("matches")


def test_a_step_of_the_engine_is_in_the_address_lit_in_the_tracks_and_told(page: Watched) -> None:
    page.go("?view=regex&route=3&path=/books/42x&step=2")
    sentence = page.page.locator(".stepper-sentence")
    expect(sentence).to_have_text("/books/ takes “/books/”")
    expect(page.page.locator(".station[data-current=eat] text")).to_have_text("/books/")
    expect(page.page.locator(".char[data-state=now]")).to_have_count(7)
    page.page.get_by_role("button", name="Step forward").click()
    expect(sentence).to_have_text("[0-9] takes “4” in round 1 of its loop")
    page.expect_address("step=3")
    page.page.get_by_role("button", name="Whole run").click()
    expect(page.page.locator(".stepper-place")).to_have_text("11 steps")
    page.expect_no_address("step=")


def test_the_arrow_keys_step_from_the_pattern_and_from_the_slider(page: Watched) -> None:
    page.go("?view=regex&route=3&path=/books/42&step=1")
    place = page.page.locator(".stepper-place")
    expect(place).to_have_text("step 1 of 7")
    page.page.get_by_role("region", name="Pattern").focus()
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("ArrowRight")
    expect(place).to_have_text("step 3 of 7")
    page.page.keyboard.press("ArrowLeft")
    expect(place).to_have_text("step 2 of 7")
    page.page.get_by_role("slider", name="Step").focus()
    page.page.keyboard.press("End")
    expect(place).to_have_text("step 7 of 7")
    expect(page.page.locator(".stepper-sentence")).to_have_text("Match: “/books/42”")


def test_what_the_engine_gives_back_is_shown_as_given_back(page: Watched) -> None:
    page.go("?view=regex&how=fullmatch&regex=a*ab&path=aab")
    page.page.get_by_role("button", name="Next way back").click()
    expect(page.page.locator(".stepper-sentence")).to_contain_text("a* gives back “a”")
    expect(page.page.locator(".char[data-state=given]")).to_have_count(1)
    expect(page.page.locator(".railroad .area")).to_have_attribute("data-current", "back")
    expect(page.page.locator(".stepper-note")).to_contain_text("“re” says the same")


def test_playing_goes_to_the_last_step_and_stops(page: Watched) -> None:
    page.go("?view=regex&route=3&path=/books/4")
    page.page.get_by_role("button", name="Play").click()
    expect(page.page.locator(".stepper-place")).to_have_text("step 6 of 6")
    expect(page.page.get_by_role("button", name="Play")).to_be_visible()


def test_another_text_begins_with_its_whole_run(page: Watched) -> None:
    page.go("?view=regex&route=3&path=/books/4&step=2")
    expect(page.page.locator(".stepper-place")).to_have_text("step 2 of 6")
    page.page.get_by_label("Path to try").fill("/books/423")
    expect(page.page.locator(".stepper-place")).to_have_text("8 steps")


def test_any_regex_can_be_typed_and_the_field_may_be_emptied(page: Watched) -> None:
    page.go("?view=regex&route=3")
    page.page.get_by_role("button", name="Any regex").click()
    field = page.page.get_by_role("textbox", name="Regex")
    expect(field).to_have_value("/books/(?P<book_id>[0-9]+)")
    field.fill("")
    expect(field).to_be_visible()
    field.fill("(?<!x)(a|b")
    expect(page.page.get_by_role("alert")).to_contain_text("missing ), unterminated subpattern")
    field.press_sequentially(")")
    page.page.get_by_label("Text to try").fill("xab")
    expect(page.page.locator(".regex-verdict")).to_contain_text("stops at character 1: expected one of")
    page.page.get_by_label("Must match").select_option("search")
    expect(page.page.locator(".regex-verdict")).to_have_text("matches character 3")
    expect(page.page.locator(".railroad .frame[data-kind=other] text")).to_have_text("negative look-behind")
    page.page.locator(".regex-list li button").first.click()
    expect(page.page.locator(".regex-title")).to_be_visible()
    page.expect_no_address("how=")


def test_a_regex_that_would_hang_re_is_shown_as_far_as_the_budget_goes(page: Watched) -> None:
    page.go(f"?view=regex&how=fullmatch&regex=(a%2B)%2B%24&path={'a' * 40}!")
    expect(page.page.locator(".stepper-place")).to_have_text("20,000 steps")
    expect(page.page.locator(".stepper-note")).to_contain_text("has not been asked")
    expect(page.page.locator(".regex-verdict")).to_contain_text("stops at character 41")


def test_what_is_not_followed_is_said_and_nothing_is_guessed(page: Watched) -> None:
    page.go("?view=regex&how=fullmatch&regex=(?:(a)|b)*%2B&path=ab")
    expect(page.page.locator(".regex-verdict")).to_contain_text(
        "not known: a possessive repeat around a group"
    )
    expect(page.page.locator(".char[data-state=unread]")).to_have_count(2)


def test_of_very_many_patterns_only_those_in_view_are_drawn(browser: Browser) -> None:
    app = App(openapi_url=None)
    for number in range(2_000):
        app.get(f"/kinds/{number}/{{x}}", name=f"kind_{number}")(lambda x: x)
    with serve_dashboard(app=app) as many, watched_page(browser, many) as page:
        page.open("?view=regex&route=1500")
        current = page.page.locator('.regex-list [aria-current="true"]')
        expect(current).to_be_in_viewport()
        expect(current).to_contain_text("/kinds/1500/{x}")
        drawn = page.page.locator(".regex-list li")
        assert drawn.count() < 100
        expect(drawn.first).to_have_attribute("aria-setsize", "2000")
        page.page.locator(".regex-list").evaluate("(list) => { list.scrollTop = list.scrollHeight; }")
        expect(drawn.last).to_contain_text("/kinds/1999/{x}")
        drawn.last.get_by_role("button").click()
        expect(page.page.locator(".regex-title")).to_contain_text("/kinds/1999/{x}")
        page.check()
