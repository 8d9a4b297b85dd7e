"""The application and the server cannot tell whether they are recorded, whatever happens to either."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector import Inspector
from inspector.journal.memory import MemoryJournal
from inspector.model import HttpExchange, SocketExchange, State
from miniframework import HTTPException
from miniframework.types import Message, Receive, Scope, Send
from tests.inspector.asgi_applications import (
    ALL,
    CONVERSATIONS,
    Raw,
    Recording,
    body_of,
    plain,
    raw,
    request_of,
    start_of,
)
from tests.inspector.asgi_conversations import (
    Account,
    Conversation,
    hold,
    http_scope,
    note_raise,
    socket_scope,
)

BOTH_WAYS = pytest.mark.parametrize("by_events", [False, True], ids=["stories", "events"])


@BOTH_WAYS
@pytest.mark.parametrize("conversation", ALL.values(), ids=ALL)
def test_neither_side_can_tell_whether_it_is_recorded(conversation: Conversation, by_events: bool) -> None:
    recording = Recording(by_events=by_events)
    assert hold(conversation, recording.wrap) == hold(conversation, plain)
    recording.recorder.flush()
    assert recording.failures() == 0
    (row,) = recording.journal.rows(10)[1]
    assert row["state"] not in ("pending", "streaming", "lost")


def recorded(conversation: Conversation, *, by_events: bool = False) -> HttpExchange:
    recording = Recording(by_events=by_events)
    hold(conversation, recording.wrap)
    recording.recorder.flush()
    exchange = recording.journal.exchange(recording.journal.rows(1)[1][0]["id"])
    assert isinstance(exchange, HttpExchange)
    return exchange


def test_what_is_recorded_is_what_was_sent_and_not_what_the_buffer_holds_later() -> None:
    assert recorded(CONVERSATIONS["a buffer that is used again"]).response_body.data == b"firstother"


def test_what_is_recorded_is_the_scope_as_it_came() -> None:
    exchange = recorded(CONVERSATIONS["a scope that is changed"])
    assert exchange.scope.path == "/"
    assert exchange.scope.headers == (("host", "localhost"),)
    assert exchange.scope.state_keys == ("db",)


def test_an_upload_is_recorded_to_its_cap_with_its_true_size() -> None:
    body = recorded(CONVERSATIONS["10 MB upload"]).request_body
    assert (body.size, len(body.data), body.why_incomplete) == (160 * 65_536 + 3, 65_536, "limit")


@pytest.mark.parametrize(
    ("name", "state", "status"),
    [
        ("normal", State.COMPLETE, 200),
        ("server-sent events", State.DISCONNECTED, 200),
        ("fails before start", State.ERROR, None),
        ("fails after start", State.ERROR, 200),
        ("client disconnected", State.DISCONNECTED, 200),
        ("client gone, not caught", State.DISCONNECTED, 200),
        ("upload the client breaks off", State.DISCONNECTED, 200),
        ("cancelled while receiving", State.CANCELLED, 200),
        ("no answer", State.ERROR, None),
        ("work after the response", State.COMPLETE, 200),
        ("shop: fails", State.ERROR, 500),
        ("shop: http exception", State.COMPLETE, 410),
    ],
)
@BOTH_WAYS
def test_the_record_says_how_it_ended(name: str, state: State, status: int | None, by_events: bool) -> None:
    exchange = recorded(ALL[name], by_events=by_events)
    assert (exchange.state, exchange.status) == (state, status)


@BOTH_WAYS
def test_a_socket_whose_client_left_unheard_is_no_failure(by_events: bool) -> None:
    recording = Recording(by_events=by_events)
    hold(CONVERSATIONS["websocket gone, not caught"], recording.wrap)
    recording.recorder.flush()
    (row,) = recording.journal.rows(1)[1]
    exchange = recording.journal.exchange(row["id"])
    assert isinstance(exchange, SocketExchange)
    assert (row["state"], row["error"], exchange.closed_by) == ("complete", None, "client")


def test_a_scope_of_another_type_that_has_no_path_goes_through_untouched() -> None:
    heard: list[Scope] = []

    async def consume(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append(scope)

    async def nothing(*message: Any) -> Any:
        raise AssertionError("nobody asked for a message")

    async def call() -> None:
        inspector = Inspector(consume, journal=MemoryJournal())
        await inspector(scope, nothing, nothing)
        await inspector.stop()

    scope: Scope = {"type": "channel", "channel": "thumbnails"}  # as Channels calls its workers
    asyncio.run(call())
    assert len(heard) == 1
    assert heard[0] is scope


def test_lifespan_goes_through_untouched() -> None:
    async def app(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
        assert (await receive())["type"] == "lifespan.startup"
        scope["state"]["made"] = 1
        await send({"type": "lifespan.startup.complete"})

    conversation = Conversation(raw(app), {"type": "lifespan", "state": {}}, ({"type": "lifespan.startup"},))
    recording = Recording()
    assert hold(conversation, recording.wrap) == hold(conversation, plain)
    recording.recorder.flush()
    assert recording.journal.rows(10)[1] == []


_BYTES = st.binary(max_size=4)
_SENT = st.one_of(
    st.builds(lambda status: start_of(status), st.integers(100, 599)),
    st.builds(lambda data, more: body_of(data, more=more), _BYTES, st.booleans()),
    st.builds(lambda data: {"type": "http.response.body", "body": bytearray(data)}, _BYTES),
    st.sampled_from(
        [
            {"type": "http.response.body"},
            {"type": "http.response.start", "status": 204},
            {"type": "http.response.trailers", "headers": []},
            {"type": "websocket.accept"},
            {"type": "websocket.send", "text": "ü"},
            {"type": "websocket.send", "bytes": b"\xff"},
            {"type": "websocket.close", "code": 4001, "reason": None},
            {"type": "websocket.http.response.start", "status": 403, "headers": [(b"a", b"b")]},
            {"type": "made.up", "x": object},
        ]
    ),
)
_RECEIVED = st.one_of(
    st.builds(lambda data, more: request_of(data, more=more), _BYTES, st.booleans()),
    st.sampled_from(
        [
            {"type": "http.request"},
            {"type": "http.disconnect"},
            {"type": "websocket.connect"},
            {"type": "websocket.receive", "text": "a"},
            {"type": "websocket.receive", "bytes": b"b"},
            {"type": "websocket.disconnect", "code": 1006},
            {"type": "made.up"},
        ]
    ),
)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), _SENT),
        st.tuples(st.sampled_from(["receive", "yield", "raise", "return", "raise HTTPException"]), st.none()),
    ),
    max_size=10,
)


def scripted(steps: list[tuple[str, Any]]) -> Raw:
    async def app(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
        for step, value in steps:
            match step:
                case "send":
                    await send(dict(value))
                case "receive":
                    await receive()
                case "yield":
                    await asyncio.sleep(0)
                case "raise":
                    raise note_raise(account, LookupError("scripted"))
                case "raise HTTPException":
                    raise note_raise(account, HTTPException(404))
                case "return":
                    return

    return app


@settings(max_examples=300)
@given(
    _STEPS,
    st.lists(_RECEIVED, max_size=6),
    st.sampled_from(["http", "websocket"]),
    st.none() | st.integers(1, 10),
    st.none() | st.integers(0, 5),
    st.booleans(),
)
def test_no_conversation_whatsoever_tells(
    steps: list[tuple[str, Any]],
    messages: list[Message],
    kind: str,
    cancel_at: int | None,
    gone_after: int | None,
    by_events: bool,
) -> None:
    scope = http_scope() if kind == "http" else socket_scope()
    conversation = Conversation(raw(scripted(steps)), scope, tuple(messages), cancel_at, gone_after)
    recording = Recording(by_events=by_events)
    assert hold(conversation, recording.wrap) == hold(conversation, plain)
    recording.recorder.flush()
    assert recording.failures() == 0
    assert recording.recorder.stats()["open"] == 0
    assert len(recording.journal.rows(10)[1]) == 1
