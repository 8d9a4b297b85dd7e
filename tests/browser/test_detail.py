"""One request opened: why it landed there, and everything that was recorded of it."""

import re

from playwright.sync_api import Browser, expect
from pydantic import BaseModel, Field

from miniframework import App
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running, serve_dashboard

CANARY = "canary-of-this-test"
ORDER = "/orders/1b4e28ba-2fa1-41d2-883f-0016d3cca427/lines/2"


def test_why_shows_path_values_and_every_route_in_order(shown: Watched, shop: Running) -> None:
    shop.send("GET", ORDER)
    shown.open_row(ORDER)
    expect(shown.page.locator(".answer")).to_contain_text("order_line")
    expect(shown.page.locator(".path-read .seg")).to_have_text(["1b4e28ba-2fa1-41d2-883f-0016d3cca427", "2"])
    line = shown.page.locator(".values tbody tr", has_text="line").last
    expect(line).to_contain_text("int")
    expect(shown.page.locator('.ladder-rung[data-outcome="matched"]')).to_contain_text(
        "/orders/{order_id:uuid}/lines/{line:int}"
    )
    for fold in shown.page.locator(".ladder-fold > button").all():  # drawn together with the rung above
        fold.click()
    total = len(shop.ask("api/routes")["table"]["routes"])
    numbers = shown.page.locator(".ladder-rung .ladder-number")
    expect(numbers).to_have_text([str(number) for number in range(1, total + 1)])


def test_the_same_parameter_has_the_same_tint_everywhere(shown: Watched, shop: Running) -> None:
    shop.send("GET", ORDER)
    shown.open_row(ORDER)
    places = (".path-read .seg", ".values-name", '.ladder-rung[data-outcome="matched"] .seg[data-tint]')
    for place in places:
        tinted = shown.page.locator(place)
        expect(tinted).to_have_count(2)
        for number in (1, 2):
            expect(tinted.nth(number - 1)).to_have_attribute("data-tint", str(number))


