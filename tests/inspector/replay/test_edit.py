"""What a page may change in a request, and what it is told when it may not."""

from typing import Any

import pytest

from inspector.replay.edit import RequestEdit, parse_edit
from inspector.replay.refusal import ReplayRefused


def test_an_empty_edit_changes_nothing() -> None:
    assert parse_edit({}).is_empty
    assert parse_edit(
        {"method": None, "path": None, "headers": None, "body": None, "body_base64": None}
    ).is_empty


def test_every_part_is_read() -> None:
    edit = parse_edit(
        {"method": "put", "path": "/a?b=c", "headers": [["X-A", "1"], ["X-A", "2"]], "body": "é"}
    )
    assert edit == RequestEdit(
        method="PUT", target="/a?b=c", headers=(("X-A", "1"), ("X-A", "2")), body="é".encode()
    )


def test_bytes_come_as_base64() -> None:
    assert parse_edit({"body_base64": "AP8="}).body == b"\x00\xff"


@pytest.mark.parametrize(
    ("document", "named"),
    [
        pytest.param({"method": "GET POST"}, "'GET POST'", id="method with a space"),
        pytest.param({"method": ""}, "''", id="empty method"),
        pytest.param({"method": "GET\r\nX: y"}, "no HTTP token", id="method with a line break"),
        pytest.param({"path": "http://evil.example/x"}, "does not start with a slash", id="absolute form"),
        pytest.param({"path": "books"}, "'books'", id="relative path"),
        pytest.param({"path": "/a b"}, "space", id="path with a space"),
        pytest.param({"path": "/a\r\nX: y"}, "control character", id="path with a line break"),
        pytest.param({"path": "/a#b"}, "“#”", id="fragment"),
        pytest.param({"headers": {"a": "b"}}, "no list", id="headers as an object"),
        pytest.param({"headers": [["a"]]}, "no pair", id="header without a value"),
        pytest.param({"headers": [["a b", "c"]]}, "'a b'", id="header name with a space"),
        pytest.param({"headers": [["a", "b\r\nc: d"]]}, "line break", id="header value with a line break"),
        pytest.param({"headers": [["a", "b\x00"]]}, "NUL", id="header value with NUL"),
        pytest.param({"body": "a", "body_base64": "YQ=="}, "both", id="two bodies"),
        pytest.param({"body": 1}, "neither text", id="body that is a number"),
        pytest.param({"body_base64": "%%%"}, "no base64", id="bad base64"),
        pytest.param({"target": "/x"}, "'target'", id="unknown part"),
    ],
)
def test_a_part_that_cannot_be_sent_is_refused_by_name(document: dict[str, Any], named: str) -> None:
    with pytest.raises(ReplayRefused) as caught:
        parse_edit(document)
    assert caught.value.refusal.code == "bad_edit"
    assert named in caught.value.refusal.message
    assert caught.value.refusal.hint
