"""Applications that each do one thing ASGI allows, the conversations with them, and how they are recorded."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from inspector.journal.memory import MemoryJournal
from inspector.model import Worker
from inspector.recording.recorder import Recorder
from miniframework import App, HTTPException, Request, StreamingResponse, WebSocket
from miniframework.bus import EventBus, Subscription
from miniframework.tap import Tap
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from tests.inspector.asgi_conversations import (
    Account,
    Conversation,
    MakeApp,
    http_scope,
    note_raise,
    socket_scope,
    telling,
)

WORKER = Worker(host="h", pid=1)
Raw = Callable[[Account, Scope, Receive, Send], Awaitable[Any]]


def body_of(text: bytes = b"", *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": text, "more_body": more}


def start_of(status: int = 200, headers: Any = ((b"content-type", b"text/plain"),)) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def request_of(body: bytes = b"", *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def normal(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send(start_of())
    await send(body_of(b"hello"))


async def streamed(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    await send(start_of())
    for number in range(4):
        await send(body_of(str(number).encode(), more=True))
        account.append(("app works", number))
        await asyncio.sleep(0)
    await send(body_of())


async def server_sent_events(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    await send(start_of(headers=[(b"content-type", b"text/event-stream")]))

    async def client_leaves() -> None:
        while (await receive())["type"] != "http.disconnect":
            await asyncio.sleep(0)

    leaving = asyncio.create_task(client_leaves())
    for number in itertools.count():
        await send(body_of(f"data: {number}\n\n".encode(), more=True))
        await asyncio.sleep(0)
        if leaving.done():
            break


async def fails_before_start(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    raise note_raise(account, ValueError("before"))


async def fails_after_start(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    await send(start_of())
    await send(body_of(b"half", more=True))
    try:
        raise KeyError("inner")
    except KeyError as cause:
        raise note_raise(account, RuntimeError("after")) from cause


async def fails_in_a_group(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    raise note_raise(account, ExceptionGroup("both", [ValueError("a"), OSError("b")]))


class OwnExit(BaseException):
    """Not an Exception."""


async def fails_beyond_exception(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    raise note_raise(account, OwnExit("stop"))


class Unprintable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


async def fails_unprintably(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    raise note_raise(account, Unprintable())


async def reads_all(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    size = 0
    while True:
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    await send(start_of())
    await send(body_of(str(size).encode()))


async def waits_for_the_client(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    await send(start_of())
    await send(body_of(b"x", more=True))
    while (await receive())["type"] != "http.disconnect":
        account.append(("app still waits",))


async def two_cookies(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    await send(
        start_of(headers=[(b"set-cookie", b"a=1"), (b"X-Case", b"\xff"), (b"set-cookie", b"b=2; Path=/")])
    )
    await send(body_of(bytes(range(256))))


async def headers_read_once(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    message = {"type": "http.response.start", "status": 200}
    message["headers"] = (pair for pair in [(b"a", b"1"), (b"b", b"2")])
    await send(message)
    await send({"type": "http.response.body"})


async def reuses_its_buffer(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    buffer = bytearray(b"first")
    await send(start_of())
    await send({"type": "http.response.body", "body": buffer, "more_body": True})
    buffer[:] = b"other"
    await send({"type": "http.response.body", "body": memoryview(buffer), "more_body": True})
    buffer[:] = b"third"
    await send(body_of())


async def works_after_its_answer(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    await send(start_of())
    await send(body_of(b"done"))
    for step in range(3):
        await asyncio.sleep(0)
        account.append(("background", step))


async def speaks_unknown_messages(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "http.response.early_hint", "links": [b"</style.css>"]})
    await send(start_of() | {"trailers": True})
    await send({"type": "http.response.pathsend", "path": "/some/file"})
    await send(body_of())
    await send({"type": "http.response.trailers", "headers": [(b"x", b"1")], "more_trailers": False})


async def says_nothing(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    """An application that forgot to answer."""


async def changes_its_scope(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    scope["path"] = "/elsewhere"
    scope["own"] = object()
    scope["headers"].append((b"x-late", b"1"))
    scope["state"]["late"] = True
    await normal(account, scope, receive, send)


async def catches_a_client_that_is_gone(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    await send(start_of())
    try:
        for _ in range(5):
            await send(body_of(b"x", more=True))
    except OSError:
        account.append(("app noticed",))


async def finishes_when_cancelled(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    await send(start_of())
    try:
        await receive()
    finally:
        account.append(("app cleans up",))


async def survives_its_cancellation(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await receive()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        assert task is not None
        task.uncancel()
        await normal(account, scope, receive, send)


async def echoes(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    assert (await receive())["type"] == "websocket.connect"
    await send({"type": "websocket.accept", "subprotocol": "chat", "headers": [(b"x", b"1")]})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message.get("text"), "bytes": message.get("bytes")})
    await send({"type": "websocket.close", "code": 4000, "reason": "enough"})


async def refuses(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1008})


async def denies(account: Account, scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.http.response.start", "status": 429, "headers": [(b"retry-after", b"1")]})
    await send({"type": "websocket.http.response.body", "body": b"slow down"})


UPLOAD = (*(request_of(b"x" * 65_536, more=True) for _ in range(160)), request_of(b"end"))
TALK = (
    {"type": "websocket.connect"},
    {"type": "websocket.receive", "text": "hällo"},
    {"type": "websocket.receive", "bytes": b"\xff\x00", "text": None},
    {"type": "websocket.disconnect", "code": 1001, "reason": "bye"},
)
POST = http_scope(method="POST", headers=[(b"content-length", b"5")])


def raw(app: Raw) -> MakeApp:
    def make(account: Account) -> ASGIApp:
        return telling(account, lambda scope, receive, send: app(account, scope, receive, send))

    return make


CONVERSATIONS = {
    "normal": Conversation(raw(normal), http_scope(), (request_of(),)),
    "streamed": Conversation(raw(streamed), http_scope()),
    "server-sent events": Conversation(raw(server_sent_events), http_scope(), (request_of(),)),
    "fails before start": Conversation(raw(fails_before_start), http_scope()),
    "fails after start": Conversation(raw(fails_after_start), http_scope()),
    "fails in a group": Conversation(raw(fails_in_a_group), http_scope()),
    "fails beyond Exception": Conversation(raw(fails_beyond_exception), http_scope()),
    "fails unprintably": Conversation(raw(fails_unprintably), http_scope()),
    "10 MB upload": Conversation(raw(reads_all), POST, UPLOAD),
    "upload the client breaks off": Conversation(
        raw(reads_all), POST, (UPLOAD[0], {"type": "http.disconnect"})
    ),
    "client disconnected": Conversation(raw(waits_for_the_client), http_scope(), (request_of(),)),
    "client gone while sending": Conversation(raw(catches_a_client_that_is_gone), http_scope(), gone_after=2),
    "client gone, not caught": Conversation(raw(streamed), http_scope(), gone_after=1),
    "cancelled while receiving": Conversation(raw(finishes_when_cancelled), http_scope(), cancel_at=2),
    "cancelled while sending": Conversation(raw(streamed), http_scope(), cancel_at=3),
    "cancelled and going on": Conversation(raw(survives_its_cancellation), http_scope(), cancel_at=1),
    "two Set-Cookie, binary body": Conversation(raw(two_cookies), http_scope()),
    "headers that can be read once": Conversation(raw(headers_read_once), http_scope()),
    "a buffer that is used again": Conversation(raw(reuses_its_buffer), http_scope()),
    "work after the response": Conversation(raw(works_after_its_answer), http_scope()),
    "unknown messages": Conversation(raw(speaks_unknown_messages), http_scope(), ({"type": "http.new"},)),
    "no answer": Conversation(raw(says_nothing), http_scope()),
    "a scope that is changed": Conversation(raw(changes_its_scope), http_scope(), (request_of(),)),
    "websocket echo": Conversation(raw(echoes), socket_scope(), TALK),
    "websocket gone, not caught": Conversation(raw(echoes), socket_scope(), TALK, gone_after=2),
    "websocket cancelled": Conversation(raw(echoes), socket_scope(), TALK, cancel_at=4),
    "websocket refused": Conversation(raw(refuses), socket_scope(), TALK),
    "websocket denied": Conversation(raw(denies), socket_scope(), TALK),
}


def make_shop(account: Account) -> ASGIApp:
    app = App()

    @app.get("/items/{item_id:int}")
    async def get_item(item_id: int, q: str | None = None) -> dict[str, object]:
        return {"item_id": item_id, "q": q}

    @app.get("/plain/{name}")
    def get_plain(name: str) -> dict[str, str]:
        return {"name": name}

    @app.post("/echo")
    async def echo(request: Request) -> dict[str, int]:
        return {"size": len(await request.body())}

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> Any:
            for number in range(3):
                yield str(number).encode()
                await asyncio.sleep(0)

        return StreamingResponse(parts())

    @app.get("/fails")
    async def fails() -> None:
        raise note_raise(account, ValueError("in the endpoint"))

    @app.get("/gone")
    async def gone() -> None:
        raise HTTPException(410, "gone")

    @app.websocket("/ws")
    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(await socket.receive_text())
        await socket.close()

    inner = App()
    inner.get("/deep/{rest:path}")(get_plain_rest)
    app.mount("/mounted", inner)
    return app


async def get_plain_rest(rest: str) -> dict[str, str]:
    return {"rest": rest}


def shop(path: str, method: str = "GET", *messages: Message, **changes: Any) -> Conversation:
    scope = http_scope(path=path, raw_path=path.encode(), method=method, headers=[(b"content-length", b"5")])
    return Conversation(make_shop, scope, messages or (request_of(),), **changes)


SHOP = {
    "found": shop("/items/42"),
    "in a thread": shop("/plain/ann"),
    "head": shop("/items/42", "HEAD"),
    "unreadable parameter": shop("/items/99999999999999999999999"),
    "not found": shop("/none"),
    "method not allowed": shop("/items/42", "DELETE"),
    "redirect": shop("/items/42/"),
    "body": shop("/echo", "POST", request_of(b"abc", more=True), request_of(b"de")),
    "body cancelled": shop("/echo", "POST", request_of(b"abc", more=True), cancel_at=2),
    "stream": shop("/stream"),
    "fails": shop("/fails"),
    "http exception": shop("/gone"),
    "mounted": shop("/mounted/deep/a/b"),
    "mounted, not found": shop("/mounted/none"),
    "websocket": Conversation(make_shop, socket_scope(path="/ws", raw_path=b"/ws"), TALK),
    "websocket to nowhere": Conversation(make_shop, socket_scope(path="/none", raw_path=b"/none"), TALK),
}


class Recording:
    """Wraps applications so that they are recorded; the drain runs when it is asked to.

    The recorder is given stories, or hears events, as it does beside other listeners.
    """

    def __init__(self, *, by_events: bool = False) -> None:
        self.by_events = by_events
        self.journal = MemoryJournal()
        self.recorder = Recorder(self.journal, worker=WORKER)
        self.recorder.close()  # without a thread of its own: what happens is the same each time
        self.bus = EventBus()
        self._failures_before = 0
        self._subscriptions: list[Subscription] = []

    def wrap(self, app: ASGIApp) -> ASGIApp:
        if isinstance(app, App):
            self.bus = app.bus
            self._failures_before = app.bus.failures
        listen = self.bus.subscribe if self.by_events else self.bus.keep
        self._subscriptions.append(listen(self.recorder))
        return app if isinstance(app, App) else Tap(app, self.bus)

    def leave(self) -> None:
        """Hear no more of what was wrapped: another recording may have it."""
        for subscription in self._subscriptions:
            subscription.close()

    def failures_on_bus(self) -> int:
        """How many the bus has counted since this recording listens to it."""
        return self.bus.failures - self._failures_before

    def failures(self) -> int:
        stats = self.recorder.stats()
        counted = ("listener_errors", "drain_errors", "redaction_errors", "journal_errors")
        return self.failures_on_bus() + sum(stats[name] for name in counted)


def plain(app: ASGIApp) -> ASGIApp:
    return app


ALL = CONVERSATIONS | {f"shop: {name}": conversation for name, conversation in SHOP.items()}
