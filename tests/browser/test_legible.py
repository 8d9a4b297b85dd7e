"""What has to be read is not cut off, not put into another order, and not pushed out of sight."""

from urllib.parse import quote

from playwright.sync_api import Browser, Locator, ViewportSize, expect

from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running

PHONE: ViewportSize = {"width": 390, "height": 844}
LONG = "/users/4/the-comments-of-the-last-year/9"
IS_CUT = "(one) => one.scrollWidth > one.clientWidth"
# Whether the pieces of a text stand from left to right in the order in which they are written.
IS_IN_ORDER = """(one) => {
    const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
    const places = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        for (const found of node.data.matchAll(/[^/]+/g)) {
            const range = document.createRange();
            range.setStart(node, found.index);
            range.setEnd(node, found.index + found[0].length);
            places.push(range.getBoundingClientRect().left);
        }
    }
    return places.length > 1 && places.every((place, index) => index === 0 || place > places[index - 1]);
}"""


def is_cut(one: Locator) -> bool:
    return bool(one.evaluate(IS_CUT))


def test_the_path_of_an_open_request_is_whole_beside_the_list(page: Watched, shop: Running) -> None:
    shop.send("GET", LONG)
    page.open_row(LONG)
    head = page.page.locator(".detail-path")
    expect(head).to_have_text(LONG)
    assert not is_cut(head)


def test_a_reason_stands_in_one_piece_and_is_not_broken_beside_its_pattern(
    page: Watched, shop: Running
) -> None:
    shop.send("DELETE", "/users/4")
    page.open_row("/users/4")
    reasons = page.page.locator(".ladder-rung .ladder-reason")
    expect(reasons.first).to_be_visible()
    lines = [reason.evaluate("(one) => Math.round(one.offsetHeight / 18)") for reason in reasons.all()]
    assert set(lines) == {1}


def test_a_path_of_many_lines_leaves_room_for_what_is_said_of_it(page: Watched, shop: Running) -> None:
    path = "/files/" + "a-long-segment/" * 80
    shop.send("GET", path)
    page.open_row(path)
    read = page.page.locator(".path-read")
    assert read.evaluate("(one) => one.offsetHeight") < 200
    expect(page.page.locator(".values")).to_be_in_viewport()
    read.focus()
    page.page.keyboard.press("End")
    expect(read).not_to_have_js_property("scrollTop", 0)


def test_segments_read_from_right_to_left_stay_in_the_order_of_the_path(page: Watched, shop: Running) -> None:
    for path in ("/שלום/42/עולם/7", "/files/שלום/42"):
        shop.send("GET", quote(path))
        page.open_row(path)
        for place in (page.row(path).locator(".c-path .truncate"), page.page.locator(".path-read")):
            expect(place).to_have_text(path)
            assert place.evaluate(IS_IN_ORDER), path


def test_from_an_error_it_is_one_step_to_its_traceback(page: Watched, shop: Running) -> None:
    page.expect_console("500")
    shop.send("GET", "/crash")
    page.open_row("/crash")
    page.page.get_by_role("button", name="Traceback").click()
    expect(page.page.locator(".traceback")).to_contain_text("ValueError")
    page.expect_address("tab=response")


def test_times_of_the_router_and_the_recorder_are_written_as_all_others(page: Watched, shop: Running) -> None:
    shop.send("GET", "/books/1")
    page.open_row("/books/1")
    heading = page.page.locator(".section header", has_text="Match ladder")
    expect(heading).to_contain_text("tried")
    words = heading.inner_text().split()
    assert "µs" not in words or float(words[words.index("µs") - 1]) < 100


def test_on_a_phone_no_word_is_cut_in_the_list_and_the_table(browser: Browser, fresh: Running) -> None:
    fresh.send("OPTIONS", "/books/1")
    with watched_page(browser, fresh, size=PHONE) as phone:
        phone.open()
        method = phone.row("/books/1").locator(".c-method")
        expect(method).to_have_text("OPTIONS")
        assert not is_cut(method)
        phone.open("?view=routes")
        methods = phone.page.locator(".route-row .r-methods")
        expect(methods.first).to_be_visible()
        assert not any(is_cut(one) for one in methods.all())
        phone.check()


def test_on_a_phone_the_chosen_pattern_is_in_sight(browser: Browser, fresh: Running) -> None:
    with watched_page(browser, fresh, size=PHONE) as phone:
        phone.open("?view=regex&route=11")
        chosen = phone.page.locator(".regex-list [aria-current=true]")
        expect(chosen).to_contain_text("/ws/")
        expect(chosen).to_be_in_viewport()
        phone.check()


def test_health_does_not_praise_a_recording_of_nothing(page: Watched, shop: Running) -> None:
    page.page.keyboard.press("5")
    misses = page.page.locator("section", has=page.page.locator("#health-misses"))
    expect(misses).to_contain_text("No request is recorded yet.")
    shop.send("GET", "/nowhere")
    shop.send("GET", "/nowhere")
    expect(misses).to_contain_text("2 times, last")


def test_the_list_shows_that_it_has_the_focus_with_nothing_chosen(page: Watched, shop: Running) -> None:
    shop.send("GET", "/books/1")
    expect(page.row("/books/1")).to_be_visible()
    page.page.get_by_role("button", name="WS").focus()
    page.page.keyboard.press("Tab")
    focused = page.page.locator(".list:focus-visible")
    expect(focused).to_have_css("outline-style", "solid")
