"""What-if on the Routes screen: edits by mouse and keyboard, what they would change, address and command."""

import json
import re
import shlex
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Request, expect

from tests.browser.mall import make_long
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running, serve_dashboard

MOVE = [{"op": "move", "route": "6", "before": "5"}]


@pytest.fixture
def page(shown: Watched) -> Watched:
    """Every test here goes to the screen it is about."""
    return shown


@pytest.fixture(autouse=True)
def _traffic(fresh: Running) -> None:
    for path in ("/users/me", "/users/me", "/users/7", "/books/42"):
        fresh.send("GET", path)
    fresh.newest("GET", "/books/42")


def open_whatif(page: Watched, edits: list[dict[str, object]] | None = None) -> None:
    page.go(whatif_of(edits))
    expect(page.page.locator(".whatif-row").first).to_be_visible()


def whatif_of(edits: list[dict[str, object]] | None) -> str:
    return "?view=routes&side=whatif" + (f"&edits={quote(json.dumps(edits))}" if edits else "")


def edits_of(url: str) -> list[dict[str, object]]:
    found = parse_qs(urlsplit(url).query).get("edits", ["[]"])
    return list(json.loads(found[0]))


def expect_edits(page: Watched, edits: list[dict[str, object]]) -> None:
    """Wait until the address holds these edits."""
    page.page.wait_for_url(lambda url: edits_of(url) == edits)


def row(page: Watched, path: str) -> Locator:
    return page.page.locator(".whatif-rows > li").filter(
        has=page.page.locator(".template").get_by_text(path, exact=True)
    )


def test_a_link_with_edits_shows_what_would_go_elsewhere(page: Watched) -> None:
    open_whatif(page, MOVE)
    outcome = page.page.locator(".whatif-outcome")
    expect(outcome.locator(".callout")).to_contain_text("2 of 4 recorded requests would go elsewhere")
    expect(outcome.locator(".moved li").first).to_contain_text(
        re.compile(
            r"/users/me\s+2 times, last.*5\s+/users/{user_id} get_user\s+5\s+/users/me get_me", re.DOTALL
        )
    )
    expect(outcome.locator(".whatif-findings")).to_contain_text(
        "no longer: GET /users/me can never be reached"
    )


def test_a_row_is_dragged_to_another_place(page: Watched) -> None:
    open_whatif(page)
    row(page, "/users/me").locator(".grip").drag_to(
        row(page, "/users/{user_id}"), target_position={"x": 80, "y": 3}
    )
    expect(row(page, "/users/me").locator(".badge")).to_have_text("moved")
    expect_edits(page, MOVE)
    for place, path in ((4, "/users/me"), (5, "/users/{user_id}")):
        expect(page.page.locator(".whatif-path").nth(place)).to_have_text(path)
    expect(page.page.locator(".whatif-outcome .callout")).to_contain_text("2 of 4 recorded requests")


def test_a_row_dropped_on_the_lower_half_of_another_stands_below_it(page: Watched) -> None:
    open_whatif(page)
    row(page, "/users/{user_id}").locator(".grip").drag_to(
        row(page, "/users/me"), target_position={"x": 80, "y": 22}
    )
    expect(row(page, "/users/{user_id}").locator(".badge")).to_have_text("moved")
    expect_edits(page, [{"op": "move", "route": "5", "before": "7"}])


def test_alt_and_the_arrows_move_a_row_and_keep_the_focus(page: Watched) -> None:
    open_whatif(page)
    button = row(page, "/users/me").locator(".whatif-row")
    button.focus()
    page.page.keyboard.press("Alt+ArrowUp")
    expect(button).to_be_focused()
    expect_edits(page, MOVE)
    page.page.keyboard.press("Alt+ArrowDown")
    expect(page.page.locator(".whatif-first")).to_be_visible()
    expect_edits(page, [])


def test_the_arrows_alone_go_from_row_to_row(page: Watched) -> None:
    open_whatif(page)
    page.page.locator(".whatif-row").first.focus()
    page.page.keyboard.press("ArrowDown")
    expect(page.page.locator(".whatif-row").nth(1)).to_be_focused()
    expect_edits(page, [])


def test_a_pattern_is_changed_as_it_is_typed(page: Watched) -> None:
    open_whatif(page)
    row(page, "/users/{user_id}").locator(".whatif-row").click()
    page.page.get_by_label("Pattern").fill("/users/{user_id:int}")
    expect(page.page.locator(".whatif-outcome .callout")).to_contain_text("2 of 4 recorded requests")
    expect_edits(page, [{"op": "pattern", "route": "5", "path": "/users/{user_id:int}"}])
    page.page.get_by_role("button", name="As it was").click()
    expect(page.page.locator(".whatif-first")).to_be_visible()


