"""Bodies as bytes: all of them, and those of the request that is shown."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from miniframework import App, JSONResponse, Response, StreamingResponse
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running, serve_dashboard

BLOB = bytes(range(256)) * 12


def make_app() -> App:
    app = App(openapi_url=None)
    ended = asyncio.Event()

    @app.get("/blob")
    async def blob() -> Response:
        return Response(BLOB, media_type="application/octet-stream")

    @app.get("/say/{word}")
    async def say(word: str) -> Response:
        return JSONResponse({"said": word * 20})

    @app.get("/drip")
    async def drip() -> Response:
        async def drops() -> AsyncIterator[bytes]:
            yield b"first "
            await ended.wait()
            yield b"last"

        return StreamingResponse(drops(), media_type="text/plain")

    @app.post("/end")
    async def end() -> None:
        ended.set()

    return app


@pytest.fixture(scope="module")
def shop() -> Iterator[Running]:
    with serve_dashboard(app=make_app()) as running:
        yield running


def show_body(page: Watched, path: str) -> None:
    page.open_row(path)
    expect(page.page.locator(".detail-path")).to_have_text(path)
    page.tab("Response")


def test_all_bytes_of_a_body_that_is_no_text_can_be_read(page: Watched) -> None:
    page.shop.send("GET", "/blob")
    show_body(page, "/blob")
    expect(page.page.locator(".hex-offset")).to_have_count(len(BLOB) // 16)


def test_bytes_that_come_late_are_not_shown_as_those_of_another_request(page: Watched) -> None:
    for word in ("aaa", "bbb"):
        page.shop.send("GET", f"/say/{word}")
    first = page.shop.newest("GET", "/say/aaa")["id"]
    held: list[Route] = []
    page.page.route(f"**/api/exchanges/{first}/body/response", lambda route: held.append(route))
    show_body(page, "/say/aaa")
    with page.page.expect_request(f"**/api/exchanges/{first}/body/response"):
        page.page.get_by_role("button", name="Hex").click()
    show_body(page, "/say/bbb")
    page.page.get_by_role("button", name="Hex").click()
    expect(page.page.locator(".hex")).to_contain_text("bbb")
    with page.page.expect_response(f"**/api/exchanges/{first}/body/response"):
        held[0].continue_()
    page.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    expect(page.page.locator(".hex")).to_contain_text("bbb")


def test_a_request_that_is_open_stays_readable_while_the_dashboard_is_away(browser: Browser) -> None:
    with serve_dashboard(app=make_app()) as other, watched_page(browser, other) as page:
        page.expect_console("ERR_FAILED")
        page.open()
        page.page.evaluate("() => void fetch('/drip').then((answer) => answer.text())")
        show_body(page, "/drip")
        page.page.route(re.compile(r"/api/exchanges/\w"), lambda route: route.abort())
        with page.page.expect_event("requestfailed"):
            other.send("POST", "/end")
        page.page.evaluate(
            "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
        )
        expect(page.page.locator(".detail-path")).to_have_text("/drip")
        expect(page.page.locator(".detail-panel")).to_be_visible()
        page.check()
