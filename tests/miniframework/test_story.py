"""A keeper reads from the notes of a story what other listeners hear event by event."""

import asyncio
import dataclasses
import gc
import weakref
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from miniframework import (
    App,
    Depends,
    EventBus,
    HTTPException,
    PlainTextResponse,
    StreamingResponse,
    Tap,
    events,
)
from miniframework.bus import FAILURES_IN_A_ROW_BEFORE_DROPPED
from miniframework.errors import EncodeError
from miniframework.events import Event
from miniframework.exceptions import ResponseValidationError
from miniframework.tap import came_from_send
from miniframework.telling.frozen import MAX_DEPTH, MAX_ITEMS, Frozen, freeze
from miniframework.telling.notes import read_note
from miniframework.telling.story import Notes, Story, find_teller, take_notes
from miniframework.telling.trace import find_trace
from miniframework.types import Receive, Scope, Send
from tests.miniframework.asgi_driver import Listener, call, http_scope


class Keeping:
    """A keeper that reads each story to its end; `is_full` refuses, `is_broken` fails."""

    def __init__(self, *, is_full: bool = False, is_broken: bool = False) -> None:
        self.stories: list[Notes] = []
        self.heard: list[Event] = []
        self.is_full = is_full
        self.is_broken = is_broken

    def __call__(self, event: Event) -> None:
        self.heard.append(event)

    def begin(self, story: Story) -> bool:
        if self.is_broken:
            raise MemoryError
        if not self.is_full:
            self.stories.append(story.notes)
        return not self.is_full

    def keep(self, story: Story, event: Event) -> None:
        story.notes.append(event)

    def events(self) -> list[Event]:
        read: list[Event] = []
        for kept in self.stories:
            teller = find_teller(kept)
            for note in take_notes(kept, teller):
                read += read_note(note, teller.exchange_id) if isinstance(note, tuple) else (note,)
        return read


class Item(BaseModel):
    name: str
    price: float


async def opened() -> AsyncIterator[int]:
    yield 1


async def numbered() -> int:
    return 7


async def doubled(number: Annotated[int, Depends(numbered)]) -> int:
    return 2 * number


async def refuses() -> None:
    raise HTTPException(403)


def make_app() -> App:
    app = App()

    @app.get("/items/{item_id}")
    async def read(item_id: int, q: str | None = None, page: int = 1) -> dict[str, Any]:
        return {"item_id": item_id, "q": q}

    @app.post("/items")
    async def create(item: Item) -> Item:
        return item

    @app.post("/two")
    async def two(item: Item, count: Annotated[list[int], Depends(lambda: [1])]) -> int:
        return len(count)

    @app.get("/needs")
    async def needs(a: Annotated[int, Depends(doubled)], b: Annotated[int, Depends(numbered)]) -> int:
        return a + b

    @app.get("/cleans")
    async def cleans(one: Annotated[int, Depends(opened)]) -> int:
        return one

    @app.get("/guarded", dependencies=[Depends(refuses)])
    async def guarded() -> None: ...

    @app.get("/text")
    async def text() -> Any:
        return PlainTextResponse("x")

    @app.get("/empty", status_code=204)
    async def empty() -> None: ...

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(iter([b"one", b"two"]))

    @app.get("/large")
    async def large() -> str:
        return "x" * 5000

    @app.get("/fails")
    async def fails() -> None:
        raise ZeroDivisionError("why")

    @app.get("/misfit", response_model=Item)
    async def misfit() -> Any:
        return {"name": "a"}

    @app.get("/unwritable")
    async def unwritable() -> Any:
        return object()

    @app.get("/thread")
    def thread() -> int:
        return 1

    @app.get("/identified")
    async def identified() -> str:
        trace = find_trace()
        return "" if trace is None else trace.exchange_id

    return app


def told(event: Event) -> dict[str, Any]:
    """What an event says, but for its exchange, its times, and whose objects it holds."""
    said = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    for name in ("exchange_id", "at_ns", "took_ns", "table", "entry", "started_unix_ns", "error"):
        said.pop(name, None)
    if isinstance(event, events.RequestStarted):
        said["scope"] = {key: value for key, value in said["scope"].items() if value != ()}
    if isinstance(event, events.ParametersBound | events.ParametersRejected):
        said["parameters"] = [dataclasses.replace(one, value=shown(one.value)) for one in said["parameters"]]
    return {"event": type(event).__name__, **said}


@dataclasses.dataclass
class Pair:
    first: int
    second: int


@dataclasses.dataclass
class Growing:
    """As if another thread added to what holds it, whenever its `name` is read."""

    name: str = ""


def shown(value: object) -> object:
    frozen = freeze(value) if not isinstance(value, Frozen) else value
    return (frozen.kind, frozen.fields) if isinstance(frozen, Frozen) else frozen


