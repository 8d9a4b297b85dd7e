"""A browser sees why; everybody else gets what the application has always answered."""

import base64
import hashlib
import re
from typing import Any

import pytest

from inspector import Inspector
from inspector.settings import Settings
from inspector.web.error_pages import ErrorPages, prefers_html
from miniframework import App, HTTPException, PlainTextResponse, Request, Response
from miniframework.testing import TestClient
from miniframework.types import Receive, Scope, Send

BASE_URL = "http://127.0.0.1:8000"
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def make_app() -> App:
    app, admin = App(), App()

    @app.get("/items/{item_id:int}")
    async def get_item(item_id: int) -> dict[str, int]:
        if item_id == 9:
            raise HTTPException(404, "no item 9", headers={"x-reason": "sold"})
        return {"id": item_id}

    @app.get("/user/{user_id}")
    async def get_user(user_id: int) -> int:
        return user_id

    @app.post("/orders")
    async def order() -> str:
        return "ordered"

    @admin.get("/reports/{year:int}")
    async def report(year: int) -> int:
        return year

    app.mount("/admin", admin)
    return app


def ask(app: Any, path: str, *, method: str = "GET", headers: dict[str, str] | None = None) -> Any:
    client = TestClient(app, base_url=BASE_URL)
    return client.request(
        method, path, headers=BROWSER if headers is None else headers, follow_redirects=False
    )


def inspected(app: Any, **settings: Any) -> Inspector:
    return Inspector(app, settings=Settings(**settings))


@pytest.mark.parametrize(
    ("method", "path", "status", "parts"),
    [
        pytest.param(
            "GET",
            "/items/42x",
            404,
            ["404 Not Found", "the nearest is route 1", 'href="/items/42"', "int refuses"],
            id="404",
        ),
        pytest.param("GET", "/orders", 405, ["not for GET; allowed: POST"], id="405"),
        pytest.param(
            "GET",
            "/user/me",
            422,
            ["Routing worked: route 2, /user/{user_id}", "path.user_id", "valid integer"],
            id="422",
        ),
        pytest.param("GET", "/items/9", 404, ["Routing worked", "no item 9"], id="404 of an endpoint"),
        pytest.param(
            "GET",
            "/admin/report/7",
            404,
            ["inside the mount /admin", 'href="/admin/reports/7"', "Inside the mount"],
            id="404 below a mount",
        ),
    ],
)
def test_a_browser_sees_the_ladder(method: str, path: str, status: int, parts: list[str]) -> None:
    answer = ask(inspected(make_app()), path, method=method)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["vary"] == "Accept"
    for part in parts:
        assert part in answer.text.replace("&#34;", '"'), part


@pytest.mark.parametrize(
    "path", ["/items/42x", "/orders", "/user/me", "/items/9", "/admin/report/7", "/items/1"]
)
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"accept": "application/json"}, id="JSON"),
        pytest.param({"accept": "*/*"}, id="anything"),
        pytest.param({}, id="nothing said"),
        pytest.param({"accept": "text/html;q=0.5, application/json"}, id="JSON rather than HTML"),
        pytest.param({**BROWSER, "sec-fetch-mode": "cors"}, id="a script of a page"),
        pytest.param({**BROWSER, "host": "evil.example:8000"}, id="another name for this machine"),
        pytest.param({**BROWSER, "x-forwarded-for": "192.0.2.1"}, id="through a tunnel"),
        pytest.param({**BROWSER, "origin": "http://evil.example"}, id="from another origin"),
    ],
)
def test_everybody_else_gets_the_applications_own_answer(path: str, headers: dict[str, str]) -> None:
    plain, seen = ask(make_app(), path, headers=headers), ask(inspected(make_app()), path, headers=headers)
    assert (seen.status_code, seen.content, list(seen.headers.items())) == (
        plain.status_code,
        plain.content,
        list(plain.headers.items()),
    )


def test_the_headers_of_the_answer_stay() -> None:
    app = inspected(make_app())
    assert ask(app, "/orders").headers["allow"] == "POST"
    assert ask(app, "/items/9").headers["x-reason"] == "sold"


def test_the_page_links_to_the_exchange_and_carries_the_one_style_its_policy_allows() -> None:
    answer = ask(inspected(make_app()), "/items/42x")
    page = answer.text
    found = re.search(r'href="(/__inspector__/\?id=[0-9a-f-]{36})"', page)
    assert found is not None
    (style,) = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]
    assert ".error-page" in style
    assert "url(" not in style
    assert "<script" not in page
    assert " style=" not in page


def test_the_page_of_an_application_whose_dashboard_is_elsewhere_links_there() -> None:
    app = Inspector(make_app(), settings=Settings(), dashboard=False, dashboard_url="http://127.0.0.1:8765/")
    assert re.search(r'href="http://127\.0\.0\.1:8765/\?id=[0-9a-f-]{36}"', ask(app, "/items/42x").text)


def test_what_the_request_says_is_text_and_stays_on_this_origin() -> None:
    app = App()
    app.get("/{rest:path}/x")(lambda: "")
    page = ask(inspected(app), "/%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    page = ask(inspected(app), "//evil.example/y").text
    assert 'href="//' not in page


def test_the_setting_switches_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    assert ask(inspected(app, error_pages=False), "/nothing").json() == {"detail": "Not Found"}
    assert app.error_page is None
    monkeypatch.setenv("INSPECTOR_ERROR_PAGES", "0")
    assert ask(Inspector(make_app()), "/nothing").json() == {"detail": "Not Found"}


def test_without_a_dashboard_beside_it_the_page_links_to_none() -> None:
    page = ask(Inspector(make_app(), settings=Settings(), dashboard=False), "/itms/1").text
    assert "/__inspector__/" not in page
    assert "Try" in page


def test_an_applications_own_handler_is_left_alone() -> None:
    app = make_app()

    @app.exception_handler(404)
    async def missing(request: Request, error: Exception) -> Response:
        return PlainTextResponse("mine", 404)

    assert ask(inspected(app), "/nothing").text == "mine"


def test_an_application_that_answers_404_itself_is_left_alone() -> None:
    async def foreign(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("theirs", 404)(scope, receive, send)

    app = make_app()
    app.mount("/foreign", foreign)
    assert ask(inspected(app), "/foreign/x").text == "theirs"
    assert ask(inspected(foreign), "/x").text == "theirs"


def test_a_page_that_cannot_be_made_leaves_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    app = make_app()
    pages = app.error_page = ErrorPages()
    pages._pages = None  # type: ignore[assignment]  # as a broken installation would
    assert ask(app, "/nothing").json() == {"detail": "Not Found"}
    assert pages.failures == 1
    assert "the page for a 404 could not be made" in caplog.text


def test_a_long_table_is_folded_to_what_came_near() -> None:
    app = App(openapi_url=None)
    for number in range(200):
        app.get(f"/shelf{number}/{{n:int}}")(lambda n: n)
    page = ask(inspected(app), "/shelf150/x").text
    assert "/shelf150/{n:int}" in page
    assert "160 more routes came less far" in page


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (BROWSER["accept"], True),
        ("text/html", True),
        ("TEXT/HTML; charset=utf-8", True),
        ("text/html;q=0.9, application/json;q=0.8", True),
        ("text/html, application/json", False),
        ("application/json, text/html;q=0.9", False),
        ("*/*", False),
        ("", False),
        ("text/html;q=0", False),
        ("text/html;q=nonsense", False),
        (",;,;q", False),
    ],
)
def test_html_is_preferred_only_when_it_is_asked_for_more_than_json(accept: str, html: bool) -> None:
    assert prefers_html(accept) is html
