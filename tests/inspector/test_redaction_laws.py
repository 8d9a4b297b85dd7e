"""What holds of redaction whatever comes: no cut leaks, nothing harmless changes, time is linear."""

import dataclasses
import gzip
import json
import time
import zlib
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.journal.codec import encode_exchange
from inspector.redaction import Redactor, blank_exchange
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
     b"eyJ", b"password ", b"a b ", b"&token", b"'", b"-----BEGIN A-----", b"4 ", b"<input name=token "],
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