REQUESTS = {
    "found": ("GET", "/items/7", b"q=x&page=2", b""),
    "a default": ("GET", "/items/7", b"", b""),
    "rejected": ("GET", "/items/x", b"", b""),
    "a body": ("POST", "/items", b"", b'{"name": "a", "price": 1}'),
    "a wrong body": ("POST", "/items", b"", b'{"name": "a"}'),
    "a broken body": ("POST", "/items", b"", b'{"name'),
    "a body and a function": ("POST", "/two", b"", b'{"name": "a", "price": 1}'),
    "dependencies": ("GET", "/needs", b"", b""),
    "a clean-up": ("GET", "/cleans", b"", b""),
    "a dependency that answers": ("GET", "/guarded", b"", b""),
    "a response": ("GET", "/text", b"", b""),
    "no content": ("GET", "/empty", b"", b""),
    "a stream": ("GET", "/stream", b"", b""),
    "a large body": ("GET", "/large", b"", b""),
    "a failure": ("GET", "/fails", b"", b""),
    "a value that is not of its model": ("GET", "/misfit", b"", b""),
    "a value that is no JSON": ("GET", "/unwritable", b"", b""),
    "a thread": ("GET", "/thread", b"", b""),
    "HEAD": ("HEAD", "/items/7", b"", b""),
    "not found": ("GET", "/none", b"", b""),
    "not allowed": ("PUT", "/items", b"", b""),
    "redirected": ("GET", "/text/", b"", b""),
}


async def ask(app: App, method: str, path: str, query: bytes, body: bytes) -> None:
    headers = [(b"host", b"a"), (b"content-type", b"application/json")]
    scope = http_scope(path, method, query_string=query, headers=headers)
    try:
        await call(app, scope, {"type": "http.request", "body": body})
    except (ZeroDivisionError, ResponseValidationError, EncodeError):
        return


@pytest.mark.parametrize("asked", REQUESTS.values(), ids=REQUESTS)
def test_the_notes_of_a_story_tell_what_listeners_hear(asked: tuple[str, str, bytes, bytes]) -> None:
    app, keeper = make_app(), Keeping()
    subscription = app.bus.keep(keeper)
    asyncio.run(ask(app, *asked))
    subscription.close()
    listener = Listener(app.bus)
    asyncio.run(ask(app, *asked))
    read = keeper.events()
    assert [told(event) for event in read] == [told(event) for event in listener.events]
    assert [event.at_ns for event in read] == sorted(event.at_ns for event in read)
    assert len({event.exchange_id for event in read}) == 1
    assert keeper.heard == []


def test_a_scope_as_servers_make_it_is_told_but_for_the_version_of_asgi() -> None:
    app, keeper = make_app(), Keeping()
    app.bus.keep(keeper)
    headers = [(b"host", b"a")]
    scope = http_scope("/text", raw_path=b"/text", headers=headers, state={})
    came = {key: one for key, one in scope.items() if key not in ("asgi", "state")}
    asyncio.run(call(app, scope))
    headers.clear()
    started = keeper.events()[0]
    assert isinstance(started, events.RequestStarted)
    assert started.scope == came | {"headers": [(b"host", b"a")]}


@pytest.mark.parametrize("path", ["/items/7", "/identified", "/text"])
def test_what_waits_to_be_read_holds_nothing_of_the_server(path: str) -> None:
    class Server:
        async def receive(self) -> Any: ...

        async def send(self, message: Any) -> None: ...

    app, keeper, server = make_app(), Keeping(), Server()
    app.bus.keep(keeper)
    seen = weakref.ref(server)
    asyncio.run(app(http_scope(path, raw_path=path.encode()), server.receive, server.send))
    gc.disable()
    try:
        del server
        assert seen() is None
    finally:
        gc.enable()
    assert len(keeper.stories) == 1


@pytest.mark.parametrize(
    ("refused", "told_at_the_end"),
    [
        ("http.response.start", ["EndpointFinished", "ResponseSerialised", "RequestFailed"]),
        ("http.response.body", ["ResponseSerialised", "ResponseStarted", "RequestFailed"]),
    ],
    ids=["the start", "the body"],
)
def test_an_answer_that_the_server_refuses_is_told_as_far_as_it_went(
    refused: str, told_at_the_end: list[str]
) -> None:
    class GoneError(Exception):
        pass

    async def send(message: Any) -> None:
        if message["type"] == refused:
            raise GoneError

    app, keeper = make_app(), Keeping()
    app.bus.keep(keeper)
    with pytest.raises(GoneError):
        asyncio.run(app(http_scope("/items/7"), send, send))
    assert [type(event).__name__ for event in keeper.events()][-3:] == told_at_the_end


@pytest.mark.parametrize("path", ["/items/7", "/text", "/large"])
def test_what_the_server_raises_in_send_is_known_to_come_from_it(path: str) -> None:
    async def send(message: Any) -> None:
        raise OSError("gone")

    app = make_app()
    app.bus.keep(Keeping())
    with pytest.raises(OSError, match="gone") as raised:
        asyncio.run(app(http_scope(path), send, send))
    assert came_from_send(raised.value)


