"""The head of an exchange: the few facts one line of a list needs."""

from inspector.apart import Apart, FailureApart, StepApart
from inspector.folded import as_apart
from inspector.journal.protocol import Document
from inspector.model import Exchange, Routing, join_templates
from inspector.readable.headers import find_header

ERROR_CHARACTERS = 300  # as much as a line can show, and a row stays under 1 KiB
_MATCHED = Routing.MATCHED.value


def exchange_row(exchange: Exchange | Apart, seq: int, *, pinned: bool = False) -> Document:
    """Give the head of an exchange as it stands at change number `seq`, as a JSON-able document.

    `asked` is the path that the route table was asked: `path` without the root path, or what middleware made
    of it; None when no table was asked. `params` are `[name, text, start, end]` with the span in `path`.
    """
    one = as_apart(exchange)
    _, _, method, _, path, _, query, *_ = one["scope"]
    steps, failure, replay, duration_ns = one["steps"], one["failure"], one["replay"], one["duration_ns"]
    request_body = one.get("request_body")
    return {
        "id": one["id"],
        "seq": seq,
        "kind": "websocket" if request_body is None else "http",
        "started": one["started_unix_ns"] / 1e6,
        "method": "WS" if request_body is None else method,
        "path": path,
        "asked": steps[0][5] if steps else None,
        "query": query,
        "status": one["status"],
        "state": one["state"],
        "routing": one["routing"],
        "route": _route(steps) if steps and one["routing"] == _MATCHED else None,
        "params": _spans(path, steps),
        "duration_ms": None if duration_ns is None else duration_ns / 1e6,
        "request_bytes": 0 if request_body is None else request_body[0],
        "response_bytes": one["response_body"][0],
        "content_type": find_header(one["response_headers"], "content-type"),
        "frames": one.get("frame_count", 0),
        "error": None if failure is None else _error_line(failure),
        "replay_of": None if replay is None else replay[0],
        "worker": one["worker"][1],
        "generation": one["worker"][2],
        "redacted": bool(one["redactions"]),
        "pinned": pinned,
    }


def _spans(path: str, steps: tuple[StepApart, ...]) -> list[list[str | int]]:
    """Give every path parameter with its text and its span in `path`, mounts' first.

    A parameter whose place is not known (the path was rewritten on the way) has the span 0, 0.
    """
    found: list[list[str | int]] = []
    for _, _, _, _, _, asked, raw_params, _, spans in steps:
        is_known = path.endswith(asked) and len(spans) == len(raw_params)
        shift = len(path) - len(asked) if is_known else 0
        for number, (name, text) in enumerate(raw_params):
            start, end = spans[number] if is_known else (0, 0)
            found.append([name, text, start + shift, end + shift])
    return found


def _route(steps: tuple[StepApart, ...]) -> Document:
    table, index, _, name, *_ = steps[-1]
    return {"table": table, "index": index, "path": join_templates([step[2] for step in steps]), "name": name}


def _error_line(failure: FailureApart) -> str:
    kind, message, _ = failure
    return f"{kind.rsplit('.', 1)[-1]}: {message}"[:ERROR_CHARACTERS]
