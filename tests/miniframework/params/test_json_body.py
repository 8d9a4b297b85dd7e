import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniframework.http.exceptions import HTTPException
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
            b'{"a": 1, b}', 9, "Expecting property name enclosed in double quotes", id="a key without quotes"
        ),
        pytest.param(b'{"a": 1', 7, "Expecting ',' delimiter", id="cut off"),
        pytest.param(b"{} x", 3, "Extra data", id="something behind it"),
        pytest.param(
            "{'é': 1}".encode(), 1, "Expecting property name enclosed in double quotes", id="quotes"
        ),
        pytest.param('["é", x]'.encode(), 6, "Expecting value", id="characters are counted, not bytes"),
        pytest.param(b" ", 1, "Expecting value", id="only a space"),
    ],
)
def test_broken_json_is_told_with_its_position(body: bytes, at: int, error: str) -> None:
    found = parse_json(body)
    assert isinstance(found, BrokenBody)
    assert found.problem["loc"] == ["body", at]
    assert found.problem["ctx"] == {"error": error}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'["\xff"]', id="not UTF-8"),
        pytest.param(b'["\\ud800"]', id="half a surrogate pair"),
        pytest.param(b"[" * 300 + b"]" * 300, id="too deep"),
        pytest.param(b"[" * 30_000 + b"]" * 30_000, id="far too deep"),
        pytest.param(b"[" + b"1" * 5000 + b"]", id="too many digits"),
    ],
)
def test_what_cannot_be_kept_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(HTTPException) as caught:
        parse_json(body)
    assert (caught.value.status_code, caught.value.detail) == (400, "There was an error parsing the body")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_every_encoding_of_json_is_read(encoding: str) -> None:
    assert parse_json('{"é": 1}'.encode(encoding)) == ReadBody({"é": 1})


@given(st.binary())
def test_any_bytes_are_read_or_told_with_a_position_or_refused(body: bytes) -> None:
    try:
        found = parse_json(body)
    except HTTPException:  # another test says what it is
        return
    match found:
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
