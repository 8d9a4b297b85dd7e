"""The judge: tables of what real browsers and attackers send, and laws over generated requests."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.web.security import Allowed, Denied, Policy, judge_request

PORT = 8765
TOKEN = "t" * 43
POLICY = Policy(token=TOKEN)
BEARER = ("authorization", f"Bearer {TOKEN}")
JSON = ("content-type", "application/json")
HOST = ("host", f"127.0.0.1:{PORT}")
ORIGIN = ("origin", f"http://127.0.0.1:{PORT}")
Headers = Sequence[tuple[str, str]]


def http(path: str, *headers: tuple[str, str], method: str = "GET", **more: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "scheme": "http",
        "server": ("127.0.0.1", PORT),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        **more,
    }


def socket(*headers: tuple[str, str], offer_token: bool = True, **more: Any) -> dict[str, Any]:
    offered = ["inspector.v1", f"inspector.token.{TOKEN}"] if offer_token else ["inspector.v1"]
    scope = http("/api/stream", *headers, scheme="ws", subprotocols=offered, type="websocket", **more)
    del scope["method"]
    return scope


def status_of(scope: Mapping[str, Any], policy: Policy = POLICY) -> int:
    match judge_request(dict(scope), policy):
        case Allowed():
            return 200
        case Denied(status=status):
            return status


ACCEPTED_HOSTS = ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765", "[::1]:8765"]
REFUSED_HOSTS = [
    "evil.example",
    "evil.example:8765",
    "localhost.evil.example",
    "localhost.evil.example:8765",
    "127.0.0.1.nip.test",
    "127.0.0.1.nip.test:8765",
    "0.0.0.0:8765",
    "127.1:8765",
    "2130706433",
    "2130706433:8765",
    "0x7f.1:8765",
    "[::ffff:127.0.0.1]:8765",
    "[::]:8765",
    "localhost.:8765",
    "127.0.0.1.:8765",
    "user@localhost:8765",
    "user:pass@127.0.0.1:8765",
    "",
    " ",
    "127.0.0.1",
    "localhost",
    "127.0.0.1:8000",
    "localhost:80",
    "localhost:08765",
    "localhost:8765 ",
    "localhost:8765,evil.example",
    "localhost:8765/evil",
    "::1:8765",
]
PATHS = ["/", "/static/abc/js/main.js", "/api/app", "/nowhere"]


@pytest.mark.parametrize("host", ACCEPTED_HOSTS)
@pytest.mark.parametrize("path", PATHS)
def test_a_loopback_name_with_our_port_is_let_in(host: str, path: str) -> None:
    assert status_of(http(path, ("host", host), BEARER)) == 200


@pytest.mark.parametrize("host", REFUSED_HOSTS)
@pytest.mark.parametrize("path", PATHS)
def test_any_other_host_is_refused_even_with_the_token(host: str, path: str) -> None:
    assert status_of(http(path, ("host", host), BEARER)) == 403


@pytest.mark.parametrize("host", REFUSED_HOSTS)
def test_any_other_host_is_refused_for_the_stream(host: str) -> None:
    assert status_of(socket(("host", host), ("origin", f"http://{host}"))) == 403


def test_the_refusal_of_a_host_names_the_setting() -> None:
    denied = judge_request(http("/", ("host", "evil.example")), POLICY)
    assert isinstance(denied, Denied)
    assert "allowed_hosts" in denied.hint


@pytest.mark.parametrize(
    "headers", [[], [HOST, HOST], [HOST, ("host", "evil.example")]], ids=["no", "twice", "two"]
)
def test_exactly_one_host_line_is_needed(headers: Headers) -> None:
    assert status_of(http("/", *headers)) == 403


def test_an_unknown_port_of_the_server_lets_nobody_in_by_a_loopback_name() -> None:
    assert status_of(http("/", HOST, server=None)) == 403


@pytest.mark.parametrize(
    ("scheme", "port", "status"),
    [("http", 80, 200), ("https", 443, 200), ("http", 443, 403), ("https", 80, 403)],
)
def test_only_the_default_port_may_be_left_out(scheme: str, port: int, status: int) -> None:
    assert status_of(http("/", ("host", "localhost"), scheme=scheme, server=("127.0.0.1", port))) == status


@pytest.mark.parametrize(
    ("allowed", "host", "status"),
    [
        ("dev.box", "dev.box", 200),
        ("dev.box", "DEV.box:8765", 200),
        ("dev.box", "dev.box:9000", 403),
        ("dev.box", "x.dev.box", 403),
        ("dev.box:9000", "dev.box:9000", 200),
        ("dev.box:9000", "dev.box", 403),
        ("[fe80::1]", "[fe80::1]:8765", 200),
    ],
)
def test_the_setting_allows_exactly_what_it_names(allowed: str, host: str, status: int) -> None:
    assert status_of(http("/", ("host", host)), Policy(token=TOKEN, allowed_hosts=(allowed,))) == status


REFUSED_ORIGINS = [
    "null",
    "",
    "http://evil.example",
    "http://evil.example:8765",
    "http://localhost.evil.example",
    "http://127.0.0.1",
    "http://127.0.0.1:9462",
    "http://localhost:8765",
    "https://127.0.0.1:8765",
    "ws://127.0.0.1:8765",
    "http://127.0.0.1:8765/",
    "http://127.0.0.1:8765.evil.example",
    "http://user@127.0.0.1:8765",
    "http://0.0.0.0:8765",
    "http://[::1]:8765",
    "http://127.0.0.1:8765, http://evil.example",
    "file://",
    "chrome-extension://abcdefgh",
    "127.0.0.1:8765",
    "http://127.1:8765",
]


@pytest.mark.parametrize("origin", REFUSED_ORIGINS)
def test_a_handshake_from_another_origin_is_refused_whatever_token_it_has(origin: str) -> None:
    assert status_of(socket(HOST, ("origin", origin))) == 403
    assert status_of(socket(HOST, ("origin", origin), BEARER)) == 403


@pytest.mark.parametrize("origin", REFUSED_ORIGINS)
def test_a_request_from_another_origin_is_refused_even_with_the_token(origin: str) -> None:
    assert status_of(http("/api/app", HOST, BEARER, ("origin", origin))) == 403


def test_a_handshake_of_the_page_is_let_in() -> None:
    assert status_of(socket(HOST, ORIGIN)) == 200


def test_a_handshake_without_origin_needs_the_token_as_a_header() -> None:
    assert status_of(socket(HOST)) == 403
    assert status_of(socket(HOST, BEARER)) == 200


@pytest.mark.parametrize(
    "offered",
    [
        [],
        ["inspector.v1"],
        [f"inspector.token.{TOKEN}"],
        ["inspector.v1", "inspector.token."],
        ["inspector.v1", f"inspector.token.{TOKEN[:-1]}"],
        ["inspector.v1", f"inspector.token.{TOKEN}x"],
        ["inspector.v1", f"inspector.token.{TOKEN}", "inspector.token.guess"],
        ["inspector.v1", TOKEN],
    ],
    ids=repr,
)
def test_a_handshake_without_the_token_is_refused(offered: list[str]) -> None:
    scope = {**socket(HOST, ORIGIN), "subprotocols": offered}
    assert status_of(scope) == 401


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer  {TOKEN}",
        f"Bearer {TOKEN} ",
        f"Bearer {TOKEN[1:]}",
    ],
)
def test_only_the_bearer_of_the_token_reads_data(authorization: str) -> None:
    assert status_of(http("/api/app", HOST, ("authorization", authorization))) == 401


def test_an_empty_token_opens_nothing() -> None:
    assert status_of(http("/api/app", HOST, ("authorization", "Bearer ")), Policy(token="")) == 401


@pytest.mark.parametrize("path", ["/", "", "/favicon.ico", "/static/abc/css/app.css"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_page_itself_needs_no_token(path: str, method: str) -> None:
    assert status_of(http(path, HOST, method=method)) == 200


@pytest.mark.parametrize("path", ["/static", "/staticx/a", "/api/app", "/index.html", "//", "/favicon.ico/"])
def test_everything_else_needs_the_token(path: str) -> None:
    assert status_of(http(path, HOST)) == 401


def test_paths_are_judged_without_the_root_path() -> None:
    below = {"root_path": "/__inspector__"}
    assert status_of(http("/__inspector__/", HOST, **below)) == 200
    assert status_of(http("/__inspector__/api/app", HOST, **below)) == 401


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "Same-Origin", "bogus"])
@pytest.mark.parametrize("path", PATHS)
def test_what_another_sites_page_asks_for_is_refused(site: str, path: str) -> None:
    assert status_of(http(path, HOST, BEARER, ("sec-fetch-site", site))) == 403


NAVIGATION = (
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
)


def test_a_link_on_another_site_may_lead_to_the_page() -> None:
    assert status_of(http("/", HOST, *NAVIGATION)) == 200


@pytest.mark.parametrize(
    ("path", "method", "dest"),
    [
        ("/", "POST", "document"),
        ("/", "GET", "iframe"),
        ("/", "GET", "script"),
        ("/api/app", "GET", "document"),
    ],
)
def test_a_link_on_another_site_leads_nowhere_else(path: str, method: str, dest: str) -> None:
    headers = (HOST, BEARER, JSON, *NAVIGATION[:2], ("sec-fetch-dest", dest))
    assert status_of(http(path, *headers, method=method)) == 403


@pytest.mark.parametrize(
    "name",
    [
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "X-Forwarded-Anything",
        "via",
        "cf-connecting-ip",
        "cf-ray",
        "x-real-ip",
        "ngrok-trace-id",
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_what_came_through_a_tunnel_is_refused(name: str, path: str) -> None:
    assert status_of(http(path, HOST, BEARER, (name, "127.0.0.1"))) == 403
    assert status_of(socket(HOST, ORIGIN, (name, "127.0.0.1"))) == 403


@given(client=st.sampled_from([None, ("127.0.0.1", 1), ("203.0.113.9", 0), ("::1", 5)]))
def test_the_address_of_the_client_decides_nothing(client: tuple[str, int] | None) -> None:
    assert status_of(http("/api/app", HOST, BEARER, client=client)) == 200
    assert status_of(http("/api/app", HOST, client=client)) == 401


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "application/json2",
        "x",
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_that_a_form_could_send_is_refused(kind: str, method: str) -> None:
    assert status_of(http("/api/clear", HOST, BEARER, ("content-type", kind), method=method)) == 415


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON", "application/json; charset=utf-8"])
def test_a_write_in_json_is_let_in(kind: str) -> None:
    assert status_of(http("/api/clear", HOST, BEARER, ORIGIN, ("content-type", kind), method="POST")) == 200


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND"])
def test_no_preflight_and_no_odd_method_is_answered(method: str) -> None:
    assert status_of(http("/api/app", HOST, BEARER, JSON, method=method)) == 403


@pytest.mark.parametrize(
    "repeated", [HOST, ORIGIN, BEARER, JSON, ("sec-fetch-site", "same-origin")], ids=lambda h: h[0]
)
def test_a_header_that_decides_must_not_be_repeated(repeated: tuple[str, str]) -> None:
    others = [header for header in (HOST, ORIGIN, BEARER, JSON) if header != repeated]
    assert status_of(http("/api/clear", *others, repeated, repeated, method="POST")) == 403


# What a request shows in its favour. The other headers speak against it by being there, so without them less
# speaks against it: nobody can be made to send them.
EVIDENCE = {"host", "authorization", "content-type"}
REFUSED_WITHOUT = [HOST, BEARER, JSON]


@pytest.mark.parametrize("missing", REFUSED_WITHOUT, ids=lambda header: header[0])
def test_each_piece_of_evidence_is_needed(missing: tuple[str, str]) -> None:
    complete = [HOST, BEARER, JSON]
    assert status_of(http("/api/clear", *complete, method="POST")) == 200
    left = [header for header in complete if header != missing]
    assert status_of(http("/api/clear", *left, method="POST")) != 200


header_values: dict[str, Sequence[str]] = {
    "host": [HOST[1], "localhost:8765", "evil.example", ""],
    "origin": [ORIGIN[1], "http://localhost:8765", "null", "http://evil.example"],
    "authorization": [BEARER[1], "Bearer wrong", "Basic x"],
    "content-type": ["application/json", "text/plain"],
    "sec-fetch-site": ["same-origin", "none", "cross-site", "same-site"],
    "sec-fetch-mode": ["navigate", "no-cors", "websocket"],
    "sec-fetch-dest": ["document", "script", "empty"],
    "x-forwarded-for": ["127.0.0.1"],
    "cookie": ["a=b"],
}
some_headers = st.lists(
    st.sampled_from([(name, value) for name, values in header_values.items() for value in values]), max_size=8
)
some_method = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
some_path = st.sampled_from(["/", "/static/a/b", "/api/app", "/api/clear", "/x"])
data_path = st.sampled_from(["/api/app", "/api/clear", "/api/exchanges/1", "/x"])


@given(headers=some_headers, method=some_method, path=some_path, kept=st.sets(st.integers(0, 7)))
def test_taking_evidence_away_never_turns_a_refusal_into_a_yes(
    headers: list[tuple[str, str]], method: str, path: str, kept: set[int]
) -> None:
    distinct = list(dict(headers).items())
    fewer = [header for number, header in enumerate(distinct) if header[0] not in EVIDENCE or number in kept]
    if status_of(http(path, *distinct, method=method)) != 200:
        assert status_of(http(path, *fewer, method=method)) != 200


@given(headers=some_headers, method=some_method, path=data_path)
def test_without_the_token_no_set_of_headers_reads_data(
    headers: list[tuple[str, str]], method: str, path: str
) -> None:
    tokenless = [header for header in headers if header != BEARER]
    assert status_of(http(path, *tokenless, method=method)) != 200
    assert status_of(socket(*tokenless, offer_token=False)) != 200


@given(headers=some_headers, method=some_method, path=some_path)
def test_nothing_is_let_in_under_a_foreign_host(
    headers: list[tuple[str, str]], method: str, path: str
) -> None:
    others = [header for header in headers if header[0] != "host"]
    for host in ("evil.example", "evil.example:8765", ""):
        assert status_of(http(path, ("host", host), *others, method=method)) == 403
        assert status_of(socket(("host", host), *others)) == 403


@given(
    raw=st.lists(st.tuples(st.binary(max_size=12), st.binary(max_size=24)), max_size=6),
    path=st.text(max_size=20),
    method=st.text(max_size=8),
    offered=st.lists(st.text(max_size=30), max_size=3),
)
def test_hostile_bytes_are_refused_and_never_raise(
    raw: list[tuple[bytes, bytes]], path: str, method: str, offered: list[str]
) -> None:
    assert status_of(http(path, method=method) | {"headers": raw}) in (401, 403)
    assert status_of(socket() | {"headers": raw, "subprotocols": offered}) in (401, 403)
    known_host = [(b"host", HOST[1].encode()), *raw]
    assert status_of(socket() | {"headers": known_host, "subprotocols": offered}) in (401, 403)
