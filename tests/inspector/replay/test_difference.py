"""Two exchanges compared: what differs, layer by layer, and what is only noise."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from inspector.model import (
    Body,
    Failure,
    Frame,
    Header,
    HttpExchange,
    Parameter,
    Routing,
    SocketExchange,
    State,
    Worker,
)
from inspector.replay.compare_headers import compare_headers
from inspector.replay.difference import Difference, compare_exchanges
from inspector.replay.layers import Entry, Layer

ExchangeMaker = Callable[..., HttpExchange]


def layer(difference: Difference, name: str) -> Layer:
    return next(found for found in difference.layers if found.name == name)


def body_entries(left: bytes, right: bytes, media: str = "application/json") -> list[tuple[str, Any, Any]]:
    headers = (("content-type", media),)
    return [
        (entry.what, entry.left, entry.right)
        for entry in layer(
            compare_exchanges(_with_body(left, headers), _with_body(right, headers)), "body"
        ).entries
    ]


def _with_body(data: bytes, headers: tuple[Header, ...], **fields: Any) -> HttpExchange:
    from inspector.model import RequestScope

    scope = RequestScope(
        type="http",
        http_version="1.1",
        method="GET",
        scheme="http",
        path="/",
        raw_path="/",
        query_string="",
        root_path="",
        headers=(),
        client=None,
        server=None,
    )
    body = Body(size=len(data), data=data, **fields)
    worker = Worker(host="h", pid=1)
    return HttpExchange(
        id="x",
        worker=worker,
        started_unix_ns=0,
        scope=scope,
        state=State.COMPLETE,
        response_headers=headers,
        response_body=body,
        status=200,
    )


def test_an_exchange_is_the_same_as_itself(make_exchange: ExchangeMaker) -> None:
    exchange = make_exchange()
    difference = compare_exchanges(exchange, replace(exchange, id="right", duration_ns=9_000_000))
    assert difference.same
    assert difference.summary == "same"
    assert [found.name for found in difference.layers] == [
        "status",
        "route",
        "parameters",
        "headers",
        "body",
        "time",
    ]


def test_the_first_thing_said_is_the_status(make_exchange: ExchangeMaker) -> None:
    left = make_exchange()
    right = replace(
        left, status=404, routing=Routing.NOT_FOUND, steps=(), response_body=Body(size=2, data=b"{}")
    )
    difference = compare_exchanges(left, right)
    assert difference.status == (200, 404)
    assert difference.summary.startswith("status 200 → 404 · matched → not_found · ")
    assert not difference.same


def test_another_route_is_named(make_exchange: ExchangeMaker) -> None:
    left = make_exchange()
    step = replace(left.steps[0], index=5, template="/books/{slug}", endpoint="shop:by_slug")
    difference = compare_exchanges(left, replace(left, steps=(step,)))
    assert "matched another route" in difference.summary
    assert (
        Entry(what="route", left="/books/{book_id:int}", right="/books/{slug}")
        in layer(difference, "route").entries
    )


def test_a_route_that_only_moved_in_the_table_is_the_same_route(make_exchange: ExchangeMaker) -> None:
    left = make_exchange()
    moved = replace(left, steps=(replace(left.steps[0], index=9, table="other"),))
    assert compare_exchanges(left, moved).same


def test_parameters_are_compared_by_text_and_by_value(make_exchange: ExchangeMaker) -> None:
    left = make_exchange()
    step = replace(left.steps[0], raw_params=(("book_id", "43"),))
    query = Parameter(
        name="page",
        alias="page",
        source="query",
        raw="2",
        declared_type="int",
        converter="int",
        value="2",
        value_type="int",
        default_used=False,
        problem=None,
    )
    right = replace(left, steps=(step,), parameters=(query,))
    difference = compare_exchanges(left, right)
    assert layer(difference, "parameters").entries == (
        Entry(what="book_id", left="42", right="43"),
        Entry(what="query page", left=None, right="2"),
    )
    assert "2 parameters differ" in difference.summary


def test_an_exception_that_appeared_is_a_difference_of_outcome(make_exchange: ExchangeMaker) -> None:
    left = make_exchange()
    failure = Failure(type="builtins.ValueError", message="no", traceback="")
    difference = compare_exchanges(left, replace(left, failure=failure, state=State.ERROR))
    assert {entry.what for entry in layer(difference, "status").entries} == {"outcome", "exception"}


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param([("A", "1")], [("a", "1")], [], id="names have no case"),
        pytest.param(
            [("a", "1"), ("b", "2")], [("b", "2"), ("a", "1")], [], id="order among names has no meaning"
        ),
        pytest.param(
            [("set-cookie", "a=1"), ("set-cookie", "b=2")],
            [("set-cookie", "b=2"), ("set-cookie", "a=1")],
            [("set-cookie", "a=1", "b=2", False), ("set-cookie", "b=2", "a=1", False)],
            id="order of one name has",
        ),
        pytest.param(
            [("set-cookie", "a=1"), ("set-cookie", "b=2")],
            [("set-cookie", "a=1")],
            [("set-cookie", "b=2", None, False)],
            id="one of two is missing",
        ),
        pytest.param([("date", "x")], [("date", "y")], [("date", "x", "y", True)], id="a date is noise"),
        pytest.param(
            [], [("x-request-id", "y")], [("x-request-id", None, "y", True)], id="so is a request id"
        ),
        pytest.param([("etag", "x")], [("etag", "y")], [("etag", "x", "y", False)], id="an etag is none"),
    ],
)
def test_headers_are_ordered_multisets(
    left: list[Header], right: list[Header], expected: list[tuple[str, str | None, str | None, bool]]
) -> None:
    found = [(entry.what, entry.left, entry.right, entry.volatile) for entry in compare_headers(left, right)]
    assert found == expected


def test_noise_is_counted_in_the_summary_and_changes_nothing(make_exchange: ExchangeMaker) -> None:
    left = make_exchange(response_headers=(("date", "1"), ("age", "1")))
    right = replace(left, response_headers=(("date", "2"), ("age", "2")))
    difference = compare_exchanges(left, right)
    assert difference.same
    assert difference.summary == "same · 2 volatile fields ignored"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param(b'{"a":1,"b":2}', b'{"b": 2, "a": 1}', [], id="order of keys and spaces"),
        pytest.param(b'{"a":1.0}', b'{"a":1.00}', [], id="the same number written otherwise"),
        pytest.param(b'{"a":1}', b'{"a":"1"}', [("$.a", "1", '"1"')], id="a number is no text"),
        pytest.param(b'{"a":1}', b'{"a":true}', [("$.a", "1", "true")], id="one is not true"),
        pytest.param(b'{"a":null}', b"{}", [("$.a", "null", None)], id="null is not absent"),
        pytest.param(b'{"a b":1}', b'{"a b":2}', [('$["a b"]', "1", "2")], id="a key that is no name"),
        pytest.param(
            b'{"a":[1,{"b":2}]}',
            b'{"a":[1,{"b":3},4]}',
            [("$.a[1].b", "2", "3"), ("$.a[2]", None, "4")],
            id="nested",
        ),
        pytest.param(
            b"[0.1]", b"[0.10000000000000000001]", [("$[0]", "0.1", "0.10000000000000000001")], id="digits"
        ),
    ],
)
def test_json_is_compared_by_path(left: bytes, right: bytes, expected: list[tuple[str, Any, Any]]) -> None:
    assert body_entries(left, right) == expected


def test_text_is_compared_by_line() -> None:
    assert body_entries(b"a\nb\nc", b"a\nB\nc\nd", "text/plain") == [
        ("line 2", "b", "B"),
        ("line 4", None, "d"),
    ]


def test_bytes_are_compared_by_size_and_hash() -> None:
    ((what, left, right),) = body_entries(b"\x00\x01", b"\x00\x02\x03", "image/png")
    assert what == "bytes (binary → binary)"
    assert left.startswith("2 bytes, sha256 ")
    assert right.startswith("3 bytes, sha256 ")


def test_deeply_nested_json_does_not_break_the_comparison() -> None:
    deep = b"[" * 20_000
    assert body_entries(deep, deep + b"[") != []


def test_a_body_that_is_not_whole_is_compared_as_far_as_it_goes_and_says_so() -> None:
    headers = (("content-type", "text/plain"),)
    left = _with_body(b"abc", headers)
    cut = replace(left.response_body, size=900, complete=False, why_incomplete="limit")
    difference = compare_exchanges(left, replace(left, response_body=cut))
    found = layer(difference, "body")
    assert [(entry.what, entry.volatile) for entry in found.entries] == [("size", False), ("not whole", True)]
    assert found.entries[1].right == "3 of 900 bytes kept"


def test_a_value_is_shown_up_to_two_hundred_characters() -> None:
    (whole,) = body_entries(b'{"a":1}', json.dumps({"a": "x" * 198}).encode())
    (cut,) = body_entries(b'{"a":1}', json.dumps({"a": "x" * 199}).encode())
    assert whole[2] == '"' + "x" * 198 + '"'
    assert cut[2] == '"' + "x" * 198 + "…"


def test_texts_of_thousands_of_lines_are_compared_by_their_number() -> None:
    assert body_entries(b"a\n" * 2_001, b"b\n" * 2_002, "text/plain") == [
        ("text", "2001 lines", "2002 lines")
    ]


def test_a_request_and_a_conversation_differ_by_their_kind(make_exchange: ExchangeMaker) -> None:
    exchange = make_exchange()
    socket = SocketExchange(
        id="s",
        worker=exchange.worker,
        started_unix_ns=0,
        scope=exchange.scope,
        state=State.COMPLETE,
        accepted=False,
        frames=(Frame(at_ns=0, direction="receive", opcode=2, size=2, data=b"\x00\xff", complete=True),),
        frame_count=1,
    )
    (entry,) = layer(compare_exchanges(exchange, socket), "body").entries
    assert (entry.what, entry.left, entry.right) == ("kind", "http", "websocket")
    text = layer(compare_exchanges(socket, replace(socket, accepted=True, frames=())), "body")
    assert [(entry.what, entry.left, entry.right) for entry in text.entries] == [
        ("frame 1", "→ 2 bytes 00ff", None),
        ("close", "refused", "open"),
    ]


def test_two_conversations_are_compared_frame_by_frame(make_exchange: ExchangeMaker) -> None:
    def socket(*texts: str, code: int = 1000) -> SocketExchange:
        frames = tuple(
            Frame(at_ns=0, direction="send", opcode=1, size=len(text), data=text.encode(), complete=True)
            for text in texts
        )
        return SocketExchange(
            id="s",
            worker=Worker(host="h", pid=1),
            started_unix_ns=0,
            scope=make_exchange().scope,
            state=State.COMPLETE,
            accepted=True,
            frames=frames,
            frame_count=len(frames),
            closed_by="client",
            close_code=code,
        )

    found = layer(compare_exchanges(socket("a", "b"), socket("a", "c", code=1001)), "body")
    assert [(entry.what, entry.left, entry.right) for entry in found.entries] == [
        ("frame 2", "← b", "← c"),
        ("close", "closed by client 1000", "closed by client 1001"),
    ]
