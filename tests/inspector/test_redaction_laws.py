"""What holds of redaction whatever comes: no cut leaks, nothing harmless changes, time is linear."""

import dataclasses
import gzip
import json
import time
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.apart import take_apart
from inspector.journal.codec import encode_exchange
from inspector.model import Body, HttpExchange, Parameter, RouteStep
from inspector.redaction import Redactor, blank_exchange
from inspector.redaction.exchange import redact_by_walking
from inspector.redaction.plain import (
    MAX_HEADER_CHARACTERS,
    MAX_HEADERS,
    MAX_LIST_HEADERS,
    MAX_LISTS,
    PlainLook,
)
from tests.inspector.redaction_samples import (
    canary_fields,
    make_exchange,
    multipart,
    redacted_body,
    text_of,
)

_KEYS = st.sampled_from(
    [
        "password",
        "userPassword",
        "PASS_WORD",
        "client-secret",
        "accessToken",
        "x_api_key",
        "session_id",
        "otp",
    ]
)
_CANARY = "C4n4ry7Xq"


def _respell(key: str, style: int) -> str:
    return "".join(
        f"\\u{ord(letter):04x}" if style and index % style == 0 else letter
        for index, letter in enumerate(key)
    )


def _json_with_canaries(key: str, style: int, value: Any, depth: int) -> str:
    secret: Any = {0: f"{_CANARY}", 1: [f"{_CANARY}", 1], 2: {"a": f'{_CANARY}"\\'}}[depth % 3]
    tree: Any = {"before": value, "KEY": secret, "after": value}
    for _ in range(depth):
        tree = {"list": [value, tree], "n": 1.5}
    return json.dumps(tree).replace("KEY", _respell(key, style))


_VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=8)


@given(_KEYS, st.integers(0, 3), _VALUES, st.integers(0, 3), st.data())
def test_json_cut_anywhere_never_shows_a_secret(
    key: str, style: int, value: Any, depth: int, data: Any
) -> None:
    text = _json_with_canaries(key, style, value, depth)
    for is_embedded in (False, True):
        whole = json.dumps({"inner": text}) if is_embedded else text
        cut = data.draw(st.integers(0, len(whole)))
        done = text_of(redacted_body(whole[:cut].encode(), "application/json", complete=cut == len(whole)))
        assert _CANARY[:5] not in done


def test_json_form_and_multipart_cut_at_every_offset_never_show_a_secret() -> None:
    form = f"a=1&user%5Bpassword%5D={_CANARY}&b={quote('x y')}&accessToken={_CANARY}"
    parts, content_type = multipart(
        ("title", "x"), ("clientSecret", _CANARY), ("b", json.dumps({"otp": _CANARY}))
    )
    document = json.dumps({"a": [1, {"b": "x"}], "password": _CANARY, "c": {"api_key": _CANARY}, "d": "e"})
    for data, kind in [
        (document.encode(), "application/json"),
        (document.encode(), ""),
        (form.encode(), "application/x-www-form-urlencoded"),
        (form.encode(), ""),
        (parts, content_type),
        (gzip.compress(document.encode()), "application/json"),
    ]:
        coding = "gzip" if data[:2] == b"\x1f\x8b" else ""
        for cut in range(len(data) + 1):
            done = redacted_body(data[:cut], kind, complete=cut == len(data), coding=coding)
            if coding and done:
                done = zlib.decompressobj(47).decompress(done)
            assert _CANARY[:5].encode() not in done, (cut, data[:cut])


@given(
    st.recursive(
        _VALUES | st.floats(allow_nan=False),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["a", "author", "price", "x-y"]), inner, max_size=3)
        ),
    )
)
def test_json_without_a_secret_is_left_byte_by_byte(tree: Any) -> None:
    data = json.dumps(tree).encode()
    assert redacted_body(data, "application/json") == data


@given(st.binary(max_size=300))
def test_no_body_whatsoever_makes_redaction_fail(data: bytes) -> None:
    for content_type in (
        "",
        "application/json",
        "text/html",
        "multipart/form-data; boundary=a",
        "text/plain",
    ):
        for complete in (True, False):
            redacted_body(b"password=" + data, content_type, complete=complete)
            redacted_body(data, content_type, complete=complete, coding="gzip")


