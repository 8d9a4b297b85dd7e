import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import CodecError
from inspector.journal.codec import decode_exchange, decode_status, encode_exchange, encode_status
from inspector.journal.protocol import AppStatus
from inspector.journal.rows import exchange_row
from inspector.model import Body, HttpExchange, RequestScope, RouteStep, Routing, State
from tests.inspector.journal.journal_samples import WORKER, make_http, make_socket

_TEXT = st.text(max_size=20)
_SCOPES = st.builds(
    RequestScope,
    type=st.just("http"),
    path=_TEXT,
    raw_path=st.none() | _TEXT,
    headers=st.lists(st.tuples(_TEXT, _TEXT), max_size=3).map(tuple),
    client=st.none() | st.tuples(_TEXT, st.integers(0, 65535)),
    server=st.none() | st.tuples(_TEXT, st.none() | st.integers(0, 65535)),
)
_BODIES = st.builds(Body, data=st.binary(max_size=50), size=st.integers(0, 2**60))


@pytest.mark.parametrize("exchange", [make_http("a"), make_socket("b")], ids=["http", "websocket"])
def test_decoding_undoes_encoding_through_json_text(exchange) -> None:
    assert decode_exchange(json.loads(json.dumps(encode_exchange(exchange)))) == exchange


@given(
    st.builds(
        HttpExchange, worker=st.just(WORKER), scope=_SCOPES, request_body=_BODIES, response_body=_BODIES
    )
)
def test_decoding_undoes_encoding_whatever_the_bytes_and_texts(exchange: HttpExchange) -> None:
    assert decode_exchange(json.loads(json.dumps(encode_exchange(exchange)))) == exchange


def test_a_status_comes_back() -> None:
    status = AppStatus(worker=WORKER, state="failed", target="shop:app", error="Traceback…")
    assert decode_status(json.loads(json.dumps(encode_status(status)))) == status


def test_an_unknown_field_is_passed_over_and_a_missing_one_takes_its_default() -> None:
    document = encode_exchange(make_http("a"))
    document["from_the_future"] = {"x": 1}
    del document["timeline"]
    del document["response_body"]["chunks"]
    decoded = decode_exchange(document)
    assert decoded.timeline == ()
    assert decoded.response_body.chunks == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "smtp"}, "exchange kind 'smtp' is none of"),
        ({"state": "asleep"}, "'asleep' is not a valid State"),
        ({"status": "200"}, "expected int, got '200'"),
        ({"response_body": {"data": "%%%"}}, "document is no HttpExchange"),
        ({"id": None}, "expected str, got None"),
        ({"status": []}, "document is no HttpExchange"),
    ],
    ids=["kind", "state", "status", "base64", "id", "list"],
)
def test_a_document_that_is_no_exchange_is_refused_with_the_value(change: dict, message: str) -> None:
    with pytest.raises(CodecError, match=message):
        decode_exchange({**encode_exchange(make_http("a")), **change})


def test_a_value_without_a_json_form_is_refused() -> None:
    strange = dataclasses.replace(make_http("a"), problems=({"path": Path()},))
    with pytest.raises(CodecError, match="has no JSON form"):
        encode_exchange(strange)


def test_a_row_shows_the_whole_route_with_the_mounts_prefix() -> None:
    row = exchange_row(make_http("a"), 7)
    assert row["route"] == {
        "table": "f1",
        "index": 0,
        "path": "/api/items/{item_id:int}",
        "name": "get_item",
    }
    assert row["params"] == [["item_id", "42", 11, 13]]
    assert row["path"][11:13] == "42"
    assert (row["error"], row["content_type"]) == ("ValueError: no \ud800", "application/json")
    assert (row["duration_ms"], row["replay_of"], row["redacted"]) == (1.5, "earlier", True)


def test_a_row_of_a_socket_says_ws_and_counts_frames() -> None:
    row = exchange_row(make_socket("a"), 7)
    assert (row["kind"], row["method"], row["frames"]) == ("websocket", "WS", 5)


def test_a_row_is_small() -> None:
    assert len(json.dumps(exchange_row(make_http("a"), 7))) < 1024


def test_a_path_that_was_rewritten_on_the_way_gives_no_wrong_spans() -> None:
    step = RouteStep(
        table="f", index=0, template="/{a}", name=None, endpoint=None, path="/other",
        raw_params=(("a", "other"),), took_ns=1, spans=((1, 6),),
    )  # fmt: skip
    exchange = dataclasses.replace(make_http("a"), steps=(step,), routing=Routing.MATCHED)
    assert exchange_row(exchange, 7)["params"] == [["a", "other", 0, 0]]


def test_nothing_matched_has_no_route() -> None:
    missed = dataclasses.replace(make_http("a", State.COMPLETE), routing=Routing.NOT_FOUND)
    assert exchange_row(missed, 1)["route"] is None
