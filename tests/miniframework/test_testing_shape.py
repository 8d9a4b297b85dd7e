"""The test client has the shape of httpx's, so that test files written for it run here."""

import asyncio
import json
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from miniframework import App, PlainTextResponse, RedirectResponse, Request
from miniframework.datastructures import URL
from miniframework.testing import HTTPStatusError, ProtocolViolation, SentRequest, TestClient
from miniframework.types import Receive, Scope, Send
from tests.miniframework.test_testing import echo, respond, setting


def headers_seen(client: TestClient, url: str = "/", **options: Any) -> dict[str, str]:
    return dict(client.get(url, **options).json()["headers"])


def test_a_user_name_and_a_password_are_sent_by_the_basic_scheme() -> None:
    client = TestClient(echo)
    assert headers_seen(client, auth=("Aladdin", "open sesame"))["authorization"] == (
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="  # the sample of RFC 7617 section 2
    )
    assert "authorization" not in headers_seen(client)
    assert headers_seen(TestClient(echo, auth=("a", "b")))["authorization"] == "Basic YTpi"
    with pytest.raises(TypeError, match="no pair"):
        client.get("/", auth="token")  # type: ignore[arg-type]


class Stamp(httpx.Auth):
    def auth_flow(self, request: Any) -> Generator[Any, Any, None]:
        request.headers["authorization"] = "Stamp 1"
        yield request


def stamp(request: SentRequest) -> SentRequest:
    request.headers["authorization"] = "Stamp 1"
    return request


@pytest.mark.parametrize("auth", [Stamp(), stamp], ids=["scheme", "function"])
def test_a_scheme_of_ones_own_says_who_asks(auth: Any) -> None:
    client = TestClient(echo)
    assert headers_seen(client, auth=auth)["authorization"] == "Stamp 1"
    with client.stream("GET", "/", auth=auth) as response:
        assert dict(json.loads(response.read())["headers"])["authorization"] == "Stamp 1"
    client.auth = auth
    assert client.send(client.build_request("GET", "/")).request.headers["authorization"] == "Stamp 1"
    assert "authorization" not in headers_seen(client, auth=None)


