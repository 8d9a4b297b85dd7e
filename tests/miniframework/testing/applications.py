"""Applications that answer with what came, for the tests of the test client."""

import json
from collections.abc import Callable
from typing import Any

from miniframework.testing import TestClient
from miniframework.types import Message, Receive, Scope, Send


async def read_body(receive: Receive) -> list[Message]:
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    return messages


async def respond(
    send: Send, body: Any = b"", status: int = 200, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers or []})
    await send(
        {"type": "http.response.body", "body": body if isinstance(body, bytes) else json.dumps(body).encode()}
    )


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what came."""
    messages = await read_body(receive)
    await respond(
        send,
        {
            "method": scope["method"],
            "path": scope["path"],
            "raw_path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "headers": [[n.decode("latin-1"), v.decode("latin-1")] for n, v in scope["headers"]],
            "body": b"".join(m["body"] for m in messages).decode(),
            "chunks": len(messages),
            "root_path": scope["root_path"],
            "server": scope["server"],
            "client": scope["client"],
            "scheme": scope["scheme"],
        },
    )


def app_of(speak: Callable[[Receive, Send], Any]) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await speak(receive, send)

    return app


class Boom(Exception): ...


async def failing(receive: Receive, send: Send) -> None:
    raise Boom


async def talking(scope: Scope, receive: Receive, send: Send) -> None:
    """Accept, say what was asked for, echo; `bye` closes, `boom` raises."""
    assert (await receive())["type"] == "websocket.connect"
    subprotocol = next(iter(scope["subprotocols"]), None)
    headers = [(b"x-path", scope["raw_path"])]
    await send({"type": "websocket.accept", "subprotocol": subprotocol, "headers": headers})
    while (message := await receive())["type"] == "websocket.receive":
        if message.get("text") == "boom":
            raise Boom
        if message.get("text") == "bye":
            await send({"type": "websocket.close", "code": 3001, "reason": "so long"})
            return
        await send({**message, "type": "websocket.send"})


def headers_seen(client: TestClient, url: str = "/", **options: Any) -> dict[str, str]:
    return dict(client.get(url, **options).json()["headers"])


async def away(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/":
        to = scope["query_string"] or b"/there#part"
        await respond(send, status=303, headers=[(b"location", to)])
    else:
        await echo(scope, receive, send)
