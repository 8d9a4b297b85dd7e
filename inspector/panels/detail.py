"""What the head of an opened exchange says beyond its row."""

from collections.abc import Mapping
from typing import Any

from inspector.model import Exchange, SocketExchange
from inspector.replay.policy import describe_replayable


def exchange_detail(exchange: Exchange, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row's facts (but for its change number) and what only an opened exchange shows."""
    facts = {name: value for name, value in row.items() if name != "seq"}
    replay = exchange.replay
    return {
        **facts,
        "raw_path": exchange.scope.raw_path,
        "host": exchange.worker.host,
        "replay": None if replay is None else {"of": replay.of, "edits": list(replay.edits)},
        "replayable": describe_replayable(exchange),
        "redactions": [{"where": seen.where, "rule": seen.rule} for seen in exchange.redactions],
        "socket": _socket_view(exchange) if isinstance(exchange, SocketExchange) else None,
        "messages_left_out": exchange.messages_left_out,
        "frames_left_out": exchange.frames_left_out if isinstance(exchange, SocketExchange) else 0,
        "recorder_us": exchange.recorder_ns / 1e3,
    }


def _socket_view(exchange: SocketExchange) -> dict[str, Any]:
    return {
        "accepted": exchange.accepted,
        "subprotocol": exchange.subprotocol,
        "closed_by": exchange.closed_by,
        "close_code": exchange.close_code,
        "close_reason": exchange.close_reason,
        "frame_count": exchange.frame_count,
    }
