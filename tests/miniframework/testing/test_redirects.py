"""Where a redirect leads, what it keeps, and when it is not followed."""

from typing import Any

import pytest

from miniframework import App, RedirectResponse, Request
from miniframework.testing import TestClient
from miniframework.types import Receive, Scope, Send
from tests.miniframework.testing.applications import app_of, away, echo, respond


async def redirecting(scope: Scope, receive: Receive, send: Send) -> None:
    """`/303/next` redirects to `/next`."""
    status = scope["path"].split("/")[1]
    if status.isdigit():
        target = scope["path"].removeprefix(f"/{status}").encode() or b"/"
        await respond(send, status=int(status), headers=[(b"location", target)])
    else:
        await echo(scope, receive, send)


@pytest.mark.parametrize(
    ("method", "status", "seen"),
    [
        ("POST", 307, ("POST", "body")),
        ("POST", 308, ("POST", "body")),
        ("POST", 303, ("GET", "")),
        ("PUT", 303, ("GET", "")),
        ("POST", 302, ("GET", "")),
        ("PUT", 302, ("GET", "")),
        ("PUT", 301, ("PUT", "body")),
        ("POST", 301, ("GET", "")),
    ],
)
def test_a_redirect_keeps_or_drops_the_body_as_its_status_says(
    method: str, status: int, seen: tuple[str, str]
) -> None:
    response = TestClient(redirecting).request(method, f"/{status}/next", content=b"body")
    assert (response.json()["method"], response.json()["body"]) == seen
    assert [one.status_code for one in response.history] == [status]
    assert (response.method, response.url) == (seen[0], "http://testserver/next")


def test_redirects_are_followed_in_a_chain_unless_told_otherwise() -> None:
    client = TestClient(redirecting)
    assert [one.status_code for one in client.get("/307/303/x").history] == [307, 303]
    assert client.get("/307/x", follow_redirects=False).status_code == 307
    assert TestClient(redirecting, follow_redirects=False).get("/307/x").status_code == 307


def test_a_circle_of_redirects_ends() -> None:
    app = app_of(lambda receive, send: respond(send, status=307, headers=[(b"location", b"/")]))
    with pytest.raises(RecursionError, match="20 redirects"):
        TestClient(app).get("/")


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (b"/a", "/a"),
        (b"a", "/x/a"),
        (b"?q=1", "/x/y"),
        (b"/.//a", "//a"),
        (b"http://testserver/a", "/a"),
        (b"//other/a", "/a"),
    ],
)
def test_a_location_is_resolved_against_the_url_that_gave_it(location: bytes, path: str) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/x/y" and not scope["query_string"]:
            await respond(send, status=307, headers=[(b"location", location)])
        else:
            await echo(scope, receive, send)

    assert TestClient(app).get("/x/y").json()["path"] == path


def test_a_cookie_set_on_the_way_is_sent_to_the_target_of_the_redirect() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/login":
            headers = [(b"location", b"/home"), (b"set-cookie", b"sid=1; Path=/")]
            await respond(send, status=303, headers=headers)
        else:
            await echo(scope, receive, send)

    response = TestClient(app).post("/login")
    assert dict(response.json()["headers"])["cookie"] == "sid=1"
    assert dict(response.history[0].cookies) == {"sid": "1"}


@pytest.mark.parametrize(
    ("to", "kept"),
    [
        ("/there", True),
        ("https://testserver/x", True),
        ("http://other/x", False),
        ("//testserver:81/x", False),
    ],
)
def test_another_origin_is_not_told_the_authorization(to: str, kept: bool) -> None:
    seen = TestClient(away).get(f"/?{to}", auth=("a", "b")).json()["headers"]
    assert ("authorization" in dict(seen)) is kept


def test_a_redirect_keeps_the_headers_that_still_hold_and_the_fragment() -> None:
    answer = TestClient(away).post("/", json=1, headers={"x-own": "1"}, cookies={"for": "once"})
    seen = dict(answer.json()["headers"])
    assert (answer.request.method, str(answer.url)) == ("GET", "http://testserver/there#part")
    assert (seen["content-type"], seen["x-own"]) == ("application/json", "1")
    assert not {"content-length", "cookie"} & seen.keys()


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("/next", "shop.example"),
        ("http://testserver/next", "shop.example"),
        ("https://testserver/", "testserver"),
    ],
    ids=["path", "same origin", "another origin"],
)
def test_a_redirect_within_the_origin_keeps_the_host_that_was_said(location: str, host: str) -> None:
    app = App()

    @app.get("/")
    @app.get("/next")
    async def read(request: Request) -> Any:
        is_first = request.scope["path"] == "/" and request.url.scheme == "http"
        return RedirectResponse(location) if is_first else request.headers["host"]

    assert TestClient(app).get("/", headers={"host": "shop.example"}).json() == host


def test_a_redirect_that_is_not_followed_says_what_would_be_sent() -> None:
    answer = TestClient(away).post("/", content=b"x", follow_redirects=False)
    following = answer.next_request
    assert following is not None
    assert (following.method, following.url.path, following.content) == ("GET", "/there", b"")
    assert TestClient(echo).get("/").next_request is None


def test_as_many_redirects_are_followed_as_the_client_says() -> None:
    client = TestClient(RedirectResponse("/"))
    client.max_redirects = 2
    with pytest.raises(RecursionError, match="more than 2 redirects"):
        client.get("/")
