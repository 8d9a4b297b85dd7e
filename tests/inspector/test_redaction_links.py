"""Links that let in, keys that only their look tells, and structures that name what stands beside."""

import base64
import gzip
import json

import pytest

from inspector.redaction import MARK, Redactor
from tests.inspector.redaction_samples import make_exchange, multipart, redacted_body, text_of

_MADE = "c1b3xkfd047fe9fd99bd25359f9b90e3"
_MIXED = "LwahfR9gs6KIx1ATdrd17oREBuAZWZTC"


def redacted_text(text: str, content_type: str = "text/plain") -> str:
    return text_of(redacted_body(text.encode(), content_type))


@pytest.mark.parametrize(
    "path",
    ["/reset/{}", "/accounts/reset/MTI/{}/", "/verify-email/{}", "/invitations/{}/accept", "/magic-link/{}",
     "/unsubscribe/{}", "/token/{}/revoke", "/password_resets/{}/edit"],
)  # fmt: skip
@pytest.mark.parametrize("made", [_MADE, _MIXED, "3fa85f64-5717-4562-b3fc-2c963f66afa6"])
def test_a_link_that_lets_in_is_hidden_in_a_path_and_in_a_text(path: str, made: str) -> None:
    done = Redactor().redact(make_exchange(path=path.format(made), raw_path=path.format(made)))
    assert (done.scope.path, done.scope.raw_path) == (path.format(MARK), path.format(MARK))
    link = f"Open https://a.example{path.format(made)} now."
    assert redacted_text(link) == link.replace(made, MARK)


@pytest.mark.parametrize(
    "query",
    ["/magic?t={}", "/reset?user=3&amp;h={}", "/v.mp4?md5={}&expires=1790000000",
     "/v?Policy={}&Key-Pair-Id=K2"],
)  # fmt: skip
def test_what_looks_made_in_the_query_of_such_a_link_is_hidden(query: str) -> None:
    link = f'<a href="https://a.example{query.format(_MIXED)}">here</a>'
    assert redacted_text(link, "text/html") == link.replace(_MIXED, MARK)


def test_a_signed_query_of_the_request_itself_is_hidden() -> None:
    done = Redactor().redact(
        make_exchange(path="/v.mp4", query_string=f"w=4&md5={_MIXED}&expires=1790000000")
    )
    assert done.scope.query_string == f"w=4&md5={MARK}&expires=1790000000"


@pytest.mark.parametrize(
    "path",
    ["/reset/all", "/recover/deleted-files-from-sd-card-64gb", "/magic/the-gathering-cards-of-2026-edition",
     "/activate/windows-11-how-to-guide", "/token/docs", "/reset?tab=general", "/x?expires=never&size=large",
     "/static/index-LwahfR9gs6KIx1ATdrd.js?v=3", "/sessions/2026-keynote-opening"],
)  # fmt: skip
def test_a_path_of_words_is_no_secret(path: str) -> None:
    path, _, query = path.partition("?")
    exchange = make_exchange(path=path, raw_path=path, query_string=query)
    assert Redactor().redact(exchange) is exchange


@pytest.mark.parametrize(
    ("text", "secret"),
    [(f"FERNET_KEY={_MIXED}", _MIXED), (f"https://a/geo?q=x&key={_MADE}", _MADE),
     (f"refused: token '{_MIXED}' is unknown", _MIXED), ("510345 is your Acme login code", "510345"),
     (f"AUTH {_MIXED}", _MIXED), ("password for anna is hunter22", "hunter22"),
     ("password = &#39;a1b2c3d4e5f6&#39;", "a1b2c3d4e5f6"),
     ("<pre>{&quot;token&quot;: &quot;abc123def&quot;}", "abc123def"),
     ("args = ('--token', 'actress9')", "actress9"), ("/demo/s--X1zhP_AY--/a.jpg", "X1zhP_AY")],
)  # fmt: skip
def test_a_text_says_so_in_another_way(text: str, secret: str) -> None:
    assert redacted_text(text) == text.replace(secret, MARK)


@pytest.mark.parametrize(
    "text",
    ["key=uploads/2026/report", "PUBLIC_KEY=LwahfR9gs6KIx1ATdrd17oRE", "password strength-meter-2",
     "token ring networks of 1985", "15 is your lucky number", ":root { --token-size: 12px }",
     "mutation L($password: String!) { login(password: $password) { ok } }"],
)  # fmt: skip
def test_a_text_that_only_speaks_of_one_is_left_alone(text: str) -> None:
    assert redacted_text(text, "text/css" if text.startswith(":root") else "text/plain") == text


@pytest.mark.parametrize(
    "name", ["nextPageToken", "page_token", "continuation_token", "NextToken", "unauthorized"]
)
def test_where_to_read_on_is_no_secret(name: str) -> None:
    data = json.dumps({name: "CAUQAA"}).encode()
    assert redacted_body(data, "application/json") == data


@pytest.mark.parametrize(
    "document",
    [{"sensitive": True, "value": "hunter22"}, {"value": "hunter22", "masked": True, "token": None},
     {"kind": "Secret", "data": {"url": "aHVudGVyMjI="}},
     {"ParameterKey": "DB_PASSWORD", "ParameterValue": "hunter22"},
     {"name": "X-Api-Key", "in": "header", "example": "hunter22"}, ["run", "--password", "hunter22"],
     {"headers": [["Authorization", "hunter22"]]}, {"FERNET_KEY": _MIXED}],
)  # fmt: skip
def test_a_member_that_another_one_names_is_hidden(document: object) -> None:
    done = redacted_text(json.dumps(document), "application/json")
    assert MARK in done
    assert not any(secret in done for secret in ("hunter22", "aHVudGVyMjI=", _MIXED))
    json.loads(done)


@pytest.mark.parametrize(
    "document",
    [{"sensitive": False, "value": "open"}, {"kind": "Pod", "data": {"url": "x"}},
     {"fields": ["password", "email"]},
     {"headers": [["content-type", "application/json"], ["token_type", "bearer1"]]}, {"cache_key": _MADE}],
)  # fmt: skip
def test_a_member_that_none_names_is_left_alone(document: object) -> None:
    data = json.dumps(document).encode()
    assert redacted_body(data, "application/json") == data


def test_json_that_is_coded_twice_and_a_key_file_that_is_coded_are_hidden() -> None:
    once = base64.b64encode(b'{"password": "hunter22"}')
    pem = base64.b64encode(
        b"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n"
    ).decode()
    for coded in (once.decode(), base64.b64encode(once).decode(), pem):
        assert redacted_text(json.dumps({"state": coded}), "application/json") == f'{{"state": "{MARK}"}}'
    harmless = json.dumps({"state": base64.b64encode(base64.b64encode(b'{"page": 2, "n": 3}')).decode()})
    assert redacted_text(harmless, "application/json") == harmless


def test_what_binary_formats_may_hide_is_let_go() -> None:
    assert redacted_body(b"\xa2duserdannafsecrettSyluJop9GvS1FjeViS6I", "application/cbor") == b""
    parts, kind = multipart(("file", "THERE"))
    packed = parts.replace(b"THERE", gzip.compress(b"password=hunter22"))
    assert redacted_body(packed, kind) == b""
