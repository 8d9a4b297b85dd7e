"""The head of an exchange: the few facts one line of a list needs."""

from inspector.journal.protocol import Document
from inspector.model import Exchange, Failure, Routing, SocketExchange

ERROR_CHARACTERS = 300  # as much as a line can show, and a row stays under 1 KiB


def exchange_row(exchange: Exchange, seq: int, *, pinned: bool = False) -> Document:
    """Give the head of an exchange as it stands at change number `seq`, as a JSON-able document.

    `asked` is the path that the route table was asked: `path` without the root path, or what middleware made
    of it; None when no table was asked. `params` are `[name, text, start, end]` with the span in `path`.
    """
    is_socket = isinstance(exchange, SocketExchange)
    return {
        "id": exchange.id,
        "seq": seq,
        "kind": "websocket" if is_socket else "http",
        "started": exchange.started_unix_ns / 1e6,
        "method": "WS" if is_socket else exchange.scope.method,
        "path": exchange.scope.path,
        "asked": exchange.steps[0].path if exchange.steps else None,
        "query": exchange.scope.query_string,
        "status": exchange.status,
        "state": str(exchange.state),
        "routing": str(exchange.routing),
        "route": _route(exchange),
        "params": parameter_spans(exchange),
        "duration_ms": None if exchange.duration_ns is None else exchange.duration_ns / 1e6,
        "request_bytes": _request_bytes(exchange),
        "response_bytes": exchange.response_body.size,
        "content_type": find_header(exchange.response_headers, "content-type"),
        "frames": exchange.frame_count if isinstance(exchange, SocketExchange) else 0,
        "error": None if exchange.failure is None else _error_line(exchange.failure),
        "replay_of": None if exchange.replay is None else exchange.replay.of,
        "worker": exchange.worker.pid,
        "generation": exchange.worker.generation,
        "redacted": bool(exchange.redactions),
        "pinned": pinned,
    }


def parameter_spans(exchange: Exchange) -> list[list[str | int]]:
    """Give every path parameter with its text and its span in the scope's path, mounts' first.

    A parameter whose place is not known (the path was rewritten on the way) has the span 0, 0.
    """
    found: list[list[str | int]] = []
    for step in exchange.steps:
        offset = len(exchange.scope.path) - len(step.path)
        is_known = exchange.scope.path.endswith(step.path) and len(step.spans) == len(step.raw_params)
        for number, (name, text) in enumerate(step.raw_params):
            start, end = step.spans[number] if is_known else (0, 0)
            shift = offset if is_known else 0
            found.append([name, text, start + shift, end + shift])
    return found


def find_header(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    """Give the first header of this lower-case name."""
    return next((value for key, value in headers if key.lower() == name), None)


def _route(exchange: Exchange) -> Document | None:
    if exchange.routing is not Routing.MATCHED or not exchange.steps:
        return None
    last = exchange.steps[-1]
    return {"table": last.table, "index": last.index, "path": exchange.route_path, "name": last.name}


def _request_bytes(exchange: Exchange) -> int:
    if isinstance(exchange, SocketExchange):
        return 0
    return exchange.request_body.size


def _error_line(failure: Failure) -> str:
    name = failure.type.rsplit(".", 1)[-1]
    return f"{name}: {failure.message}"[:ERROR_CHARACTERS]
