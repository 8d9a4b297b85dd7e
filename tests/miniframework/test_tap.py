import asyncio
import uuid
from typing import Any

import pytest

from miniframework import App, BackgroundTasks, EventBus, Tap, events
from miniframework.tap import current_exchange, find_trace, make_exchange_id, requested_exchange_id
from miniframework.types import Receive, Scope, Send
from tests.miniframework.asgi_driver import Listener, Wire, call, http_scope, socket_scope

START = {"type": "http.response.start", "status": 200, "headers": [(b"a", b"1"), (b"a", b"2")]}
END = {"type": "http.response.body", "body": b"done"}


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send(START)
    await send(END)


def run(app: Any, scope: Scope, *messages: Any) -> tuple[Wire, Listener]:
    bus = EventBus()
    listener = Listener(bus)
    return asyncio.run(call(Tap(app, bus), scope, *messages)), listener


def test_a_request_is_told_from_start_to_end() -> None:
    _, listener = run(plain, http_scope("/a"), {"type": "http.request", "body": b"in", "more_body": True})
    assert listener.names == [
        "RequestStarted",
        "RequestBodyReceived",
        "ResponseStarted",
        "ResponseBodySent",
        "RequestFinished",
    ]
    started, received, response, body, _ = listener.events
    assert started.scope["path"] == "/a"
    assert (received.data, received.more) == (b"in", True)
    assert (response.status, response.headers) == (200, [(b"a", b"1"), (b"a", b"2")])
    assert (body.data, body.more) == (b"done", False)
    assert len({event.exchange_id for event in listener.events}) == 1
    assert [e.at_ns for e in listener.events] == sorted(e.at_ns for e in listener.events)


def test_messages_scope_and_task_pass_by_identity() -> None:
    scope, given, seen = http_scope(), {"type": "http.request", "body": b"", "odd": 1}, []

    async def app(inner: Scope, receive: Receive, send: Send) -> None:
        seen.extend([inner, await receive(), asyncio.current_task()])
        await send(START)

    async def main() -> None:
        bus = EventBus()
        Listener(bus)
        wire = Wire([given])
        await Tap(app, bus)(scope, wire.receive, wire.send)
        assert seen[0] is scope
        assert seen[1] is given
        assert seen[2] is asyncio.current_task()
        assert wire.sent[0] is START

    before = dict(scope)
    asyncio.run(main())
    assert scope == before


def test_nobody_listening_means_the_application_gets_the_servers_own_callables() -> None:
    async def main() -> None:
        wire = Wire()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            assert (receive, send) == (wire.receive, wire.send)
            assert find_trace() is None

        await Tap(app, EventBus())(http_scope(), wire.receive, wire.send)

    asyncio.run(main())


def test_the_recorded_scope_is_as_it_came_though_inner_layers_change_it() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path"] = "/changed"
        scope["headers"].append((b"x", b"y"))

    _, listener = run(app, http_scope("/a"))
    assert listener.events[0].scope["path"] == "/a"
    assert listener.events[0].scope["headers"] == [(b"host", b"testserver")]


def test_a_headers_generator_reaches_the_server_whole_and_the_listener_too() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": (p for p in [(b"a", b"1")])})

    wire, listener = run(app, http_scope())
    assert wire.sent[0]["headers"] == [(b"a", b"1")]
    assert listener.only(events.ResponseStarted).headers == [(b"a", b"1")]


def test_a_reused_buffer_is_recorded_as_it_was_when_sent() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        buffer = bytearray(b"one")
        await send({"type": "http.response.body", "body": buffer, "more_body": True})
        buffer[:] = b"two"
        await send({"type": "http.response.body", "body": memoryview(buffer)})
        buffer[:] = b"xxx"

    _, listener = run(app, http_scope())
    assert [e.data for e in listener.events if isinstance(e, events.ResponseBodySent)] == [b"one", b"two"]


