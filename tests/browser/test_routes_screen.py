"""The Routes screen: the table in match order, and the tester in which every route answers on each key."""

from playwright.sync_api import expect

from tests.browser.pages import Watched


def test_routes_stand_in_match_order_with_regex_and_source(page: Watched) -> None:
    page.open("?view=routes")
    rows = page.page.locator(".routes tbody tr")
    expect(rows.nth(3).locator(".pattern")).to_have_text("/books/{book_id:int}")
    expect(rows.nth(3).locator(".verdict")).to_have_text("/books/(?P<book_id>[0-9]+)")
    expect(rows.nth(3).locator(".handler code")).to_contain_text("browser/shop.py:")
    numbers = page.page.locator(".routes tbody td:first-child").all_inner_texts()
    assert numbers[:5] == ["1", "2", "3", "4", "5"]
    assert numbers[-1] == f"{numbers[-2]}.1", "the mounted app's route hangs below its mount"


def test_each_key_changes_every_verdict(page: Watched) -> None:
    page.open("?view=routes")
    path = page.page.get_by_label("Path to test")
    matched = page.page.locator('.routes tr[data-outcome="matched"] .pattern')
    path.fill("/books")
    expect(matched).to_have_text("/books")
    path.press_sequentially("/42")
    expect(matched).to_have_text("/books/{book_id:int}")
    path.press_sequentially("x")
    expect(matched).to_have_count(0)
    refused = page.page.locator(".routes tbody tr").nth(3).locator(".reason")
    expect(refused).to_contain_text("int refuses “42x” at “x”")


def test_a_shadowed_route_says_who_took_its_path(page: Watched) -> None:
    page.open("?view=routes&path=/users/me")
    shadowed = page.page.locator('.routes tr[data-outcome="shadowed"]')
    expect(shadowed.locator(".pattern")).to_have_text("/users/me")
    expect(shadowed.locator(".reason")).to_have_text("would match too: shadowed by 5")
    expect(page.page.locator(".also")).to_contain_text("/users/me")


def test_the_method_takes_part(page: Watched) -> None:
    page.open("?view=routes&path=/books&method=DELETE")
    answer = page.page.locator(".tester-answer")
    expect(answer).to_contain_text("Method not allowed")
    expect(answer).to_contain_text("POST")


def test_a_path_below_a_mount_lights_the_route_inside(page: Watched) -> None:
    page.open("?view=routes&path=/admin/reports/2024")
    matched = page.page.locator('.routes tr[data-outcome="matched"] .pattern')
    expect(matched).to_have_count(2)
    expect(matched.nth(1)).to_contain_text("/reports/{year:int}")


def test_a_near_miss_offers_the_path_that_was_meant(page: Watched) -> None:
    page.open("?view=routes&path=/boks/42")
    page.page.get_by_role("button", name="Try /books/42").click()
    matched = page.page.locator('.routes tr[data-outcome="matched"] .pattern')
    expect(matched).to_have_text("/books/{book_id:int}")
    assert page.page.get_by_label("Path to test").input_value() == "/books/42"


def test_the_tester_is_in_the_address(page: Watched) -> None:
    page.open("?view=routes")
    page.page.get_by_label("Path to test").fill("/numbers")
    page.page.get_by_label("Method").select_option("POST")
    assert "path=%2Fnumbers" in page.page.url
    assert "method=POST" in page.page.url


def test_the_search_box_finds_a_handler(page: Watched) -> None:
    page.open("?view=routes&find=get_book")
    expect(page.page.locator(".routes tbody tr")).to_have_count(1)


def test_a_pattern_opens_its_regex(page: Watched) -> None:
    page.open("?view=routes")
    page.page.locator(".routes .pattern a", has_text="/orders/").click()
    expect(page.page.locator("ri-regex h2")).to_contain_text("/orders/{order_id:uuid}")
