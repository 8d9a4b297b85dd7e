"""A replay is an ordinary call of the application: it sees what it saw the first time, and can be stopped."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from inspector.journal.memory import MemoryJournal
from inspector.model import HttpExchange, Replayed, State
from inspector.recording.recorder import Recorder
from inspector.replay.difference import compare_exchanges
from inspector.replay.edit import parse_edit
from inspector.replay.plan import PlannedRequest, plan_replay
from inspector.replay.player import Played, build_scope, play
from inspector.replay.policy import judge_replay
from miniframework import App, Request, Response, StreamingResponse

ASGIApp = Callable[..., Awaitable[None]]


class Recorded:
    """An application with a recorder, and a server that is only as much of one as a test needs."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.journal = MemoryJournal()
        self.recorder = Recorder(self.journal)
        app.bus.subscribe(self.recorder)

    def serve(self, scope: dict[str, Any], chunks: list[bytes]) -> HttpExchange:
        """Answer one request as a server would, and return what was recorded of it."""
        asyncio.run(serve(self.app, scope, chunks))
        return self.newest()

    def replay(
        self, exchange: HttpExchange, edit: dict[str, Any] | None = None, **limits: Any
    ) -> tuple[HttpExchange, Played]:
        """Replay an exchange the way the serving process does."""
        original = self.recorder.vault.get(exchange.id)
        parsed = parse_edit(edit or {})
        assert judge_replay(exchange, parsed, original=original, confirmed=True) == ()
        planned = plan_replay(exchange, original, parsed)
        self.recorder.expect_replay("replay-1", Replayed(of=exchange.id, edits=planned.edits))
        settings: dict[str, Any] = {"deadline_s": 10, "state": None, **limits}
        played = asyncio.run(play(self.app, planned, exchange_id="replay-1", **settings))
        self.recorder.flush()
        replayed = self.journal.exchange("replay-1")
        assert isinstance(replayed, HttpExchange)
        return replayed, played

    def newest(self) -> HttpExchange:
        self.recorder.flush()
        _, rows = self.journal.rows(1)
        exchange = self.journal.exchange(rows[0]["id"])
        assert isinstance(exchange, HttpExchange)
        return exchange


async def serve(app: ASGIApp, scope: dict[str, Any], chunks: list[bytes]) -> None:
    pieces = [
        {"type": "http.request", "body": c, "more_body": i + 1 < len(chunks)} for i, c in enumerate(chunks)
    ]
    ended = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if pieces:
            return pieces.pop(0)
        await ended.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            ended.set()

    async with asyncio.timeout(10):
        await app(scope, receive, send)


def http(method: str, path: str, **changes: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver")],
        "client": ("192.0.2.7", 4711),
        "server": ("127.0.0.1", 8000),
        **changes,
    }


def planned(**changes: Any) -> PlannedRequest:
    plain = PlannedRequest(
        http_version="1.1",
        method="GET",
        scheme="http",
        path="/",
        raw_path=b"/",
        query_string=b"",
        root_path="",
        headers=(),
        client=None,
        server=None,
        chunks=(b"",),
        edits=(),
    )
    return replace(plain, **changes)


def run(app: ASGIApp, request: PlannedRequest | None = None, **limits: Any) -> Played:
    settings: dict[str, Any] = {"deadline_s": 10, "state": None, **limits}
    return asyncio.run(play(app, request or planned(), exchange_id="r", **settings))


@pytest.fixture
def mirror() -> Recorded:
    """An application that says everything it was given, in JSON."""
    app = App()

    async def describe(request: Request) -> Response:
        sizes, body = [], b""
        async for chunk in request.stream():
            sizes.append(len(chunk))
            body += chunk
        scope = {
            key: request.scope[key]
            for key in ("method", "path", "root_path", "http_version", "scheme", "client", "server")
        }
        seen = {
            **{key: list(value) if isinstance(value, tuple) else value for key, value in scope.items()},
            "raw_path": request.scope["raw_path"].decode(),
            "query": request.scope["query_string"].decode(),
            "headers": [[n.decode(), v.decode("latin-1")] for n, v in request.scope["headers"]],
            "extras": sorted(set(request.scope) & {"state", "session", "user", "extensions"}),
            "chunks": sizes,
            "body": body.hex(),
        }
        response = Response(json.dumps(seen), media_type="application/json")
        response.raw_headers.append((b"set-cookie", b"a=1"))
        response.raw_headers.append((b"set-cookie", b"b=2"))
        return response

    app.api_route("/mirror/{rest:path}", methods=["GET", "POST", "PUT"])(describe)
    return Recorded(app)


BINARY = bytes(range(256))


