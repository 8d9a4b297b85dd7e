"""Many texts looked at as one: none is passed over that would be redacted by itself."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.redaction.content import redact_content, redact_form, redact_lines
from inspector.redaction.keys import is_authorization_code, is_sensitive_name
from inspector.redaction.notes import Notes
from inspector.redaction.telling import find_telling
from inspector.redaction.text import _SETTER, _value_span, find_set
from tests.inspector.redaction_samples import redacted_body, text_of

_PIECES = st.sampled_from(
    (
        "", "a", "user", "password", "pass word", "Bearer abcdefgh1", "eyJhbGciOi.x", "4111 1111 1111 1111",
        "4111111111111111", "%70assword=x", "token=abc", "code", "state=1", "http://u:p@h/", "Ünï", "a+b",
        "\\u0070assword", "sid", "ba\u017fic dXNlcjpwYXNz", "BAS\u0130C dXNlcjpwYXNz1", "0.8471937462837462",
        "ghp_abcdefghij0123456789", "\u212aey to\u212aen=abcd", "\n", "\r\n", "\t", ": ", "=", "==", "=>",
        ";", "'", '"', "\\", "{", "}", "[", "]", ",", "&", "hunter2hunter2", "author", "\0", "\x85", "İ", "ß",
        "•••", '{"pin": "1234"}', "-----BEGIN A-----", "x" * 90, "input_value=1", "/callback", " ",
        "--token ", "name: pin\n  value: ", '"token";s:3:"', "identified by '",
        "v4.local.abcdefghij0123456789",
        "$2b$12$abcdefghij0123456789", "DE89370400440532013000", "NL91ABNA0417164300", "密码：", "?a=%3D",
        "eyJwaW4iOiAiYWJjIn0", '{"name": "pin", "value": 1}', '"kty"', "/password/abcdefghij0123456789",
        "pin is 12345", "api[key]", "login a password b", ": |\n  x\n", "\n- a\n", "Digest a=b, c=d",
    )
)  # fmt: skip
_TEXTS = st.lists(_PIECES, max_size=6).map("".join)
_MANY = st.lists(_TEXTS, max_size=8)
_KNOWN = frozenset({"hunter2hunter2", 'x"y z\nabcd'})


def _redacted(text: str) -> tuple[str, bool]:
    notes = Notes(_KNOWN)
    return redact_content(text, notes, "here"), bool(notes.places)


@given(_MANY)
def test_whatever_would_be_redacted_by_itself_is_found_among_many(texts: list[str]) -> None:
    telling = find_telling(texts, Notes(_KNOWN))
    for number, text in enumerate(texts):
        assert number in telling or _redacted(text) == (text, False)


@given(_MANY)
def test_a_text_in_a_json_document_is_redacted_as_it_is_by_itself(texts: list[str]) -> None:
    for document in (texts, {f"k{number}": text for number, text in enumerate(texts)}):
        notes = Notes(_KNOWN)
        done = json.loads(redact_content(json.dumps(document), notes, "here"))
        assert list(done.values() if isinstance(done, dict) else done) == [
            redact_content(text, Notes(_KNOWN), "here", nesting=1) for text in texts
        ]


@given(st.lists(_TEXTS.map(lambda text: re.sub(r"[\r\n\x85]", "", text)), max_size=8))
def test_a_line_among_others_is_redacted_as_it_is_by_itself(texts: list[str]) -> None:
    done = redact_lines("".join(f"data:{text}\n\n" for text in texts), Notes(_KNOWN), "here", is_cut=False)
    alone = [redact_content(f"{text}\n", Notes(_KNOWN), "here") for text in texts]
    assert done == "".join(f"data:{text}\n" for text in alone)


@given(st.lists(st.tuples(_TEXTS, _TEXTS), max_size=6))
def test_a_field_among_others_is_redacted_as_it_is_by_itself(fields: list[tuple[str, str]]) -> None:
    parts = [f"{quote_plus(name)}={quote_plus(value)}" for name, value in fields]
    alone = [redact_form(part, Notes(_KNOWN), "here", around="/callback?") for part in parts]
    assert redact_form("&".join(parts), Notes(_KNOWN), "here", around="/callback?") == "&".join(alone)


def _set_one_by_one(text: str) -> Iterator[tuple[int, int, str]]:
    position = 0
    while (found := _SETTER.search(text, position)) is not None:
        name = found["name"]
        position = found.start("setter")
        if is_sensitive_name(name) or is_authorization_code(name, text):
            start, end = _value_span(text, found, is_source=False)
            yield start, end, name
            position = max(end, found.end())


@given(st.lists(_PIECES, max_size=20).map("".join))
def test_what_names_are_set_to_is_found_as_by_trying_every_name(text: str) -> None:
    assert list(find_set(text, is_source=False)) == list(_set_one_by_one(text))


@pytest.mark.parametrize(
    "document",
    [
        {"session": {"id": "s3cr3tvalue", "Bearer abcdefgh12345": 1, "x": "s3cr3tvalue"}},
        {
            "credentials": [
                {"s3cr3tvalue": 1, "b": "s3cr3tvalue", "ghp_abcdefghij0123456789": ["s3cr3tvalue"]}
            ]
        },
    ],
)
def test_a_key_that_is_a_secret_does_not_uncover_the_secret_that_it_stands_in(document: Any) -> None:
    done = text_of(redacted_body(json.dumps(document).encode(), "application/json"))
    assert done == json.dumps(dict.fromkeys(document, "•••"), ensure_ascii=False)


@pytest.mark.parametrize("unit", [b"code=1&", b"state=1&code=1;", b"code: 1 token ", b"token=a&"], ids=repr)
def test_many_fields_take_no_longer_than_as_much_text(unit: bytes) -> None:
    def seconds(size: int) -> float:
        return min(_timed((unit * (size // len(unit) + 1))[:size]) for _ in range(2))

    def _timed(data: bytes) -> float:
        began_s = time.process_time()
        redacted_body(data, "application/x-www-form-urlencoded")
        redacted_body(data, "text/plain")
        return time.process_time() - began_s

    # Eight times the size; sixty-four times the time would be quadratic.
    assert seconds(64 * 1024) < 24 * max(seconds(8 * 1024), 0.005)
