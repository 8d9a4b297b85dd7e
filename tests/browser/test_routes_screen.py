"""The Routes screen: the table in match order, one box that tests and finds, and what stands beside."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.pages import Watched

BOX = "Path to test, or words to find a route"


@pytest.fixture
def page(shown: Watched) -> Watched:
    """Every test here goes to the screen it is about."""
    return shown


def row(page: Watched, number: str) -> Locator:
    """The row of the route people call by this number."""
    return page.page.locator(f'.route-row:has(.r-number:text-is("{number}"))')


def matched(page: Watched) -> Locator:
    """The patterns of the rows that took the tested path, those inside a mount included."""
    return page.page.locator('.route-row[data-outcome="matched"] .r-pattern')


def test_routes_stand_in_match_order_with_their_source(page: Watched) -> None:
    page.go("?view=routes")
    expect(row(page, "4").locator(".r-pattern")).to_have_text("/books/{book_id:int}")
    expect(row(page, "4").locator(".r-handler code")).to_contain_text("shop.py:")
    total = len(page.shop.ask("api/routes")["table"]["routes"])
    inside = f"{total}.1"  # the mounted app's route hangs below its mount
    numbers = page.page.locator(".route-row[data-key] .r-number")
    expect(numbers).to_have_text([*(str(number) for number in range(1, total + 1)), inside])


def test_the_head_that_a_get_implies_is_shown(page: Watched) -> None:
    page.go("?view=routes")
    expect(row(page, "2").locator(".method")).to_have_text(["GET", "HEAD"])
    expect(row(page, "3").locator(".method")).to_have_text(["POST"])


def test_each_key_changes_every_verdict(page: Watched) -> None:
    page.go("?view=routes")
    box = page.page.get_by_label(BOX)
    box.fill("/books")
    expect(matched(page)).to_have_text("/books")
    box.press_sequentially("/42")
    expect(matched(page)).to_have_text("/books/{book_id:int}")
    box.press_sequentially("x")
    expect(matched(page)).to_have_count(0)
    expect(row(page, "4").locator(".r-verdict")).to_contain_text("int refuses “42x” at “x”")


def test_a_shadowed_route_says_who_took_its_path(page: Watched) -> None:
    page.go("?view=routes&path=/users/me")
    shadowed = page.page.locator('.route-row[data-outcome="shadowed"]')
    expect(shadowed.locator(".r-pattern")).to_contain_text("/users/me")
    expect(shadowed.locator(".r-verdict")).to_have_text("would match too: shadowed by 5")
    expect(page.page.locator(".also")).to_contain_text("/users/me")


def test_the_method_takes_part(page: Watched) -> None:
    page.go("?view=routes&path=/books&method=DELETE")
    answer = page.page.locator(".tester-answer")
    expect(answer).to_contain_text("Method not allowed")
    expect(answer).to_contain_text("POST")


def test_a_value_that_the_endpoint_would_refuse_is_not_shown_as_a_success(page: Watched) -> None:
    page.go("?view=routes&path=/users/me")
    answer = page.page.locator(".tester-answer > span").first
    expect(answer).to_contain_text("422")
    expect(answer).to_have_attribute("data-kind", "warn")
    page.page.locator(".tester-text").fill("/users/7")
    expect(answer).to_have_attribute("data-kind", "ok")


def test_a_switch_says_who_would_win_by_specificity(page: Watched) -> None:
    page.go("?view=routes&path=/users/me")
    switch = page.page.get_by_role("button", name="by specificity?")
    answer = page.page.locator(".tester-answer")
    expect(answer).not_to_contain_text("By specificity")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(answer).to_contain_text("By specificity route 6, /users/me, would take it; here route 5")
    page.expect_address("rule=specificity")


def test_a_path_below_a_mount_lights_the_route_inside(page: Watched) -> None:
    page.go("?view=routes&path=/admin/reports/2024")
    expect(matched(page)).to_have_count(2)
    expect(matched(page).nth(1)).to_contain_text("/reports/{year:int}")


def test_a_near_miss_offers_the_path_that_was_meant(page: Watched) -> None:
    page.go("?view=routes&path=/boks/42")
    page.page.get_by_role("button", name="Try /books/42").click()
    expect(matched(page)).to_have_text("/books/{book_id:int}")
    expect(page.page.get_by_label(BOX)).to_have_value("/books/42")


def test_an_address_pasted_whole_is_tested_as_a_server_reads_it(page: Watched) -> None:
    page.go("?view=routes")
    page.page.get_by_label(BOX).fill("https://shop.example/books/4%32?full=1")
    expect(matched(page)).to_have_text("/books/{book_id:int}")
    answer = page.page.locator(".tester-answer")
    expect(answer).to_contain_text("tested as /books/42")
    expect(answer).to_contain_text("“?full=1” takes no part in routing")
    page.expect_address("path=%2Fbooks%2F42")


def test_a_verb_before_a_path_sets_the_method_and_stays_in_the_box(page: Watched) -> None:
    page.go("?view=routes")
    box = page.page.get_by_label(BOX)
    box.press_sequentially("post /books")
    expect(row(page, "3")).to_have_attribute("data-outcome", "matched")
    expect(page.page.get_by_label("Method")).to_have_value("POST")
    expect(box).to_have_value("post /books")


@pytest.mark.parametrize(
    ("words", "found"),
    [("get_book", ["/books/{book_id:int}"]), ("post", ["/books"]), ("ws room", ["/ws/{room}"])],
    ids=["by handler", "by verb", "by verb and part of the path"],
)
def test_other_words_find_routes(page: Watched, words: str, found: list[str]) -> None:
    page.go("?view=routes")
    page.page.get_by_label(BOX).fill(words)
    expect(page.page.locator(".route-row[data-key] .r-pattern a")).to_have_text(found)
    page.page.reload()
    expect(page.page.locator(".route-row[data-key] .r-pattern a")).to_have_text(found)
    expect(page.page.get_by_label(BOX)).to_have_value(words)


def test_the_funnel_stands_under_the_path_and_says_what_may_come_next(page: Watched) -> None:
    page.go("?view=routes&path=/books/4x")
    words = page.page.locator(".funnel-words")
    expect(words).to_contain_text("no route is left after “x”, character 9 of 9")
    box = page.page.get_by_label(BOX)
    box.fill("/boo")
    expect(words).to_contain_text("still viable")
    expect(page.page.locator(".funnel-bars i")).to_have_count(4)
    words.get_by_role("button", name="/books", exact=True).click()
    expect(box).to_have_value("/books")
    expect(matched(page)).to_have_text("/books")


def test_each_bar_of_the_funnel_stands_under_its_character(page: Watched) -> None:
    page.go("?view=routes&path=/books/42")
    expect(page.page.locator(".funnel-bars i")).to_have_count(9)
    off = page.page.evaluate(
        """() => {
            const box = document.querySelector(".tester-text");
            const style = getComputedStyle(box);
            const ruler = document.createElement("canvas").getContext("2d");
            ruler.font = `${style.fontSize} ${style.fontFamily}`;
            const start = box.getBoundingClientRect().left + parseFloat(style.paddingLeft);
            const last = [...document.querySelectorAll(".funnel-bars i")].at(-1).getBoundingClientRect();
            return Math.abs(last.left - start - ruler.measureText("/books/4").width);
        }"""
    )
    assert off <= 2, f"the last bar is {off} px beside its character"


def test_the_tested_path_is_in_the_address(page: Watched) -> None:
    page.go("?view=routes")
    page.page.get_by_label(BOX).fill("/numbers")
    page.page.get_by_label("Method").select_option("POST")
    page.expect_address("path=%2Fnumbers")
    page.expect_address("method=POST")


def test_a_pattern_opens_its_regex(page: Watched) -> None:
    page.go("?view=routes")
    page.page.locator(".r-pattern a", has_text="/orders/").click()
    expect(page.page.locator("ri-regex h2")).to_contain_text("/orders/{order_id:uuid}")


def test_routes_are_walked_and_opened_by_key(page: Watched) -> None:
    page.go("?view=routes")
    expect(row(page, "1")).to_be_visible()
    keys = page.page.keyboard
    for key in ("j", "j", "j", "k"):
        keys.press(key)
    expect(row(page, "2")).to_have_attribute("aria-selected", "true")
    expect(page.page.locator(".route-card h3")).to_have_text("list_books")
    page.expect_address("route=1")
    keys.press("Escape")
    expect(page.page.locator(".route-card")).to_have_count(0)
    keys.press("/")
    expect(page.page.get_by_label(BOX)).to_be_focused()
    keys.type("get_book")
    keys.press("Enter")
    keys.press("Enter")
    expect(page.page.locator("ri-regex h2")).to_contain_text("/books/{book_id:int}")


def test_the_card_says_every_reason_against_the_path(page: Watched) -> None:
    page.go("?view=routes&path=/books/x/y&method=PUT&route=3")
    reasons = page.page.locator(".card-reasons li")
    expect(reasons).to_have_text(
        [
            "int refuses “x” at “x”: expected a digit 0-9",
            "left over “/y”",
            "method is PUT; allowed: GET",
        ]
    )


def test_hits_arrive_while_the_screen_is_open(page: Watched) -> None:
    page.shop.clear()
    page.go("?view=routes")
    expect(row(page, "4").locator(".r-hits")).to_have_text("–")
    for path in ("/books/1", "/books/2", "/crash", "/admin/reports/2024"):
        page.shop.send("GET", path)
    expect(row(page, "4").locator(".r-hits")).to_have_text("2")
    crash = page.page.locator(".route-row:has-text('/crash')")
    expect(crash.locator(".r-errors")).to_have_text("100%")
    inside = page.page.locator('.route-row[data-key]:has-text("/reports/")')
    expect(inside.locator(".r-hits")).to_have_text("1")
    expect(row(page, "7")).to_have_attribute("data-cold", "")


def test_the_tree_lights_the_branch_walked(page: Watched) -> None:
    page.go("?view=routes&path=/users/me")
    walk = page.page.locator(".tree-row[data-walk]")
    expect(walk.locator(".tree-label > code")).to_have_text(["/users", "/{user_id}", "/me"])
    for place, state in enumerate(("won", "won", "also")):
        expect(walk.nth(place)).to_have_attribute("data-walk", state)


def test_the_tree_is_walked_by_key(page: Watched) -> None:
    page.go("?view=routes")
    tree = page.page.get_by_role("tree")
    books = tree.locator(".tree-row", has_text="/books")
    inside = tree.locator(".tree-row", has_text="{book_id:int}")
    expect(inside).to_be_visible()
    tree.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
        page.page.keyboard.press(key)
    expect(books).to_have_attribute("aria-expanded", "false")
    expect(inside).to_have_count(0)
    page.expect_address("route=1")
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("ArrowRight")
    expect(inside).to_have_attribute("aria-selected", "true")


def test_what_stands_beside_the_table_is_in_the_address(page: Watched) -> None:
    page.go("?view=routes")
    page.page.get_by_role("tab", name="Changes").click()
    page.expect_address("side=changes")
    page.page.reload()
    expect(page.page.get_by_role("tab", name="Changes")).to_have_attribute("aria-selected", "true")
    page.page.keyboard.press("[")
    expect(page.page.get_by_role("tab", name="What-if")).to_have_attribute("aria-selected", "true")
