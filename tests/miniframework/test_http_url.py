from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniframework import App, Request, WebSocket
from miniframework.http.url import URL, URLPath, find_raw_path, strip_root_path, toggled_location
from miniframework.testing import TestClient
from tests.miniframework.asgi_driver import http_scope


def test_a_url_is_taken_apart_and_put_together() -> None:
    text = "https://example.org:8443/a%20b?x=1&y=2#part"
    url = URL.parse(text)
    assert str(url) == text
    assert (url.hostname, url.port, url.path) == ("example.org", 8443, "/a%20b")
    assert str(url.include_query(x=3)) == "https://example.org:8443/a%20b?y=2&x=3#part"
    assert str(url.replace(scheme="http", query="")) == "http://example.org:8443/a%20b#part"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("http://a/?", "http://a/?"),
        ("http://a/b#", "http://a/b#"),
        ("?", "?"),
        ("HTTP://A.example/", "HTTP://A.example/"),
        ("http://a/b\nc", "http://a/bc"),
        ("////evil/x", "/.//evil/x"),
    ],
)
def test_a_url_is_written_as_it_was_given(text: str, written: str) -> None:
    """But for line ends, and for a path that would name a host."""
    assert str(URL(text)) == written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://u:p@Shop.Example:1/", "http://u:p@Shop.Example:9/"),
        ("http://[FE80::1]:1/", "http://[FE80::1]:9/"),
        ("http://:1/", "http://:9/"),
        ("/a", "//:9/a"),
    ],
)
def test_another_port_leaves_the_host_as_it_is_written(text: str, expected: str) -> None:
    assert str(URL(text).replace(port=9)) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"path": "/a b", "query_string": b"q=1"}, "http://testserver/a%20b?q=1"),
        ({"path": "/a/b", "raw_path": b"/a%2Fb"}, "http://testserver/a%2Fb"),
        ({"path": "/x", "headers": [], "server": ("10.0.0.1", 8000)}, "http://10.0.0.1:8000/x"),
        ({"path": "/x", "headers": [], "server": ("10.0.0.1", 443), "scheme": "https"}, "https://10.0.0.1/x"),
        ({"path": "/x", "headers": [], "server": None}, "/x"),
        ({"path": "//evil/x", "headers": [], "server": None}, "/.//evil/x"),
    ],
)
def test_the_requests_url_comes_from_its_scope(more: dict[str, Any], expected: str) -> None:
    assert str(URL.from_scope(http_scope(**more))) == expected


@pytest.mark.parametrize(
    ("path", "root_path", "expected"),
    [
        ("/a", "", "/a"),
        ("/api/a", "/api", "/a"),
        ("/api", "/api", ""),
        ("/apiary", "/api", "/apiary"),
        ("/a", "/api", "/a"),
        ("/api//a", "/api", "//a"),
    ],
)
def test_the_root_path_is_stripped_only_at_a_slash(path: str, root_path: str, expected: str) -> None:
    assert strip_root_path(http_scope(path, root_path=root_path)) == expected


@pytest.mark.parametrize(
    ("path", "raw", "root_path", "expected"),
    [
        ("/a/b", b"/a%2Fb", "", "/a%2Fb"),
        ("/api/a/b", b"/a%2Fb", "/api", "/api/a%2Fb"),
        ("/changed", b"/a", "", "/changed"),
        ("/é", None, "", "/%C3%A9"),
        ("/\ufffd", b"/%ff", "", "/%ff"),
        ("/\\evil", b"/\\evil", "", "/%5Cevil"),
        ("*", None, "", "*"),
        ("", None, "", ""),
    ],
)
def test_the_raw_path_is_the_clients_unless_path_says_otherwise(
    path: str, raw: bytes | None, root_path: str, expected: str
) -> None:
    assert find_raw_path(http_scope(path, raw_path=raw, root_path=root_path)) == expected


