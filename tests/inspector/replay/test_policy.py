"""When a replay is refused, with the reason and the way out."""

from collections.abc import Callable
from typing import Any

import pytest

from inspector.model import Body, HttpExchange, RequestScope, SocketExchange, State, Worker
from inspector.recording.vault import Original
from inspector.replay.edit import RequestEdit
from inspector.replay.policy import ReplayMode, describe_replayable, judge_replay

ExchangeMaker = Callable[..., HttpExchange]

CUT = Body(size=100, data=b"abc", complete=False, why_incomplete="limit")
POSTED = {"method": "POST", "headers": (("content-length", "100"),)}


def codes(
    exchange: Any,
    *,
    edit: RequestEdit | None = None,
    confirmed: bool = False,
    mode: ReplayMode = "confirm",
    original: Original | None = None,
) -> list[str]:
    found = judge_replay(exchange, edit or RequestEdit(), original=original, confirmed=confirmed, mode=mode)
    assert all(refusal.message and refusal.hint for refusal in found)
    return [refusal.code for refusal in found]


@pytest.fixture
def socket(make_exchange: ExchangeMaker) -> SocketExchange:
    scope: RequestScope = make_exchange(scope={"type": "websocket"}).scope
    return SocketExchange(
        id="s", worker=Worker(host="h", pid=1), started_unix_ns=0, scope=scope, state=State.COMPLETE
    )


@pytest.mark.parametrize(
    ("method", "mode", "confirmed", "expected"),
    [
        pytest.param("GET", "confirm", False, [], id="a safe method needs no click"),
        pytest.param("OPTIONS", "safe", False, [], id="OPTIONS is safe"),
        pytest.param("POST", "confirm", False, ["confirm"], id="POST asks"),
        pytest.param("DELETE", "confirm", False, ["confirm"], id="DELETE asks"),
        pytest.param("POST", "confirm", True, [], id="a click lets POST through"),
        pytest.param("POST", "safe", True, ["not_allowed"], id="in safe mode no click helps"),
        pytest.param("POST", "all", False, [], id="in all mode nothing asks"),
        pytest.param("GET", "off", True, ["not_allowed"], id="switched off"),
    ],
)
def test_the_effect_of_a_method_decides(
    make_exchange: ExchangeMaker, method: str, mode: ReplayMode, confirmed: bool, expected: list[str]
) -> None:
    assert codes(make_exchange(scope={"method": method}), mode=mode, confirmed=confirmed) == expected


def test_the_edited_method_counts_not_the_recorded_one(make_exchange: ExchangeMaker) -> None:
    assert codes(make_exchange(), edit=RequestEdit(method="DELETE")) == ["confirm"]
    assert codes(make_exchange(scope={"method": "POST"}), edit=RequestEdit(method="GET")) == []


def test_an_idempotency_key_is_mentioned(make_exchange: ExchangeMaker) -> None:
    exchange = make_exchange(scope={"method": "POST", "headers": (("idempotency-key", "1"),)})
    (refusal,) = judge_replay(exchange, RequestEdit(), original=None, confirmed=False)
    assert "Idempotency-Key" in refusal.message


@pytest.mark.parametrize("why", ["limit", "unread_by_app", "disconnect", "redacted", "evicted"])
def test_a_body_that_is_not_whole_is_refused_with_its_numbers(make_exchange: ExchangeMaker, why: str) -> None:
    body = Body(size=100, data=b"abc", complete=False, why_incomplete=why)
    exchange = make_exchange(scope=POSTED, request_body=body)
    refusals = judge_replay(exchange, RequestEdit(), original=None, confirmed=True)
    assert [refusal.code for refusal in refusals] == ["incomplete_body"]
    assert "3 of 100 bytes" in refusals[0].message


def test_a_body_that_grew_by_its_marks_is_not_counted(make_exchange: ExchangeMaker) -> None:
    body = Body(size=2, data=b"a longer mark", complete=False, why_incomplete="redacted")
    exchange = make_exchange(scope=POSTED, request_body=body)
    (refusal,) = judge_replay(exchange, RequestEdit(), original=None, confirmed=True)
    assert "bytes are held" not in refusal.message


def test_a_body_given_in_the_edit_or_held_whole_is_enough(make_exchange: ExchangeMaker) -> None:
    exchange = make_exchange(scope=POSTED, request_body=CUT)
    assert codes(exchange, edit=RequestEdit(body=b"new"), confirmed=True) == []
    held = Original(scope=exchange.scope, body=Body(size=100, data=b"x" * 100))
    assert codes(exchange, original=held, confirmed=True) == []


def test_a_request_that_announced_no_body_is_whole_although_the_application_never_looked(
    make_exchange: ExchangeMaker,
) -> None:
    unread = Body(complete=False, why_incomplete="unread_by_app")
    assert codes(make_exchange(request_body=unread)) == []
    assert codes(make_exchange(scope={"headers": (("content-length", "0"),)}, request_body=unread)) == []
    chunked = {"headers": (("transfer-encoding", "chunked"),)}
    assert codes(make_exchange(scope=chunked, request_body=unread)) == ["incomplete_body"]


@pytest.mark.parametrize(
    ("why", "way_out"), [("limit", "higher keep_bytes"), ("redacted", "send the request anew")]
)
def test_the_way_out_fits_the_reason(make_exchange: ExchangeMaker, why: str, way_out: str) -> None:
    cut = Body(size=100, data=b"abc", complete=False, why_incomplete=why)
    (refusal,) = judge_replay(
        make_exchange(scope=POSTED, request_body=cut), RequestEdit(), original=None, confirmed=True
    )
    assert way_out in refusal.hint


def test_a_request_that_is_still_arriving_is_asked_to_wait(make_exchange: ExchangeMaker) -> None:
    exchange = make_exchange(scope=POSTED, request_body=CUT, state=State.PENDING)
    assert codes(exchange, confirmed=True) == ["unfinished"]


def test_a_websocket_is_refused_and_says_what_to_do(socket: SocketExchange) -> None:
    assert codes(socket, confirmed=True, mode="all") == ["websocket"]
    assert describe_replayable(socket)["verdict"] == "no"


def test_the_badge_tells_exact_from_edited_only(make_exchange: ExchangeMaker) -> None:
    assert describe_replayable(make_exchange()) == {"verdict": "exact", "reasons": []}
    badge = describe_replayable(make_exchange(scope=POSTED, request_body=CUT))
    assert badge["verdict"] == "edited_only"


def test_a_click_is_asked_for_last(make_exchange: ExchangeMaker) -> None:
    exchange = make_exchange(scope={"method": "POST", "headers": (("x-api-key", "•••"),)})
    assert codes(exchange) == ["redacted", "confirm"]
    assert codes(exchange, edit=RequestEdit(headers=())) == ["confirm"]
    assert codes(exchange, edit=RequestEdit(headers=()), confirmed=True) == []


def test_what_could_not_be_sent_is_refused_beforehand(make_exchange: ExchangeMaker) -> None:
    assert codes(make_exchange(), edit=RequestEdit(headers=(("x", "日"),))) == ["bad_edit"]
