"""What the bookshop sends by itself: a feed of sales as server-sent events, and a chat over WebSocket."""

import asyncio
import json
from collections.abc import AsyncIterator

from miniframework import Response, Router, StreamingResponse, WebSocket

live = Router()

_SALES = ("Frankenstein", "Middlemarch", "Treasure Island")


@live.get("/sales")
async def sales(pause_ms: int = 400) -> Response:
    """Stream sales as server-sent events until the visitor leaves."""

    async def events() -> AsyncIterator[str]:
        number = 0
        while True:
            title = _SALES[number % len(_SALES)]
            yield f"event: sale\nid: {number}\ndata: {json.dumps({'title': title})}\n\n"
            number += 1
            await asyncio.sleep(pause_ms / 1000)

    return StreamingResponse(events(), media_type="text/event-stream", headers={"cache-control": "no-store"})


@live.websocket("/chat/{room}")
async def chat(websocket: WebSocket, room: str) -> None:
    """Answer questions about books; the room `staff` is closed to visitors."""
    if room == "staff":
        await websocket.close(4403, "staff only")
        return
    await websocket.accept()
    await websocket.send_json({"from": "shop", "text": f"welcome to {room}"})
    async for question in websocket.iter_text():
        if question == "bye":
            await websocket.close(1000, "goodbye")
            return
        await websocket.send_json({"from": "shop", "text": f"about {question!r}: second shelf on the left"})
