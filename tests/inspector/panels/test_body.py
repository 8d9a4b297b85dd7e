"""A body as a person reads it."""

import gzip
import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.model import Body
from inspector.panels.body import body_view
from inspector.readable.pretty_json import indent_json

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def view(
    data: bytes, media: str | None = None, *, coding: str | None = None, **fields: Any
) -> dict[str, Any]:
    headers = (
        *((("content-type", media),) if media else ()),
        *((("content-encoding", coding),) if coding else ()),
    )
    return body_view(Body(size=fields.pop("size", len(data)), data=data, **fields), headers)


@pytest.mark.parametrize(
    ("data", "media", "kind", "text"),
    [
        pytest.param(b"", "application/json", "empty", None, id="nothing"),
        pytest.param(b'{"a":1}', "application/json", "json", '{\n  "a": 1\n}', id="JSON"),
        pytest.param(b'{"a":1}', "application/problem+json", "json", '{\n  "a": 1\n}', id="JSON by suffix"),
        pytest.param(b"[1]", None, "json", "[\n  1\n]", id="JSON that nobody announced"),
        pytest.param(b'{"a":', "application/json", "json", '{"a":', id="broken JSON stays as it came"),
        pytest.param(b"a=1&b=2", "application/x-www-form-urlencoded", "form", "a=1&b=2", id="a form"),
        pytest.param(
            "é".encode("latin-1"), "text/plain; charset=latin-1", "text", "é", id="the named charset"
        ),
        pytest.param(
            "é".encode(), "text/plain; charset=nonsense", "text", "é", id="an unknown charset is UTF-8"
        ),
        pytest.param(
            b"ab", 'text/plain; charset="zlib"', "text", "ab", id="a codec that is no charset is UTF-8"
        ),
        pytest.param(b"\xff\xfe", "text/plain", "binary", None, id="text that is none"),
        pytest.param(b"a\x00b", "application/octet-stream", "binary", None, id="NUL"),
        pytest.param(b"\x89PNG\r\n", "image/png", "binary", None, id="an image"),
        pytest.param(b"data: 1\n\n", "text/event-stream", "text", "data: 1\n\n", id="events"),
    ],
)
def test_the_kind_is_told_by_type_and_content(
    data: bytes, media: str | None, kind: str, text: str | None
) -> None:
    seen = view(data, media)
    assert (seen["kind"], seen["text"]) == (kind, text)
    assert seen["hex"] == (data.hex() if kind == "binary" else None)


def test_a_character_cut_in_two_by_the_limit_is_dropped() -> None:
    cut = "naïve 日".encode()[:-1]
    assert view(cut, "text/plain", complete=False, why_incomplete="limit", size=99)["text"] == "naïve "
    assert view(cut, "text/plain")["kind"] == "binary"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_packed_body_is_shown_unpacked_and_says_so(coding: str) -> None:
    data = gzip.compress(b'{"a":1}') if coding == "gzip" else zlib.compress(b'{"a":1}')
    seen = view(data, "application/json", coding=coding)
    assert seen["text"] == '{\n  "a": 1\n}'
    assert coding in seen["note"]
    assert seen["packed"] == coding
    assert seen["size"] == len(data)


def test_a_packed_body_cannot_blow_up() -> None:
    bomb = gzip.compress(b"a" * 50_000_000)
    assert len(view(bomb, "text/plain", coding="gzip")["text"]) <= 1024 * 1024


def test_a_damaged_packed_body_is_shown_as_bytes() -> None:
    assert view(b"\x1f\x8b\xff\xff\x00", "text/plain", coding="gzip")["kind"] == "binary"


@pytest.mark.parametrize("why", ["limit", "unread_by_app", "disconnect", "redacted", "evicted"])
def test_what_is_missing_is_said(why: str) -> None:
    assert view(b"abc", "text/plain", complete=False, why_incomplete=why, size=900)["note"]


@given(JSON_VALUES, st.booleans())
def test_indenting_json_changes_nothing_it_says(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert indent_json(text) == json.dumps(value, ensure_ascii=ascii_only, indent=2)


@pytest.mark.parametrize("deep", [900, 100])
def test_json_that_would_grow_out_of_proportion_stays_as_it_came(deep: int) -> None:
    wide = "[" * deep + "1," * 20_000 + "1" + "]" * deep
    assert indent_json(wide) == wide
    assert view(gzip.compress(wide.encode()), "application/json", coding="gzip")["text"] == wide


def test_indenting_keeps_digits_and_duplicate_keys() -> None:
    assert indent_json('{"a": 1.10, "a": 1E5, "b": []}') == '{\n  "a": 1.10,\n  "a": 1E5,\n  "b": []\n}'
