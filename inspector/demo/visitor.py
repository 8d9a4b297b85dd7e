"""One visitor of the bookshop: a bare HTTP/1.1 client, which sends exactly what it is told.

A library would mend odd methods, doubled slashes and bodies that are not JSON before they are sent.
"""

import asyncio
import contextlib
import json
import random
from collections.abc import Mapping
from urllib.parse import urlencode

import websockets
from websockets.asyncio.client import connect

from miniframework.records import dataclass

_ANSWER_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status code and the body."""

    status: int
    body: bytes


class Visitor:
    """Sends requests to one shop, after a pause between the shortest and the longest of `pause_s`."""

    def __init__(self, host: str, port: int, chance: random.Random, pause_s: tuple[float, float]) -> None:
        self.host = host
        self.port = port
        self.chance = chance
        self._pause_s = pause_s

    async def ask(
        self,
        method: str,
        target: str,
        *,
        json_body: object = None,
        form: Mapping[str, str] | None = None,
        raw_body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        leave_after_s: float = _ANSWER_WITHIN_S,
    ) -> Answer:
        """Send one request and read the answer, at most for `leave_after_s`; then the visitor is gone."""
        await asyncio.sleep(self.chance.uniform(*self._pause_s))
        content, content_type = _content(json_body, form, raw_body)
        sent = {"host": f"{self.host}:{self.port}", "user-agent": "bookshop-visitor", "connection": "close"}
        if content:
            sent |= {"content-type": content_type, "content-length": str(len(content))}
        head = "".join(f"{name}: {value}\r\n" for name, value in (sent | dict(headers or {})).items())
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + content)
            return _parse(await _read(reader, leave_after_s))
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def chat(self, room: str, *questions: str) -> None:
        """Open a WebSocket, ask each question, and wait for each answer."""
        await asyncio.sleep(self.chance.uniform(*self._pause_s))
        with contextlib.suppress(websockets.WebSocketException):  # refused, or closed by the shop
            async with connect(f"ws://{self.host}:{self.port}/live/chat/{room}", proxy=None) as socket:
                await socket.recv()
                for question in questions:
                    await asyncio.sleep(self.chance.uniform(*self._pause_s))
                    await socket.send(question)
                    await socket.recv()


def _content(json_body: object, form: Mapping[str, str] | None, raw_body: bytes | None) -> tuple[bytes, str]:
    if form is not None:
        return urlencode(form).encode(), "application/x-www-form-urlencoded"
    if json_body is not None:
        return json.dumps(json_body).encode(), "application/json"
    return raw_body or b"", "application/json"


async def _read(reader: asyncio.StreamReader, leave_after_s: float) -> bytes:
    """Read until the server closes, which `connection: close` asks for, or until it is time to leave."""
    received = b""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(leave_after_s):
            while chunk := await reader.read(65536):
                received += chunk
    return received


def _parse(response: bytes) -> Answer:
    head, _, body = response.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    return Answer(int(words[1]) if len(words) > 1 else 0, body)
