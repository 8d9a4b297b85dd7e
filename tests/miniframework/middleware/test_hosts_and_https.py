import asyncio

import pytest

from miniframework import App
from miniframework.middleware.httpsredirect import HTTPSRedirectMiddleware
from miniframework.middleware.trustedhost import TrustedHostMiddleware
from miniframework.testing import TestClient
from tests.miniframework.asgi_driver import call, http_scope


def hello() -> str:
    return "hello"


def trusting(*hosts: str) -> App:
    app = App()
    app.get("/")(hello)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    return app


@pytest.mark.parametrize("host", ["example.com", "a.example.org", "A.Example.Org:8000", "a.b.example.org"])
def test_a_named_host_and_the_subdomains_of_a_star_are_served(host: str) -> None:
    assert TestClient(trusting("example.com", "*.example.org"), base_url=f"http://{host}").get("/").is_success


@pytest.mark.parametrize("host", ["evil.com", "example.org", "example.com.evil.com", "xexample.com"])
def test_any_other_host_is_a_bad_request(host: str) -> None:
    answer = TestClient(trusting("example.com", "*.example.org"), base_url=f"http://{host}").get("/")
    assert (answer.status_code, answer.text) == (400, "Invalid host header")


def test_a_host_that_is_only_known_with_www_is_sent_there() -> None:
    asked = TestClient(trusting("www.example.com"), base_url="https://example.com", follow_redirects=False)
    answer = asked.get("/a?b=c")
    assert (answer.status_code, answer.headers["location"]) == (307, "https://www.example.com/a?b=c")


def test_a_star_in_the_middle_is_refused_at_once() -> None:
    with pytest.raises(AssertionError, match=r"a\*\.example\.com"):
        TrustedHostMiddleware(App(), allowed_hosts=["a*.example.com"])


@pytest.mark.parametrize(
    ("asked", "sent_to"),
    [
        ("http://x.org/a?b", "https://x.org/a?b"),
        ("http://x.org:80/", "https://x.org/"),
        ("http://x.org:443/", "https://x.org/"),
        ("http://x.org:8000/", "https://x.org:8000/"),
    ],
)
def test_plain_http_is_sent_to_https(asked: str, sent_to: str) -> None:
    app = App()
    app.add_middleware(HTTPSRedirectMiddleware)
    answer = TestClient(app, follow_redirects=False).get(asked)
    assert (answer.status_code, answer.headers["location"]) == (307, sent_to)


def test_https_passes() -> None:
    app = App()
    app.get("/")(hello)
    app.add_middleware(HTTPSRedirectMiddleware)
    assert TestClient(app, base_url="https://x.org").get("/").is_success


@pytest.mark.parametrize(
    "host", ["[::1]evil.example.org", "a/b", "user@example.com", "[:::]", "example.com:x", ""]
)
def test_what_names_no_host_is_a_bad_request(host: str) -> None:
    answer = TestClient(trusting("example.com", "*.example.org")).get("/", headers={"host": host})
    assert answer.status_code == 400


def test_an_address_in_brackets_is_a_host_like_any_other() -> None:
    assert TestClient(trusting("[::1]"), base_url="http://[::1]:8000").get("/").is_success


@pytest.mark.parametrize("host", ["testserver:65536", "[:::]", "a b"])
def test_https_is_not_said_to_a_client_that_names_no_host_where_the_server_has_none(host: str) -> None:
    app = HTTPSRedirectMiddleware(App())
    scope = http_scope(headers=[(b"host", host.encode())], server=None)
    assert asyncio.run(call(app, scope)).status == 400


def test_a_default_port_is_left_out_however_it_is_written() -> None:
    app = HTTPSRedirectMiddleware(App())
    wire = asyncio.run(call(app, http_scope(headers=[(b"host", b"[::1]:000080")])))
    assert (b"location", b"https://[::1]/") in wire.headers