@pytest.mark.parametrize(
    "auth", [("Aladdin", "open sesame"), Stamp(), stamp], ids=["pair", "scheme", "function"]
)
def test_who_asks_is_said_in_a_handshake_too(auth: Any) -> None:
    seen: dict[bytes, bytes] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.update(dict(scope["headers"]))
        await send({"type": "websocket.accept"})

    with TestClient(app, auth=auth).websocket_connect("/ws"):
        assert seen.pop(b"authorization").split()[0] in (b"Basic", b"Stamp")
    with TestClient(app).websocket_connect("/ws", auth=auth):
        assert seen[b"authorization"].split()[0] in (b"Basic", b"Stamp")


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_scheme_may_ask_again_after_what_was_answered(is_streamed: bool) -> None:
    """Digest, as httpx has it: the challenge of a 401 is answered by a second request."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        given = dict(scope["headers"]).get(b"authorization", b"")
        challenge = b'Digest realm="r", nonce="n", algorithm=MD5'
        status, headers = (
            (200, []) if given.startswith(b"Digest") else (401, [(b"www-authenticate", challenge)])
        )
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": given[:26]})

    client, auth = TestClient(app), httpx.DigestAuth("ann", "secret")
    if is_streamed:
        with client.stream("GET", "/a?b=1", auth=auth) as response:
            assert response.read() == b'Digest username="ann", rea'
    else:
        response = client.get("/a?b=1", auth=auth)
        assert response.text == 'Digest username="ann", rea'
    assert 'uri="/a?b=1"' in response.request.headers["authorization"]


def test_a_scheme_that_fails_leaves_the_response_that_still_comes() -> None:
    left = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 401, "headers": []})
        try:
            await asyncio.Event().wait()
        finally:
            left.append(True)

    class Failing(httpx.Auth):
        def auth_flow(self, request: Any) -> Generator[Any, Any, None]:
            response = yield request
            raise KeyError(response.status_code)

    with pytest.raises(KeyError, match="401"), TestClient(app).stream("GET", "/", auth=Failing()):
        pass
    assert left == [True]


def test_a_function_for_auth_gives_the_request() -> None:
    with pytest.raises(TypeError, match=r"gave None; return the request"):
        TestClient(echo).get("/", auth=lambda request: None)  # type: ignore[arg-type,return-value]


def test_an_option_that_does_not_exist_is_refused_and_not_ignored() -> None:
    with pytest.raises(TypeError, match=r"no option 'allow_redirects' \(known: .*follow_redirects"):
        TestClient(echo).get("/", allow_redirects=True)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="asyncio only"):
        TestClient(echo, backend="trio")  # type: ignore[arg-type]


def test_the_clients_headers_can_be_changed_cleared_and_set_anew() -> None:
    client = TestClient(echo, headers={"X-Token": "a"})
    client.headers["x-TOKEN"] = "b"
    client.headers.update({"More": "1"})
    assert headers_seen(client).items() >= {"x-token": "b", "more": "1", "user-agent": "testclient"}.items()
    client.headers.clear()
    assert headers_seen(client) == {"host": "testserver"}
    client.headers = {"only": "this"}
    assert set(headers_seen(client)) == {
        "host",
        "accept",
        "accept-encoding",
        "connection",
        "user-agent",
        "only",
    }


@pytest.mark.parametrize("content", ["text", b"bytes"])
def test_a_bare_body_has_no_type_of_its_own(content: Any) -> None:
    sent = dict(TestClient(echo).post("/", content=content).json()["headers"])
    assert "content-type" not in sent


def test_an_empty_form_is_no_body() -> None:
    sent = dict(TestClient(echo).post("/", data={}).json()["headers"])
    assert ("content-type" in sent, sent["content-length"]) == (False, "0")
    with pytest.raises(TypeError, match="data="):
        TestClient(echo).post("/", content={"a": 1})  # type: ignore[arg-type]


def test_cookies_can_be_set_deleted_and_assigned() -> None:
    client = TestClient(echo)
    client.cookies.set("a", "1")
    client.cookies.set("deep", "2", path="/deep")
    assert headers_seen(client)["cookie"] == "a=1"
    assert headers_seen(client, "/deep/er")["cookie"] == "deep=2; a=1"
    client.cookies.delete("a")
    assert "cookie" not in headers_seen(client)
    client.cookies = {"b": "3"}
    assert headers_seen(client)["cookie"] == "b=3"
    client.cookies = [("b", "4"), ("b", "5")]
    assert headers_seen(client)["cookie"] == "b=5"


@pytest.mark.parametrize(
    ("line", "url", "sent"),
    [
        ("a=1", "http://testserver/", True),
        ("a=1", "http://other/", False),
        ("a=1; Secure", "http://testserver/", False),
        ("a=1; Secure", "https://testserver/", True),
        ("a=1; Domain=.testserver", "http://sub.testserver/", True),
        ("a=1", "http://sub.testserver/", False),
    ],
)
def test_a_cookie_goes_to_its_host_and_a_secure_one_to_https_only(line: str, url: str, sent: bool) -> None:
    client = TestClient(setting)
    client.get("/?" + line)
    assert ("cookie" in headers_seen(client, url)) is sent


def test_a_cookie_put_there_by_hand_gives_way_to_that_of_a_response() -> None:
    client = TestClient(setting, cookies={"a": "hand"})
    client.get("/?a=set")
    assert headers_seen(client)["cookie"] == "a=set"
    client.get("/?a=; Max-Age=0")
    assert dict(client.cookies) == {}


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the status in the path."""
    await respond(
        send, status=int(scope["path"][1:]), headers=[(b"x-a", b"1"), (b"x-a", b"2"), (b"x-b", b"3")]
    )


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, {"is_success"}),
        (204, {"is_success"}),
        (304, {"is_redirect"}),
        (404, {"is_client_error", "is_error"}),
        (503, {"is_server_error", "is_error"}),
    ],
)
def test_a_status_has_its_words_and_only_2xx_passes(status: int, said: set[str]) -> None:
    response = TestClient(answering).get(f"/{status}?x=1")
    words = ("informational", "success", "redirect", "client_error", "server_error", "error")
    assert {f"is_{word}" for word in words if getattr(response, f"is_{word}")} == said
    if "is_success" in said:
        assert response.raise_for_status() is response
    else:
        with pytest.raises(HTTPStatusError, match=str(status)) as caught:
            response.raise_for_status()
        assert (caught.value.response, caught.value.request) == (response, response.request)


