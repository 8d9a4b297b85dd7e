"""Server-sent events: one answer that goes on, as browsers read it with `EventSource`.

Try:
    curl -N 'localhost:8000/prices?book_id=7'
    curl -N 'localhost:8000/prices?book_id=7' -H 'last-event-id: 3'
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from miniframework import App, Header, HTMLResponse, Query
from miniframework.sse import EventSourceResponse, ServerSentEvent

PAGE = """<!doctype html><title>Prices</title><ol id="prices"></ol>
<script>
  new EventSource("/prices?book_id=7").addEventListener("price", (event) => {
    document.querySelector("#prices").append(document.createElement("li"));
    document.querySelector("#prices").lastChild.textContent = event.data;
  });
</script>"""

app = App()


@app.get("/", response_class=HTMLResponse)
async def page() -> HTMLResponse:
    """A page that listens."""
    return HTMLResponse(PAGE)


@app.get("/prices", response_class=EventSourceResponse)
async def follow_prices(
    book_id: int,
    until: Annotated[int, Query(ge=1, le=100)] = 5,
    last_event_id: Annotated[int, Header()] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """Send a price now and then; a browser that lost the connection says how far it had come."""
    for number in range(last_event_id + 1, until + 1):
        price = {"book_id": book_id, "price": 10 + number / 4}
        yield ServerSentEvent(event="price", data=price, id=str(number))
        await asyncio.sleep(0.01)
