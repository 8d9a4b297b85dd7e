"""No framework: what a careful person writes by hand, with the fastest parts there are."""

from typing import Any
from urllib.parse import parse_qsl

import orjson
from pydantic import BaseModel


class Item(BaseModel):
    name: str
    price: float


_JSON = (b"content-type", b"application/json")
_TEXT = (b"content-type", b"text/plain; charset=utf-8")


async def answer(send: Any, status: int, body: bytes, content_type: tuple[bytes, bytes]) -> None:
    headers = [content_type, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def find_q(query: bytes) -> str | None:
    text = query.decode("latin-1")
    if "&" in text or "%" in text or "+" in text:
        return dict(parse_qsl(text)).get("q")
    name, _, value = text.partition("=")
    return value if name == "q" else None


def make(routes: int) -> Any:
    prefixes = {f"/r{n}" for n in range(routes)} or {"/items"}
    check = Item.__pydantic_validator__.validate_json

    async def app(scope: Any, receive: Any, send: Any) -> None:
        path, method = scope["path"], scope["method"]
        if path == "/":
            return await answer(send, 200, b"Hello, World!", _TEXT)
        if path == "/items" and method == "POST":
            message = await receive()
            body = message["body"]
            while message.get("more_body"):
                message = await receive()
                body += message["body"]
            item = check(body)
            return await answer(send, 200, orjson.dumps({"name": item.name, "price": item.price}), _JSON)
        prefix, _, tail = path.rpartition("/")
        if prefix in prefixes and method == "GET":
            if not (tail.isascii() and tail.isdigit()):
                problem = {"detail": [{"type": "int_parsing", "loc": ["path", "item_id"], "input": tail}]}
                return await answer(send, 422, orjson.dumps(problem), _JSON)
            found = {"item_id": int(tail), "q": find_q(scope["query_string"])}
            return await answer(send, 200, orjson.dumps(found), _JSON)
        return await answer(send, 404, b'{"detail":"Not Found"}', _JSON)

    return app
