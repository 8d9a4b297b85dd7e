"""Who asks: user names and passwords, and schemes of one's own."""

import asyncio
import json
from collections.abc import Generator
from typing import Any

import httpx
import pytest

from miniframework.testing import SentRequest, TestClient
from miniframework.types import Receive, Scope, Send
from tests.miniframework.testing.applications import echo, headers_seen


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


def test_a_user_in_the_url_is_sent_unless_another_is_given() -> None:
    client = TestClient(echo, auth=("of", "client"))
    assert headers_seen(client, "http://a%40b:c@host/", auth=None)["authorization"] == "Basic YUBiOmM="
    assert "authorization" not in headers_seen(client, auth=None)
    assert headers_seen(client)["authorization"] == "Basic b2Y6Y2xpZW50"
