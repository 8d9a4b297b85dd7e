"""What a reader sees: nothing is cut off, nothing overlaps, everything can be understood, on a phone too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, ViewportSize, expect
from pydantic import BaseModel

from miniframework import App, WebSocket
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running, serve_dashboard
from tests.browser.shop import make_shop

PHONE: ViewportSize = {"width": 390, "height": 844}
TALK = """(url) => new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = () => socket.send(JSON.stringify({note: "x".repeat(300)}));
    socket.onmessage = () => socket.close(1000);
    socket.onclose = resolve;
})"""


class Line(BaseModel):
    sku: str
    price: float


class Order(BaseModel):
    lines: list[Line]


def make_app() -> App:
    """Return the shop with a model inside a model, and with enough routes for numbers of two digits."""
    app = make_shop()

    @app.post("/orders")
    async def order(order: Order) -> None: ...

    @app.websocket("/talk")
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())
        await websocket.receive()

    return app


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serve_dashboard(app=make_app()) as running:
        running.send("POST", "/orders", json={"lines": [{"price": "much"}, {}]})
        running.send("GET", "/books/1")
        running.newest("GET", "/books/1")
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


def box(locator: Locator) -> dict[str, float]:
    """Where it stands; waits until it is there."""
    expect(locator).to_be_visible()
    found = locator.bounding_box()
    assert found is not None
    return {"left": found["x"], "right": found["x"] + found["width"]}


def is_cut(locator: Locator) -> bool:
    """Whether it has more text than it shows."""
    expect(locator).to_be_visible()
    return bool(locator.evaluate("(one) => one.scrollWidth > one.clientWidth"))


def test_the_tab_that_is_shown_is_in_sight_on_a_phone(phone: Watched, running: Running) -> None:
    phone.page.evaluate(TALK, running.origin.replace("http", "ws") + "/talk")
    phone.open_row("/talk")
    phone.page.keyboard.press("[")
    expect(phone.page.get_by_role("tab", name="Frames")).to_have_attribute("aria-selected", "true")
    expect(phone.page.get_by_role("tab", name="Frames")).to_be_in_viewport(ratio=1)


def test_a_frame_shows_that_it_can_be_opened(desk: Watched, running: Running) -> None:
    desk.page.evaluate(TALK, running.origin.replace("http", "ws") + "/talk")
    desk.open_row("/talk")
    desk.tab("Frames")
    first = desk.page.locator(".frames summary").first
    expect(first.locator(".frame-size + .icon")).to_be_visible()
    first.click()
    expect(desk.page.locator(".frames pre").first).to_contain_text('"note"')


def test_what_was_said_against_one_value_stands_together(desk: Watched) -> None:
    desk.open_row("/orders")
    problems = desk.page.locator(".values-problem")
    expect(problems).to_have_count(4)
    rules = problems.locator("td").evaluate_all(
        "(all) => all.map((td) => getComputedStyle(td).borderBottomWidth)"
    )
    assert rules[:-1] == ["0px"] * 3


def test_the_numbers_of_a_fold_stay_inside_the_ladder(desk: Watched) -> None:
    desk.open_row("/books/1")
    ladder = box(desk.page.locator(".ladder"))
    fold = desk.page.locator(".ladder-fold button").last
    number = box(fold.locator(".ladder-number"))
    assert number["left"] >= ladder["left"] + 4
    assert box(fold.locator(".icon"))["left"] >= number["right"]


def test_the_number_of_a_route_inside_a_mount_does_not_touch_its_method(desk: Watched) -> None:
    desk.open("?view=regex&route=13.0")
    current = desk.page.locator('.regex-list [aria-current="true"]')
    assert box(current.locator(".method"))["left"] >= box(current.locator(".number"))["right"] + 3
    assert not is_cut(current.locator(".number"))


def test_a_branch_of_the_tree_is_readable_on_a_phone(phone: Watched) -> None:
    phone.open("?view=routes&path=/users/me")
    won = phone.page.locator('.tree-row[data-walk="won"] .tree-label > code')
    expect(won).to_have_text(["/users", "/{user_id}"])
    assert not is_cut(won.last)


def test_an_empty_list_says_which_part_of_the_filter_was_left_out(desk: Watched) -> None:
    desk.open("?filter=" + "status:999x path:/zzz")
    none = desk.page.locator(".list-none")
    expect(none).to_contain_text("No request passes")
    expect(none).to_contain_text("Left out: “999x” is no status; write 404, 4xx, 400-499 or none")