@pytest.mark.parametrize(
    ("scope", "toggled", "expected"),
    [
        ({"path": "/a"}, "/a/", "/a/"),
        ({"path": "/a/", "query_string": b"x=1&y=%20"}, "/a", "/a?x=1&y=%20"),
        ({"path": "/api/a", "root_path": "/api"}, "/a/", "/api/a/"),
        ({"path": "/a", "root_path": "/api"}, "/a/", "/api/a/"),
        ({"path": "/api", "root_path": "/api"}, "/", "/api/"),
        ({"path": "/a/b", "raw_path": b"/a%2Fb"}, "/a/b/", "/a%2Fb/"),
        ({"path": "/a/", "raw_path": b"/a%2F"}, "/a", "/a"),
        ({"path": "//evil.example/"}, "//evil.example", "/.//evil.example"),
        ({"path": "//evil.example"}, "//evil.example/", "/.//evil.example/"),
        (
            {"path": "/\\evil.example/", "raw_path": b"/\\evil.example/"},
            "/\\evil.example",
            "/%5Cevil.example",
        ),
        ({"path": "/a//"}, "/a", "/a"),
        ({"path": "/a", "query_string": b"\\\r\n"}, "/a/", "/a/?%5C%0D%0A"),
        ({"path": "/a", "query_string": "q=é".encode() + b"\xff"}, "/a/", "/a/?q=%C3%A9%FF"),
    ],
)
def test_a_redirect_keeps_encoding_root_path_and_query_and_stays_on_the_host(
    scope: dict[str, Any], toggled: str, expected: str
) -> None:
    assert toggled_location(http_scope(**scope), toggled) == expected


@given(st.text(max_size=12), st.text(max_size=6))
def test_no_path_makes_a_redirect_leave_the_host_or_the_header(path: str, root_path: str) -> None:
    scope = http_scope("/" + path, root_path=root_path)
    location = toggled_location(scope, strip_root_path(scope) + "/")
    assert not location.startswith("//")
    assert location.isascii()
    assert location.isprintable()
    assert "\\" not in location


@pytest.mark.parametrize(
    ("query", "expected"),
    [("q=é&r=a%20b".encode(), "q=é&r=a%20b"), (b"q=\xc3\xa9\xff&r=%20 ", "q=%C3%A9%FF&r=%20 ")],
    ids=["UTF-8", "other bytes"],
)
def test_a_query_that_came_without_percent_encoding_is_read_as_utf_8(query: bytes, expected: str) -> None:
    assert Request(http_scope("/", query_string=query)).url.query == expected


BARE = "https://me:secret@example.org:81/a"
WHOLE = f"{BARE}?x=1&y=2&x=3#part"


def test_a_url_is_read_in_its_parts() -> None:
    url = URL(WHOLE)
    assert (url.scheme, url.netloc, url.path) == ("https", "me:secret@example.org:81", "/a")
    assert (url.query, url.fragment, url.is_secure) == ("x=1&y=2&x=3", "part", True)
    assert (url.username, url.password, url.hostname, url.port) == ("me", "secret", "example.org", 81)
    assert url == WHOLE == str(url)
    assert {url} == {URL(WHOLE)}
    assert repr(url) == f"URL({WHOLE.replace('secret', '********')!r})"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda url: url.replace(scheme="http", path="/b"), "http" + WHOLE[5:].replace("/a?", "/b?")),
        (lambda url: url.replace(hostname="::1", port=None), "https://me:secret@[::1]/a?x=1&y=2&x=3#part"),
        (lambda url: url.replace(username=None), "https://example.org:81/a?x=1&y=2&x=3#part"),
        (lambda url: url.replace(password=None), "https://me@example.org:81/a?x=1&y=2&x=3#part"),
        (lambda url: url.include_query_params(x=5, z="é"), f"{BARE}?y=2&x=5&z=%C3%A9#part"),
        (lambda url: url.replace_query_params(q="a b"), f"{BARE}?q=a+b#part"),
        (lambda url: url.remove_query_params("x"), f"{BARE}?y=2#part"),
        (lambda url: url.remove_query_params(["x", "y"]), f"{BARE}#part"),
        (lambda url: URL(scheme="ws", netloc="h", path="/p"), "ws://h/p"),
    ],
)
def test_a_url_with_other_parts_is_another_url(change: Any, expected: str) -> None:
    assert str(change(URL(WHOLE))) == expected


@pytest.mark.parametrize(
    "host",
    ["foo/?x", "foo/#", "foo/bar", "user@foo", "foo\\bar", "foo bar", "foo:65536", "foo:a", "[:::]"],
)
def test_a_host_header_that_names_no_host_gives_way_to_the_server(host: str) -> None:
    scope = http_scope(headers=[(b"host", host.encode())], server=("example.com", 80), path="/admin")
    assert str(URL.from_scope(scope)) == "http://example.com/admin"


@pytest.mark.parametrize("host", ["foo", "foo.bar:8000", "[::1]", "[::1]:00080", "[v1.foo]", "a_b", "%41"])
def test_a_host_header_that_names_a_host_stays_as_it_is(host: str) -> None:
    assert URL.from_scope(http_scope(headers=[(b"host", host.encode())])).netloc == host


