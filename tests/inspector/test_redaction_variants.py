"""A known secret is hidden in every way in which it may be written."""

import json
from urllib.parse import quote, quote_plus

import pytest

from inspector.redaction.json_text import redact_json
from inspector.redaction.notes import MARK, Notes
from tests.inspector.redaction_samples import redacted_body

SECRET = 'pä"ss/ wörd+\\1'


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        quote(SECRET, safe=""),
        quote(SECRET),
        quote_plus(SECRET),
    ],
)
def test_nothing_is_left_of_a_secret_that_is_known(written: str) -> None:
    notes = Notes(frozenset({SECRET}))
    assert notes.sweep(f"a {written} b", "x") == f"a {MARK} b"


def test_the_place_of_a_secret_in_json_is_told_with_the_number_in_its_list() -> None:
    notes = Notes()
    document = '[1, {"a": 2}, {"a": "x", "password": "hunter2!"}]'
    text = redact_json(document, notes, "body", lambda text, _: text)
    assert json.loads(text)[2] == {"a": "x", "password": MARK}
    assert [one.where for one in notes.places] == ["body:$[2].password"]


@pytest.mark.parametrize(
    ("form", "left"),
    [
        ("code=SUMMER25&n=1", "code=SUMMER25&n=1"),
        ("grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA", f"code={MARK}"),
    ],
)
def test_a_code_is_a_secret_where_a_token_is_asked_for_with_it(form: str, left: str) -> None:
    data = redacted_body(form.encode(), "application/x-www-form-urlencoded")
    assert data.decode().endswith(left)