def test_beside_another_listener_a_keeper_hears_events() -> None:
    app, keeper = make_app(), Keeping()
    app.bus.keep(keeper)
    listener = Listener(app.bus)
    asyncio.run(call(app, http_scope("/text")))
    assert keeper.heard == listener.events
    listener.subscription.close()
    asyncio.run(call(app, http_scope("/text")))
    assert len(keeper.stories) == 1


@pytest.mark.parametrize("keeper", [Keeping(is_full=True), Keeping(is_broken=True)], ids=["full", "broken"])
def test_a_keeper_that_takes_no_story_leaves_the_request_alone(keeper: Keeping) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert (receive, send) == seen

    async def main() -> None:
        await Tap(app, bus)(http_scope(), *seen)

    async def nothing(*message: Any) -> Any: ...

    seen, bus = (nothing, nothing), EventBus()
    bus.keep(keeper)
    for _ in range(FAILURES_IN_A_ROW_BEFORE_DROPPED):
        asyncio.run(main())
    assert bus.failures == (FAILURES_IN_A_ROW_BEFORE_DROPPED if keeper.is_broken else 0)
    assert bus.listening is not keeper.is_broken


def test_whoever_watches_a_story_is_called_for_each_further_note() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        (kept,) = keeper.stories
        story = find_teller(kept)
        assert isinstance(story, Story)
        story.watch(lambda: woken.append(len(take_notes(kept, story))))
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        await send({"type": "http.response.body", "body": b"two"})

    woken: list[int] = []
    bus, keeper = EventBus(), Keeping()
    bus.keep(keeper)
    asyncio.run(call(Tap(app, bus), http_scope()))
    assert woken == [3, 1, 1]  # what was noted before the first, the second body, the end


def test_a_story_keeps_no_object_of_the_scope() -> None:
    class Connection:
        pass

    async def app(scope: Scope, receive: Receive, send: Send) -> None: ...

    bus, keeper, connection = EventBus(), Keeping(), Connection()
    bus.keep(keeper)
    scope = http_scope(state={"db": connection}, extensions={"own": connection}, app=connection)
    asyncio.run(call(Tap(app, bus), scope))
    (started, _) = keeper.events()
    assert isinstance(started, events.RequestStarted)
    assert (started.scope["state"], started.scope["extensions"]) == (("db",), ("own",))
    seen = weakref.ref(connection)
    gc.disable()
    try:
        del scope, connection
        assert seen() is None
    finally:
        gc.enable()


def test_a_frozen_value_reads_as_it_was_whatever_becomes_of_it() -> None:
    item, many = Item(name="a", price=1), list(range(100))
    frozen, cut = freeze({"item": item, "list": many}), freeze(many)
    item.name = "b"
    many.clear()
    assert (frozen["item"].kind, frozen["item"].fields) == (Item, [("name", "a"), ("price", 1.0)])
    assert cut == list(range(MAX_ITEMS))


def test_of_bytes_that_can_change_those_of_now_are_kept() -> None:
    buffer = bytearray(b"now")
    frozen = freeze(buffer)
    buffer[:] = b"later"
    assert frozen == b"now"


def test_a_field_that_has_no_value_yet_is_left_out() -> None:
    item = object.__new__(Pair)
    item.second = 2
    assert freeze(item).fields == [("second", 2)]


def test_of_a_dict_that_grows_while_it_is_read_only_the_kind_is_kept() -> None:
    held: dict[object, object] = {"one": Growing(), "two": 2}
    Growing.name = property(lambda self: held.setdefault("three", 3))  # type: ignore[assignment]
    frozen = freeze(held)
    assert (frozen.kind, frozen.fields) == (dict, None)


def test_of_an_unknown_object_and_of_what_lies_deep_only_the_kind_is_kept() -> None:
    nested: Any = object()
    for _ in range(MAX_DEPTH + 3):
        nested = [nested]
    frozen = freeze(nested)
    for _ in range(MAX_DEPTH + 1):
        (frozen,) = frozen
    assert (type(frozen), frozen.fields) == (Frozen, None)
    assert freeze(object()).kind is object


def test_a_story_tells_of_values_as_they_were_given_to_the_endpoint() -> None:
    app, keeper = App(), Keeping()

    @app.post("/items")
    async def create(item: Item, number: Annotated[int, Depends(numbered)]) -> str:
        item.name = "changed"
        return item.name

    app.bus.keep(keeper)
    asyncio.run(ask(app, "POST", "/items", b"", b'{"name": "sent", "price": 1}'))
    (bound,) = (event for event in keeper.events() if isinstance(event, events.ParametersBound))
    (item,) = bound.parameters
    assert shown(item.value) == (Item, [("name", "sent"), ("price", 1.0)])
