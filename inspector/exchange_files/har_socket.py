"""Reads a WebSocket connection of a HAR, whose frames Chrome writes as `_webSocketMessages`. Pure."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inspector.exchange_files.errors import HarError
from inspector.exchange_files.har_values import Node, read_list, read_number, shown
from inspector.model import Frame, SocketExchange


def read_socket(entry: Node, where: str, known: dict[str, Any]) -> SocketExchange:
    """Return the connection; `known` are the fields it shares with HTTP. Raises HarError."""
    scope = known["scope"]
    scheme = "wss" if scope.scheme in ("https", "wss") else "ws"
    started = known["started_unix_ns"]
    frames = tuple(
        _frame(item, f"{where}._webSocketMessages[{number}]", started)
        for number, item in enumerate(read_list(entry, "_webSocketMessages", where))
    )
    fields = known | {"scope": replace(scope, type="websocket", method="GET", scheme=scheme)}
    return SocketExchange(
        **fields, accepted=known["status"] == 101 or bool(frames), frames=frames, frame_count=len(frames)
    )


def _frame(item: object, where: str, started_unix_ns: int) -> Frame:
    if not isinstance(item, Mapping):
        raise HarError(where, f"is no object: {shown(item)}")
    kind, data = item.get("type"), item.get("data")
    if kind not in ("send", "receive"):
        raise HarError(f"{where}.type", f"is {shown(kind)}, neither 'send' nor 'receive'")
    if not isinstance(data, str):
        raise HarError(f"{where}.data", f"is no text: {shown(data)}")
    is_binary = item.get("opcode") == 2
    try:
        held = base64.b64decode(data) if is_binary else data.encode("utf-8", "surrogatepass")
    except (binascii.Error, ValueError) as error:
        raise HarError(f"{where}.data", f"is no base64: {error}") from error
    at_ns, size = read_number(item, "_atNs"), int(read_number(item, "_size") or len(held))
    if at_ns is None:
        at_ns = max((read_number(item, "time") or 0) * 1e9 - started_unix_ns, 0)
    return Frame(
        at_ns=int(at_ns),
        direction="receive" if kind == "send" else "send",
        opcode=2 if is_binary else 1,
        size=size,
        data=held,
        complete=size == len(held),
    )
