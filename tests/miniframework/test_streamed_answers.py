"""Endpoints that are generators: JSON lines, server-sent events and raw chunks, on both ways of serving."""

import asyncio
import functools
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from datetime import date
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import BaseModel, Field

from miniframework import App, Depends, Response, StreamingResponse
from miniframework.answering.event_stream import EventSourceResponse as EventsOfHttp
from miniframework.exceptions import ResponseValidationError
from miniframework.responses import EventSourceResponse
from miniframework.sse import ServerSentEvent, format_sse_event
from miniframework.testclient import TestClient
from tests.miniframework.asgi_driver import http_scope

BOTH_WAYS = pytest.mark.parametrize("way", ["compiled", "reference"])


class Item(BaseModel):
    name: str
    short: str = Field("s", serialization_alias="Short")


def ask(endpoint: Any, way: str, **options: Any) -> Any:
    app = App()
    app.get("/", **options)(endpoint)
    if way == "reference":
        app.bus.subscribe(lambda event: None)  # what is recorded is served by the loop over the plan
    return TestClient(app).get("/")


async def typed() -> AsyncIterable[Item]:
    yield Item(name="é")
    yield {"name": "b", "secret": 1}  # type: ignore[misc]  # what has the fields will do


def typed_plain() -> Iterable[Item]:
    yield Item(name="é")
    yield {"name": "b", "secret": 1}  # type: ignore[misc]


async def untyped():  # type: ignore[no-untyped-def]
    yield Item(name="é")
    yield {"d": date(2020, 1, 2), "n": float("nan")}


TYPED = '{"name":"é","Short":"s"}\n{"name":"b","Short":"s"}\n'
UNTYPED = '{"name": "\\u00e9", "Short": "s"}\n{"d": "2020-01-02", "n": null}\n'


@BOTH_WAYS
@pytest.mark.parametrize(
    ("endpoint", "options", "lines"),
    [
        pytest.param(typed, {}, TYPED, id="of the type's fields"),
        pytest.param(typed_plain, {}, TYPED, id="of a plain generator"),
        pytest.param(untyped, {}, UNTYPED, id="without a type"),
        pytest.param(
            typed, {"response_model_exclude": {"short"}}, '{"name":"é"}\n{"name":"b"}\n', id="with options"
        ),
    ],
)
def test_a_generator_streams_json_lines(endpoint: Any, options: Any, lines: str, way: str) -> None:
    answer = ask(endpoint, way, **options)
    assert answer.text == lines
    assert answer.headers["content-type"] == "application/jsonl"
    assert "content-length" not in answer.headers


async def events() -> AsyncIterable[Any]:
    yield ServerSentEvent(data="hi", event="greeting", id="1", retry=5, comment="two\nlines")
    yield ServerSentEvent(raw_data="a\nb\r\nc\rd")
    yield ServerSentEvent(data=Item(name="é"))
    yield ServerSentEvent()
    yield {"a": [1]}


EVENTS = (
    ': two\n: lines\nevent: greeting\ndata: "hi"\nid: 1\nretry: 5\n\n'
    "data: a\ndata: b\ndata: c\ndata: d\n\n"
    'data: {"name":"é","short":"s"}\n\n'
    "\n"
    'data: {"a":[1]}\n\n'
)


@BOTH_WAYS
@pytest.mark.parametrize(
    ("endpoint", "text"),
    [
        pytest.param(events, EVENTS, id="events as they say"),
        pytest.param(
            typed, f"data: {TYPED.strip()}\n\n".replace("}\n{", "}\n\ndata: {"), id="items of a type"
        ),
        pytest.param(
            typed_plain, f"data: {TYPED.strip()}\n\n".replace("}\n{", "}\n\ndata: {"), id="in a thread"
        ),
    ],
)
def test_a_generator_streams_events(endpoint: Any, text: str, way: str) -> None:
    answer = ask(endpoint, way, response_class=EventSourceResponse)
    assert answer.text == text
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-cache", "no")


@BOTH_WAYS
def test_a_streaming_class_gets_the_chunks_as_they_are(way: str) -> None:
    class Image(StreamingResponse):
        media_type = "image/png"

    def chunks() -> Iterator[bytes | str]:
        yield b"a"
        yield "b"

    answer = ask(chunks, way, response_class=Image, status_code=201)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (201, b"ab", "image/png")


async def two() -> AsyncIterable[int]:
    yield 1
    yield 2


@BOTH_WAYS
@pytest.mark.parametrize(
    ("options", "text"),
    [
        pytest.param({}, "1\n2\n", id="lines"),
        pytest.param({"response_class": EventSourceResponse}, "data: 1\n\ndata: 2\n\n", id="events"),
    ],
)
def test_a_stream_has_the_status_of_its_route(options: Any, text: str, way: str) -> None:
    answer = ask(two, way, status_code=201, **options)
    assert (answer.status_code, answer.text) == (201, text)


@BOTH_WAYS
@pytest.mark.parametrize("response_class", [None, EventSourceResponse, StreamingResponse])
def test_a_status_without_content_sends_nothing_of_a_stream(response_class: Any, way: str) -> None:
    async def chunks():  # type: ignore[no-untyped-def]
        yield "1"

    options = {} if response_class is None else {"response_class": response_class}
    answer = ask(chunks, way, status_code=204, **options)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-length" not in answer.headers


