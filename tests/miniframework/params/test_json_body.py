import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniframework.params.body import BrokenBody, ReadBody, is_json, parse_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_what_the_standard_library_writes_is_read(value: object, escaped: bool) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=escaped).encode("utf-8", "surrogatepass")) == ReadBody(
        value
    )


@pytest.mark.parametrize(
    ("body", "at", "error"),
    [
        pytest.param(b'{"name": "Apple", "price": }', 27, "Expecting value", id="a value is missing"),
        pytest.param(
            b'{"a": 1,}', 8, "Expecting property name enclosed in double quotes", id="trailing comma"
        ),
        pytest.param(b'{"a": 1', 7, "Expecting ',' delimiter", id="cut off"),
        pytest.param(b"{} x", 3, "Extra data", id="something behind it"),
        pytest.param(
            "{'é': 1}".encode(), 1, "Expecting property name enclosed in double quotes", id="quotes"
        ),
        pytest.param('["é", ]'.encode(), 6, "Expecting value", id="characters are counted, not bytes"),
        pytest.param(b'["\xff"]', 2, "byte 0xff is not UTF-8", id="not UTF-8"),
        pytest.param(b'["\\ud800"]', 8, "unexpected end of hex escape", id="half a surrogate pair"),
        pytest.param(b"[" * 3000, 201, "recursion limit exceeded", id="too deep"),
        pytest.param(b"[" + b"1" * 5000 + b"]", 4302, "number out of range", id="too many digits"),
        pytest.param(b" ", 1, "Expecting value", id="only a space"),
    ],
)
def test_broken_json_is_told_with_its_position(body: bytes, at: int, error: str) -> None:
    found = parse_json(body)
    assert isinstance(found, BrokenBody)
    assert found.problem["loc"] == ["body", at]
    assert found.problem["ctx"] == {"error": error}


@given(st.binary())
def test_no_bytes_make_the_parser_raise(body: bytes) -> None:
    match parse_json(body):
        case BrokenBody(problem):
            assert 0 <= problem["loc"][1] <= len(body)
        case ReadBody(value):
            json.dumps(value)


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/problem+json", True),
        ("text/json", False),
        ("application/jsonlines", False),
        ("application/x-www-form-urlencoded", False),
        ("", False),
    ],
)
def test_json_is_told_by_its_media_type(content_type: str, expected: bool) -> None:
    assert is_json(content_type) is expected