def test_a_pattern_that_cannot_be_read_says_why_and_what_helps(page: Watched) -> None:
    page.expect_console("400")
    open_whatif(page)
    row(page, "/users/{user_id}").locator(".whatif-row").click()
    page.page.get_by_label("Pattern").fill("/users/{user_id:itn}")
    problem = page.page.get_by_role("alert")
    expect(problem).to_contain_text("unknown converter 'itn'")
    expect(problem).to_contain_text("did you mean 'int'?")


def test_methods_are_changed(page: Watched) -> None:
    open_whatif(page)
    row(page, "/books/{book_id:int}").locator(".whatif-row").click()
    box = page.page.get_by_label("Methods")
    box.fill("put, patch")
    box.press("Enter")
    expect(page.page.locator(".whatif-outcome .moved li").first).to_contain_text("405, allowed: PATCH, PUT")
    expect_edits(page, [{"op": "methods", "route": "4", "methods": ["PUT", "PATCH"]}])


def test_a_route_is_taken_out_and_put_back(page: Watched) -> None:
    open_whatif(page)
    row(page, "/books/{book_id:int}").locator(".whatif-row").click()
    page.page.get_by_role("button", name="Take out").click()
    expect(row(page, "/books/{book_id:int}")).to_have_attribute("data-state", "removed")
    expect(page.page.locator(".whatif-outcome .moved li").first).to_contain_text("404, no route")
    page.page.get_by_role("button", name="Put back").click()
    expect(page.page.locator(".whatif-first")).to_be_visible()


def test_a_route_is_added_above_another_one(page: Watched) -> None:
    open_whatif(page)
    row(page, "/users/{user_id}").locator(".whatif-row").click()
    page.page.get_by_role("button", name="Add one above").click()
    row(page, "/new").locator(".whatif-row").click()
    page.page.get_by_label("Pattern").fill("/users/7")
    expect(page.page.locator(".whatif-outcome .callout")).to_contain_text("1 of 4 recorded requests")
    expect_edits(page, [{"op": "add", "path": "/users/7", "methods": ["GET"], "before": "5"}])


def test_redirects_of_the_slash_are_switched(page: Watched, shop: Running) -> None:
    shop.send("GET", "/books/")
    shop.newest("GET", "/books/")
    open_whatif(page)
    page.page.get_by_label("redirect the slash at the end").uncheck()
    moved = page.page.locator(".whatif-outcome .moved li").first
    expect(moved).to_contain_text(re.compile(r"redirect to /books\s+404, no route"))
    expect_edits(page, [{"op": "redirect_slashes", "value": False}])


def test_edits_are_undone_one_by_one_and_all_at_once(page: Watched) -> None:
    open_whatif(page, [*MOVE, {"op": "remove", "route": "4"}])
    page.page.get_by_role("button", name="Undo: take out 4").click()
    expect(page.page.locator(".whatif-edits li")).to_have_count(1)
    expect_edits(page, MOVE)
    page.page.get_by_role("button", name="Reset").click()
    expect(page.page.locator(".whatif-first")).to_be_visible()
    expect_edits(page, [])


def test_the_command_holds_the_same_edits(page: Watched) -> None:
    open_whatif(page, MOVE)
    page.page.get_by_role("button", name="Copy as command").click()
    expect(page.page.locator(".toast")).to_contain_text("Copied command")
    words = shlex.split(page.page.evaluate("navigator.clipboard.readText()"))
    assert words[:3] == ["inspector", "whatif", "MODULE:APP"], "embedded, nobody said what to import"
    assert json.loads(words[words.index("--edit") + 1]) == MOVE


def test_a_moved_request_opens_in_live(page: Watched, shop: Running) -> None:
    open_whatif(page, MOVE)
    page.page.locator(".whatif-outcome .moved a").first.click()
    expect(page.page.locator(".detail-path")).to_have_text("/users/me")
    page.expect_address(f"id={shop.newest('GET', '/users/me')['id']}")


def test_of_a_large_table_the_recorded_requests_are_told_before_the_proof(browser: Browser) -> None:
    bodies: list[dict[str, object]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/whatif"):
            bodies.append(json.loads(request.post_data or "{}"))

    with serve_dashboard(app=make_long(1_200)) as running, watched_page(browser, running) as watched:
        running.send("GET", "/area1/items/7")
        running.newest("GET", "/area1/items/7")
        watched.page.on("request", note)
        watched.open(whatif_of([{"op": "remove", "route": "4"}]))
        outcome = watched.page.locator(".whatif-outcome")
        expect(outcome.locator(".callout")).to_contain_text("The one recorded request would go elsewhere")
        expect(outcome.locator(".moved").nth(1)).to_contain_text("/area1/items/1", timeout=60_000)
        assert [body.get("requests_only", False) for body in bodies] == [True, False]
        watched.check()
