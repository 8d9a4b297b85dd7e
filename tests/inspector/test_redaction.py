"""Secrets do not leave the process: by their names, by their shapes, and as copies of what was found."""

import gzip
import json
import time
import zlib
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from inspector.journal.codec import encode_exchange
from inspector.journal.rows import exchange_row
from inspector.model import (
    Body,
    Failure,
    HttpExchange,
    Parameter,
    RouteStep,
    Routing,
)
from inspector.redaction import MARK, Redactor
from tests.inspector.redaction_samples import (
    make_exchange,
    multipart,
    parameter,
    redacted_body,
    text_of,
    with_body,
)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Authorization", "Bearer abc.def", f"Bearer {MARK}"),
        ("authorization", "Basic dXNlcjpwYXNz", f"Basic {MARK}"),
        ("authorization", "my-own-scheme-without-space", MARK),
        ("Proxy-Authorization", "Digest username=x, response=y", f"Digest {MARK}"),
        ("cookie", 'sid=abc; theme="dark"; empty=', f"sid={MARK}; theme={MARK}; empty="),
        (
            "Set-Cookie",
            "sid=abc; Path=/; Max-Age=5; SameSite=Lax; HttpOnly",
            f"sid={MARK}; Path=/; Max-Age=5; SameSite=Lax; HttpOnly",
        ),
        ("X-Api-Key", "abc", MARK),
        ("x-csrf-token", "abc", MARK),
        ("referer", "http://u:p@h/x?token=abc&page=2", f"http://{MARK}@h/x?token={MARK}&page=2"),
        (
            "location",
            "/cb?code=abc&state=xyz#access_token=abc",
            f"/cb?code={MARK}&state=xyz#access_token={MARK}",
        ),
        ("www-authenticate", 'Basic realm="shop"', 'Basic realm="shop"'),
        (
            "accept",
            "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
            "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
        ),
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (X11; Linux x86_64)"),
        ("sec-websocket-protocol", "chat, inspector.token.abc", f"chat, {MARK}"),
        ("sec-websocket-protocol", "v12.stomp, access.Zq5d3f0a9c71e2b4d6xK", f"v12.stomp, {MARK}"),
        ("content-length", "4111111111111111", MARK),
    ],
)
def test_a_header_keeps_what_is_no_secret(name: str, value: str, expected: str) -> None:
    done = Redactor().redact(make_exchange(headers=((name, value),)))
    assert done.scope.headers == ((name, expected),)


def test_headers_keep_order_case_and_number() -> None:
    headers = (("B", "1"), ("Cookie", "a=b"), ("a", "2"), ("cookie", "c=d"), ("B", "3"))
    done = Redactor().redact(make_exchange(headers=headers))
    assert [name for name, _ in done.scope.headers] == ["B", "Cookie", "a", "cookie", "B"]


def test_what_holds_no_secret_comes_back_as_the_same_value() -> None:
    exchange = make_exchange(
        path="/books/17",
        query_string="author=Ann&q=5%25%20off",
        headers=(("host", "localhost"), ("accept", "*/*")),
        request_body=Body(size=2, data=b'{ "author":"Ann",\n "pages": 1.50 }'),
        response_body=Body(size=2, data=b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        response_headers=(("content-type", "image/png"),),
    )
    assert Redactor().redact(exchange) == exchange


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"password": "x", "author": "Ann"}', '{"password": "•••", "author": "Ann"}'),
        ('{"a":[{"b":{"apiKey":"x"}}] , "c":1.0}', '{"a":[{"b":{"apiKey":"•••"}}] , "c":1.0}'),
        ('{"p\\u0061ssword":"x"}', '{"p\\u0061ssword":"•••"}'),
        (
            '{"token":12345,"has_token":true,"no_token":null}',
            '{"token":"•••","has_token":true,"no_token":null}',
        ),
        ('{"password":"a\\"b\\\\","x":1}', '{"password":"•••","x":1}'),
        ('{"credentials":{"user":"u","key":["k",{}]},"x":1}', '{"credentials":"•••","x":1}'),
        ('{"passwords":["a","b"],"x":[]}', '{"passwords":"•••","x":[]}'),
        ('{"inner":"{\\"token\\":\\"x\\"}"}', '{"inner": "{\\"token\\":\\"•••\\"}"}'),
        ('{"url":"http://h/?token=abc"}', '{"url":"http://h/?token=•••"}'),
        ('["eyJhbGciOi.eyJzdWIiOi.c2ln"]', '["•••"]'),
        (
            '{"detail":[{"loc":["body","pin"],"msg":"m","input":"9"}]}',
            '{"detail":[{"loc":["body","pin"],"msg":"m","input":"•••"}]}',
        ),
        (
            '{"grant_type":"authorization_code","code":"abc"}',
            '{"grant_type":"authorization_code","code":"•••"}',
        ),
        ('{"code":"E42"}', '{"code":"E42"}'),
        ('{"blob":{"sv":1,"sig":"abc"}}', '{"blob":{"sv":1,"sig":"•••"}}'),
    ],
)
def test_json_is_redacted_in_place(text: str, expected: str) -> None:
    done = text_of(redacted_body(text.encode(), "application/json"))
    assert done.replace('": "{', '":"{') == expected.replace('": "{', '":"{')
    assert text_of(redacted_body(text.encode())).replace('": "{', '":"{') == expected.replace('": "{', '":"{')


