from collections.abc import AsyncIterable, Iterator

from pydantic import BaseModel

from miniframework import App
from miniframework.sse import EventSourceResponse, ServerSentEvent

app = App()


class Item(BaseModel):
    id: str
    value: float = 1.5


@app.get("/lines")
async def lines() -> AsyncIterable[Item]:
    yield Item(id="1")


@app.get("/untyped-lines")
def untyped_lines():
    yield 1


@app.get("/events", response_class=EventSourceResponse)
def events() -> Iterator[Item]:
    yield Item(id="1")


@app.get("/own-events", response_class=EventSourceResponse)
async def own_events() -> AsyncIterable[ServerSentEvent]:
    yield ServerSentEvent(data="1")
