"""Content larger than anyone planned for: what has to be read still stands where it is looked for."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, ViewportSize, expect

from miniframework import App
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running, serve_dashboard

PHONE: ViewportSize = {"width": 390, "height": 844}
ZOOMED_FOUR_TIMES: ViewportSize = {"width": 320, "height": 256}
NESTED = 30
DEEP = "".join(f"/level{level}" for level in range(NESTED)) + "/item/5"
MANY = "/many" + "".join(f"/value{number}" for number in range(40))
UNUSUAL = "UNSUBSCRIBE"
LONG_NAME = (
    "the_endpoint_with_a_name_that_is_longer_than_anyone_would_write_by_hand_in_a_program_of_their_own"
)
OVERFLOW = "(one) => one.scrollWidth - one.clientWidth"


def nested_apps() -> App:
    """Return an application inside an application inside an application, `NESTED` times."""
    inner: App | None = None
    for level in reversed(range(NESTED)):
        outer = App(openapi_url=None)
        if inner is None:

            @outer.get("/item/{item_id:int}")
            async def item(item_id: int) -> int:
                return item_id
        else:
            outer.mount(f"/level{level + 1}", inner)
        inner = outer
    assert inner is not None
    return inner


def make_app() -> App:
    app = App(openapi_url=None)

    @app.get("/long/{" + LONG_NAME + "}", name=LONG_NAME)
    async def long(request: object = None) -> None: ...

    @app.get("/any/{rest:path}")
    async def rest(rest: str) -> str:
        return rest

    @app.get("/many/" + "/".join(f"{{p{number}}}" for number in range(40)))
    async def many() -> None: ...

    @app.get("/crash")
    async def crash() -> None:
        raise ValueError("the till is closed " * 400)

    app.mount("/level0", nested_apps())
    return app


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serve_dashboard(app=make_app()) as running:
        for path in (
            "/long/7",
            "/any/" + quote("two  spaces"),
            "/any/" + quote("user\u202etxt.exe"),
            DEEP,
            MANY,
        ):
            running.send("GET", path)
        running.send(UNUSUAL, "/any/method")
        running.send("GET", "/crash")
        running.newest(UNUSUAL, "/any/method")
        yield running


@pytest.fixture
def desk(browser: Browser, running: Running) -> Iterator[Watched]:
    with watched_page(browser, running) as page:
        page.open()
        yield page
        page.check()


@pytest.fixture
def phone(browser: Browser, running: Running) -> Iterator[Watched]:
    with watched_page(browser, running, size=PHONE) as page:
        page.open()
        yield page
        page.check()


@pytest.fixture
def zoomed(browser: Browser, running: Running) -> Iterator[Watched]:
    with watched_page(browser, running, size=ZOOMED_FOUR_TIMES) as page:
        page.open()
        yield page
        page.check()


def right_of(one: Locator) -> float:
    return float(one.evaluate("(one) => one.getBoundingClientRect().right"))


def left_of(one: Locator) -> float:
    return float(one.evaluate("(one) => one.getBoundingClientRect().left"))


def test_numbers_of_routes_deep_in_mounts_leave_the_table_its_columns(desk: Watched) -> None:
    desk.open("?view=routes")
    table = desk.page.locator(".routes")
    expect(table.locator(".route-row .r-pattern").first).to_be_visible()
    assert table.evaluate(OVERFLOW) <= 0
    assert left_of(table.locator(".routes-head .r-pattern")) < left_of(table) + 260
    deep = table.locator(".route-row .r-number", has_text="…").first
    expect(deep).to_have_text("5.1…1")
    expect(deep).to_have_attribute("title", re.compile(r"^5(\.1){5,}$"))


def test_a_branch_of_dozens_of_segments_is_named_beside_its_line(desk: Watched) -> None:
    desk.open("?view=routes&path=" + MANY)
    won = desk.page.locator('.tree-row[data-walk="won"] .tree-label code').last
    expect(won).to_be_in_viewport()
    assert right_of(won) <= right_of(desk.page.locator(".route-tree"))


@pytest.mark.parametrize("path", ["/long/7", DEEP], ids=["name", "mounts"])
def test_a_detail_is_read_without_scrolling_sideways(desk: Watched, path: str) -> None:
    desk.open_row(path)
    expect(desk.page.locator(".ladder").first).to_be_visible()
    assert desk.page.locator(".detail-panel").evaluate(OVERFLOW) <= 0
    assert right_of(desk.page.locator(".detail-route")) <= desk.page.viewport_size["width"]  # type: ignore[index]


def test_a_long_method_stays_in_its_column(desk: Watched) -> None:
    row = desk.row("/any/method")
    method = row.locator(".c-method")
    expect(method).to_have_attribute("title", UNUSUAL)
    assert method.evaluate("(one) => getComputedStyle(one).overflow") == "hidden"
    assert right_of(method) <= left_of(row.locator(".c-status"))


def test_two_spaces_in_a_path_are_seen_as_two(desk: Watched) -> None:
    row = desk.row("/any/two  spaces")
    assert row.locator(".c-path .truncate").inner_text() == "/any/two  spaces"
    row.click()
    for place in (".detail-path", ".path-read"):
        expect(desk.page.locator(place)).to_be_visible()
        assert desk.page.locator(place).inner_text().strip() == "/any/two  spaces"


def test_the_palette_writes_out_what_turns_a_text_around(desk: Watched) -> None:
    desk.page.keyboard.press("Control+k")
    desk.page.locator(".palette input").fill("txt.exe")
    expect(desk.page.locator(".palette-text")).to_have_text("/any/user\\u202etxt.exe")
    desk.page.keyboard.press("Escape")


def test_a_message_of_pages_leaves_its_traceback_in_sight(desk: Watched) -> None:
    desk.expect_console("500")
    desk.open_row("/crash")
    desk.tab("Response")
    message = desk.page.locator(".callout", has_text="the till is closed")
    assert message.evaluate("(one) => one.offsetHeight") < 350
    expect(desk.page.locator(".traceback")).to_be_in_viewport()
    message.locator("[tabindex]").focus()
    desk.page.keyboard.press("End")
    expect(message.locator("[tabindex]")).not_to_have_js_property("scrollTop", 0)


def test_the_carets_of_a_traceback_stand_below_what_they_point_at(desk: Watched) -> None:
    desk.expect_console("500")
    desk.open_row("/crash")
    desk.tab("Response")
    block = desk.page.locator(".traceback > div").last
    written = block.evaluate("(one) => one.textContent.trimEnd().split('\\n').length")
    drawn = block.evaluate(
        "(one) => Math.round(one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight))"
    )
    assert drawn <= written


def test_an_answer_of_many_values_leaves_a_phone_its_table(phone: Watched) -> None:
    phone.open("?view=routes&path=" + MANY)
    answer = phone.page.locator(".tester-answer > span > span").first
    expect(answer).to_contain_text("p39 = value39")
    assert answer.evaluate("(one) => one.offsetHeight") < 200
    assert phone.page.locator(".routes").evaluate("(one) => one.clientHeight") > 120


def test_zoomed_four_times_the_page_scrolls_and_the_detail_can_be_read(zoomed: Watched) -> None:
    zoomed.open_row("/any/method")
    panel = zoomed.page.locator(".detail-panel")
    assert panel.evaluate("(one) => one.clientHeight") > 200
    panel.scroll_into_view_if_needed()
    expect(panel).to_be_in_viewport()
    assert zoomed.page.evaluate("document.documentElement.scrollWidth") <= ZOOMED_FOUR_TIMES["width"]


def test_zoomed_four_times_nothing_in_the_header_lies_on_its_neighbour(zoomed: Watched) -> None:
    last = zoomed.page.locator(".brand .connection")
    assert right_of(last) <= left_of(zoomed.page.locator(".top-actions > :first-child"))


def test_on_a_phone_the_value_of_a_header_has_a_line_of_its_own(phone: Watched, running: Running) -> None:
    running.send("GET", "/any/secret", headers={"authorization": "Bearer abc"})
    id = running.newest("GET", "/any/secret")["id"]
    phone.open(f"?view=replay&id={id}")
    secret = phone.page.locator(".replay-headers li", has=phone.page.get_by_text("as recorded"))
    value = secret.get_by_label("Value of authorization")
    assert value.evaluate("(one) => one.offsetWidth") > 250


def test_forced_colours_still_tell_what_is_chosen(browser: Browser, running: Running) -> None:
    with watched_page(browser, running) as page:
        page.page.emulate_media(forced_colors="active")
        page.open("?view=routes")
        page.go()
        page.open_row("/any/method")
        chosen = (".list-row[aria-selected=true]", "ri-nav a[aria-current]", ".chip[aria-pressed=true]")
        for one in chosen:
            shown = page.page.locator(one).first
            assert shown.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid", one
        bar = page.page.locator(".c-bar i").first
        assert bar.evaluate("(one) => getComputedStyle(one).backgroundColor") != "rgb(255, 255, 255)"
        page.check()


def test_who_asks_the_browser_for_larger_text_gets_it_and_columns_that_hold_it(desk: Watched) -> None:
    desk.page.evaluate("document.documentElement.style.fontSize = '24px'")
    desk.open_row("/any/method")
    took = desk.row("/any/method").locator(".c-ms")
    assert took.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)") == 18
    assert right_of(took) <= left_of(desk.page.locator(".detail"))
    for cell in (".c-status", ".c-ms"):
        assert desk.row("/any/method").locator(cell).evaluate(OVERFLOW) <= 0, cell