def test_a_404_names_the_nearest_route_and_where_it_stopped(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/books/abc")
    shown.open_row("/books/abc")
    expect(shown.page.locator(".answer")).to_contain_text("404")
    nearest = shown.page.locator(".ladder-rung", has_text="/books/{book_id:int}")
    expect(nearest.locator(".seg[data-refused]")).to_have_text("{book_id:int}")
    expect(nearest).to_contain_text("int refuses “abc” at “a”")
    expect(shown.page.locator(".path-read .seg[data-refused]")).to_have_text("abc")


def test_a_405_names_the_allowed_methods(shown: Watched, shop: Running) -> None:
    shop.send("PUT", "/books/1")
    shown.open_row("/books/1")
    expect(shown.page.locator(".answer")).to_contain_text("405")
    expect(shown.page.locator('.ladder-rung[data-index="3"]')).to_contain_text("method is PUT; allowed: GET")


def test_a_shadowed_route_is_shown_with_the_one_that_took_it(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/users/me")
    shown.open_row("/users/me")
    shadowed = shown.page.locator('.ladder-rung[data-outcome="shadowed"]')
    expect(shadowed).to_contain_text("/users/me")
    expect(shadowed).to_contain_text("would match too: shadowed by 5")
    expect(shown.page.locator(".values-problem")).to_contain_text("valid integer")


def test_a_mount_opens_the_table_of_what_is_mounted(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/admin/reports/2024")
    shown.open_row("/admin/reports/2024")
    inner = shown.page.locator(".ladder-inner .ladder-rung[data-outcome=matched]")
    expect(inner).to_contain_text("/reports/{year:int}")


def test_request_and_response_show_what_was_sent_with_secrets_as_dots(shown: Watched, shop: Running) -> None:
    headers = {"authorization": f"Bearer {CANARY}", "x-plain": "seen"}
    shop.send("POST", "/books?debug=1", json={"title": "Dune", "password": CANARY}, headers=headers)
    shown.open_row("/books?debug=1")
    shown.tab("Request")
    panel = shown.page.locator(".detail-panel")
    expect(panel).to_contain_text("x-plain")
    expect(panel.locator(".pairs tr", has_text="authorization")).to_contain_text("•••")
    expect(panel.locator(".body .code")).to_contain_text('"title": "Dune"')
    shown.tab("Response")
    expect(panel).to_contain_text("201")
    assert CANARY not in shown.page.content()


def test_a_body_is_shown_as_json_and_as_hex(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/books/42")
    shown.open_row("/books/42")
    shown.tab("Response")
    expect(shown.page.locator(".code .j-key").first).to_have_text('"book_id"')
    shown.page.get_by_role("button", name="Hex").click()
    expect(shown.page.locator(".hex-offset").first).to_have_text("00000000")
    expect(shown.page.locator(".hex")).to_contain_text("7b 22 62 6f 6f 6b")


def test_json_is_shown_with_the_numbers_and_the_keys_that_came(shown: Watched, shop: Running) -> None:
    body = b'{"title": 1.10, "title": 1E5}'
    shop.send("POST", "/books?debug=2", content=body, headers={"content-type": "application/json"})
    shown.open_row("/books?debug=2")
    shown.tab("Request")
    expect(shown.page.locator(".body .code")).to_have_text('{\n  "title": 1.10,\n  "title": 1E5\n}')


def test_html_is_shown_as_text(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/page?text=hi")
    shown.open_row("/page?text=hi")
    shown.tab("Response")
    expect(shown.page.locator(".body .code")).to_contain_text("<h1>hi</h1><script>")
    assert shown.page.evaluate("window.__pwned") is None


def test_an_exception_is_shown_with_its_traceback(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/crash")
    shown.open_row("/crash")
    shown.tab("Response")
    expect(shown.page.locator(".traceback strong")).to_have_text("ValueError: the till is closed")
    expect(shown.page.locator(".traceback .tb-file:visible")).to_have_count(1)
    expect(shown.page.locator(".traceback .tb-file:visible")).to_contain_text("shop.py")
    shown.page.locator(".traceback summary", has_text="frames of libraries").first.click()
    expect(shown.page.locator(".traceback .tb-file:visible").first).to_contain_text("miniframework")


def test_a_body_with_secrets_is_not_called_incomplete(shown: Watched, shop: Running) -> None:
    shop.send("POST", "/books?debug=3", json={"title": "Dune", "password": CANARY})
    shown.open_row("/books?debug=3")
    shown.tab("Request")
    expect(shown.page.locator(".body-note")).to_have_text(re.compile(r"^\s*Secrets in it are"))


class Price(BaseModel):
    amount: float
    currency: str = Field(max_length=3)


def test_every_problem_of_a_model_is_shown_with_its_field(browser: Browser) -> None:
    app = App()

    @app.post("/prices")
    async def set_price(price: Price) -> None: ...

    with serve_dashboard(app=app) as other, watched_page(browser, other) as page:
        other.send("POST", "/prices", json={"amount": "much", "currency": "EURO"})
        page.open()
        page.open_row("/prices")
        problems = page.page.locator(".values-problem")
        expect(problems).to_have_text([re.compile("amount: "), re.compile("currency: ")])
        page.check()


def test_a_long_value_is_folded(shown: Watched, shop: Running) -> None:
    shop.send("GET", f"/books?genre={'long' * 200}")
    shown.open_row(f"/books?genre={'long' * 200}")
    folded = shown.page.locator(".values details").first
    expect(folded).to_have_text(re.compile("long…(long)+"))
    expect(folded).not_to_have_attribute("open", "")


def test_timeline_and_messages_list_the_steps_in_order(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/numbers")
    shown.open_row("/numbers")
    shown.tab("Timeline")
    expect(shown.page.locator(".timeline-kind").first).to_have_text("Request started")
    expect(shown.page.locator(".timeline")).to_contain_text("Route matched")
    shown.tab("ASGI messages")
    expect(shown.page.locator(".flow tbody")).to_contain_text("http.response.start")
    expect(shown.page.locator(".flow tbody tr", has_text="http.response.body").nth(4)).to_be_visible()


def test_tab_and_selection_are_in_the_address(page: Watched, shop: Running) -> None:
    shop.send("GET", "/books/42")
    page.open_row("/books/42")
    page.tab("Timeline")
    page.expect_address("tab=timeline")
    search = page.page.evaluate("location.search")
    page.open(search)
    expect(page.page.get_by_role("tab", name="Timeline")).to_have_attribute("aria-selected", "true")
    expect(page.row("/books/42")).to_have_attribute("aria-selected", "true")


def test_tabs_work_with_arrows(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/books/42")
    shown.open_row("/books/42")
    shown.page.keyboard.press("Enter")
    expect(shown.page.get_by_role("tab", name="Why")).to_be_focused()
    shown.page.keyboard.press("ArrowRight")
    expect(shown.page.get_by_role("tab", name="Request")).to_be_focused()
    expect(shown.page.get_by_role("tab", name="Request")).to_have_attribute("aria-selected", "true")


def test_copy_as_curl_and_copy_link(page: Watched, shop: Running) -> None:
    shop.send("GET", "/books/42")
    page.open_row("/books/42")
    page.page.keyboard.press("c")
    expect(page.page.locator(".toast").last).to_contain_text("curl")
    assert page.page.evaluate("navigator.clipboard.readText()").startswith("curl ")
    page.page.keyboard.press("y")
    expect(page.page.locator(".toast").last).to_contain_text("link")
    link = page.page.evaluate("navigator.clipboard.readText()")
    assert "id=" in link
    assert "token" not in link


def test_the_menu_copies_in_every_format_by_keyboard(page: Watched, shop: Running) -> None:
    shop.send("GET", "/books/42")
    page.open_row("/books/42")
    for steps, (label, beginning) in enumerate(
        {
            "curl command": "curl ",
            "Python, httpx": '"""GET /books/42',
            "pytest test": '"""Recorded requests as tests',
            "Hurl file": "GET http",
            "HAR entry": "{\n",
        }.items()
    ):
        page.page.get_by_role("button", name="Copy as", exact=True).press("Enter")
        expect(page.page.get_by_role("menuitem", name="curl command")).to_be_focused()
        for _ in range(steps):
            page.page.keyboard.press("ArrowDown")
        page.page.keyboard.press("Enter")
        expect(page.page.locator(".toast").last).to_contain_text(label)
        assert beginning in page.page.evaluate("navigator.clipboard.readText()")
        expect(page.page.get_by_role("menu")).to_have_count(0)


def test_a_route_of_the_ladder_opens_its_regex(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/books/42")
    shown.open_row("/books/42")
    shown.page.locator('.ladder-rung[data-outcome="matched"] .ladder-pattern').click()
    expect(shown.page.locator("ri-regex")).to_be_visible()
    shown.expect_address("route=3")


def test_a_request_that_is_gone_says_so(page: Watched) -> None:
    page.expect_console("404")
    page.open("?id=0000")
    expect(page.page.locator(".detail .empty")).to_be_visible()
    page.page.locator(".detail").get_by_role("button", name="Close").click()
    expect(page.page.locator(".detail")).to_have_count(0)


def test_from_a_redirect_it_is_one_step_to_what_was_asked_next(shown: Watched, shop: Running) -> None:
    shop.send("GET", "/books/")
    shop.send("GET", "/users/7")
    shop.send("GET", "/books")
    shown.open_row("/books/")
    following = shown.page.locator(".answer-next")
    expect(following).to_contain_text("next request for it: GET /books 200")
    following.get_by_role("link").click()
    expect(shown.page.locator(".detail-path")).to_have_text("/books")
    expect(following).to_have_count(0)


def test_a_large_body_is_dumped_a_part_at_a_time(shown: Watched, shop: Running) -> None:
    shop.send("POST", "/books", json={"title": "x" * 20_000})
    shown.open_row("/books")
    shown.tab("Request")
    shown.page.get_by_role("button", name="Hex").click()
    lines = shown.page.locator(".hex-offset")
    expect(lines).to_have_count(1024)
    shown.page.get_by_role("button", name="Show 227 of 227 more lines").press("Enter")
    expect(lines).to_have_count(1251)
    expect(shown.page.get_by_label("request body, hex")).to_be_focused()
