"""A chat over WebSockets: parameters and dependencies as in any handler.

Open two: `python -m websockets 'ws://localhost:8000/rooms/lounge?name=ada'`
"""

from collections import defaultdict
from typing import Annotated

from miniframework import App, Depends, HTTPException, Query, WebSocket, WebSocketDisconnect

MAX_TEXT = 200
TOO_BIG = 1009  # RFC 6455 section 7.4.1

app = App()


class Rooms:
    """Who is where, in this process."""

    def __init__(self) -> None:
        self._present: dict[str, list[WebSocket]] = defaultdict(list)

    def enter(self, room: str, guest: WebSocket) -> None:
        """Note a guest."""
        self._present[room].append(guest)

    def leave(self, room: str, guest: WebSocket) -> None:
        """Forget a guest, and the room with its last one."""
        self._present[room].remove(guest)
        if not self._present[room]:
            del self._present[room]

    async def say(self, room: str, message: dict[str, str]) -> None:
        """Tell everybody in the room; who has left meanwhile is passed over."""
        for guest in list(self._present.get(room, ())):
            try:
                await guest.send_json(message)
            except WebSocketDisconnect:
                continue


rooms = Rooms()


def find_name(name: Annotated[str, Query(min_length=1, max_length=20)]) -> str:
    """Say who wants in. An HTTPException refuses the handshake with its status."""
    if name == "mallory":
        raise HTTPException(403, "not you again")
    return name


@app.websocket("/rooms/{room}")
async def chat(websocket: WebSocket, room: str, name: Annotated[str, Depends(find_name)]) -> None:
    """Tell everybody in the room what a guest says, until the guest leaves."""
    await websocket.accept()
    rooms.enter(room, websocket)
    try:
        await rooms.say(room, {"room": room, "joined": name})
        async for text in websocket.iter_text():
            if len(text) > MAX_TEXT:
                await websocket.close(TOO_BIG, f"at most {MAX_TEXT} characters")
                break
            await rooms.say(room, {"from": name, "text": text})
    finally:
        rooms.leave(room, websocket)
    await rooms.say(room, {"room": room, "left": name})