@pytest.mark.parametrize(
    ("content_type", "text", "expected"),
    [
        ("application/x-www-form-urlencoded", "user=u&password=a%20b&x=1", "user=u&password=•••&x=1"),
        ("application/x-www-form-urlencoded", "p%61ssword=abc&x", "p%61ssword=•••&x"),
        ("application/x-www-form-urlencoded", "password=abc;def;x=g&y=1", "password=•••&y=1"),
        ("application/x-www-form-urlencoded", "y;token=;abc&session;x=1", "y;token=•••&session;x=1"),
        (
            "application/x-www-form-urlencoded",
            "data=%7B%22token%22%3A%22x%22%7D",
            "data=%7B%22token%22:%22•••%22%7D",
        ),
        ("", "user=u&pwd=abc", "user=u&pwd=•••"),
        ("text/plain", "put https://h/b?sv=1&sig=abc now", "put https://h/b?sv=1&sig=••• now"),
        ("text/plain", "login with password: abc\nand user: ann", "login with password: •••\nand user: ann"),
        ("text/plain", "level=info token=abc user=ann", "level=info token=••• user=ann"),
        ("text/plain", "Authorization: Bearer abc", "Authorization: •••"),
        ("text/plain", "card 4111 1111 1111 1111 ok", "card ••• ok"),
        ("text/plain", "order 1234567890123456 at 1700000000000", "order 1234567890123456 at 1700000000000"),
        ("text/plain", "x -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- y", "x ••• y"),
        ("text/event-stream", 'event: x\ndata: {"token":"a"}\n\n', 'event: x\ndata: {"token":"•••"}\n\n'),
        ("application/x-ndjson", '{"token":"a"}\n{"b":1}\n', '{"token":"•••"}\n{"b":1}\n'),
        (
            "application/xml",
            "<u><password>abc</password><name>n</name></u>",
            "<u><password>•••</password><name>n</name></u>",
        ),
        (
            "text/html",
            '<input name="csrf_token" value="abc"><p>hi</p>',
            '<input name="csrf_token" value="•••"><p>hi</p>',
        ),
        (
            "text/html",
            '<input type="password" name="p1" value="abc"><input type="text" name="p2" value="def">',
            '<input type="password" name="p1" value="•••"><input type="text" name="p2" value="def">',
        ),
        ("", '{"user":"u","pw":"abc","upward":"x"}', '{"user":"u","pw":"•••","upward":"x"}'),
        ("application/x-www-form-urlencoded", "pw=abc&upward=x", "pw=•••&upward=x"),
        (
            "text/plain",
            "to https://api.telegram.org/bot123456789:AAH" + "a1" * 16 + "/send",
            "to https://api.telegram.org/•••/send",
        ),
        ("text/html", '<meta content="abc" name="csrf-token">', '<meta content="•••" name="csrf-token">'),
    ],
)
def test_other_text_is_redacted_by_its_kind(content_type: str, text: str, expected: str) -> None:
    assert text_of(redacted_body(text.encode(), content_type)) == expected


def test_multipart_parts_of_a_telling_name_are_hidden_whole() -> None:
    data, content_type = multipart(("title", "x"), ("password", "abc\r\ndef"), ("meta", '{"token":"y"}'))
    expected, _ = multipart(("title", "x"), ("password", MARK), ("meta", '{"token":"•••"}'))
    assert redacted_body(data, content_type) == expected


def test_multipart_that_cannot_be_cut_into_parts_is_let_go() -> None:
    data, _ = multipart(("password", "abc"))
    assert redacted_body(b"junk" + data, "multipart/form-data") == b""


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_coded_body_is_read_redacted_and_coded_again(coding: str) -> None:
    encode: Callable[[bytes], bytes] = gzip.compress if coding == "gzip" else zlib.compress
    done = redacted_body(encode(b'{"password":"hunter2"}'), "application/json", coding=coding)
    decoded = gzip.decompress(done) if coding == "gzip" else zlib.decompress(done)
    assert text_of(decoded) == '{"password":"•••"}'
    harmless = encode(b'{"author":"Ann"}')
    assert redacted_body(harmless, "application/json", coding=coding) == harmless


