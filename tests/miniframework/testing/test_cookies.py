"""The cookie jar of a client keeps and sends as a browser would."""

from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniframework.testing import TestClient
from miniframework.testing.cookies import CookieJar
from miniframework.types import Receive, Scope, Send
from tests.miniframework.testing.applications import echo, headers_seen, respond


async def setting(scope: Scope, receive: Receive, send: Send) -> None:
    """The query's text is set as cookies, separated by `|`."""
    if scope["query_string"]:
        lines = unquote(scope["query_string"].decode()).split("|")
        await respond(send, headers=[(b"set-cookie", line.encode()) for line in lines])
    else:
        await echo(scope, receive, send)


def cookie_sent(client: TestClient, path: str = "/") -> str | None:
    return dict(client.get(path).json()["headers"]).get("cookie")


@pytest.mark.parametrize(
    ("lines", "sent"),
    [
        ("a=1", "a=1"),
        ("a=1|b=2", "a=1; b=2"),
        ("a=1|a=2", "a=2"),
        ("a=1; Path=/; HttpOnly", "a=1"),
        ("a=1; Path=/other", None),
        ("a=1; Max-Age=0", None),
        ("a=1; Max-Age=9", "a=1"),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("a=1; Expires=Thu, 01 Jan 2970 00:00:00 GMT", "a=1"),
        ("a=1; Expires=never", "a=1"),
        ("a=1|a=; Max-Age=0", None),
        ('a="x y"', 'a="x y"'),
    ],
)
def test_a_cookie_is_kept_and_sent_back_as_a_browser_would(lines: str, sent: str | None) -> None:
    client = TestClient(setting)
    client.get("/?" + lines)
    assert cookie_sent(client) == sent


def test_a_cookies_path_decides_where_it_is_sent() -> None:
    client = TestClient(setting)
    client.get("/a/b?deep=1|wide=2; Path=/")
    assert cookie_sent(client, "/a/c") == "deep=1; wide=2"
    assert cookie_sent(client, "/ab") == "wide=2"
    assert dict(client.cookies) == {"deep": "1", "wide": "2"}


def test_cookies_can_be_given_to_the_client_or_to_one_request() -> None:
    client = TestClient(echo, cookies={"a": "1"})
    assert dict(client.get("/", cookies={"b": "2"}).json()["headers"])["cookie"] == "a=1; b=2"
    assert cookie_sent(client) == "a=1"
    client.cookies.clear()
    assert cookie_sent(client) is None


NAMES = st.text(st.sampled_from("abc"), min_size=1, max_size=2)


@given(st.lists(st.tuples(NAMES, NAMES)))
def test_a_jar_holds_the_last_value_of_each_name(pairs: list[tuple[str, str]]) -> None:
    jar = CookieJar()
    jar.take([f"{name}={value}; Path=/" for name, value in pairs], "http://testserver/")
    assert dict(jar) == dict(pairs)


def test_cookies_can_be_set_deleted_and_assigned() -> None:
    client = TestClient(echo)
    client.cookies.set("a", "1")
    client.cookies.set("deep", "2", path="/deep")
    assert headers_seen(client)["cookie"] == "a=1"
    assert headers_seen(client, "/deep/er")["cookie"] == "deep=2; a=1"
    client.cookies.delete("a")
    assert "cookie" not in headers_seen(client)
    client.cookies = {"b": "3"}
    assert headers_seen(client)["cookie"] == "b=3"
    client.cookies = [("b", "4"), ("b", "5")]
    assert headers_seen(client)["cookie"] == "b=5"


@pytest.mark.parametrize(
    ("line", "url", "sent"),
    [
        ("a=1", "http://testserver/", True),
        ("a=1", "http://other/", False),
        ("a=1; Secure", "http://testserver/", False),
        ("a=1; Secure", "https://testserver/", True),
        ("a=1; Domain=.testserver", "http://sub.testserver/", True),
        ("a=1", "http://sub.testserver/", False),
    ],
)
def test_a_cookie_goes_to_its_host_and_a_secure_one_to_https_only(line: str, url: str, sent: bool) -> None:
    client = TestClient(setting)
    client.get("/?" + line)
    assert ("cookie" in headers_seen(client, url)) is sent


