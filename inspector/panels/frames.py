"""The frames of a WebSocket connection."""

from typing import Any

from inspector.model import Exchange, Frame, SocketExchange

_TEXT = 1  # RFC 6455 section 5.2
_HEX_BYTES = 256  # sixteen lines of a hex dump


def frames_panel(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the kept frames in order; empty for an HTTP exchange."""
    return [_frame_view(frame) for frame in exchange.frames] if isinstance(exchange, SocketExchange) else []


def _frame_view(frame: Frame) -> dict[str, Any]:
    is_text = frame.opcode == _TEXT
    return {
        "at_ms": frame.at_ns / 1e6,
        "direction": frame.direction,
        "opcode": "text" if is_text else "binary",
        "size": frame.size,
        "text": frame.data.decode("utf-8", "replace") if is_text else None,
        "hex": None if is_text else frame.data[:_HEX_BYTES].hex(),
        "complete": frame.complete,
    }