@pytest.mark.parametrize(
    ("scope", "chunks"),
    [
        pytest.param(http("GET", "/mirror/x"), [b""], id="plain"),
        pytest.param(
            http("POST", "/mirror/x", headers=[(b"content-length", b"9")]),
            [b"abc", b"de", b"", b"fghi"],
            id="chunked",
        ),
        pytest.param(http("POST", "/mirror/x", headers=[(b"content-length", b"256")]), [BINARY], id="binary"),
        pytest.param(
            http("GET", "/api/mirror/x", root_path="/api", raw_path=b"/api/mirror/x"), [b""], id="root_path"
        ),
        pytest.param(http("GET", "/mirror/a/b", raw_path=b"/mirror/a%2Fb"), [b""], id="an encoded slash"),
        pytest.param(
            http("GET", "/mirror/x", headers=[(b"x-a", b"1"), (b"x-b", b"\xe9"), (b"x-a", b"2")]),
            [b""],
            id="headers",
        ),
        pytest.param(http("GET", "/mirror/x", query_string=b"a=1&a=%20&b"), [b""], id="query"),
        pytest.param(http("GET", "/mirror/x", http_version="2", scheme="https"), [b""], id="HTTP/2 over TLS"),
        pytest.param(http("HEAD", "/mirror/x"), [b""], id="HEAD"),
    ],
)
def test_the_application_sees_what_it_saw_the_first_time(
    mirror: Recorded, scope: dict[str, Any], chunks: list[bytes]
) -> None:
    first = mirror.serve(scope, chunks)
    assert first.status == 200
    again, played = mirror.replay(first)
    assert played == Played(ended="finished", sent_bytes=first.response_body.size, note=None)
    assert again.replay == Replayed(of=first.id)
    assert compare_exchanges(first, again).summary == "same"
    assert again.response_body.data == first.response_body.data
    assert again.response_headers == first.response_headers
    assert [length for _, length in again.request_body.chunks] == [
        length for _, length in first.request_body.chunks
    ]


def test_a_secret_is_sent_again_and_never_shown(mirror: Recorded) -> None:
    headers = [(b"authorization", b"Bearer s3cret"), (b"cookie", b"session=abc123")]
    seen: list[list[tuple[bytes, bytes]]] = []

    async def spy(request: Request) -> Response:
        seen.append(list(request.scope["headers"]))
        return Response(b"ok")

    mirror.app.get("/spy")(spy)
    first = mirror.serve(http("GET", "/spy", headers=headers), [b""])
    assert "s3cret" not in repr(first)
    again, _ = mirror.replay(first)
    assert seen == [headers, headers]
    assert "s3cret" not in repr(again)
    assert "abc123" not in repr(again)


def test_an_edited_replay_is_linked_and_names_its_edits(mirror: Recorded) -> None:
    first = mirror.serve(http("GET", "/mirror/x"), [b""])
    again, _ = mirror.replay(first, {"method": "PUT", "path": "/mirror/y?z=1", "body": "new"})
    assert again.replay == Replayed(of=first.id, edits=("method", "path", "query", "body"))
    said = json.loads(again.response_body.data)
    assert (said["method"], said["path"], said["query"]) == ("PUT", "/mirror/y", "z=1")
    assert bytes.fromhex(said["body"]) == b"new"
    assert again.scope.method == "PUT"


def test_a_replay_that_lands_elsewhere_says_so(mirror: Recorded) -> None:
    first = mirror.serve(http("GET", "/mirror/x"), [b""])
    again, _ = mirror.replay(first, {"path": "/nowhere"})
    assert again.status == 404
    assert compare_exchanges(first, again).summary.startswith("status 200 → 404 · matched → not_found")


def test_the_next_request_is_not_taken_for_the_replay(mirror: Recorded) -> None:
    first = mirror.serve(http("GET", "/mirror/x"), [b""])
    mirror.replay(first)
    later = mirror.serve(http("GET", "/mirror/z"), [b""])
    assert later.id not in ("replay-1", first.id)
    assert later.replay is None


def test_the_lifespan_state_is_copied_and_nothing_else_is_in_the_scope() -> None:
    shared = {"db": object()}
    scope = build_scope(planned(), shared)
    assert scope["state"] == shared
    assert scope["state"] is not shared
    assert set(build_scope(planned(raw_path=None), None)) == {
        "type",
        "asgi",
        "http_version",
        "method",
        "scheme",
        "path",
        "query_string",
        "root_path",
        "headers",
        "client",
        "server",
    }


def test_the_client_stays_until_the_response_has_ended() -> None:
    """A handler that listens for a disconnect beside its work is cancelled by one that comes too early."""
    order: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "http.request"
        gone = asyncio.ensure_future(receive())
        for _ in range(20):
            await asyncio.sleep(0)
        order.append("gone" if gone.done() else "there")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})
        order.append((await gone)["type"])

    assert run(app).ended == "finished"
    assert order == ["there", "http.disconnect"]