def test_a_file_of_gzip_is_looked_into_though_no_header_says_that_it_is_one() -> None:
    for content_type in ("application/gzip", "application/octet-stream", ""):
        done = redacted_body(gzip.compress(b'{"password":"hunter2"}'), content_type)
        assert text_of(gzip.decompress(done)) == '{"password":"•••"}'
    harmless = gzip.compress(b'{"author":"Ann"}')
    assert redacted_body(harmless, "application/gzip") == harmless
    twice = gzip.compress(harmless)
    assert redacted_body(twice, "application/gzip") == b"", "what is in it is not looked at"
    looks_like_it = b"\x1f\x8b\x08 and no more \xff\xfe\xfd\xfc\xfb"
    assert redacted_body(looks_like_it) == looks_like_it


def test_a_body_in_an_unknown_coding_is_let_go_but_its_size_stays() -> None:
    done = Redactor().redact(with_body(b"\x1b\x00\x00", "application/json", coding="br"))
    assert isinstance(done, HttpExchange)
    assert (done.request_body.data, done.request_body.size) == (b"", 3)
    assert done.request_body.why_incomplete == "redacted"


def test_a_bomb_is_looked_at_no_further_than_its_limit() -> None:
    bomb = gzip.compress(b'{"a":"' + b"x" * 50_000_000)
    began_s = time.process_time()
    assert len(redacted_body(bomb, "application/json", coding="gzip")) < len(bomb)
    assert time.process_time() - began_s < 2


def test_utf_16_is_read_as_what_it_is() -> None:
    for codec in ("utf-16", "utf-16-le", "utf-16-be"):
        data = '{"password":"hunter2"}'.encode(codec)
        assert redacted_body(data, f"application/json; charset={codec}").decode(codec) == '{"password":"•••"}'
        assert "hunter2".encode(codec)[2:] not in redacted_body(data)


def test_a_binary_format_with_a_telling_field_is_let_go() -> None:
    message_pack = b"\x82\xa8password\xa7hunter2\xa1x\x00\xff\xfe\xfd\xfc\xfb"
    assert redacted_body(message_pack, "application/msgpack") == b""
    assert redacted_body(b"\x82\xa1x\x00\xff\xfe\xfd\xfc\xfb\xfa") == b"\x82\xa1x\x00\xff\xfe\xfd\xfc\xfb\xfa"


def test_a_redacted_body_is_not_complete() -> None:
    done = Redactor().redact(with_body(b'{"token":"x"}', "application/json"))
    assert isinstance(done, HttpExchange)
    assert (done.request_body.complete, done.request_body.why_incomplete) == (False, "redacted")
    assert done.request_body.size == 13
    assert ("body:$.token", "key token") in [(place.where, place.rule) for place in done.redactions]


def test_a_path_parameter_of_a_telling_name_goes_and_every_span_moves_along() -> None:
    path = "/api/reset/s3cr3t-ü/pages/42"
    inner = path[4:]
    start = inner.index("s3cr3t-ü")
    page = inner.index("42")
    step = RouteStep(
        table="t",
        index=0,
        template="/reset/{token}/pages/{page:int}",
        name="r",
        endpoint="m:f",
        path=inner,
        raw_params=(("token", "s3cr3t-ü"), ("page", "42")),
        took_ns=1,
        spans=((start, start + 8), (page, page + 2)),
    )
    mount = RouteStep(
        table="m", index=0, template="/api", name="api", endpoint=None, path=path, raw_params=(), took_ns=1
    )
    exchange = make_exchange(path=path, raw_path=quote(path), steps=(mount, step), routing=Routing.MATCHED)
    done = Redactor().redact(exchange)
    assert done.scope.path == f"/api/reset/{MARK}/pages/42"
    assert done.scope.raw_path == f"/api/reset/{MARK}/pages/42"
    assert done.steps[0].path == done.scope.path
    row = exchange_row(done, 1)
    assert [(name, text, row["path"][start:end]) for name, text, start, end in row["params"]] == [
        ("token", MARK, MARK),
        ("page", "42", "42"),
    ]


def test_a_secret_in_the_prefix_of_a_mount_moves_the_inner_path_too() -> None:
    path = "/long-session-value/pages/42"
    mount = RouteStep(
        table="m",
        index=0,
        template="/{session}",
        name="m",
        endpoint=None,
        path=path,
        raw_params=(("session", "long-session-value"),),
        took_ns=1,
        spans=((1, 19),),
    )
    step = RouteStep(
        table="t",
        index=0,
        template="/pages/{page}",
        name="p",
        endpoint="m:f",
        path="/pages/42",
        raw_params=(("page", "42"),),
        took_ns=1,
        spans=((7, 9),),
    )
    exchange = make_exchange(path=path, raw_path=path, steps=(mount, step), routing=Routing.MATCHED)
    done = Redactor().redact(exchange)
    assert (done.scope.path, done.steps[1].path) == (f"/{MARK}/pages/42", "/pages/42")
    row = exchange_row(done, 1)
    assert [row["path"][start:end] for _, _, start, end in row["params"]] == [MARK, "42"]