def test_a_repeated_header_gives_all_its_values() -> None:
    headers = TestClient(answering).get("/200").headers
    assert (headers["X-A"], headers.get("x-a"), headers.get_list("x-a")) == ("1, 2", "1, 2", ["1", "2"])
    assert ("x-b" in headers, headers.get("x-c", "none")) == (True, "none")
    assert [pair for pair in headers.items() if pair[0] == "x-a"] == [("x-a", "1, 2")]
    assert (list(headers.keys()).count("x-a"), list(headers.values()).count("1, 2")) == (1, 1)
    assert [value for name, value in headers.multi_items() if name == "x-a"] == ["1", "2"]


def test_the_lines_of_a_header_are_cut_at_their_commas_where_that_is_asked() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        lines = [(b"vary", b"Origin, Cookie"), (b"vary", b"Accept")]
        await send({"type": "http.response.start", "status": 200, "headers": lines})
        await send({"type": "http.response.body", "body": b""})

    response = TestClient(app).get("/", headers=[("x-a", "1,2"), ("x-a", "3")])
    assert response.headers.get_list("Vary") == ["Origin, Cookie", "Accept"]
    assert response.headers.get_list("Vary", split_commas=True) == ["Origin", "Cookie", "Accept"]
    assert response.request.headers.get_list("x-a", split_commas=True) == ["1", "2", "3"]
    assert response.headers.get_list("x-b", split_commas=True) == []


@pytest.mark.parametrize("kind", [URL, httpx.URL])
def test_a_url_may_be_an_object_that_says_it_as_text(kind: type[URL] | type[httpx.URL]) -> None:
    async def say(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": f"{scope['path']} {scope['query_string'].decode()}"})

    client = TestClient(echo)
    assert client.get(kind("http://testserver/a?b=1")).url == "http://testserver/a?b=1"
    with client.stream("GET", kind("/a")) as response:
        assert response.url == "http://testserver/a"
    with TestClient(say).websocket_connect(kind("/a?b=1")) as session:
        assert session.receive_text() == "/a b=1"


@pytest.mark.parametrize("given", [None, 7, b"/a"])
def test_what_is_no_url_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match=f"Invalid type for url: {given!r}; give text"):
        TestClient(echo).get(given)


def test_a_test_may_change_the_headers_of_a_response() -> None:
    headers = TestClient(answering).get("/200").headers
    kept = headers.copy()
    assert (headers.pop("X-A"), headers.pop("x-a", "none"), headers.pop("x-a", None)) == (
        "1, 2",
        "none",
        None,
    )
    with pytest.raises(KeyError):
        headers.pop("x-a")
    del headers["x-b"]
    headers["x-c"] = "3"
    assert (headers.get("x-b"), headers["X-C"], kept["x-a"], kept.get("x-c")) == (None, "3", "1, 2", None)


def test_the_names_of_headers_are_in_lower_case_however_they_came() -> None:
    async def shout(scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"X-A", b"1"), (b"x-A", b"2")]}
        )
        await send({"type": "http.response.body", "body": b""})

    headers = TestClient(shout).get("/").headers
    assert (headers.multi_items(), headers.items()) == ([("x-a", "1"), ("x-a", "2")], [("x-a", "1, 2")])
    assert headers.raw == [(b"X-A", b"1"), (b"x-A", b"2")]


