"""The route tester asks the router itself where it may say otherwise than the table explains."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from miniframework import App
from miniframework.types import Receive, Scope, Send
from tests.browser.mall import answer
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import serve_dashboard
from tests.browser.test_routes_screen import BOX


async def nobody(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that nobody can look into."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def make_street() -> App:
    """An application with another one for a host, and a mount that cannot be looked into."""
    shop = App(openapi_url=None)
    shop.get("/offers", name="offers")(answer)
    app = App(openapi_url=None)
    app.get("/houses/{number:int}", name="house")(answer)
    app.mount("/elsewhere", nobody)
    app.host("{shop}.example.org", shop)
    return app


@pytest.fixture(scope="module")
def street(browser: Browser) -> Iterator[Watched]:
    with serve_dashboard(app=make_street()) as running, watched_page(browser, running) as watched:
        yield watched
        watched.check()


def said(page: Watched) -> Locator:
    return page.page.locator(".tester-note[data-router]")


def test_the_router_is_asked_beside_the_explanation(street: Watched) -> None:
    street.open("?view=routes&path=/houses/7")
    expect(said(street)).to_have_attribute("data-router", "same")
    expect(said(street)).to_have_text("The router says the same.")


def test_an_address_is_asked_with_its_host(street: Watched) -> None:
    street.open("?view=routes")
    street.page.get_by_label(BOX).fill("http://toys.example.org:8080/offers")
    expect(street.page.locator(".tester-answer")).to_contain_text("its route 1.1, /offers, takes it")
    expect(said(street)).to_have_text("The router says the same for toys.example.org:8080.")
    street.expect_address("host=toys.example.org%3A8080")


def test_replay_asks_for_the_host_that_was_recorded_and_for_the_one_that_is_typed(street: Watched) -> None:
    street.shop.send("GET", "/offers", headers={"host": "toys.example.org"})
    recorded = street.shop.newest("GET", "/offers")["id"]
    street.open(f"?view=replay&id={recorded}")
    would = street.page.locator(".replay-would")
    expect(would).to_contain_text("Would match. answer")
    street.page.get_by_label("Value of host").fill("www.example.com")
    expect(would).to_contain_text("Would not reach a handler. Not found: no route takes /offers")


def test_health_asks_for_the_host_that_was_recorded(street: Watched) -> None:
    street.shop.clear()
    street.shop.send("GET", "/ofers", headers={"host": "toys.example.org"})
    street.shop.newest("GET", "/ofers")
    street.open("?view=health")
    missed = street.page.locator("ri-unmatched li")
    expect(missed).to_contain_text("Not found: inside the host {shop}.example.org")
    missed.get_by_role("link", name="/offers").click()
    street.expect_address("host=toys.example.org")
    expect(street.page.locator(".tester-answer")).to_contain_text("its route 1.1, /offers, takes it")


def test_what_cannot_be_looked_into_says_so(street: Watched) -> None:
    street.open("?view=routes&path=/elsewhere/x")
    expect(said(street)).to_have_attribute("data-router", "unseen")
    expect(said(street)).to_contain_text("not looked into")


def test_a_host_is_listed_with_the_name_that_leads_to_it(street: Watched) -> None:
    street.open("?view=routes&route=0")
    row = street.page.locator('.route-row[data-key="0"]')
    expect(row).to_contain_text("host {shop}.example.org")
    expect(street.page.locator(".route-card")).to_contain_text("host {shop}.example.org")