def test_a_server_with_an_ipv6_address_gets_its_brackets() -> None:
    url = URL.from_scope(http_scope(headers=[], server=("::1", 8000)))
    assert (str(url), url.hostname, url.port) == ("http://[::1]:8000/", "::1", 8000)


@pytest.mark.parametrize("path", ["@evil.example", "user:pass@evil.example", "http://evil.example/x"])
def test_a_path_without_its_slash_does_not_run_into_the_host(path: str) -> None:
    url = URL.from_scope(http_scope(path=path, raw_path=path.encode()))
    assert (url.hostname, url.path) == ("testserver", "/" + path)


@pytest.mark.parametrize(
    ("protocol", "base", "whole"),
    [
        ("http", "https://x.org/root/", "https://x.org/root/items/7"),
        ("websocket", "https://x.org", "wss://x.org/items/7"),
        ("websocket", URL("http://x.org"), "ws://x.org/items/7"),
        ("http", "wss://x.org", "https://x.org/items/7"),
    ],
)
def test_the_path_of_a_route_becomes_a_url_below_another(protocol: str, base: str | URL, whole: str) -> None:
    path = URLPath("/items/7", protocol)
    assert path == "/items/7"
    assert path.make_absolute_url(base) == whole


def test_the_path_of_a_route_names_no_host() -> None:
    app = App()
    app.get("/{path:path}", name="any")(lambda path: path)
    assert app.url_path_for("any", path="/evil.example/a") == "/%2Fevil.example/a"
    assert TestClient(app).get("/%2Fevil.example/a").json() == "/evil.example/a"
    assert app.url_path_for("any", path="\\evil.example") == "/%5Cevil.example"


def test_a_root_path_that_ends_with_a_slash_adds_none() -> None:
    app = App()

    @app.get("/", name="home")
    async def home(request: Request) -> str:
        return str(request.url_for("home"))

    assert TestClient(app, root_path="/below/").get("/").json() == "http://testserver/below/"


def test_an_application_gives_such_paths() -> None:
    app = App()
    app.get("/items/{n}", name="item")(lambda n: n)

    @app.websocket("/live")
    async def live(websocket: WebSocket) -> None: ...

    assert app.url_path_for("item", n=7).make_absolute_url("http://x") == "http://x/items/7"
    assert app.url_path_for("live").make_absolute_url("http://x") == "ws://x/live"


@pytest.mark.parametrize(
    ("path", "raw", "shown"),
    [
        ("/a b", b"/a%20b", "/a b"),
        ("/ü", b"/%C3%BC", "/ü"),
        ("/a?b#c\\d", b"/a%3Fb%23c%5Cd", "/a%3Fb%23c%5Cd"),
        ("/a?b", b"/a%3Fb", "/a%3Fb"),
        ("/b#c", b"/b%23c", "/b%23c"),
        ("/c\\d", b"/c%5Cd", "/c%5Cd"),
    ],
)
def test_the_url_of_a_request_is_decoded_and_that_of_a_redirect_as_it_was_sent(
    path: str, raw: bytes, shown: str
) -> None:
    scope = http_scope(path=path, raw_path=raw)
    assert URL(scope=scope).path == shown
    assert URL.from_scope(scope).path == raw.decode()


def test_a_path_of_another_host_and_one_without_a_protocol_keep_what_they_have() -> None:
    assert URLPath("/a", host="h.example").make_absolute_url("https://base") == "https://h.example/a"
    assert URLPath("/a").make_absolute_url("ftp://base/x") == "ftp://base/x/a"
    assert URL("https://a:1/").replace(hostname="b:2", port=None) == "https://b:2/"
    assert URL("mailto:a@b").replace(query="c") == "mailto:a@b?c"


def test_a_path_of_a_scope_without_a_host_does_not_name_one() -> None:
    assert str(URL(scope={"type": "http", "path": "//evil/x", "headers": []})) == "/%2Fevil/x"


@pytest.mark.parametrize(
    "parts",
    [
        {"url": "/a", "path": "/b"},
        {"url": "/a", "scope": {"path": "/"}},
        {"scope": {"path": "/"}, "path": "/b"},
    ],
)
def test_a_url_is_made_in_one_way_only(parts: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="one of them"):
        URL(**parts)


def test_a_mount_without_a_path_is_its_home_page() -> None:
    app = App()
    app.mount("/{shop}/admin", App(), name="admin")
    assert app.url_path_for("admin", shop="a") == "/a/admin/"
    assert app.url_path_for("admin", shop="a", path="/b") == "/a/admin/b"
