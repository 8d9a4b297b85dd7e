"""Server-sent events: a stream of small messages that browsers read with `EventSource`.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, ClassVar

from miniframework.http.streaming import StreamingResponse, as_async, close_iterator
from miniframework.params.encode import stream_encode

if TYPE_CHECKING:  # who sends no events does not wait for its validator
    from miniframework.params.server_sent_event import ServerSentEvent

# A comment, which readers skip: proxies and clients see that the connection still lives.
KEEPALIVE_COMMENT = b": ping\n\n"


def encode_event(event: "ServerSentEvent") -> bytes:
    """Give an event as it goes out."""
    text = event.raw_data
    if event.data is not None:
        written = getattr(event.data, "model_dump_json", None)
        text = stream_encode(event.data).decode() if written is None else written()
    return format_sse_event(
        data_str=text, event=event.event, id=event.id, retry=event.retry, comment=event.comment
    )


def format_sse_event(
    *,
    data_str: str | None = None,
    event: str | None = None,
    id: str | None = None,
    retry: int | None = None,
    comment: str | None = None,
) -> bytes:
    """Give the lines of one event, with the empty line that ends it; `data_str` may have several lines."""
    lines = [f": {line}" for line in _split(comment)]
    if event is not None:
        lines.append(f"event: {event}")
    lines += [f"data: {line}" for line in _split(data_str)]
    if id is not None:
        lines.append(f"id: {id}")
    if retry is not None:
        lines.append(f"retry: {retry}")
    return "\n".join([*lines, "", ""]).encode()


class EventSourceResponse(StreamingResponse):
    """A stream of server-sent events, `text/event-stream`.

    As the `response_class` of an endpoint that is a generator, each item becomes an event: a ServerSentEvent
    as it says, anything else as JSON in `data`; after `ping_seconds` without one a comment goes out. Returned
    by an endpoint it sends the text of its content as it is.
    """

    __slots__ = ()
    media_type = "text/event-stream"
    # The interval that the standard recommends (section 9.2.7, authoring notes).
    ping_seconds: ClassVar[float] = 15.0

    @classmethod
    def of_items(
        cls, items: Any, write: Callable[[Any], bytes], status_code: int = 200
    ) -> "EventSourceResponse":
        """Send each of `items`, a generator's; what is no ServerSentEvent is put into one by `write`."""
        from miniframework.params.server_sent_event import ServerSentEvent

        def encode(item: Any) -> bytes:
            if isinstance(item, ServerSentEvent):
                return encode_event(item)
            return format_sse_event(data_str=write(item).decode())

        events = _with_pings(as_async(items), encode, cls.ping_seconds)
        # Nginx would hold events back.
        return cls(events, status_code, {"cache-control": "no-cache", "x-accel-buffering": "no"})


async def _with_pings(
    items: AsyncIterable[Any], encode: Callable[[Any], bytes], ping_seconds: float
) -> AsyncIterator[bytes]:
    """Encode the items, one ahead; the generator runs in a task of its own, so that no ping disturbs it."""
    ready: asyncio.Queue[bytes | None] = asyncio.Queue()
    room = asyncio.Semaphore(1)

    async def pump() -> None:
        try:
            async for item in items:
                chunk = encode(item)
                await room.acquire()
                ready.put_nowait(chunk)
        finally:
            ready.put_nowait(None)
            await close_iterator(items)

    task = asyncio.create_task(pump())
    try:
        while True:
            try:
                async with asyncio.timeout(ping_seconds):
                    chunk = await ready.get()
            except TimeoutError:
                yield KEEPALIVE_COMMENT
                continue
            if chunk is None:
                break
            room.release()
            yield chunk
        await task
    finally:
        task.cancel()
        await asyncio.wait([task])


def _split(text: str | None) -> list[str]:
    """The lines of a text by the standard's line ends only."""
    return [] if text is None else text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