def test_bytes_are_recorded_by_reference() -> None:
    data = b"x" * 100_000

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.body", "body": data})

    _, listener = run(app, http_scope())
    assert listener.only(events.ResponseBodySent).data is data


def test_messages_with_fields_left_out_pass_and_are_recorded_with_their_defaults() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})

    wire, listener = run(app, http_scope(), {"type": "http.request"})
    assert wire.sent == [{"type": "http.response.start", "status": 204}, {"type": "http.response.body"}]
    assert listener.only(events.RequestBodyReceived).data == b""
    assert listener.only(events.ResponseStarted).headers == []


@pytest.mark.parametrize(
    "kind", ["http.response.trailers", "http.response.pathsend", "http.response.push", "x"]
)
def test_unknown_messages_pass_unchanged_and_are_named(kind: str) -> None:
    message = {"type": kind, "path": "/etc/x"}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(message)

    wire, listener = run(app, http_scope())
    assert wire.sent == [message]
    assert wire.sent[0] is message
    passed = listener.only(events.OtherMessagePassed)
    assert (passed.direction, passed.message_type) == ("send", kind)


@pytest.mark.parametrize("after_start", [False, True], ids=["before start", "after start"])
def test_an_exception_passes_with_its_identity(after_start: bool) -> None:
    error = ExceptionGroup("several", [ValueError("x")])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if after_start:
            await send(START)
        raise error

    async def main() -> Listener:
        bus = EventBus()
        listener = Listener(bus)
        with pytest.raises(ExceptionGroup) as caught:
            await call(Tap(app, bus), http_scope())
        assert caught.value is error
        assert error.__cause__ is None
        return listener

    failed = asyncio.run(main()).only(events.RequestFailed)
    assert failed.error is error
    assert not failed.cancelled


def test_cancellation_passes_and_is_told() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        await asyncio.Event().wait()

    async def main() -> Listener:
        bus, wire = EventBus(), Wire()
        listener = Listener(bus)
        task = asyncio.create_task(Tap(app, bus)(http_scope(), wire.receive, wire.send))
        await wire.wait_for(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return listener

    assert asyncio.run(main()).only(events.RequestFailed).cancelled


def test_what_the_server_raises_in_send_reaches_the_application_and_is_not_recorded_as_sent() -> None:
    raised: list[BaseException] = []

    async def broken_send(_: Any) -> None:
        raise OSError("gone")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send(START)
        except OSError as error:
            raised.append(error)

    async def main() -> Listener:
        bus = EventBus()
        listener = Listener(bus)
        await Tap(app, bus)(http_scope(), Wire().receive, broken_send)
        return listener

    assert asyncio.run(main()).names == ["RequestStarted", "RequestFinished"]
    assert len(raised) == 1


def test_a_websocket_conversation_is_told() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept", "subprotocol": "v1", "headers": [(b"a", b"b")]})
        await receive()
        await receive()
        await send({"type": "websocket.send", "text": "hello"})
        await send({"type": "websocket.send", "bytes": bytearray(b"raw")})
        await receive()

    _, listener = run(
        app,
        socket_scope(),
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "text": "in", "bytes": None},
        {"type": "websocket.receive", "bytes": b"\x00"},
        {"type": "websocket.disconnect", "code": 1001, "reason": "away"},
    )
    told = [event for event in listener.events[1:-1] if not isinstance(event, events.OtherMessagePassed)]
    accepted, text_in, bytes_in, text_out, bytes_out, left = told
    assert (accepted.subprotocol, accepted.headers) == ("v1", [(b"a", b"b")])
    assert (text_in.data, bytes_in.data) == ("in", b"\x00")
    assert (text_out.data, bytes_out.data) == ("hello", b"raw")
    assert (left.code, left.reason) == (1001, "away")