def test_a_secret_by_shape_in_a_path_goes_too() -> None:
    jwt = "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl"
    done = Redactor().redact(make_exchange(path=f"/verify/{jwt}", raw_path=f"/verify/{jwt}"))
    assert (done.scope.path, done.scope.raw_path) == (f"/verify/{MARK}", f"/verify/{MARK}")


@pytest.mark.parametrize(
    "given",
    [
        parameter(name="password", alias="password", raw="hunter2", value="'hunter2'"),
        parameter(alias="X-Api-Key", raw="hunter2", value="'hunter2'"),
        parameter(source="cookie", raw="hunter2", value="'hunter2'"),
        parameter(name="tokens", raw=["hunter2", "hunter2"], value="['hunter2', 'hunter2']"),
        parameter(source="body", raw='{"password":"hunter2"}', value="Login(user='u', password='hunter2')"),
        parameter(source="body", raw='{"password":"hunter2', value="{'user': 'u', 'password': 'hunter2"),
        parameter(name="secret", default_used=True, raw=None, value="'hunter2'"),
    ],
    ids=["name", "alias", "cookie", "list", "model", "cut", "default"],
)
def test_parameters_are_redacted_by_name_source_and_content(given: Parameter) -> None:
    (done,) = Redactor().redact(make_exchange(parameters=(given,))).parameters
    assert "hunter2" not in repr(done)
    assert MARK in repr(done)


def test_an_ordinary_number_is_shown_and_the_beginning_of_a_cut_card_is_not() -> None:
    def value_after(value: str) -> str | None:
        given = parameter(name="year", raw="2024", value=value)
        return Redactor().redact(make_exchange(parameters=(given,))).parameters[0].value

    assert value_after("2024") == "2024"
    assert value_after("note('pay with 4111 1111 11…") == "note('pay with •••…"


def test_a_422_problem_does_not_repeat_the_secret() -> None:
    problems = (
        {"type": "too_short", "loc": ["body", "password"], "msg": "m", "input": "abc", "ctx": {"min": 8}},
        {"type": "missing", "loc": ["body", "x"], "msg": "m", "input": {"password": "abc", "author": "Ann"}},
    )
    done = Redactor().redact(make_exchange(problems=problems)).problems
    assert "abc" not in repr(done)
    assert done[1]["input"] == {"password": MARK, "author": "Ann"}


TRACEBACK = """Traceback (most recent call last):
  File "shop.py", line 3, in login
    token = read_token(request)
  File "shop.py", line 9, in check
    db = connect(user="u", password="hunter2")
ValueError: bad token: hunter3 for user ann
"""


def test_a_traceback_keeps_its_source_but_not_what_is_written_out_in_it() -> None:
    failure = Failure(type="ValueError", message="bad token: hunter3 for user ann", traceback=TRACEBACK)
    done = Redactor().redact(make_exchange(failure=failure)).failure
    assert done is not None
    assert "token = read_token(request)" in done.traceback
    assert 'connect(user="u", password="•••")' in done.traceback
    assert done.traceback.endswith("ValueError: bad token: •••\n")
    assert done.message == "bad token: •••"


def test_a_validation_errors_text_does_not_repeat_the_input_of_a_telling_field() -> None:
    message = (
        "1 validation error for Login\npassword\n  String should have at least 8 characters"
        " [type=string_too_short, input_value='abc', input_type=str]"
    )
    failure = Failure(type="ValidationError", message=message, traceback="")
    done = Redactor().redact(make_exchange(failure=failure)).failure
    assert done is not None
    assert "'abc'" not in done.message
    assert "input_type=str" in done.message


def test_a_copy_of_a_known_secret_is_hidden_wherever_it_is() -> None:
    secret = "Zq8-pW2x/9"
    exchange = make_exchange(
        headers=(("x-api-key", secret),),
        query_string=f"q={quote_plus(secret)}",
        response_body=Body(size=1, data=json.dumps({"echo": f"you sent {secret}"}).encode()),
        failure=Failure(type="E", message=f"no {secret} here", traceback=f"E: no {secret} here"),
    )
    everything = json.dumps(encode_exchange(Redactor().redact(exchange), text_of), ensure_ascii=False)
    assert secret not in everything
    assert quote_plus(secret) not in everything
