"""What page and server say on the wire: read strictly, written as the contract's samples."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.journal.protocol import Bounds, Change
from inspector.streaming import messages
from inspector.streaming.items import AppNoted, LossNoted, RowRemoved, RowSaved, read_item
from inspector.streaming.messages import Ack, Delta, Gap, Hello, MessageError, parse_page_message
from inspector.streaming.start import Fresh, Resume, decide_start

CONTRACT = Path(__file__).parents[2] / "contract"


def sample(name: str) -> Any:
    return json.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))


def test_the_pages_messages_of_the_contract_are_understood() -> None:
    hello, ack = sample("stream-hello"), sample("stream-ack")
    assert parse_page_message(json.dumps(hello)) == Hello(log=hello["log"], cursor=hello["cursor"])
    assert parse_page_message(json.dumps(ack)) == Ack(ack["to"])


def test_a_first_hello_has_neither_log_nor_cursor() -> None:
    assert parse_page_message('{"type":"hello","v":1,"log":null,"cursor":null}') == Hello()
    assert parse_page_message('{"type":"hello","v":1}') == Hello()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "null",
        "[]",
        '{"type":"hello"}',
        '{"type":"hello","v":2}',
        '{"type":"hello","v":1,"cursor":"5"}',
        '{"type":"hello","v":1,"cursor":true}',
        '{"type":"hello","v":1,"log":5}',
        '{"type":"ack"}',
        '{"type":"ack","to":"5"}',
        '{"type":"ack","to":1.5}',
        '{"type":"ack","to":true}',
        '{"type":"delta"}',
        "[" * 60_000,
        " " * 65_537,
    ],
    ids=lambda text: text[:30],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(MessageError):
        parse_page_message(text)


def test_the_servers_messages_are_those_of_the_contract() -> None:
    delta, snapshot, gap = sample("stream-delta"), sample("stream-snapshot"), sample("stream-gap")
    reset, pulse, app = sample("stream-reset"), sample("stream-pulse"), sample("stream-app")
    welcome = sample("stream-welcome")
    assert keys(messages.encode_delta(Delta(first=1, last=2, rows=("{}",), removed=("a",)))) == set(delta)
    assert keys(messages.encode_snapshot(5, ["{}"], total=1)) == set(snapshot)
    assert keys(messages.encode_gap(Gap(first=1, last=2, count=2, reason="slow_viewer"))) == set(gap)
    assert json.loads(messages.encode_reset(reset["log"], reset["reason"])) == reset
    assert json.loads(messages.encode_app(app["app"])) == app
    assert keys(messages.encode_welcome(log="a", head=1, tail=1, now=1, app={})) == set(welcome)
    values = {name: value for name, value in pulse.items() if name != "type"}
    assert json.loads(messages.encode_pulse(**values)) == pulse


def keys(text: str) -> set[str]:
    return set(json.loads(text))


@given(
    rows=st.lists(st.dictionaries(st.text(max_size=4), st.text(max_size=9), max_size=3), max_size=4),
    removed=st.lists(st.text(max_size=5), max_size=3),
)
def test_rows_encoded_before_are_the_same_rows_inside_a_delta(
    rows: list[dict[str, str]], removed: list[str]
) -> None:
    encoded = tuple(messages.to_json(row) for row in rows)
    text = messages.encode_delta(Delta(first=1, last=9, rows=encoded, removed=tuple(removed)))
    text.encode()
    read = json.loads(text)
    assert (read["rows"], read["removed"]) == (rows, removed)


def test_text_that_has_no_utf8_still_reaches_the_page() -> None:
    text = messages.to_json({"path": "/\ud800"})
    assert text.encode()
    assert json.loads(text) == {"path": "/\ud800"}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (Change(seq=1, kind="saved", exchange_id="a", row={"id": "a"}), RowSaved),
        (Change(seq=1, kind="removed", exchange_id="a"), RowRemoved),
        (Change(seq=1, kind="loss", detail={"count": 3, "reason": "x"}), LossNoted),
        (Change(seq=1, kind="status", detail={}), AppNoted),
        (Change(seq=1, kind="table", detail={}), AppNoted),
        (Change(seq=1, kind="cleared", detail={}), type(None)),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_each_kind_of_change_has_its_item(change: Change, kind: type) -> None:
    assert isinstance(read_item(change), kind)


BOUNDS = Bounds(log="this", tail=10, head=20)


@pytest.mark.parametrize(
    ("hello", "start"),
    [
        (Hello(), Fresh()),
        (Hello(log="this"), Fresh()),
        (Hello(log="other", cursor=15), Fresh(reset="another_log")),
        (Hello(log="this", cursor=20), Resume(20)),
        (Hello(log="this", cursor=9), Resume(9)),
        (Hello(log="this", cursor=8), Fresh(missed_after=8)),
        (Hello(log="this", cursor=0), Fresh(missed_after=0)),
        (Hello(log="this", cursor=21), Fresh(reset="unknown_cursor")),
        (Hello(log="this", cursor=-1), Fresh(reset="unknown_cursor")),
    ],
    ids=[
        "first",
        "no cursor",
        "other log",
        "at head",
        "just held",
        "let go",
        "all let go",
        "ahead",
        "negative",
    ],
)
def test_a_viewer_begins_where_what_it_has_ends(hello: Hello, start: Fresh | Resume) -> None:
    assert decide_start(hello, BOUNDS) == start
