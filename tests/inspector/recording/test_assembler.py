"""Events in, exchanges out; every test tells one request as the framework would."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.journal.rows import exchange_row
from inspector.model import HttpExchange, Routing, SocketExchange, State
from inspector.recording.assembler import Assembler
from inspector.recording.limits import RecordingLimits
from miniframework import App, HTTPException, events
from tests.inspector.recording.recording_world import (
    ID,
    WORKER,
    Story,
    assemble,
    call,
    http_scope,
    socket_scope,
)

STARTED = {"status": 200, "headers": [(b"Content-Type", b"text/plain"), (b"x", b"1"), (b"x", b"2")]}
DONE = {"data": b"", "more": False}


def http(story: Story, limits: RecordingLimits | None = None) -> HttpExchange:
    exchange = assemble(story.events, limits)
    assert isinstance(exchange, HttpExchange)
    return exchange


def socket(story: Story, limits: RecordingLimits | None = None) -> SocketExchange:
    exchange = assemble(story.events, limits)
    assert isinstance(exchange, SocketExchange)
    return exchange


def answered(scope=None) -> Story:
    story = Story(scope or http_scope())
    return story.then(events.ResponseStarted, **STARTED).then(events.ResponseBodySent, data=b"hi", more=False)


def test_the_scope_is_kept_verbatim_and_of_objects_only_the_names() -> None:
    headers = [(b"Host", b"a"), (b"x-b", b"\xff"), (b"x-b", b"2")]
    scope = http(
        Story(http_scope(headers=headers, raw_path=b"/a%2Fb", path="/a/b", query_string=b"\xe9"))
    ).scope
    assert scope.headers == (("Host", "a"), ("x-b", "\xff"), ("x-b", "2"))
    assert (scope.path, scope.raw_path, scope.query_string) == ("/a/b", "/a%2Fb", "\xe9")
    assert (scope.state_keys, scope.extensions) == (("db",), ("http.response.debug",))
    assert (scope.client, scope.server) == (("127.0.0.1", 5000), ("localhost", 80))


@pytest.mark.parametrize(
    "scope",
    [
        {"type": "http"},
        http_scope(client=None, server=None, raw_path=None, root_path=None, state=None, extensions=None),
        http_scope(path="*", raw_path=b"*"),
        http_scope(path="", headers=[]),
        http_scope(headers=((b"a", b"b"), (b"broken",))),
        http_scope(server=("unix", None), client=["::1", 1]),
    ],
    ids=["bare", "nothing", "star", "empty", "broken headers", "unix"],
)
def test_whatever_scope_a_server_makes_it_is_recorded(scope) -> None:
    assert http(Story(scope)).state is State.PENDING


def test_a_normal_request_is_complete_when_its_response_ended() -> None:
    story = answered()
    exchange = http(story)
    assert (exchange.state, exchange.status, exchange.duration_ns) == (State.COMPLETE, 200, 2000)
    assert exchange.response_headers == (("Content-Type", "text/plain"), ("x", "1"), ("x", "2"))
    assert exchange.response_body.data == b"hi"
    assert exchange.response_body.complete
    assert [moment.kind for moment in exchange.messages] == ["http.response.start", "http.response.body"]


def test_work_after_the_response_does_not_lengthen_the_duration() -> None:
    story = answered()
    before = http(story).duration_ns
    story.then(events.EndpointFinished).then(events.RequestFinished)
    exchange = http(story)
    assert exchange.duration_ns == before
    assert exchange.timeline[-1].kind == "RequestFinished"


def test_states_follow_the_conversation() -> None:
    story = Story(http_scope())
    states = [http(story).state]
    story.then(events.ResponseStarted, **STARTED)
    states.append(http(story).state)
    story.then(events.ResponseBodySent, data=b"x", more=True)
    states.append(http(story).state)
    story.then(events.ResponseBodySent, **DONE)
    states.append(http(story).state)
    assert states == [State.PENDING, State.STREAMING, State.STREAMING, State.COMPLETE]


def test_a_client_that_left_early_makes_it_disconnected() -> None:
    story = Story(http_scope()).then(events.ResponseStarted, **STARTED)
    story.then(events.ResponseBodySent, data=b"x", more=True).then(events.ClientDisconnected)
    story.then(events.RequestFinished)
    exchange = http(story)
    assert exchange.state is State.DISCONNECTED
    assert exchange.response_body.why_incomplete == "disconnect"


def test_a_client_that_left_after_the_response_changes_nothing() -> None:
    story = answered().then(events.ClientDisconnected).then(events.RequestFinished)
    assert http(story).state is State.COMPLETE


@pytest.mark.parametrize("has_started", [False, True], ids=["without an answer", "in the middle"])
def test_an_app_that_returns_without_ending_its_answer_is_an_error(has_started: bool) -> None:
    story = Story(http_scope())
    if has_started:
        story.then(events.ResponseStarted, **STARTED)
    exchange = http(story.then(events.RequestFinished))
    assert exchange.state is State.ERROR
    assert exchange.response_body.why_incomplete == ("unfinished" if has_started else None)


def test_a_failure_keeps_type_message_and_traceback() -> None:
    try:
        raise ValueError("no such thing")
    except ValueError as error:
        failure = error
    story = Story(http_scope()).then(events.EndpointRaised, error=failure)
    story.then(events.ResponseStarted, status=500, headers=[]).then(events.ResponseBodySent, **DONE)
    exchange = http(story.then(events.RequestFailed, error=failure, cancelled=False))
    assert (exchange.state, exchange.status) == (State.ERROR, 500)
    assert exchange.failure is not None
    assert (exchange.failure.type, exchange.failure.message) == ("ValueError", "no such thing")
    assert "test_a_failure_keeps" in exchange.failure.traceback


def test_an_http_exception_is_an_answer_and_no_failure() -> None:
    story = Story(http_scope()).then(events.EndpointRaised, error=HTTPException(404))
    story.then(events.ResponseStarted, **STARTED).then(events.ResponseBodySent, **DONE)
    exchange = http(story.then(events.RequestFinished))
    assert exchange.failure is None
    assert any(moment.kind == "EndpointRaised" for moment in exchange.timeline)


def test_a_cancelled_task_is_cancelled_and_no_failure() -> None:
    story = Story(http_scope()).then(events.RequestFailed, error=asyncio.CancelledError(), cancelled=True)
    exchange = http(story)
    assert exchange.state is State.CANCELLED
    assert exchange.failure is None


def test_a_body_beyond_the_cap_keeps_its_beginning_and_its_true_size() -> None:
    story = Story(http_scope())
    for _ in range(5):
        story.then(events.RequestBodyReceived, data=b"abcdefgh", more=True)
    story.then(events.RequestBodyReceived, **DONE)
    body = http(story, RecordingLimits(body_bytes=20)).request_body
    assert (body.size, body.data) == (40, b"abcdefghabcdefghabcd")
    assert (body.complete, body.why_incomplete) == (False, "limit")
    assert [length for _, length in body.chunks] == [8, 8, 8, 8, 8, 0]


def test_a_body_the_app_never_read_says_so() -> None:
    scope = http_scope(method="POST", headers=[(b"content-length", b"5")])
    assert http(answered(scope)).request_body.why_incomplete == "unread_by_app"
    assert http(answered()).request_body.complete


@given(st.lists(st.binary(max_size=9), max_size=9), st.integers(0, 40))
def test_whatever_the_chunking_a_body_is_its_prefix(chunks: list[bytes], cap: int) -> None:
    story = Story(http_scope()).then(events.ResponseStarted, **STARTED)
    for chunk in chunks:
        story.then(events.ResponseBodySent, data=chunk, more=True)
    body = http(story.then(events.ResponseBodySent, **DONE), RecordingLimits(body_bytes=cap)).response_body
    whole = b"".join(chunks)
    assert (body.data, body.size) == (whole[:cap], len(whole))
    assert body.complete == (len(whole) <= cap)


def test_long_conversations_keep_their_beginning_and_their_newest_end() -> None:
    story = Story(http_scope()).then(events.ResponseStarted, **STARTED)
    for number in range(100):
        story.then(events.ResponseBodySent, data=b"x" * number, more=True)
    exchange = http(story, RecordingLimits(messages=10))
    assert [moment.size for moment in exchange.messages] == [None, 0, 1, 2, 3, 95, 96, 97, 98, 99]
    assert exchange.messages_left_out == 91


def test_an_accepted_socket_shows_frames_and_who_closed() -> None:
    story = Story(socket_scope()).then(events.SocketAccepted, subprotocol="chat", headers=[])
    story.then(events.SocketFrameReceived, data="häl").then(events.SocketFrameSent, data=b"\xff" * 9)
    assert socket(story).state is State.STREAMING
    story.then(events.ClientDisconnected, code=1001, reason="bye").then(events.RequestFinished)
    exchange = socket(story, RecordingLimits(frame_bytes=4))
    assert (exchange.state, exchange.status, exchange.accepted) == (State.COMPLETE, 101, True)
    assert exchange.subprotocol == "chat"
    first, second = exchange.frames
    assert (first.direction, first.opcode, first.size, first.data) == ("receive", 1, 4, "häl".encode())
    assert (second.direction, second.opcode, second.size, second.data) == ("send", 2, 9, b"\xff" * 4)
    assert (first.complete, second.complete) == (True, False)
    assert (exchange.closed_by, exchange.close_code, exchange.close_reason) == ("client", 1001, "bye")


def test_the_first_to_close_is_the_one_who_closed() -> None:
    story = Story(socket_scope()).then(events.SocketAccepted, subprotocol=None, headers=[])
    story.then(events.SocketClosed, code=4000, reason="enough")
    story.then(events.ClientDisconnected, code=1005).then(events.RequestFinished)
    exchange = socket(story)
    assert (exchange.closed_by, exchange.close_code, exchange.close_reason) == (
        "application",
        4000,
        "enough",
    )


def test_a_refused_handshake_is_403() -> None:
    story = Story(socket_scope()).then(events.SocketClosed, code=1000, reason="")
    exchange = socket(story.then(events.RequestFinished))
    assert (exchange.status, exchange.accepted, exchange.state) == (403, False, State.COMPLETE)


def test_a_denial_response_keeps_its_own_status_and_body() -> None:
    story = Story(socket_scope()).then(events.ResponseStarted, status=429, headers=[])
    story.then(events.ResponseBodySent, data=b"slow", more=False).then(events.RequestFinished)
    exchange = socket(story)
    assert (exchange.status, exchange.accepted, exchange.response_body.data) == (429, False, b"slow")
    assert exchange.messages[0].kind == "websocket.http.response.start"


def test_a_flood_of_frames_keeps_both_ends_and_counts() -> None:
    story = Story(socket_scope()).then(events.SocketAccepted, subprotocol=None, headers=[])
    for number in range(50):
        story.then(events.SocketFrameSent, data=str(number))
    exchange = socket(story, RecordingLimits(frames=4))
    assert [frame.data for frame in exchange.frames] == [b"0", b"1", b"48", b"49"]
    assert (exchange.frames_left_out, exchange.frame_count) == (46, 50)


def test_events_of_an_unknown_or_ended_exchange_are_passed_over() -> None:
    assembler = Assembler(WORKER)
    story = answered().then(events.RequestFinished).then(events.ResponseBodySent, data=b"late", more=False)
    assembler.apply(story.events[1])
    assert not assembler.knows(ID)
    for event in story.events:
        assembler.apply(event)
    assert assembler.is_ended(ID)
    assert assembler.exchange(ID).response_body.data == b"hi"
    assembler.forget(ID)
    assert len(assembler) == 0


def recorded(app: App, scope) -> HttpExchange:
    """What an application that records into an assembler amounts to."""
    assembler = Assembler(WORKER)
    app.bus.subscribe(assembler.apply)
    ids: list[str] = []
    app.bus.subscribe(lambda event: ids.append(event.exchange_id))
    call(app, scope, {"type": "http.request", "body": b""})
    exchange = assembler.exchange(ids[0])
    assert isinstance(exchange, HttpExchange)
    return exchange


def shop() -> App:
    inner = App()

    @inner.get("/items/{item_id:int}/{rest:path}")
    async def get_item(item_id: int, rest: str) -> dict[str, object]:
        return {"item_id": item_id}

    app = App()
    app.mount("/api/{version}", inner, name="api")
    return app


def test_a_mounted_route_is_told_step_by_step_with_its_whole_path() -> None:
    exchange = recorded(shop(), http_scope(path="/api/v1/items/7/a/b", raw_path=b"/api/v1/items/7/a/b"))
    mount, route = exchange.steps
    assert (mount.template, route.template) == ("/api/{version}", "/items/{item_id:int}/{rest:path}")
    assert exchange.routing is Routing.MATCHED
    assert exchange.route_path == "/api/{version}/items/{item_id:int}/{rest:path}"
    assert route.endpoint is not None
    assert route.endpoint.endswith("get_item")
    row = exchange_row(exchange, 1)
    assert row["route"]["table"] == route.table
    spans = [(name, text, row["path"][start:end]) for name, text, start, end in row["params"]]
    assert spans == [("version", "v1", "v1"), ("item_id", "7", "7"), ("rest", "a/b", "a/b")]


def test_a_path_below_a_root_path_keeps_its_spans_true() -> None:
    scope = http_scope(
        path="/proxy/api/v1/items/7/x", root_path="/proxy", raw_path=b"/proxy/api/v1/items/7/x"
    )
    row = exchange_row(recorded(shop(), scope), 1)
    assert [row["path"][start:end] for _, _, start, end in row["params"]] == ["v1", "7", "x"]


def test_a_parameter_that_cannot_be_read_is_told_with_its_problem() -> None:
    app = App()

    @app.get("/items/{item_id}")
    async def get_item(item_id: int, q: str = "none") -> None: ...

    exchange = recorded(app, http_scope(path="/items/abc", raw_path=b"/items/abc"))
    by_name = {parameter.name: parameter for parameter in exchange.parameters}
    assert (by_name["item_id"].raw, by_name["item_id"].value) == ("abc", None)
    assert by_name["item_id"].problem
    assert (by_name["q"].raw, by_name["q"].value) == ("1", "'1'")
    assert exchange.status == 422
    assert exchange.problems[0]["loc"] == ["path", "item_id"]


@pytest.mark.parametrize(
    ("scope", "routing", "status"),
    [
        (http_scope(path="/none"), Routing.NOT_FOUND, 404),
        (http_scope(path="/items", method="POST"), Routing.METHOD_NOT_ALLOWED, 405),
        (http_scope(path="/items/"), Routing.REDIRECT, 307),
    ],
    ids=["404", "405", "307"],
)
def test_a_miss_says_what_kind(scope, routing: Routing, status: int) -> None:
    app = App()

    @app.get("/items")
    async def get_items() -> None: ...

    exchange = recorded(app, scope)
    assert (exchange.routing, exchange.status) == (routing, status)
    if status == 405:
        assert exchange.allow == ("GET", "HEAD")
    if status == 307:
        assert exchange.location == "/items?q=1"
