"""Applications that raise, hang or break the protocol are told, not hidden."""

import asyncio
from typing import Any

import pytest

from miniframework import PlainTextResponse
from miniframework.testing import ProtocolViolation, TestClient
from miniframework.types import Message, Receive, Scope, Send
from tests.miniframework.testing.applications import Boom, app_of, failing, respond


async def failing_late(receive: Receive, send: Send) -> None:
    await respond(send, b"sent", 418)
    raise Boom


async def failing_between(receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise Boom


@pytest.mark.parametrize(
    ("speak", "status", "content"),
    [(failing, 500, b""), (failing_late, 418, b"sent"), (failing_between, 200, b"half")],
)
def test_an_exception_is_raised_or_seen_as_a_server_would_answer(
    speak: Any, status: int, content: bytes
) -> None:
    with pytest.raises(Boom):
        TestClient(app_of(speak)).get("/")
    response = TestClient(app_of(speak), raise_server_exceptions=False).get("/")
    assert (response.status_code, response.content) == (status, content)


START = {"type": "http.response.start", "status": 200, "headers": []}
TRAILERS: Message = {"type": "http.response.trailers", "headers": []}
END = {"type": "http.response.body", "body": b""}


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([], "TestClient did not receive any response"),
        ([{"type": "http.response.odd"}], "TestClient did not receive any response"),
        ([END], 'Received "http.response.body" without "http.response.start"'),
        ([START, START], 'Received multiple "http.response.start" messages'),
        ([START, END, END], 'Received "http.response.body" after response completed'),
        ([{**START, "trailers": True}, END, END], 'Received "http.response.body" after body completed'),
        ([{"type": "http.response.trailers"}], 'Received "http.response.trailers" without declaring'),
        ([{**START, "trailers": True}, TRAILERS], "before body completed"),
        ([{**START, "trailers": True}, END, TRAILERS, TRAILERS], "after response completed"),
        ([{**START, "headers": [("x", "y")]}], "not a pair of bytes"),
    ],
)
def test_what_the_specification_forbids_is_a_violation(messages: list[Message], said: str) -> None:
    async def speak(receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    with pytest.raises(ProtocolViolation, match=said) as caught:
        TestClient(app_of(speak)).get("/")
    assert isinstance(caught.value, AssertionError)


@pytest.mark.parametrize(
    ("messages", "body"),
    [
        ([START], b""),
        ([START, {"type": "http.response.body", "body": b"some", "more_body": True}], b"some"),
        ([{"type": "unknown"}, START, END], b""),
    ],
)
def test_a_response_without_an_end_and_an_unknown_message_are_taken_as_they_are(
    messages: list[Message], body: bytes
) -> None:
    async def speak(receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    answer = TestClient(app_of(speak)).get("/")
    assert (answer.status_code, answer.content) == (200, body)


def test_an_application_that_hangs_is_cancelled() -> None:
    async def hang(receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        TestClient(app_of(hang), timeout_s=0.05).get("/")


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


@pytest.mark.parametrize("declared", [True, False])
def test_trailers_that_were_not_declared_or_come_twice_break_the_protocol(declared: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [], "trailers": declared})
        await send({"type": "http.response.body", "body": b""})
        await send({"type": "http.response.trailers", "headers": []})
        await send({"type": "http.response.trailers", "headers": []})

    with pytest.raises(ProtocolViolation, match="trailers"):
        TestClient(app).get("/")


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
