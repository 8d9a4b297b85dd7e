"""Exchanges made to trip redaction: it hides what they hold, and fails at none."""

import gzip
import json

import pytest

from inspector.redaction import Redactor, blank_exchange
from tests.inspector.redaction_samples import make_exchange, redacted_body, text_of, with_body

_SECRET = "Zq9xK7mW2pL4vB8nT6"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (f'{{"password": "\\ud800{_SECRET}", "a": "\\ud800{_SECRET}"}}', "application/json"),
        (f'{{"a": "\\ud800 token={_SECRET} \\udc00"}}', "application/json"),
        (f'{{"password": "{_SECRET}"}}', "application/json; charset=utf-16"),
        (f'{{"password": "{_SECRET}"}}', "application/json; charset=cp037"),
        (f'{{"password": "{_SECRET}"}}', "application/json; charset=utf-7"),
        (f'{{"password": "{_SECRET}"}}', "application/json; charset=nonesuch"),
        (f'{{"a": NaN, "b": -Infinity, "password": "{_SECRET}"}}', "application/json"),
        (f'{{"password": "{_SECRET}", "password": "{_SECRET}"}}', "application/json"),
        (f'data: {{"token":\ndata: "{_SECRET}"}}\n\n', "text/event-stream"),
        (f'data: {{"a": 1,\ndata:\ndata: "token": "{_SECRET}', "text/event-stream"),
        (f'data: {{"token":\r\ndata: "{_SECRET}"}}\r\n\r\n', "text/event-stream"),
        (f"<a><password><![CDATA[<b>{_SECRET}]]></password></a>", "application/xml"),
        (f"<a><password><![CDATA[<b>{_SECRET}", "application/xml"),
    ],
)
def test_a_secret_in_an_odd_body_is_hidden(data: str, content_type: str) -> None:
    done = text_of(redacted_body(data.encode(), content_type))
    assert _SECRET not in done
    assert "•••" in done


@pytest.mark.parametrize(
    "head",
    [
        "Content-Disposition: form-data; name*=utf-8''password",
        "Content-Disposition: form-data; name*=utf-8''p%61ssword",
        'X-First: name="title"\r\nContent-Disposition: form-data; name="password"',
        'Content-Disposition: form-data; name="title"; name="password"',
    ],
)
def test_a_part_of_a_telling_name_is_hidden_however_it_is_named(head: str) -> None:
    data = f"--X\r\n{head}\r\n\r\n{_SECRET}\r\n--X--\r\n"
    done = text_of(redacted_body(data.encode(), "multipart/form-data; boundary=X"))
    assert done == data.replace(_SECRET, "•••")


def test_half_a_pair_of_surrogates_stays_as_it_was_written() -> None:
    done = redacted_body(b'{"a": "\\ud800 token=abcdefgh"}', "application/json")
    assert done == '{"a": "\\ud800 token=•••"}'.encode()
    assert json.loads(done)["a"].startswith("\ud800")


def test_an_event_of_several_lines_of_data_stays_one() -> None:
    data = b'event: a\ndata: {"user": "x",\ndata:  "n": 1}\n\ndata: token=abcdefgh\n\n'
    done = redacted_body(data, "text/event-stream")
    assert done == data.replace(b"abcdefgh", "•••".encode())


def test_text_in_wide_letters_is_looked_through_as_it_says() -> None:
    for charset in ("utf-16", "utf-16-le", "utf-32", "cp037"):
        data = json.dumps({"password": _SECRET}).encode(charset)
        done = redacted_body(data, f"application/json; charset={charset}")
        assert _SECRET not in done.decode(charset, "replace")


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 65536, b'{"a":' * 10000, b'{"password":' + b"[" * 200,
        json.dumps(dict.fromkeys(map(str, range(6000)))).encode(),
        gzip.compress(b'{"token":"' + b"a" * 5_000_000)[:65536],
        b"\xff\xfe\x00", b"\x00" * 1000, b"--\r\n--",
    ],
    ids=["brackets", "objects", "deep secret", "keys", "bomb", "mark", "noughts", "boundary"],
)  # fmt: skip
@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", "text/event-stream", ""])
@pytest.mark.parametrize("coding", ["", "gzip", "br", "gzip, gzip"])
def test_nothing_sent_makes_redaction_fail(data: bytes, content_type: str, coding: str) -> None:
    for complete in (True, False):
        redacted_body(data, content_type, complete=complete, coding=coding)


@pytest.mark.parametrize(
    "fields",
    [
        {"query_string": "a=1&" * 20000 + f"token={_SECRET}"},
        {"query_string": "%" * 20000 + f"&password={_SECRET}"},
        {"headers": (*[(f"x-{number}", "a") for number in range(500)], ("x-token", _SECRET))},
        {"headers": (("cookie", f'a="{_SECRET}"; b={_SECRET}'), ("referer", f"http://u:{_SECRET}@h/"))},
        {"headers": (("x-\xff\udc80-token", _SECRET), ("\ud800", f"token={_SECRET}"))},
        {"response_headers": (("location", f"http://u:{_SECRET}@h/cb?code={_SECRET}&state=1"),)},
        {"response_headers": (("location", f"/cb#access_token={_SECRET}"),)},
    ],
    ids=["query", "percent", "headers", "cookies", "odd names", "location", "fragment"],
)
def test_a_secret_in_an_odd_place_is_hidden(fields: dict[str, object]) -> None:
    exchange = make_exchange(**fields)
    done = Redactor().redact(exchange)
    assert _SECRET not in repr(done)
    assert done.redactions
    assert done != blank_exchange(exchange)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (json.dumps([f"a session of author {number}" for number in range(50)]), "application/json"),
        ('data: ["a session of this author"]\n\n' * 50, "text/event-stream"),
        ("name=a session&" * 50, "application/x-www-form-urlencoded"),
    ],
    ids=["json", "events", "form"],
)
def test_who_redacts_rests_between_the_pieces_of_a_large_body(data: str, content_type: str) -> None:
    rests: list[None] = []
    Redactor(lambda: rests.append(None)).redact(with_body(data.encode(), content_type))
    assert len(rests) >= 50, "one for each piece that may hold a secret"
