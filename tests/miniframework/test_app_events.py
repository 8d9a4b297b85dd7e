import asyncio
import contextvars
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest

from miniframework import (
    App,
    Depends,
    EventBus,
    HTTPException,
    Request,
    Response,
    StreamingResponse,
    Tap,
    WebSocket,
    events,
)
from miniframework.routing.match import MatchOutcome
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Receive, Scope, Send
from tests.miniframework.asgi_driver import Listener, call, http_scope


async def depended() -> str:
    return "d"


def make_app() -> App:
    app = App()

    @app.get("/items/{item_id:int}")
    async def get_item(item_id: int, q: str = "none", d: Annotated[str, Depends(depended)] = "") -> list[Any]:
        return [item_id, q, d]

    @app.get("/sync")
    def sync() -> str:
        return "sync"

    @app.post("/body")
    async def body(item: dict[str, int]) -> dict[str, int]:
        return item

    @app.get("/refuses")
    async def refuses() -> None:
        raise HTTPException(409)

    @app.get("/fails")
    async def fails() -> None:
        raise ZeroDivisionError("why")

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def content() -> AsyncIterator[bytes]:
            yield b"one"
            yield b"two"

        return StreamingResponse(content())

    @app.websocket("/ws/{room}")
    async def socket(websocket: WebSocket, room: str) -> None:
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())
        await websocket.close(4000)

    return app


def listen(app: App) -> tuple[TestClient, Listener]:
    return TestClient(app, follow_redirects=False, raise_server_exceptions=False), Listener(app.bus)


def test_a_request_is_told_step_by_step_in_order() -> None:
    app = make_app()
    client, listener = listen(app)
    client.get("/items/42?q=x")
    assert listener.names == [
        "RequestStarted",
        "RouteMatched",
        "ParametersBound",
        "DependencyResolved",
        "EndpointStarted",
        "EndpointFinished",
        "ResponseSerialised",
        "ResponseStarted",
        "ResponseBodySent",
        "RequestFinished",
    ]
    assert len({event.exchange_id for event in listener.events}) == 1
    assert [e.at_ns for e in listener.events] == sorted(e.at_ns for e in listener.events)


def test_a_match_tells_table_index_entry_and_raw_text() -> None:
    app = make_app()
    client, listener = listen(app)
    client.get("/items/42")
    matched = listener.only(events.RouteMatched)
    assert matched.table is app.table
    assert (matched.index, matched.entry) == (0, app.table.entries[0])
    assert (matched.path, matched.raw_params) == ("/items/42", {"item_id": "42"})
    assert matched.took_ns >= 0


def test_bound_parameters_tell_text_and_value_and_where_a_default_stood_in() -> None:
    client, listener = listen(make_app())
    client.get("/items/42")
    by_name = {parameter.name: parameter for parameter in listener.only(events.ParametersBound).parameters}
    item, q = by_name["item_id"], by_name["q"]
    assert (item.source, item.raw, item.value, item.declared_type, item.converter) == (
        "path",
        "42",
        42,
        "int",
        "int",
    )
    assert (q.source, q.raw, q.value, q.default_used) == ("query", None, "none", True)


def test_rejected_parameters_tell_the_problems_and_the_endpoint_is_not_started() -> None:
    client, listener = listen(make_app())
    assert client.post("/body", json={"a": "x"}).status_code == 422
    rejected = listener.only(events.ParametersRejected)
    assert list(rejected.problems[0]["loc"]) == ["body", "a"]
    assert rejected.parameters[0].problem is not None
    assert "EndpointStarted" not in listener.names
    assert listener.only(events.ResponseStarted).status == 422


@pytest.mark.parametrize(
    ("method", "path", "outcome", "allow", "location"),
    [
        ("GET", "/nowhere", MatchOutcome.NOT_FOUND, (), None),
        ("PUT", "/body", MatchOutcome.METHOD_NOT_ALLOWED, ("POST",), None),
        ("GET", "/sync/?a=b", MatchOutcome.REDIRECT, (), "/sync?a=b"),
    ],
)
def test_a_miss_tells_what_the_table_said(
    method: str, path: str, outcome: MatchOutcome, allow: tuple[str, ...], location: str | None
) -> None:
    client, listener = listen(make_app())
    answer = client.request(method, path)
    missed = listener.only(events.RouteMissed)
    assert (missed.outcome, missed.allow, missed.location) == (outcome, allow, location)
    assert answer.headers.get("location") == location
    assert listener.names[-1] == "RequestFinished"


def test_a_plain_function_is_told_to_run_in_a_thread() -> None:
    client, listener = listen(make_app())
    client.get("/sync")
    assert listener.only(events.EndpointStarted).in_thread
    client, listener = listen(make_app())
    client.get("/refuses")
    assert not listener.only(events.EndpointStarted).in_thread


def test_an_http_exception_is_raised_by_the_endpoint_and_finishes_the_request() -> None:
    client, listener = listen(make_app())
    client.get("/refuses")
    assert isinstance(listener.only(events.EndpointRaised).error, HTTPException)
    assert listener.only(events.ResponseStarted).status == 409
    assert listener.names[-1] == "RequestFinished"


def test_an_unexpected_exception_fails_the_request_after_its_500() -> None:
    client, listener = listen(make_app())
    client.get("/fails")
    assert listener.names[-4:] == ["EndpointRaised", "ResponseStarted", "ResponseBodySent", "RequestFailed"]
    assert listener.only(events.RequestFailed).error is listener.only(events.EndpointRaised).error
    assert listener.only(events.ResponseStarted).status == 500


