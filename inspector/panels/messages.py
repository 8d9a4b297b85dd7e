"""The ASGI messages that passed between server and application."""

from typing import Any

from inspector.model import Exchange, Moment, SocketExchange


def messages_panel(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the messages in order; `direction` is the application's: it receives and sends. `label` is what
    a message carried beside its bytes.
    """
    return [
        {
            "at_ms": moment.at_ns / 1e6,
            "direction": moment.direction,
            "type": moment.kind,
            "label": _say_carried(moment, exchange),
            "size": moment.size,
        }
        for moment in exchange.messages
    ]


def _say_carried(message: Moment, exchange: Exchange) -> str:
    match message.kind, exchange:
        case "http.response.start", _:
            count = len(exchange.response_headers)
            return f"{exchange.status}, {count} {'header' if count == 1 else 'headers'}"
        case "websocket.accept", SocketExchange(subprotocol=str(chosen)):
            return f"subprotocol {chosen}"
        case "websocket.close" | "websocket.disconnect", SocketExchange(close_code=int(code)):
            return f"code {code}"
    return "" if message.label == message.kind else message.label