@pytest.mark.parametrize(
    "unit",
    [b"[", b'{"a":', b"\\\\", b"7", b'{"password":', b"token=", b"token: ", b'"', b"<password>", b"://a@",
     b"eyJ", b"password ", b"a b ", b"&token", b"'", b"-----BEGIN A-----", b"4 ", b"<input name=token ",
     b"/reset/", b"?expires=1&a=", b"/s--", b"token 'a1", b"&#39;", b"password for a is: ", b"token: $aaaa, ",
     b"A_KEY=", b"A_KEY={", b"key=a1", b"A_KEY: aaaaaaaaaaaaaaaaaaa1 "],
    ids=repr,
)  # fmt: skip
def test_time_grows_with_the_size_and_no_faster(unit: bytes) -> None:
    def seconds(size: int) -> float:
        data = (unit * (size // len(unit) + 1))[:size]
        return min(_timed(data) for _ in range(2))

    def _timed(data: bytes) -> float:
        began_s = time.process_time()
        redacted_body(data, "application/json", complete=False)
        redacted_body(data, "text/html", complete=False)
        return time.process_time() - began_s

    # Eight times the size; sixty-four times the time would be quadratic.
    assert seconds(64 * 1024) < 24 * max(seconds(8 * 1024), 0.002)


def test_redacting_twice_changes_nothing_more() -> None:
    once = Redactor().redact(make_exchange(**canary_fields()[0]))
    twice = Redactor().redact(once)
    assert encode_exchange(dataclasses.replace(twice, redactions=())) == encode_exchange(
        dataclasses.replace(once, redactions=())
    )


def test_a_blank_exchange_holds_nothing_of_what_came() -> None:
    fields, canaries = canary_fields()
    blank = blank_exchange(make_exchange(**fields))
    everything = json.dumps(encode_exchange(blank, text_of), ensure_ascii=False)
    assert [name for name, canary in canaries.items() if canary in everything] == []


_WORDS = (
    "", "a", "user", "password", "pass word", "Bearer abcdefgh1", "eyJhbGciOi.x", "4111 1111 1111 1111",
    "%70assword=x", "token=abc", "code", "state=1", "http://u:p@h/", "Ünï", "a+b", "\\u0070assword", "sid",
    "x…", "1", "\0", "right", "2026-11-22 20:31:05", "ghp_abcdefghij0123456789", "\u212aey to\u212aen=abcd",
    "api[key]", "密码", "card[cvc]", "tokens", "token_count", "v4.local.abcdefghij0123456789",
    '{"kty": 1, "d": "a"}',
    "DE89370400440532013000", "NL91ABNA0417164300", "DE89 3704 0044 0532 0130 00",
    "$2b$12$abcdefghij0123456789",
    '{"name": "pin", "value": "a"}', "pin is 12345", "?a=%3Ftoken%3Dabc", "eyJwaW4iOiAiYWJjIn0",
    "/password/abcdefghij0123456789", "a;jsessionid=abc", "identified by 'abc'", "--token abc",
    "4111+1111+1111+1111",
)  # fmt: skip
_WORDS_OF_ALL_KINDS = st.sampled_from(_WORDS)
_LINES = st.lists(_WORDS_OF_ALL_KINDS, max_size=3).map("=".join)
_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "cookie", "x-token", "content-type", "content-encoding", "referer"]),
        _LINES | st.sampled_from(["application/json", "text/plain; charset=utf-16", "gzip"]),
    ),
    max_size=3,
).map(tuple)
_SOME_BODIES = st.builds(
    lambda text, wide, complete: Body(
        size=99, data=text.encode("utf-16" if wide else "utf-8", "surrogatepass"), complete=complete
    ),
    _LINES | _LINES.map(lambda line: json.dumps({"a": line, line: 1})),
    st.booleans(),
    st.booleans(),
)
_PARAMETERS = st.lists(
    st.builds(
        Parameter,
        name=_WORDS_OF_ALL_KINDS,
        alias=_WORDS_OF_ALL_KINDS,
        source=st.sampled_from(["path", "query", "cookie", "body"]),
        raw=st.none() | _LINES | st.lists(_LINES, max_size=2),
        declared_type=st.just("str"),
        converter=st.just("text"),
        value=st.none() | _LINES,
        value_type=st.just("str"),
        default_used=st.booleans(),
        problem=st.none() | _LINES,
    ),
    max_size=2,
).map(tuple)


@given(_LINES, _LINES, _HEADERS, _HEADERS, _SOME_BODIES, _SOME_BODIES, _PARAMETERS)
def test_what_is_called_plain_at_a_look_holds_nothing_that_the_walk_would_hide(
    path: str, query: str, asked: Any, answered: Any, sent: Body, received: Body, parameters: Any
) -> None:
    exchange = make_exchange(
        path=f"/{path}", query_string=query, headers=asked, request_body=sent, response_body=received,
        response_headers=answered, parameters=parameters,
    )  # fmt: skip
    walked = redact_by_walking(exchange)
    look = PlainLook()
    if look.is_plain(take_apart(exchange)):
        assert walked == exchange
    assert Redactor().redact(exchange) == walked
    for header in look._headers:
        assert not redact_by_walking(make_exchange(headers=(header,))).redactions, "no secret is remembered"


