"""The request that is sent: the recorded one, the edit in place, secrets from memory, never a placeholder."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from inspector.model import Body, Header, HttpExchange
from inspector.recording.vault import Original
from inspector.replay.edit import RequestEdit, parse_edit
from inspector.replay.plan import PlannedRequest, plan_replay
from inspector.replay.refusal import ReplayRefused

ExchangeMaker = Callable[..., HttpExchange]

SHOWN: tuple[Header, ...] = (("host", "h"), ("authorization", "•••"), ("cookie", "session=•••; theme=dark"))
HELD: tuple[Header, ...] = (
    ("host", "h"),
    ("authorization", "Bearer s3cret"),
    ("cookie", "session=x1; theme=dark"),
)


def plan(
    exchange: HttpExchange, edit: dict[str, Any] | None = None, original: Original | None = None
) -> PlannedRequest:
    return plan_replay(exchange, original, parse_edit(edit or {}))


@pytest.fixture
def redacted(make_exchange: ExchangeMaker) -> tuple[HttpExchange, Original]:
    exchange = make_exchange(
        scope={"headers": SHOWN, "query_string": "token=•••&page=2", "method": "POST"},
        request_body=Body(size=40, data='{"card": "•••", "n": [1, {"pin": "•••"}]}'.encode()),
    )
    scope = replace(exchange.scope, headers=HELD, query_string="token=t0k&page=2")
    held = Original(scope=scope, body=Body(size=40, data=b'{"card": "4111", "n": [1, {"pin": 7}]}'))
    return exchange, held


def test_without_an_edit_the_recorded_request_is_sent(make_exchange: ExchangeMaker) -> None:
    exchange = make_exchange(scope={"query_string": "a=1&a=%20", "root_path": "/api"})
    planned = plan(exchange)
    assert (planned.method, planned.path, planned.raw_path) == ("GET", "/books/42", b"/books/42")
    assert (planned.query_string, planned.root_path, planned.edits) == (b"a=1&a=%20", "/api", ())
    assert planned.headers == ((b"host", b"127.0.0.1:8000"), (b"accept", b"*/*"), (b"user-agent", b"test"))
    assert planned.chunks == (b"",)


@pytest.mark.parametrize(
    ("typed", "path", "raw_path", "query"),
    [
        pytest.param("/books/43", "/books/43", b"/books/43", b"", id="plain"),
        pytest.param("/books/43?a=1?b", "/books/43", b"/books/43", b"a=1?b", id="query with a question mark"),
        pytest.param("/a%2Fb", "/a/b", b"/a%2Fb", b"", id="encoded slash"),
        pytest.param("/é?q=ü", "/é", b"/%C3%A9", b"q=%C3%BC", id="typed beyond ASCII"),
        pytest.param("//evil/x", "//evil/x", b"//evil/x", b"", id="two slashes"),
        pytest.param("/a/../b", "/a/../b", b"/a/../b", b"", id="dots are kept"),
    ],
)
def test_a_typed_path_is_sent_as_a_server_would_pass_it_on(
    make_exchange: ExchangeMaker, typed: str, path: str, raw_path: bytes, query: bytes
) -> None:
    planned = plan(make_exchange(), {"path": typed})
    assert (planned.path, planned.raw_path, planned.query_string) == (path, raw_path, query)


def test_edits_name_what_differs_and_nothing_else(make_exchange: ExchangeMaker) -> None:
    exchange = make_exchange()
    assert plan(exchange, {"method": "GET", "path": "/books/42", "body": ""}).edits == ()
    changed = plan(exchange, {"method": "PUT", "path": "/x?y", "headers": [["a", "b"]], "body": "z"})
    assert changed.edits == ("method", "path", "query", "headers", "body")


def test_connection_headers_go_and_the_length_is_counted_anew(make_exchange: ExchangeMaker) -> None:
    headers = (
        ("host", "h"),
        ("connection", "keep-alive, X-Hop"),
        ("keep-alive", "5"),
        ("x-hop", "1"),
        ("content-length", "999"),
        ("expect", "100-continue"),
        ("x-forwarded-for", "1.2.3.4"),
        ("set", "a"),
        ("set", "b"),
    )
    exchange = make_exchange(
        scope={"headers": headers, "method": "POST"}, request_body=Body(size=3, data=b"abc")
    )
    assert plan(exchange).headers == (
        (b"host", b"h"),
        (b"content-length", b"3"),
        (b"x-forwarded-for", b"1.2.3.4"),
        (b"set", b"a"),
        (b"set", b"b"),
    )


def test_a_body_that_had_no_length_gets_one(make_exchange: ExchangeMaker) -> None:
    planned = plan(make_exchange(), {"body": "abcd"})
    assert planned.headers[-1] == (b"content-length", b"4")
    assert planned.chunks == (b"abcd",)


def test_the_body_is_cut_where_it_was_cut_when_recorded(make_exchange: ExchangeMaker) -> None:
    body = Body(size=7, data=b"abcdefg", chunks=((0, 3), (1, 0), (2, 2)))
    assert plan(make_exchange(request_body=body)).chunks == (b"abc", b"", b"de", b"fg")


def test_secrets_come_from_memory_when_nothing_is_edited(redacted: tuple[HttpExchange, Original]) -> None:
    exchange, held = redacted
    planned = plan(exchange, original=held)
    assert (b"authorization", b"Bearer s3cret") in planned.headers
    assert (planned.query_string, planned.edits) == (b"token=t0k&page=2", ())
    assert planned.chunks == (b'{"card": "4111", "n": [1, {"pin": 7}]}',)


def test_secrets_stand_in_where_the_page_left_the_dots(redacted: tuple[HttpExchange, Original]) -> None:
    exchange, held = redacted
    edit = {
        "path": "/books/42?page=3&token=•••",
        "headers": [["cookie", "session=•••; theme=dark"], ["Authorization", "•••"], ["x-new", "1"]],
        "body": '{"n": [2, {"pin": "•••"}], "card": "•••", "copies": 3}',
    }
    planned = plan(exchange, edit, held)
    assert planned.query_string == b"page=3&token=t0k"
    assert planned.headers[:3] == (
        (b"cookie", b"session=x1; theme=dark"),
        (b"authorization", b"Bearer s3cret"),
        (b"x-new", b"1"),
    )
    assert planned.chunks == (b'{"n": [2, {"pin": 7}], "card": "4111", "copies": 3}',)
    assert planned.edits == ("query", "headers", "body")


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        pytest.param({}, "query", id="nothing edited"),
        pytest.param(
            {"headers": [["x-key", "•••"]], "path": "/", "body": ""}, "'x-key'", id="typed into a header"
        ),
        pytest.param({"headers": [], "path": "/?key=•••", "body": ""}, "'key'", id="typed into the query"),
        pytest.param(
            {"headers": [], "path": "/?k=%E2%80%A2%E2%80%A2%E2%80%A2", "body": ""}, "'k'", id="encoded"
        ),
        pytest.param({"headers": [], "path": "/•••", "body": ""}, "path", id="typed into the path"),
        pytest.param(
            {"headers": [], "path": "/", "body": '{"pin": "•••"}'}, "body $.pin", id="moved in the body"
        ),
        pytest.param({"headers": [], "path": "/", "body": "pin=•••"}, "'pin'", id="typed into a form"),
        pytest.param({"headers": [], "path": "/", "body": "free ••• text"}, "free", id="typed into text"),
    ],
)
def test_a_placeholder_without_its_original_is_never_sent(
    redacted: tuple[HttpExchange, Original], edit: dict[str, Any], place: str
) -> None:
    exchange, _ = redacted
    with pytest.raises(ReplayRefused) as caught:
        plan(exchange, edit)
    assert caught.value.refusal.code == "redacted"
    assert place in caught.value.refusal.message


def test_a_secret_is_not_handed_to_another_name(redacted: tuple[HttpExchange, Original]) -> None:
    exchange, held = redacted
    with pytest.raises(ReplayRefused, match="x-stolen"):
        plan(exchange, {"headers": [["x-stolen", "•••"]]}, held)


def test_one_original_stands_in_wherever_its_mark_is_written(make_exchange: ExchangeMaker) -> None:
    exchange = make_exchange(scope={"headers": (("x-key", "•••"),)})
    held = Original(scope=replace(exchange.scope, headers=(("x-key", "s3cret"),)), body=Body())
    planned = plan(exchange, {"headers": [["x-key", "•••"], ["x-key", "•••"]]}, held)
    assert planned.headers[:2] == ((b"x-key", b"s3cret"), (b"x-key", b"s3cret"))


def test_a_form_gets_its_secret_back(make_exchange: ExchangeMaker) -> None:
    exchange = make_exchange(request_body=Body(size=9, data="user=a&password=•••".encode()))
    held = Original(scope=exchange.scope, body=Body(size=9, data=b"user=a&password=p%26w"))
    assert plan(exchange, {"body": "user=b&password=•••"}, held).chunks == (b"user=b&password=p%26w",)


def test_a_header_that_http_cannot_carry_is_refused(make_exchange: ExchangeMaker) -> None:
    with pytest.raises(ReplayRefused, match="'x-name'") as caught:
        plan_replay(make_exchange(), None, RequestEdit(headers=(("x-name", "日本"),)))
    assert caught.value.refusal.code == "bad_edit"