def test_a_cookie_put_there_by_hand_gives_way_to_that_of_a_response() -> None:
    client = TestClient(setting, cookies={"a": "hand"})
    client.get("/?a=set")
    assert headers_seen(client)["cookie"] == "a=set"
    client.get("/?a=; Max-Age=0")
    assert dict(client.cookies) == {}


def test_a_web_socket_takes_cookies_parameters_and_auth_as_a_request_does() -> None:
    seen: dict[str, Any] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.update(dict(scope["headers"]), query=scope["query_string"])
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": 4000})

    client = TestClient(app, cookies={"a": "1"})
    with client.websocket_connect("/ws", cookies={"b": "2"}, params={"q": 3}, auth=("u", "p")) as session:
        assert session.receive() == {"type": "websocket.close", "code": 4000}
    assert (seen[b"cookie"], seen["query"], seen[b"authorization"]) == (b"a=1; b=2", b"q=3", b"Basic dTpw")


@pytest.mark.parametrize(
    ("domain", "kept"), [("testserver", True), ("testserver.local", True), ("example.com", False)]
)
def test_a_cookie_for_another_host_is_not_kept(domain: str, kept: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await respond(send, headers=[(b"set-cookie", f"a=1; Domain={domain}".encode())])

    client = TestClient(app)
    assert ("a" in client.get("/").cookies) is kept
    client.cookies.delete("a")
    client.cookies.delete("a")
    assert "a" not in client.cookies


def test_cookies_are_a_mapping_of_names() -> None:
    cookies = TestClient(echo).cookies
    cookies["a"] = "1"
    cookies.set("a", "2", path="/deep")
    assert (len(cookies), dict(cookies)) == (1, {"a": "2"})
    assert repr(cookies) == "CookieJar({'a': '2'})"
    with pytest.raises(KeyError, match="b"):
        del cookies["b"]


def test_cookies_are_found_and_forgotten_by_their_domain_and_path() -> None:
    client = TestClient(setting)
    jar = client.cookies
    for name, value, more in [
        ("a", "1", {}),
        ("a", "2", {"path": "/b"}),
        ("a", "3", {"domain": "other.org"}),
    ]:
        jar.set(name, value, **more)
    assert (jar.get("a", path="/b"), jar.get("a", domain="other.org"), jar.get("a", "no", path="/c")) == (
        "2",
        "3",
        "no",
    )
    jar.delete("a", path="/b")
    jar.delete("a", domain="nowhere.org")
    assert (jar.get("a", path="/b"), jar.get("a", domain="other.org")) == (None, "3")
    jar.clear(domain="other.org")
    assert dict(jar) == {"a": "1"}
    client.cookies = None  # type: ignore[assignment]  # its setter takes more than it gives
    assert dict(client.cookies) == {}


def test_a_host_without_a_dot_has_a_local_name_for_its_cookies() -> None:
    """As in httpx, whose jar is that of http.cookiejar."""
    client = TestClient(setting)
    client.cookies.set("by_hand", "1", domain="testserver.local")
    assert headers_seen(client)["cookie"] == "by_hand=1"
    client.get("/?set=2")
    assert client.cookies.get("set", domain="testserver.local", path="/") == "2"


def test_the_cookies_of_another_jar_keep_their_domains() -> None:
    client = TestClient(setting, base_url="http://a.org")
    client.cookies.update(TestClient(setting, base_url="http://b.org").get("/?a=1").cookies)
    client.cookies.update({"c": "2"}, d="3")
    assert (client.cookies.get("a", domain="b.org"), headers_seen(client)["cookie"]) == ("1", "c=2; d=3")
