"""WebSockets of the test client: frames, refusals, ends."""

import asyncio
from typing import Any

import pytest

from miniframework.testing import ProtocolViolation, SocketRefused, TestClient
from miniframework.types import Message, Receive, Scope, Send
from miniframework.websocket import WebSocketDisconnect
from tests.miniframework.testing.applications import Boom, respond, talking


def test_frames_go_both_ways() -> None:
    with TestClient(talking).websocket_connect("/a?x=1", subprotocols=["v2", "v1"]) as session:
        assert (session.accepted_subprotocol, session.headers["x-path"]) == ("v2", "/a")
        session.send_text("é")
        assert session.receive_text() == "é"
        session.send_bytes(b"\x00")
        assert session.receive_bytes() == b"\x00"
        session.send_json({"a": [1]})
        assert session.receive_json() == {"a": [1]}


def test_a_frame_of_the_other_kind_is_told() -> None:
    with TestClient(talking).websocket_connect("/") as session:
        session.send_bytes(b"x")
        with pytest.raises(KeyError, match="text") as caught:
            session.receive_text()
    assert "the other kind of message" in caught.value.__notes__[0]


def test_the_applications_close_is_raised_with_its_code() -> None:
    with TestClient(talking).websocket_connect("/") as session:
        session.send_text("bye")
        with pytest.raises(WebSocketDisconnect) as caught:
            session.receive_text()
    assert (caught.value.code, caught.value.reason) == (3001, "so long")


def test_the_applications_exception_is_raised_where_it_is_noticed() -> None:
    def receive() -> None:
        with TestClient(talking).websocket_connect("/") as session:
            session.send_text("boom")
            session.receive_text()

    def leave() -> None:
        with TestClient(talking).websocket_connect("/") as session:
            session.send_text("boom")

    for notice in (receive, leave):
        with pytest.raises(Boom):
            notice()


def test_leaving_closes_and_waits_for_the_application() -> None:
    heard: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        heard.append(await receive())

    with TestClient(app).websocket_connect("/"):
        pass
    with TestClient(app).websocket_connect("/") as session:
        session.close(4000, "done")
    assert [(one["type"], one["code"]) for one in heard] == [
        ("websocket.disconnect", 1000),
        ("websocket.disconnect", 4000),
    ]


def test_a_flood_of_frames_does_not_hold_up_the_end() -> None:
    async def flood(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        for number in range(5000):
            await send({"type": "websocket.send", "text": str(number)})

    with TestClient(flood).websocket_connect("/") as session:
        assert session.receive_text() == "0"


@pytest.mark.parametrize(
    ("messages", "status", "code", "body"),
    [
        pytest.param(
            [{"type": "websocket.close", "code": 4401, "reason": "who"}], 403, 4401, b"", id="closed"
        ),
        pytest.param(
            [
                {"type": "websocket.http.response.start", "status": 404, "headers": [(b"x", b"y")]},
                {"type": "websocket.http.response.body", "body": b"no ", "more_body": True},
                {"type": "websocket.http.response.body", "body": b"room"},
            ],
            404,
            1006,
            b"no room",
            id="denied with a response",
        ),
    ],
)
def test_a_refused_handshake_is_raised_with_its_answer(
    messages: list[Message], status: int, code: int, body: bytes
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        for message in messages:
            await send(message)

    with pytest.raises(SocketRefused) as caught, TestClient(app).websocket_connect("/"):
        pass
    assert (caught.value.response.status_code, caught.value.code) == (status, code)
    assert caught.value.response.content == body


def test_a_handshake_without_an_answer_is_a_violation() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    with pytest.raises(ProtocolViolation, match="without an answer"), TestClient(app).websocket_connect("/"):
        pass


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        pytest.param([{"type": "websocket.send", "text": "x"}], "in answer to a handshake", id="a frame"),
        pytest.param(
            [
                {"type": "websocket.http.response.start", "status": 404, "headers": []},
                {"type": "websocket.http.response.body", "body": b"no ", "more_body": True},
            ],
            "in the middle of its denial",
            id="half a denial",
        ),
    ],
)
def test_a_handshake_that_is_answered_in_no_known_way_is_a_violation(
    messages: list[Message], said: str
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        for message in messages:
            await send(message)

    with pytest.raises(ProtocolViolation, match=said), TestClient(app).websocket_connect("/"):
        pass


def test_an_application_that_returns_without_a_close_is_gone() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})

    with TestClient(app).websocket_connect("/") as session, pytest.raises(WebSocketDisconnect) as caught:
        session.receive_text()
    assert (caught.value.code, caught.value.reason) == (1006, "")


def test_an_open_connection_is_not_accepted_again() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.accept"})

    client, said = TestClient(app), r"'websocket\.accept' on an open connection"
    with client.websocket_connect("/") as session, pytest.raises(ProtocolViolation, match=said):
        session.receive()


def test_waiting_for_a_frame_has_a_deadline() -> None:
    with TestClient(talking, timeout_s=0.05).websocket_connect("/") as session:
        with pytest.raises(TimeoutError):
            session.receive_text()
        session.send_text("later")
        assert session.receive_text() == "later"


def test_a_session_shares_the_loop_of_an_entered_client() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        loop = id(asyncio.get_running_loop())
        if scope["type"] == "http":
            await respond(send, loop)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "text": str(loop)})

    with TestClient(app) as client, client.websocket_connect("/") as session:
        assert session.receive_json() == client.get("/").json()


@pytest.mark.parametrize(
    ("offered", "known"), [(None, []), ([], [""]), (["a", "b"], ["a", "b"]), (["a, b"], ["a", "b"])]
)
def test_subprotocols_are_those_of_the_header(offered: list[str] | None, known: list[str]) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": repr(scope["subprotocols"])})

    with TestClient(app).websocket_connect("/", subprotocols=offered) as socket:
        assert socket.receive_text() == repr(known)
