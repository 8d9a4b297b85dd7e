"""Exchanges for the journal's tests; every field that may be set is set somewhere."""

import dataclasses
import os

from inspector.model import (
    Body,
    Exchange,
    Failure,
    Frame,
    HttpExchange,
    Moment,
    Parameter,
    Redaction,
    Replayed,
    RequestScope,
    RouteStep,
    Routing,
    SocketExchange,
    State,
    Worker,
)

WORKER = Worker(host="test-host", pid=os.getpid(), generation=2)
TABLE = {"fingerprint": "f1", "redirect_slashes": True, "routes": []}
_SCOPE = RequestScope(
    type="http",
    http_version="1.1",
    method="POST",
    scheme="http",
    path="/api/items/42",
    raw_path="/api/items/42",
    query_string="q=\xe9",
    root_path="",
    headers=(("host", "localhost"), ("x-twice", "1"), ("x-twice", "2")),
    client=("127.0.0.1", 50000),
    server=("localhost", None),
    subprotocols=("chat",),
    extensions=("http.response.debug",),
    state_keys=("db",),
)
_SHARED = {
    "worker": WORKER,
    "started_unix_ns": 1_700_000_000_123_456_789,
    "routing": Routing.MATCHED,
    "steps": (
        RouteStep(
            table="f0", index=1, template="/api", name="api", endpoint=None, path="/api/items/42",
            raw_params=(), took_ns=10,
        ),
        RouteStep(
            table="f1", index=0, template="/items/{item_id:int}", name="get_item", endpoint="shop:get_item",
            path="/items/42", raw_params=(("item_id", "42"),), took_ns=20, spans=((7, 9),),
        ),
    ),
    "allow": ("GET", "HEAD"),
    "location": "/elsewhere",
    "parameters": (
        Parameter(
            name="tags", alias="tag", source="query", raw=["a", "b"], declared_type="list[str]",
            converter="str", value="['a', 'b']", value_type="list", default_used=False, problem=None,
        ),
        Parameter(
            name="n", alias="n", source="query", raw=None, declared_type="int", converter="int", value=None,
            value_type=None, default_used=False, problem="Field required",
        ),
    ),
    "problems": ({"type": "missing", "loc": ["query", "n"], "msg": "Field required", "input": None},),
    "status": 200,
    "response_headers": (("content-type", "application/json"),),
    "response_body": Body(size=4, data=b"\x00\xff\xfea", chunks=((5, 4),)),
    "duration_ns": 1_500_000,
    "failure": Failure(type="builtins.ValueError", message="no \ud800", traceback="Traceback…"),
    "timeline": (Moment(at_ns=0, kind="RequestStarted", label="request arrived"),),
    "messages": (Moment(at_ns=1, kind="http.request", label="http.request", direction="receive", size=3),),
    "messages_left_out": 7,
    "replay": Replayed(of="earlier", edits=("path",)),
    "redactions": (Redaction(where="header:authorization", rule="credentials"),),
    "recorder_ns": 12_000,
    "may_differ": ("body:$.at", "headers:x-build"),
}  # fmt: skip


def make_http(exchange_id: str, state: State = State.COMPLETE, body: bytes = b"abc") -> HttpExchange:
    """An HTTP exchange with everything in it."""
    request_body = Body(size=99, data=body, complete=False, why_incomplete="limit")
    return HttpExchange(id=exchange_id, scope=_SCOPE, state=state, request_body=request_body, **_SHARED)


def make_socket(exchange_id: str, state: State = State.COMPLETE) -> SocketExchange:
    """A WebSocket exchange with everything in it."""
    return SocketExchange(
        id=exchange_id,
        scope=dataclasses.replace(_SCOPE, type="websocket", method="GET"),
        state=state,
        accepted=True,
        subprotocol="chat",
        frames=(Frame(at_ns=3, direction="receive", opcode=2, size=9000, data=b"\xff\x00", complete=False),),
        frames_left_out=4,
        frame_count=5,
        closed_by="client",
        close_code=1001,
        close_reason="going away",
        **_SHARED,
    )


def with_pid(exchange: Exchange, pid: int, host: str = "test-host") -> Exchange:
    """The same exchange of another process."""
    return dataclasses.replace(exchange, worker=Worker(host=host, pid=pid))
