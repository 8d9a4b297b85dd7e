"""ASGI messages read into events, before their owner may use them again."""

from asyncio import CancelledError
from typing import Any, Literal

from miniframework import events
from miniframework.types import Message, RawHeaders, Scope

# ASGI 3.0, websocket.disconnect: the code when the client gave none.
NO_CLOSE_CODE = 1005

Read = tuple[type[events.Event], dict[str, Any]]


def read_received(message: Message, *, is_answered: bool = False) -> Read:
    """Give the event of a message on its way to the application, and its fields.

    Once `is_answered`, the last piece of the response given to the server, `http.disconnect` says no more
    than that the exchange is over. Source: ASGI specification, HTTP, "Disconnect - receive event".
    """
    match message.get("type"):
        case "http.request":
            data, more = copy_bytes(message.get("body")), bool(message.get("more_body"))
            return events.RequestBodyReceived, {"data": data, "more": more}
        case "http.disconnect" if not is_answered:
            return events.ClientDisconnected, {}
        case "websocket.receive":
            return events.SocketFrameReceived, {"data": _read_frame(message)}
        case "websocket.disconnect":
            code, reason = message.get("code", NO_CLOSE_CODE), message.get("reason")
            return events.ClientDisconnected, {"code": code, "reason": reason}
        case other:
            return events.OtherMessagePassed, {"direction": "receive", "message_type": str(other)}


def read_sent(message: Message) -> Read:
    """Give the event of a message on its way to the server, and its fields."""
    match message.get("type"):
        case "http.response.start" | "websocket.http.response.start":
            headers = copy_headers(message)
            return events.ResponseStarted, {"status": message.get("status", 0), "headers": headers}
        case "http.response.body" | "websocket.http.response.body":
            data, more = copy_bytes(message.get("body")), bool(message.get("more_body"))
            return events.ResponseBodySent, {"data": data, "more": more}
        case "websocket.accept":
            headers, chosen = copy_headers(message), message.get("subprotocol")
            return events.SocketAccepted, {"subprotocol": chosen, "headers": headers}
        case "websocket.send":
            return events.SocketFrameSent, {"data": _read_frame(message)}
        case "websocket.close":
            code, reason = message.get("code", 1000), message.get("reason") or ""
            return events.SocketClosed, {"code": code, "reason": reason}
        case other:
            sent: Literal["send"] = "send"
            return events.OtherMessagePassed, {"direction": sent, "message_type": str(other)}


def read_cut(last: Read, error: BaseException) -> Read:
    """Give the event of the `last` piece of an answer whose `send` ended with an error, after the server said
    `http.disconnect`.

    An application may give up waiting for a server that has the whole answer, as Starlette's streams do. Any
    other error is the server's: it did not take that piece, so the client had left.
    """
    return last if isinstance(error, CancelledError) else (events.ClientDisconnected, {})


def copy_scope(scope: Scope) -> dict[str, Any]:
    """Give a scope as it is now."""
    copy = dict(scope)
    if "headers" in copy:
        copy["headers"] = copy_headers(scope)
    return copy


def copy_headers(holder: Message) -> RawHeaders:
    """Give an own list of the headers; an iterable that can be read only once is replaced by a list in
    place.
    """
    headers = holder.get("headers")
    if headers is None:
        return []
    if not isinstance(headers, list | tuple):
        headers = holder["headers"] = list(headers)
    return list(headers)


def copy_bytes(body: object) -> bytes:
    """Give bytes as they are; copy at once what its owner may change or reuse."""
    if type(body) is bytes:
        return body
    return bytes(body) if isinstance(body, bytes | bytearray | memoryview) else b""


def _read_frame(message: Message) -> str | bytes:
    text = message.get("text")
    return text if isinstance(text, str) else copy_bytes(message.get("bytes"))