def test_a_response_knows_its_request_its_url_and_its_time() -> None:
    response = TestClient(echo).post("/caf%C3%A9/x?a=1&a=2", json={"b": 1})
    url = response.url
    assert url == "http://testserver/caf%C3%A9/x?a=1&a=2"
    assert (url.scheme, url.host, url.port, url.netloc) == ("http", "testserver", None, b"testserver")
    assert (url.path, url.raw_path) == ("/café/x", b"/caf%C3%A9/x?a=1&a=2")
    assert (url.query, url.params.get_list("a"), url.fragment) == (b"a=1&a=2", ["1", "2"], "")
    request = response.request
    assert (request.method, request.url, request.content, request.read()) == (
        "POST",
        url,
        b'{"b":1}',
        b'{"b":1}',
    )
    assert request.headers["Content-Type"] == "application/json"
    assert timedelta(0) < response.elapsed < timedelta(seconds=30)


def test_a_timeout_may_be_given_to_one_request() -> None:
    async def hang(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        TestClient(hang).get("/", timeout=0.05)


def test_a_web_socket_takes_cookies_parameters_and_auth_as_a_request_does() -> None:
    seen: dict[str, Any] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.update(dict(scope["headers"]), query=scope["query_string"])
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": 4000})

    client = TestClient(app, cookies={"a": "1"})
    with client.websocket_connect("/ws", cookies={"b": "2"}, params={"q": 3}, auth=("u", "p")) as session:
        assert session.receive() == {"type": "websocket.close", "code": 4000}
    assert (seen[b"cookie"], seen["query"], seen[b"authorization"]) == (b"a=1; b=2", b"q=3", b"Basic dTpw")


@pytest.mark.parametrize("step", ["startup", "shutdown"])
def test_what_the_lifespan_raises_is_raised_where_the_client_is_entered_or_left(step: str) -> None:
    @asynccontextmanager
    async def life(app: App) -> AsyncIterator[None]:
        if step == "startup":
            raise ConnectionError("no database")
        yield
        raise ConnectionError("half closed")

    with pytest.raises(ConnectionError), TestClient(App(lifespan=life)):
        assert step == "shutdown"


def test_an_endpoint_that_never_looks_is_cancelled_when_it_is_left() -> None:
    ended: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        try:
            while True:
                await send({"type": "websocket.send", "text": "tick"})
        finally:
            ended.append("cancelled")

    with TestClient(app).websocket_connect("/") as session:
        assert session.receive_text() == "tick"
    assert ended == ["cancelled"]


def test_the_event_loop_can_be_asked_for() -> None:
    kinds: list[tuple[type, bool]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        kinds.append((type(loop), loop.get_debug()))
        await respond(send)

    TestClient(app, backend_options={"debug": True}).get("/")
    TestClient(app, backend_options={"loop_factory": asyncio.SelectorEventLoop}).get("/")
    TestClient(app, backend_options={"use_uvloop": True}).get("/")
    assert kinds[0][1]
    assert kinds[1][0] is asyncio.SelectorEventLoop
    assert kinds[2][0].__module__ == "uvloop"
    with pytest.raises(ValueError, match="'fast'"):
        TestClient(app, backend_options={"fast": True}).get("/")


def test_trailers_are_kept_beside_the_headers() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert "http.response.trailers" in scope["extensions"]
        await send({"type": "http.response.start", "status": 200, "headers": [], "trailers": True})
        await send({"type": "http.response.body", "body": b"hello"})
        await send({"type": "http.response.trailers", "headers": [(b"x", b"1")], "more_trailers": True})
        await send({"type": "http.response.trailers", "headers": [(b"x", b"2")]})

    answer = TestClient(app).get("/")
    assert answer.extensions["http.response.trailers"] == [(b"x", b"1"), (b"x", b"2")]
    assert (answer.content, "x" in answer.headers) == (b"hello", False)


@pytest.mark.parametrize("declared", [True, False])
def test_trailers_that_were_not_declared_or_come_twice_break_the_protocol(declared: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [], "trailers": declared})
        await send({"type": "http.response.body", "body": b""})
        await send({"type": "http.response.trailers", "headers": []})
        await send({"type": "http.response.trailers", "headers": []})

    with pytest.raises(ProtocolViolation, match="trailers"):
        TestClient(app).get("/")


@pytest.mark.parametrize(
    ("domain", "kept"), [("testserver", True), ("testserver.local", True), ("example.com", False)]
)
def test_a_cookie_for_another_host_is_not_kept(domain: str, kept: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await respond(send, headers=[(b"set-cookie", f"a=1; Domain={domain}".encode())])

    client = TestClient(app)
    assert ("a" in client.get("/").cookies) is kept
    client.cookies.delete("a")
    client.cookies.delete("a")
    assert "a" not in client.cookies


def test_empty_pieces_of_a_stream_are_not_given() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for piece in (b"one", b"", b"two"):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    with TestClient(app).stream("GET", "/") as answer:
        assert list(answer.iter_raw()) == [b"one", b"two"]


async def away(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/":
        to = scope["query_string"] or b"/there#part"
        await respond(send, status=303, headers=[(b"location", to)])
    else:
        await echo(scope, receive, send)


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


def test_a_request_is_built_and_sent_apart() -> None:
    client = TestClient(away)
    request = client.build_request("post", "/there", json={"a": 1}, params={"q": "1"})
    assert (request.method, str(request.url), request.content) == (
        "POST",
        "http://testserver/there?q=1",
        b'{"a":1}',
    )
    assert client.send(request).status_code == 200
    first = client.build_request("GET", "/")
    assert client.send(first, follow_redirects=False).status_code == 303
    response = client.send(client.build_request("GET", "/there"), stream=True)
    assert not response.is_closed
    assert response.read() == response.content
    response.close()
    response.close()


def test_an_application_without_end_is_left_with_its_response() -> None:
    left = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            while True:
                await send({"type": "http.response.body", "body": b"x", "more_body": True})
                await asyncio.sleep(0)
        finally:
            left.append(True)

    client = TestClient(app)
    response = client.send(client.build_request("GET", "/"), stream=True)
    assert next(response.iter_raw()) == b"x"
    response.close()
    assert left == [True]
    client.send(client.build_request("GET", "/"), stream=True)
    client.close()
    assert left == [True, True]


def test_a_user_in_the_url_is_sent_unless_another_is_given() -> None:
    client = TestClient(echo, auth=("of", "client"))
    assert headers_seen(client, "http://a%40b:c@host/", auth=None)["authorization"] == "Basic YUBiOmM="
    assert "authorization" not in headers_seen(client, auth=None)
    assert headers_seen(client)["authorization"] == "Basic b2Y6Y2xpZW50"


def test_a_response_is_cut_and_read_as_one_likes() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await respond(send, "grün\n".encode("latin-1"), headers=[(b"content-type", b"text/plain")])

    answer = TestClient(app).get("/")
    answer.encoding = "latin-1"
    assert (answer.text, list(answer.iter_text(2)), list(answer.iter_raw(3))) == (
        "grün\n",
        ["gr", "ün", "\n"],
        [b"gr\xfc", b"n\n"],
    )
    assert (answer.num_bytes_downloaded, answer.is_closed, repr(answer)) == (5, True, "<Response [200 OK]>")
    assert answer.headers == {"Content-Type": "text/plain"}


def test_a_file_is_sent_whole_with_its_length(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"four")
    with (tmp_path / "f").open("rb") as file:
        assert dict(TestClient(echo).post("/", content=file).json()["headers"])["content-length"] == "4"


def test_a_name_that_is_repeated_is_sent_as_often() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        said = [value for name, value in scope["headers"] if name == b"x"]
        await PlainTextResponse(b",".join(said))(scope, receive, send)

    client = TestClient(app, headers=[("x", "1"), ("X", "2")])
    assert (client.get("/").text, client.headers["x"]) == ("1,2", "1, 2")
    client.headers = [("x", "3"), ("x", "4")]  # type: ignore[assignment]
    assert client.get("/").text == "3,4"
    assert client.get("/", headers=iter([("x", "5"), ("x", "6")])).text == "5,6"
    assert client.post("/", headers=iter([("x", "7")]), files={"a": b"b"}).text == "7"
    client.headers["X"] = "8"
    assert (client.get("/").text, client.build_request("GET", "/").headers["x"]) == ("8", "8")


def test_an_application_of_asgi_2_is_called_too() -> None:
    def app(scope: Scope) -> Any:
        async def inner(receive: Receive, send: Send) -> None:
            if scope["type"] == "websocket":
                await send({"type": "websocket.accept"})
                await send({"type": "websocket.send", "text": scope["path"]})
                return
            await PlainTextResponse(scope["path"])(scope, receive, send)

        return inner

    client = TestClient(app)
    assert client.get("/a").text == "/a"
    with client.websocket_connect("/b") as socket:
        assert socket.receive_text() == "/b"


def test_the_portal_calls_on_the_loop_of_the_application() -> None:
    loops = []

    async def note(name: str) -> str:
        loops.append(asyncio.get_running_loop())
        return name

    @asynccontextmanager
    async def life(app: App) -> AsyncIterator[None]:
        await note("start")
        yield

    client = TestClient(App(lifespan=life))
    assert client.portal is None
    with client:
        assert client.portal is not None
        assert client.portal.call(note, "a") == "a"
        assert client.portal.call(str.upper, "b") == "B"
        assert client.portal.start_task_soon(note, "c").result() == "c"
    assert len(set(loops)) == 1
    assert client.portal is None


def test_as_many_redirects_are_followed_as_the_client_says() -> None:
    client = TestClient(RedirectResponse("/"))
    client.max_redirects = 2
    with pytest.raises(RecursionError, match="more than 2 redirects"):
        client.get("/")


@pytest.mark.parametrize(
    ("offered", "known"), [(None, []), ([], [""]), (["a", "b"], ["a", "b"]), (["a, b"], ["a", "b"])]
)
def test_subprotocols_are_those_of_the_header(offered: list[str] | None, known: list[str]) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": repr(scope["subprotocols"])})

    with TestClient(app).websocket_connect("/", subprotocols=offered) as socket:
        assert socket.receive_text() == repr(known)


def test_a_file_of_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a", encoding="utf-8")
    with path.open(encoding="utf-8") as opened, pytest.raises(TypeError, match="opened in binary mode"):
        TestClient(echo).post("/", files={"a": opened})


def test_cookies_are_a_mapping_of_names() -> None:
    cookies = TestClient(echo).cookies
    cookies["a"] = "1"
    cookies.set("a", "2", path="/deep")
    assert (len(cookies), dict(cookies)) == (1, {"a": "2"})
    assert repr(cookies) == "CookieJar({'a': '2'})"
    with pytest.raises(KeyError, match="b"):
        del cookies["b"]


def test_cookies_are_found_and_forgotten_by_their_domain_and_path() -> None:
    client = TestClient(setting)
    jar = client.cookies
    for name, value, more in [
        ("a", "1", {}),
        ("a", "2", {"path": "/b"}),
        ("a", "3", {"domain": "other.org"}),
    ]:
        jar.set(name, value, **more)
    assert (jar.get("a", path="/b"), jar.get("a", domain="other.org"), jar.get("a", "no", path="/c")) == (
        "2",
        "3",
        "no",
    )
    jar.delete("a", path="/b")
    jar.delete("a", domain="nowhere.org")
    assert (jar.get("a", path="/b"), jar.get("a", domain="other.org")) == (None, "3")
    jar.clear(domain="other.org")
    assert dict(jar) == {"a": "1"}
    client.cookies = None  # type: ignore[assignment]  # its setter takes more than it gives
    assert dict(client.cookies) == {}


def test_a_host_without_a_dot_has_a_local_name_for_its_cookies() -> None:
    """As in httpx, whose jar is that of http.cookiejar."""
    client = TestClient(setting)
    client.cookies.set("by_hand", "1", domain="testserver.local")
    assert headers_seen(client)["cookie"] == "by_hand=1"
    client.get("/?set=2")
    assert client.cookies.get("set", domain="testserver.local", path="/") == "2"


def test_the_cookies_of_another_jar_keep_their_domains() -> None:
    client = TestClient(setting, base_url="http://a.org")
    client.cookies.update(TestClient(setting, base_url="http://b.org").get("/?a=1").cookies)
    client.cookies.update({"c": "2"}, d="3")
    assert (client.cookies.get("a", domain="b.org"), headers_seen(client)["cookie"]) == ("1", "c=2; d=3")