def test_a_stream_is_told_chunk_by_chunk() -> None:
    client, listener = listen(make_app())
    client.get("/stream")
    sent = [(e.data, e.more) for e in listener.events if isinstance(e, events.ResponseBodySent)]
    assert sent == [(b"one", True), (b"two", True), (b"", False)]


def test_a_body_is_told_as_the_application_reads_it() -> None:
    client, listener = listen(make_app())
    client.post("/body", json={"a": 1})
    assert listener.only(events.RequestBodyReceived).data == b'{"a":1}'
    assert listener.names.index("RequestBodyReceived") < listener.names.index("ParametersBound")
    client, listener = listen(make_app())
    client.post("/nowhere", json={"a": 1})
    assert "RequestBodyReceived" not in listener.names


def test_a_websocket_is_told_from_handshake_to_close() -> None:
    client, listener = listen(make_app())
    with client.websocket_connect("/ws/den") as session:
        session.send_text("hi")
        session.receive_text()
    told = [name for name in listener.names if name != "OtherMessagePassed"]
    assert told == [
        "RequestStarted",
        "RouteMatched",
        "ParametersBound",
        "EndpointStarted",
        "SocketAccepted",
        "SocketFrameReceived",
        "SocketFrameSent",
        "SocketClosed",
        "EndpointFinished",
        "RequestFinished",
    ]
    assert listener.only(events.RouteMatched).raw_params == {"room": "den"}


def test_middleware_is_told_by_name_and_depth_and_left_even_on_failure() -> None:
    class Outer:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await self.app(scope, receive, send)

    app = make_app()

    @app.middleware("http")
    async def inner(request: Request, call_next: Any) -> Response:
        return await call_next(request)

    app.add_middleware(Outer)
    client, listener = listen(app)
    client.get("/fails")
    told = [
        (type(e).__name__[10:], e.name.split(".")[-1], e.depth)
        for e in listener.events
        if isinstance(e, events.MiddlewareEntered | events.MiddlewareLeft)
    ]
    assert told == [
        ("Entered", "Outer", 0),
        ("Entered", "inner", 1),
        ("Left", "inner", 1),
        ("Left", "Outer", 0),
    ]
    assert listener.names.index("MiddlewareEntered") < listener.names.index("RouteMatched")


def test_a_mounted_application_joins_the_exchange_and_matches_in_its_own_table() -> None:
    outer, inner = App(), make_app()
    outer.mount("/in", inner)
    client, listener = listen(outer)
    assert client.get("/in/items/7").status_code == 200
    first, second = (e for e in listener.events if isinstance(e, events.RouteMatched))
    assert (first.table, first.path) == (outer.table, "/in/items/7")
    assert (second.table, second.path, second.raw_params) == (inner.table, "/items/7", {"item_id": "7"})
    assert listener.names.count("RequestStarted") == 1
    assert listener.names.count("ResponseStarted") == 1
    assert len({event.exchange_id for event in listener.events}) == 1


def test_a_mounted_application_with_listeners_of_its_own_tells_them_the_same_exchange() -> None:
    outer, inner = App(), make_app()
    outer.mount("/in", inner)
    client, listener = listen(outer)
    own = Listener(inner.bus)
    client.get("/in/items/7")
    assert own.names[0] == "RequestStarted"
    assert own.only(events.RouteMatched).path == "/items/7"
    assert {e.exchange_id for e in own.events} == {e.exchange_id for e in listener.events}
    assert listener.names.count("RequestStarted") == 1
    own.subscription.close()
    listener.subscription.close()
    alone = Listener(inner.bus)
    client.get("/in/items/7")
    assert alone.only(events.RequestStarted).scope["root_path"] == "/in"


def test_an_application_below_a_foreign_tap_joins_it() -> None:
    bus = EventBus()
    listener = Listener(bus)
    asyncio.run(call(Tap(make_app(), bus), http_scope("/items/7")))
    assert listener.names.count("RequestStarted") == 1
    assert listener.only(events.RouteMatched).index == 0
    assert listener.only(events.ParametersBound)


def test_a_broken_listener_changes_no_answer() -> None:
    app = make_app()

    def broken(event: events.Event) -> None:
        raise asyncio.CancelledError

    app.bus.subscribe(broken)
    client = TestClient(app)
    assert client.get("/items/1").json() == [1, "none", "d"]
    assert client.get("/stream").content == b"onetwo"
    assert app.bus.failures >= 10
    assert not app.bus.listening


def test_with_and_without_a_listener_the_answers_are_the_same() -> None:
    paths = ["/items/1", "/items/x", "/sync", "/sync/", "/refuses", "/fails", "/stream", "/nowhere"]

    def answers(app: App) -> list[Any]:
        client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
        return [(a.status_code, a.headers.raw, a.content) for a in map(client.get, paths)]

    listened = make_app()
    Listener(listened.bus)
    assert answers(listened) == answers(make_app())


def test_a_task_that_outlives_its_request_records_nothing() -> None:
    app, late = make_app(), []

    @app.get("/spawns")
    async def spawns() -> None:
        late.append(contextvars.copy_context())

    async def main() -> list[str]:
        listener = Listener(app.bus)
        await call(app, http_scope("/spawns"))
        listener.subscription.close()
        heard = len(listener.events)
        await asyncio.create_task(call(app, http_scope("/sync")), context=late[0])
        assert len(listener.events) == heard
        return listener.names

    assert asyncio.run(main()).count("RouteMatched") == 1