def test_a_refused_handshake_and_a_denial_response_are_told() -> None:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.close", "code": 1008})

    async def deny(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.http.response.start", "status": 401, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b"no"})

    _, refused = run(refuse, socket_scope())
    closed = refused.only(events.SocketClosed)
    assert (closed.code, closed.reason) == (1008, "")
    _, denied = run(deny, socket_scope())
    assert denied.only(events.ResponseStarted).status == 401
    assert denied.only(events.ResponseBodySent).data == b"no"


def test_a_disconnect_is_told_only_when_the_application_asks() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    _, listener = run(app, http_scope(), {"type": "http.disconnect"})
    assert listener.only(events.ClientDisconnected).code is None


def test_lifespan_goes_straight_through() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert find_trace() is None

    _, listener = run(app, {"type": "lifespan"})
    assert listener.events == []


def test_inner_layers_see_the_trace_and_nobody_after_the_request() -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        trace = find_trace()
        assert trace is not None
        seen.append(trace)
        trace.emit(events.EndpointFinished(exchange_id=trace.exchange_id, at_ns=1))

    async def main() -> Listener:
        bus = EventBus()
        listener = Listener(bus)
        await call(Tap(app, bus), http_scope())
        assert find_trace() is None
        current_exchange.set(seen[0])
        assert find_trace() is None, "a task that outlives its request is no part of it"
        return listener

    listener = asyncio.run(main())
    assert listener.names == ["RequestStarted", "EndpointFinished", "RequestFinished"]
    assert {event.exchange_id for event in listener.events} == {seen[0].exchange_id}


def test_a_tap_inside_another_shares_the_id_and_emits_nothing_twice() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        trace = find_trace()
        assert trace is not None
        trace.emit(events.EndpointFinished(exchange_id=trace.exchange_id, at_ns=1))

    async def main() -> tuple[Listener, Listener]:
        outer_bus, inner_bus = EventBus(), EventBus()
        outer, inner = Listener(outer_bus), Listener(inner_bus)
        twice = Tap(Tap(app, inner_bus), inner_bus)
        await call(Tap(twice, outer_bus), http_scope())
        return outer, inner

    outer, inner = asyncio.run(main())
    assert outer.names == inner.names == ["RequestStarted", "EndpointFinished", "RequestFinished"]
    assert outer.events[0].exchange_id == inner.events[0].exchange_id


def test_a_request_that_begins_in_the_context_of_another_is_one_of_its_own() -> None:
    """As servers begin the next request of a connection while the last one's application is still at work."""
    app = App()

    @app.get("/first")
    async def first(tasks: BackgroundTasks) -> str:
        tasks.add_task(call, app, http_scope("/second"))
        return "first"

    @app.get("/second")
    def second() -> str:
        return "second"

    listener = Listener(app.bus)
    asyncio.run(call(app, http_scope("/first")))
    began = [event for event in listener.events if isinstance(event, events.RequestStarted)]
    assert [event.scope["path"] for event in began] == ["/first", "/second"]
    assert began[0].exchange_id != began[1].exchange_id


def test_a_requested_id_is_used_once_and_starts_an_exchange_of_its_own() -> None:
    bus = EventBus()
    tap = Tap(plain, bus)

    async def main() -> Listener:
        listener = Listener(bus)

        async def replaying(scope: Scope, receive: Receive, send: Send) -> None:
            requested_exchange_id.set("chosen")
            await call(tap, http_scope())
            await call(tap, http_scope())

        await call(Tap(replaying, EventBus()), http_scope())
        return listener

    started = [e for e in asyncio.run(main()).events if isinstance(e, events.RequestStarted)]
    assert started[0].exchange_id == "chosen"
    assert started[1].exchange_id != "chosen"


def test_exchange_ids_are_version_7_uuids_that_sort_by_time() -> None:
    ids = [make_exchange_id(1_700_000_000_000_000_000 + step * 1_000, 2**62 - 1 - step) for step in range(50)]
    assert ids == sorted(ids)
    first = uuid.UUID(ids[0])
    assert (first.version, first.variant) == (7, uuid.RFC_4122)
    assert first.int >> 80 == 1_700_000_000_000