def _parameter(**said: Any) -> Parameter:
    usual = {"name": "q", "alias": "q", "source": "query", "raw": "a", "value": "'a'", "problem": None}
    rest = {"declared_type": "str", "converter": "text", "value_type": "str", "default_used": False}
    return Parameter(**(usual | rest | said))


def _with_word(word: str) -> Iterator[HttpExchange]:
    """Ordinary exchanges, each with the word in one other place."""
    data = json.dumps({word: 1, "a": word}, ensure_ascii=False).encode()
    for body in (
        Body(size=1, data=data),
        Body(size=9, data=data, complete=False),
        Body(size=1, data=word.encode()),
    ):
        for kind in ("application/json", "text/plain; charset=utf-16", word):
            headers = (("content-type", kind),)
            yield make_exchange(headers=headers, request_body=body)
            yield make_exchange(response_headers=headers, response_body=body)
    for coded in (gzip.compress(data), word.encode("utf-16")):
        yield make_exchange(
            response_body=Body(size=1, data=coded), response_headers=(("content-encoding", "gzip"),)
        )
        yield make_exchange(response_body=Body(size=1, data=coded))
    for field in ("name", "alias", "raw", "value", "problem"):
        yield make_exchange(parameters=(_parameter(**{field: word}),))
    yield make_exchange(parameters=(_parameter(source="cookie", raw=word),))
    yield make_exchange(parameters=(_parameter(raw=["a", word]),))
    for header in (("x-a", word), (f"x-{word}", "abc"), ("cookie", f"a={word}"), ("referer", f"/?{word}=b")):
        yield make_exchange(headers=(header,))
        yield make_exchange(response_headers=(header,))
    for query in (word, f"{word}=abc", f"a={word}", f"{word.replace(' ', '+')}=abc", f"state=1&{word}=abc"):
        yield make_exchange(query_string=query)
        yield make_exchange(query_string=query, path="/login")
    yield make_exchange(path=f"/{word}")
    step = RouteStep(
        table="t", index=0, template="/{p}", name=None, endpoint=None, path="/abc",
        raw_params=((word, "abc"),), took_ns=1, spans=((1, 4),),
    )  # fmt: skip
    yield make_exchange(path="/abc", steps=(step,))


@pytest.mark.parametrize("word", _WORDS)
def test_wherever_a_word_stands_a_look_calls_nothing_plain_that_the_walk_would_hide(word: str) -> None:
    for exchange in _with_word(word):
        assert Redactor().redact(exchange) == redact_by_walking(exchange)


def test_an_ordinary_request_is_plain_at_a_look_the_second_time_as_well() -> None:
    look = PlainLook()
    exchange = make_exchange(
        path="/items/7", query_string="q=word", headers=(("accept", "*/*"), ("user-agent", "x/1")),
        response_body=Body(size=9, data=b'{"id": 7}'),
    )  # fmt: skip
    assert look.is_plain(take_apart(exchange))
    assert look.is_plain(take_apart(exchange))
    assert not look.is_plain(
        take_apart(dataclasses.replace(exchange, response_body=Body(size=1, data=b'{"pin": 7}')))
    )


def test_a_body_in_any_script_is_plain_at_a_look() -> None:
    look = PlainLook()
    for kind in ("application/json", "application/json; charset=utf-8", "text/html"):
        headers = (("content-type", kind),)
        body = Body(size=1, data='{"name": "Zoë, 東京"}'.encode())
        assert look.is_plain(take_apart(make_exchange(response_headers=headers, response_body=body)))


def test_the_headers_that_are_remembered_are_bounded() -> None:
    look = PlainLook()
    for number in range(MAX_HEADERS + 10):
        assert look.is_plain(take_apart(make_exchange(headers=(("x-number", str(number)),))))
        assert len(look._headers) <= MAX_HEADERS
    assert look.is_plain(take_apart(make_exchange(headers=(("x-long", "a" * MAX_HEADER_CHARACTERS),))))
    assert all(len(name) + len(value) <= MAX_HEADER_CHARACTERS for name, value in look._headers)


def test_the_lists_of_headers_that_are_remembered_are_bounded() -> None:
    look = PlainLook()
    for number in range(MAX_LISTS + 10):
        assert look.is_plain(take_apart(make_exchange(headers=(("x-number", str(number)),))))
        assert len(look._lists) <= MAX_LISTS
    most = (("x-number", "1"),) * MAX_LIST_HEADERS
    assert look.is_plain(take_apart(make_exchange(headers=most)))
    assert look.is_plain(take_apart(make_exchange(headers=(*most, ("x-number", "1")))))
    assert max(map(len, look._lists)) == MAX_LIST_HEADERS
