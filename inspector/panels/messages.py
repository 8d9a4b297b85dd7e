"""The ASGI messages that passed between server and application."""

from typing import Any

from inspector.model import Exchange


def messages_panel(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the messages in order; `direction` is the application's: it receives and sends."""
    return [
        {
            "at_ms": moment.at_ns / 1e6,
            "direction": moment.direction,
            "type": moment.kind,
            "label": moment.label,
            "size": moment.size,
        }
        for moment in exchange.messages
    ]
