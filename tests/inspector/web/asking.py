"""One ASGI call with exactly the headers that are given, and what came back."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from miniframework.types import ASGIApp, Message
from tests.inspector.web.serving import TOKEN

PORT = 8765
HOST = ("host", f"127.0.0.1:{PORT}")
BEARER = ("authorization", f"Bearer {TOKEN}")
JSON = ("content-type", "application/json")
KNOWN = (HOST, BEARER)


@dataclass(frozen=True)
class Answer:
    """Status, headers as a list, body."""

    status: int
    raw_headers: list[tuple[str, str]]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        names = [name for name, _ in self.raw_headers]
        assert len(names) == len(set(names)), f"a header came twice: {names}"
        return dict(self.raw_headers)

    def json(self) -> Any:
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.body)


def ask(
    app: ASGIApp,
    path: str,
    headers: Sequence[tuple[str, str]] = KNOWN,
    *,
    method: str = "GET",
    body: bytes = b"",
    **scope: Any,
) -> Answer:
    """Ask once, in a loop of its own. An exception the application lets out after its answer is left out."""
    path, _, query = path.partition("?")
    full = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "client": ("203.0.113.9", 1),
        "server": ("127.0.0.1", PORT),
        **scope,
    }
    return asyncio.run(_ask(app, full, body))


async def _ask(app: ASGIApp, scope: dict[str, Any], body: bytes) -> Answer:
    sent: list[Message] = []
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if pending:
            return pending.pop()
        await asyncio.Event().wait()
        raise AssertionError("nobody sets that event")

    async def send(message: Message) -> None:
        sent.append(message)

    try:
        await app(scope, receive, send)
    except Exception:
        if not sent:
            raise
    headers = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    return Answer(sent[0]["status"], headers, b"".join(message["body"] for message in sent[1:]))