def test_who_waits_for_the_client_to_go_does_not_hear_it_before_the_last_message_is_through() -> None:
    """Starlette before ASGI 2.4, Django and Litestar cancel what sends as soon as the client is gone."""
    cut: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        async def stream() -> None:
            try:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b"done"})
            except asyncio.CancelledError:
                cut.append("the last message")
                raise

        await receive()
        sending = asyncio.ensure_future(stream())
        assert (await receive())["type"] == "http.disconnect"
        sending.cancel()
        await asyncio.wait({sending})

    assert run(app).ended == "finished"
    assert cut == []


@pytest.mark.parametrize("polite", [True, False], ids=["leaves when the client is gone", "must be cancelled"])
def test_an_endless_stream_is_stopped_by_the_deadline_and_says_so(
    polite: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.replay.player.GRACE_S", 0.05)
    ended: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"tick", "more_body": True})
        try:
            if polite:
                await receive()
                ended.append("told")
            else:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    played = run(app, deadline_s=0.05)
    assert played == Played(
        ended="deadline", sent_bytes=4, note="The replay was stopped after 0.05 s; 4 bytes had come."
    )
    assert ended == ["told" if polite else "cancelled"]


@pytest.mark.parametrize("stays", [False, True], ids=["ends", "stays"])
def test_an_application_that_does_not_leave_is_cancelled_and_named_when_it_stays(
    stays: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("inspector.replay.player.GRACE_S", 0.01)
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await freed.wait()
        except asyncio.CancelledError:
            seen.append("cancelled")
            if not stays:
                raise
            await freed.wait()
        finally:
            seen.append("ended")

    freed = asyncio.Event()

    async def replay() -> None:
        played = await play(app, planned(), exchange_id="r", deadline_s=0.01, state=None)
        assert played.ended == "deadline"
        assert seen == (["cancelled"] if stays else ["cancelled", "ended"])
        freed.set()

    asyncio.run(replay())
    warned = "does not end although it was cancelled; it is left running" in caplog.text
    assert warned is stays


def test_a_stream_that_never_pauses_is_stopped_too() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"x", "more_body": True})

    assert run(app, deadline_s=0.05).ended == "deadline"


def test_a_stream_without_end_is_stopped_by_its_size() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"x" * 1000, "more_body": True})

    played = run(app, max_bytes=10_000)
    assert played.ended == "size"
    assert played.note == "The replay was stopped after more than 10000 bytes; 11000 bytes had come."


def test_a_stopped_event_stream_is_recorded_as_far_as_it_went() -> None:
    app = App()

    async def ticks() -> AsyncIterator[bytes]:
        while True:
            yield b"data: tick\n\n"

    @app.get("/events")
    async def events() -> Response:
        return StreamingResponse(ticks(), media_type="text/event-stream")

    recorded = Recorded(app)
    with pytest.raises(TimeoutError):
        asyncio.run(_until_timeout(app, http("GET", "/events")))
    first = recorded.newest()
    again, played = recorded.replay(first, max_bytes=1_000)
    assert played.ended == "size"
    assert again.status == 200
    assert again.response_body.data.startswith(b"data: tick\n\n")
    assert again.state in (State.DISCONNECTED, State.CANCELLED, State.ERROR)


async def _until_timeout(app: ASGIApp, scope: dict[str, Any]) -> None:
    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(message: dict[str, Any]) -> None:
        await asyncio.sleep(0)

    async with asyncio.timeout(0.05):
        await app(scope, receive, send)


def test_an_exception_is_part_of_the_replay_not_of_the_player(mirror: Recorded) -> None:
    @mirror.app.get("/boom")
    async def boom() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        asyncio.run(serve(mirror.app, http("GET", "/boom"), [b""]))
    again, played = mirror.replay(mirror.newest())
    assert (played.ended, played.note) == ("raised", "The application raised ValueError: no")
    assert again.failure is not None
    assert again.status == 500


@pytest.mark.parametrize(
    ("messages", "note"),
    [
        pytest.param([], "The application returned without a response.", id="nothing"),
        pytest.param(
            [{"type": "http.response.start", "status": 200, "headers": []}],
            "The application began a response and never ended it.",
            id="half",
        ),
    ],
)
def test_a_silent_application_is_told_apart(messages: list[dict[str, Any]], note: str) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    assert run(app) == Played(ended="silent", sent_bytes=0, note=note)


def test_a_cancelled_player_takes_the_application_with_it() -> None:
    ended: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    async def main() -> None:
        playing = asyncio.ensure_future(play(app, planned(), exchange_id="r", deadline_s=60, state=None))
        for _ in range(5):
            await asyncio.sleep(0)
        playing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await playing

    asyncio.run(main())
    assert ended == ["ended"]
