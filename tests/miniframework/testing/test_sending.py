"""What a test client sends: what hooks make of it, where it goes, and that it ends."""

import pytest

from miniframework import App, RedirectResponse, Request
from miniframework.testing import HTTPStatusError, SentRequest, TestClient, TestResponse
from miniframework.types import Receive, Scope, Send
from tests.miniframework.testing.applications import echo, headers_seen


def test_hooks_see_each_request_before_it_is_sent_and_each_response() -> None:
    app = App()
    app.get("/from")(lambda: RedirectResponse("/to"))

    @app.get("/to")
    def read_stamp(request: Request) -> str | None:
        return request.headers.get("x-stamp")

    seen: list[str] = []

    def stamp(request: SentRequest) -> None:
        request.headers["X-Stamp"] = "yes"

    def look(response: TestResponse) -> None:
        seen.append(f"{response.status_code} {response.url.path}")

    client = TestClient(app)
    client.event_hooks = {"request": [stamp], "response": [look]}
    assert client.get("/from").json() == "yes"
    assert seen == ["307 /from", "200 /to"]
    client.event_hooks["response"].append(lambda response: seen.append(response.read().decode()))
    with client.stream("GET", "/to") as response:
        assert response.json() == "yes"
    assert seen[-1] == '"yes"'
    with pytest.raises(ValueError, match="no kind 'answer'"):
        client.event_hooks = {"answer": [look]}


def test_a_hook_that_raises_leaves_the_response() -> None:
    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        left.append((await receive())["type"])
        left.append((await receive())["type"])

    left: list[str] = []
    client = TestClient(endless)
    client.event_hooks = {"response": [TestResponse.raise_for_status]}
    with pytest.raises(HTTPStatusError), client.stream("GET", "/"):
        pytest.fail("the hook let it through")
    assert left == ["http.request", "http.disconnect"]


def test_a_request_that_was_built_can_still_be_changed() -> None:
    client = TestClient(echo)
    request = client.build_request("GET", "/", headers={"x-a": "1", "x-b": "2"})
    request.headers["X-A"] = "ä"
    del request.headers["x-b"]
    sent = dict(client.send(request).json()["headers"])
    assert sent["x-a"] == "ä"
    assert "x-b" not in sent


def test_a_closed_client_sends_nothing_more() -> None:
    with TestClient(App()) as client:
        assert client.get("/openapi.json").status_code == 200
        client.close()
        with pytest.raises(RuntimeError, match="client has been closed"):
            client.get("/openapi.json")
        with pytest.raises(RuntimeError, match="client has been closed"):
            client.websocket_connect("/").__enter__()


@pytest.mark.parametrize(
    ("base_url", "host"),
    [("http://a:80", "a"), ("https://a:443", "a"), ("https://a:80", "a:80"), ("http://[::1]:80", "[::1]")],
)
def test_the_port_of_the_scheme_is_not_said(base_url: str, host: str) -> None:
    assert headers_seen(TestClient(echo, base_url=base_url))["host"] == host


def test_what_follows_a_hash_is_not_asked_for() -> None:
    assert TestClient(echo).get("/a?b=1#part").url == "http://testserver/a?b=1"


def test_a_query_has_a_body() -> None:
    app = App()

    @app.api_route("/books", methods=["QUERY"])
    def find_books(wanted: dict[str, str]) -> dict[str, str]:
        return wanted

    @app.api_route("/{status}", methods=["QUERY"])
    def move(status: int) -> RedirectResponse:
        return RedirectResponse("/books", status)

    client = TestClient(app)
    for path in ("/books", "/301", "/302"):
        assert client.query(path, json={"title": "Emma"}).json() == {"title": "Emma"}
    assert client.query("/303", json={"title": "Emma"}).request.method == "GET"
    assert client.query("/books").request.headers["content-length"] == "0"
