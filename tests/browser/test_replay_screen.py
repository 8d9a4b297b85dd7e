"""The Replay screen: edit, see which route it would match, send, see what differs."""

from playwright.sync_api import Route, expect

from tests.browser.pages import Watched


def newest_id(page: Watched, path: str, method: str = "GET") -> str:
    return str(page.shop.newest(method, path)["id"])


def open_replay(page: Watched, path: str) -> None:
    expect(page.row(path)).to_be_visible()
    page.go(f"?view=replay&id={newest_id(page, path)}")
    expect(page.page.get_by_label("Path and query")).to_have_value(path)


def test_an_edited_path_is_judged_before_it_is_sent(shown: Watched) -> None:
    shown.shop.send("GET", "/books/42")
    open_replay(shown, "/books/42")
    would = shown.page.locator(".replay-would")
    expect(would).to_contain_text("Would match")
    shown.page.get_by_label("Path and query").fill("/books/4x")
    expect(would).to_contain_text("Would not reach a handler")


def test_a_value_that_the_endpoint_would_refuse_is_told_before_it_is_sent(shown: Watched) -> None:
    shown.shop.send("GET", "/users/7")
    open_replay(shown, "/users/7")
    would = shown.page.locator(".replay-would")
    expect(would).to_have_attribute("data-kind", "ok")
    shown.page.get_by_label("Path and query").fill("/users/me")
    expect(would).to_contain_text("Would match, and be refused.")
    expect(would).to_have_attribute("data-kind", "bad")


def test_a_replay_with_an_edited_path_appears_linked_with_its_difference(shown: Watched) -> None:
    shown.shop.send("GET", "/books/42")
    open_replay(shown, "/books/42")
    shown.page.get_by_label("Path and query").fill("/books/43")
    expect(shown.page.locator(".replay-title").first).to_contain_text("edited: path")
    shown.page.get_by_role("button", name="Send").first.click()
    layers = shown.page.locator(".diff-layer")
    expect(layers.filter(has_text="Status")).to_contain_text("same")
    expect(shown.page.locator('.diff-layer[data-layer="parameters"]')).to_contain_text("43")
    removed = shown.page.locator('.diff-line[data-sign="removed"]', has_text='"book_id": 42')
    expect(removed).to_be_visible()
    assert shown.shop.newest("GET", "/books/43")["replay_of"] == newest_id(shown, "/books/42")


def test_an_unsafe_method_asks_first(shown: Watched) -> None:
    shown.expect_console("409")
    shown.shop.send("POST", "/books", json={"title": "Dune"})
    shown.go(f"?view=replay&id={newest_id(shown, '/books', 'POST')}")
    before = shown.shop.ask("api/exchanges?after=0&limit=500")["rows"]
    shown.page.get_by_role("button", name="Send").first.click()
    refusal = shown.page.get_by_role("alert")
    expect(refusal).to_contain_text("POST")
    assert shown.shop.ask("api/exchanges?after=0&limit=500")["rows"] == before
    refusal.get_by_role("button", name="Send all the same").click()
    expect(shown.page.locator('.diff-layer[data-layer="status"]')).to_contain_text("same")


def test_a_secret_is_dots_in_the_page_and_itself_in_the_app(shown: Watched) -> None:
    shown.shop.send("GET", "/books/7", headers={"authorization": "Bearer s3cr3t-s3cr3t-s3cr3t"})
    open_replay(shown, "/books/7")
    expect(shown.page.get_by_label("Value of authorization")).to_have_value("Bearer •••")
    assert "s3cr3t" not in shown.page.content()
    shown.page.get_by_role("button", name="Send").first.click()
    expect(shown.page.locator('.diff-layer[data-layer="status"]')).to_contain_text("same")


def test_broken_json_is_pointed_out_while_typing(shown: Watched) -> None:
    shown.shop.send("POST", "/books", json={"title": "Dune"})
    shown.go(f"?view=replay&id={newest_id(shown, '/books', 'POST')}")
    shown.page.get_by_role("textbox", name="Body").fill('{"title": ')
    expect(shown.page.locator(".replay-problem")).to_contain_text("not JSON")


def test_without_a_request_the_newest_are_there_to_choose_from(shown: Watched) -> None:
    shown.shop.send("GET", "/books/42")
    shown.go("?view=replay")
    choice = shown.page.locator("ri-replay-choice")
    expect(choice).to_contain_text("Choose a request to edit and send again")
    choice.get_by_role("button", name="/books/42").first.click()
    expect(shown.page.get_by_label("Path and query")).to_have_value("/books/42")
    shown.page.get_by_role("button", name="Send").first.click()
    expect(shown.page.locator('.diff-layer[data-layer="status"]')).to_contain_text("same")
    shown.go("?view=replay")
    before = choice.locator("section", has_text="Replayed before")
    before.get_by_role("button", name="/books/42").first.click()
    expect(shown.page.locator('.diff-layer[data-layer="status"]')).to_contain_text("same")


def test_while_a_request_is_fetched_nothing_else_is_offered(page: Watched) -> None:
    page.shop.send("GET", "/books/42")
    page.page.route("**/api/exchanges/*", lambda route: None)  # never answered
    page.open(f"?view=replay&id={newest_id(page, '/books/42')}")
    expect(page.page.locator("ri-replay").get_by_role("img", name="Loading")).to_be_visible()
    expect(page.page.locator("ri-replay-choice")).to_have_count(0)


def test_an_answer_that_comes_too_late_says_nothing_about_another_request(page: Watched) -> None:
    page.expect_console("404")
    held: list[Route] = []
    for path in ("/books/1", "/books/2"):
        page.shop.send("GET", path)
    first, second = newest_id(page, "/books/1"), newest_id(page, "/books/2")
    page.page.route(f"**/api/exchanges/{first}", lambda route: held.append(route))
    with page.page.expect_request(f"**/api/exchanges/{first}"):
        page.open(f"?view=replay&id={first}")
    page.page.evaluate("(id) => document.querySelector('ri-app').session.router.set({ id })", second)
    expect(page.page.get_by_label("Path and query")).to_have_value("/books/2")
    with page.page.expect_response(f"**/api/exchanges/{first}"):
        held[0].fulfill(status=404, json={"error": {"code": "gone", "message": "it is gone"}})
    page.page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(page.page.locator("ri-replay")).not_to_contain_text("it is gone")