def count(first: int, then: int) -> Iterator[int]:
    yield first
    yield then


class Counter:
    def __call__(self, first: int, then: int) -> Iterator[int]:
        yield first
        yield then


@BOTH_WAYS
@pytest.mark.parametrize("counting", [count, Counter()], ids=["a function", "an object"])
def test_a_partial_of_a_generator_is_a_stream(counting: Any, way: str) -> None:
    assert ask(functools.partial(counting, 4, then=5), way).text == "4\n5\n"


@BOTH_WAYS
def test_a_stream_of_no_named_type_takes_any_item(way: str) -> None:
    def items() -> Iterator:  # type: ignore[type-arg]  # that is the claim
        yield {"a": date(2020, 1, 2)}

    assert ask(items, way).text == '{"a":"2020-01-02"}\n'


@BOTH_WAYS
def test_a_stream_keeps_its_dependencies_open_and_takes_headers_along(way: str) -> None:
    order: list[str] = []

    async def session() -> AsyncIterator[str]:
        yield "open"
        order.append("closed")

    async def lines(it: Annotated[str, Depends(session)], response: Response) -> AsyncIterable[str]:
        response.headers["x-too"] = "late"
        yield it
        order.append("streamed")

    async def brand(response: Response) -> None:
        response.headers["x-from"] = "a dependency"

    answer = ask(lines, way, dependencies=[Depends(brand)])
    assert answer.text == '"open"\n'
    assert order == ["streamed", "closed"]
    assert answer.headers["x-from"] == "a dependency"
    assert "x-too" not in answer.headers


@BOTH_WAYS
def test_an_item_of_another_type_ends_the_stream_with_an_error(way: str) -> None:
    async def lines() -> AsyncIterable[Item]:
        yield Item(name="a")
        yield {"nam": 1}  # type: ignore[misc]  # that is the mistake

    with pytest.raises(ResponseValidationError, match=r"'response', 'name'") as caught:
        ask(lines, way)
    assert caught.value.endpoint_path == "GET /"
    with pytest.raises(ResponseValidationError, match=r"'response', 'name'"):
        ask(lines, way, response_class=EventSourceResponse)


def test_a_comment_goes_out_while_nothing_happens_and_the_generator_hears_nothing_of_it() -> None:
    sent = asyncio.run(_send_with_a_wait())
    assert b": ping\n\n" in sent
    assert [one for one in sent if b"ping" not in one] == [b"", b"data: first\n\n", b"data: last\n\n", b""]


async def _send_with_a_wait() -> list[bytes]:
    class Impatient(EventSourceResponse):
        ping_seconds: ClassVar[float] = 0.001

    go_on = asyncio.Event()

    async def items() -> AsyncIterator[str]:
        yield "first"
        await go_on.wait()
        yield "last"

    response = Impatient.of_items(items(), lambda item: item.encode())
    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))
        if message.get("body") == b": ping\n\n":
            go_on.set()

    async def receive() -> Any:
        await asyncio.Event().wait()

    async with asyncio.timeout(10):
        await response(http_scope(), receive, send)
    return sent


def test_a_client_that_leaves_ends_the_generator_of_events() -> None:
    assert asyncio.run(_leave_a_stream())


async def _leave_a_stream() -> bool:
    waits, ended = asyncio.Event(), asyncio.Event()

    async def items() -> AsyncIterator[str]:
        try:
            yield "first"
            waits.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def receive() -> Any:
        await waits.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None: ...

    response = EventSourceResponse.of_items(items(), lambda item: item.encode())
    async with asyncio.timeout(10):
        await response(http_scope(), receive, send)
    return ended.is_set()


@pytest.mark.parametrize("response_class", [None, StreamingResponse, EventSourceResponse])
def test_a_generator_that_never_waits_lets_others_run(response_class: Any) -> None:
    async def for_ever() -> AsyncIterator[str]:
        while True:
            yield "x"

    app = App()
    app.get("/", response_class=response_class)(for_ever)

    async def send(message: Any) -> None: ...

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def main() -> None:
        async with asyncio.timeout(0.05):
            await app(http_scope(), receive, send)

    with pytest.raises(TimeoutError):
        asyncio.run(main())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"data": 1, "raw_data": "x"}, "both 'data' and 'raw_data'"),
        ({"event": "a\nb"}, "'event' must be a single line"),
        ({"id": "a\rb"}, "'id' must be a single line"),
        ({"id": "a\0"}, "null characters"),
        ({"retry": -1}, "greater than or equal to 0"),
        ({"retry": 1.5}, "valid integer"),
        ({"comment": 5}, "valid string"),
    ],
)
def test_an_event_that_would_break_out_of_its_line_is_refused(words: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ServerSentEvent(**words)


def test_an_event_is_written_line_by_line() -> None:
    assert format_sse_event(data_str="a\n\nb", event="e") == b"event: e\ndata: a\ndata: \ndata: b\n\n"
    assert EventsOfHttp is EventSourceResponse


@BOTH_WAYS
def test_a_response_of_events_sends_text_as_it_is(way: str) -> None:
    def endpoint() -> EventSourceResponse:
        return EventSourceResponse(iter(["data: x\n\n"]))

    assert ask(endpoint, way).text == "data: x\n\n"
