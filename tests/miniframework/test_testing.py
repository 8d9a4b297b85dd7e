import asyncio
import io
import json
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniframework.testing import (
    HTTPStatusError,
    ProtocolViolation,
    SocketRefused,
    StartupFailed,
    TestClient,
)
from miniframework.testing.cookies import CookieJar
from miniframework.types import Message, Receive, Scope, Send
from miniframework.websocket import WebSocketDisconnect

SEEN: ContextVar[str] = ContextVar("seen", default="nothing")


async def read_body(receive: Receive) -> list[Message]:
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    return messages


async def respond(
    send: Send, body: Any = b"", status: int = 200, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers or []})
    await send(
        {"type": "http.response.body", "body": body if isinstance(body, bytes) else json.dumps(body).encode()}
    )


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what came."""
    messages = await read_body(receive)
    await respond(
        send,
        {
            "method": scope["method"],
            "path": scope["path"],
            "raw_path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "headers": [[n.decode("latin-1"), v.decode("latin-1")] for n, v in scope["headers"]],
            "body": b"".join(m["body"] for m in messages).decode(),
            "chunks": len(messages),
            "root_path": scope["root_path"],
            "server": scope["server"],
            "client": scope["client"],
            "scheme": scope["scheme"],
        },
    )


def app_of(speak: Callable[[Receive, Send], Any]) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await speak(receive, send)

    return app


# ------------------------------------------------------------------ requests


@pytest.mark.parametrize(
    ("url", "options", "expected"),
    [
        pytest.param("/a", {}, {"path": "/a", "query": ""}, id="plain"),
        pytest.param("a", {}, {"path": "/a"}, id="without its slash"),
        pytest.param("/a?x=1", {}, {"query": "x=1"}, id="query in the URL"),
        pytest.param("/a", {"params": {"x": 1, "y": ["a", "b"]}}, {"query": "x=1&y=a&y=b"}, id="params"),
        pytest.param("/a", {"params": {"x": True, "y": None}}, {"query": "x=true&y="}, id="primitives"),
        pytest.param("/a", {"params": "x=1"}, {"query": "x=1"}, id="params as text"),
        pytest.param("/a?x=1", {"params": [("y", "2")]}, {"query": "y=2"}, id="params replace the query"),
        pytest.param(
            "/caf%C3%A9/a%2Fb", {}, {"path": "/café/a/b", "raw_path": "/caf%C3%A9/a%2Fb"}, id="encoded"
        ),
        pytest.param("/café x", {}, {"path": "/café x", "raw_path": "/caf%C3%A9%20x"}, id="encoded for one"),
        pytest.param("//a//b", {}, {"path": "/b"}, id="two slashes are a host, as for httpx"),
        pytest.param("http://testserver//a//b", {}, {"path": "//a//b"}, id="but in a whole URL"),
        pytest.param("./a", {}, {"path": "/a"}, id="a dot"),
        pytest.param("/x/../../a/./b", {}, {"path": "/a/b"}, id="dots are resolved"),
        pytest.param("/x/..", {}, {"path": "/"}, id="up to the root"),
        pytest.param("/%2e%2e/a", {}, {"path": "/../a", "raw_path": "/%2e%2e/a"}, id="but encoded ones"),
        pytest.param("/100%", {}, {"path": "/100%", "raw_path": "/100%"}, id="a sign for itself"),
        pytest.param("/a|b?c|d`", {}, {"raw_path": "/a|b", "query": "c|d`"}, id="left as it is"),
        pytest.param("http://other:81/a", {}, {"server": ["other", 81], "path": "/a"}, id="a whole URL"),
        pytest.param(
            "https://testserver/a", {}, {"scheme": "https", "server": ["testserver", 443]}, id="https"
        ),
        pytest.param("/a", {"content": "é"}, {"body": "é"}, id="text"),
        pytest.param("/a", {"content": [b"a", b"b"]}, {"body": "ab", "chunks": 3}, id="chunks"),
        pytest.param("/a", {"json": {"a": None}}, {"body": '{"a":null}'}, id="json"),
        pytest.param("/a", {"json": False}, {"body": "false"}, id="a false json"),
        pytest.param("/a", {"data": {"a": "x y", "b": [1, 2]}}, {"body": "a=x+y&b=1&b=2"}, id="form"),
        pytest.param("/a", {"data": b"raw"}, {"body": "raw"}, id="data as bytes"),
    ],
)
def test_a_request_is_what_its_arguments_say(url: str, options: Any, expected: dict[str, Any]) -> None:
    got = TestClient(echo).post(url, **options).json()
    assert {key: got[key] for key in expected} == expected


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
def test_every_method_has_its_call(method: str) -> None:
    assert getattr(TestClient(echo), method)("/").json()["method"] == method.upper()


def test_head_has_the_headers_and_no_body() -> None:
    app = app_of(lambda receive, send: respond(send, b"body", headers=[(b"content-length", b"4")]))
    response = TestClient(app).head("/")
    assert (response.content, response.headers["content-length"]) == (b"", "4")


def headers_sent(client: TestClient, **options: Any) -> dict[str, str]:
    return dict(client.post("/", **options).json()["headers"])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"json": 1}, {"content-type": "application/json", "content-length": "1"}),
        ({"data": {"a": 1}}, {"content-type": "application/x-www-form-urlencoded"}),
        ({"content": [b"a"]}, {"transfer-encoding": "chunked"}),
        ({}, {"content-length": "0", "host": "testserver", "user-agent": "testclient"}),
        ({"json": 1, "headers": {"Content-Type": "text/x"}}, {"content-type": "text/x"}),
        ({"headers": {"Host": "evil", "X-Base": "new"}}, {"host": "evil", "x-base": "new"}),
        ({"headers": {"x": "é".encode("latin-1")}}, {"x": "é", "x-base": "b"}),
    ],
    ids=["json", "form", "chunks", "no body", "type given", "given ones win", "latin-1"],
)
def test_headers_describe_the_body_and_given_ones_win(options: Any, expected: dict[str, str]) -> None:
    sent = headers_sent(TestClient(echo, headers={"X-Base": "b"}), **options)
    assert expected.items() <= sent.items()


def test_a_header_may_be_repeated() -> None:
    sent = TestClient(echo).get("/", headers=[("x", "1"), ("X", "2")]).json()["headers"]
    assert [pair for pair in sent if pair[0] == "x"] == [["x", "1"], ["x", "2"]]


@pytest.mark.parametrize(
    ("options", "body"),
    [
        ({"json": {}, "data": {"a": 1}}, "a=1"),
        ({"json": {}, "data": {}}, "{}"),
        ({"json": {}, "content": "x"}, "x"),
        ({"data": b"y", "content": "x"}, "y"),
    ],
)
def test_of_several_bodies_the_one_that_httpx_takes_is_sent(options: Any, body: str) -> None:
    assert TestClient(echo).post("/", **options).json()["body"] == body


@pytest.mark.parametrize("body", ["json", "data", "content", "files"])
@pytest.mark.parametrize("method", ["get", "head", "options", "delete"])
def test_a_method_without_a_body_takes_none_and_request_does(method: str, body: str) -> None:
    client = TestClient(echo)
    said = rf"^Client\.{method}\(\) got an unexpected keyword argument '{body}'"
    with pytest.raises(TypeError, match=said):
        getattr(client, method)("/", **{body: {}})
    assert client.request("DELETE", "/", json=1).json()["body"] == "1"


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"headers": {"x": "é"}}, UnicodeEncodeError, "'ascii' codec"),
        ({"headers": {"x": None}}, TypeError, "Header value must be str or bytes, not <class 'NoneType'>"),
        ({"json": float("nan")}, ValueError, "Out of range float values are not JSON compliant"),
        ({"content": 5}, TypeError, "Unexpected type for 'content', <class 'int'>"),
        ({"content": {}}, TypeError, "Unexpected type for 'content', <class 'dict'>"),
        ({"files": {"f": io.StringIO("x")}}, TypeError, "require 'io.BytesIO', not 'io.StringIO'"),
    ],
    ids=["no ASCII", "no text", "NaN", "a number", "a dict", "a text file"],
)
def test_what_httpx_refuses_is_refused_in_its_words(options: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        TestClient(echo).post("/", **options)


def test_params_given_as_text_are_encoded() -> None:
    assert str(TestClient(echo).get("/", params="?a=1&b=").url) == "http://testserver/?%3Fa=1&b="


def test_params_of_a_client_go_with_every_request_and_its_own_come_before_them() -> None:
    client, theirs = TestClient(echo), httpx.Client(base_url="http://testserver")
    client.params = theirs.params = {"key": "k", "many": ["1", "2"]}
    for own in (None, {}, {"q": 1}, {"many": "3"}, "key=x&q=", [("q", 1), ("q", 2)]):
        ours = client.get("/a?b=c", params=own).url
        asked = theirs.build_request("GET", "/a?b=c", params=own).url  # type: ignore[arg-type]
        assert sorted(ours.params.multi_items()) == sorted(asked.params.multi_items())


def test_links_are_read_by_their_rel() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        link = b'<http://a/>; rel="next"; title=x, </b>'
        await send({"type": "http.response.start", "status": 200, "headers": [(b"link", link)]})
        await send({"type": "http.response.body"})

    links = TestClient(app).get("/").links
    assert links == {"next": {"url": "http://a/", "rel": "next", "title": "x"}, "/b": {"url": "/b"}}


def test_a_client_knows_that_it_was_closed() -> None:
    client = TestClient(echo)
    assert not client.is_closed
    client.close()
    assert client.is_closed


def test_root_path_and_client_are_passed_on() -> None:
    got = TestClient(echo, root_path="/api", client=("10.0.0.1", 5)).get("/x").json()
    assert (got["root_path"], got["client"], got["path"]) == ("/api", ["10.0.0.1", 5], "/x")


SEGMENTS = st.text(st.sampled_from("aé ~!$&'()*+,;=:@-._\"<>[]|^`{}\\\U0001f600"), max_size=8)


@given(st.lists(SEGMENTS, max_size=3), st.dictionaries(SEGMENTS, SEGMENTS, max_size=3))
def test_any_path_and_parameters_reach_the_application_as_they_do_with_httpx(
    segments: list[str], params: dict[str, str]
) -> None:
    # httpx takes `//x` for a host and removes dot segments; a test client must be able to send both.
    url = "/" + "/".join(one for one in segments if one.strip("."))

    async def by_httpx() -> Any:
        transport = httpx.ASGITransport(echo)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return (await client.get(url, params=params)).json()

    ours, theirs = TestClient(echo).get(url, params=params).json(), asyncio.run(by_httpx())
    assert ours["path"] == theirs["path"] == url
    assert httpx.QueryParams(ours["query"]) == httpx.QueryParams(theirs["query"]) == httpx.QueryParams(params)


# ----------------------------------------------------------------- responses


def test_a_streamed_response_is_collected_with_its_chunks() -> None:
    async def stream(receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for chunk in (b"a\n", b"b\n"):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body"})

    response = TestClient(app_of(stream)).get("/")
    assert response.chunks == (b"a\n", b"b\n", b"")
    assert (response.text, list(response.iter_lines())) == ("a\nb\n", ["a", "b"])


def test_the_client_can_leave_a_response_that_never_ends() -> None:
    heard: list[str] = []

    async def endless(receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

        async def listen() -> None:
            while True:
                heard.append((await receive())["type"])
                if heard[-1] == "http.disconnect":
                    return

        listening = asyncio.create_task(listen())
        while not listening.done():
            await send({"type": "http.response.body", "body": b"tick", "more_body": True})
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"late", "more_body": True})

    response = TestClient(app_of(endless)).get("/", disconnect_after=3)
    assert response.chunks == (b"tick",) * 3
    assert heard == ["http.request", "http.disconnect"]


def test_after_the_response_the_application_hears_of_the_disconnect() -> None:
    heard: list[str] = []

    async def app(receive: Receive, send: Send) -> None:
        await respond(send)
        heard.extend([(await receive())["type"], (await receive())["type"]])

    TestClient(app_of(app)).get("/")
    assert heard == ["http.disconnect", "http.disconnect"]


@pytest.mark.parametrize(
    ("status", "flags"),
    [(200, (True, False)), (404, (False, True)), (500, (False, True)), (304, (False, False))],
)
def test_a_status_is_told_by_its_class(status: int, flags: tuple[bool, bool]) -> None:
    response = TestClient(app_of(lambda receive, send: respond(send, status=status))).get("/")
    assert (response.is_success, response.is_error) == flags
    if not response.is_success:
        with pytest.raises(HTTPStatusError, match=str(status)):
            response.raise_for_status()
    else:
        assert response.raise_for_status() is response


def test_text_is_read_in_the_charset_it_names() -> None:
    headers = [(b"content-type", b"text/plain; charset=latin-1")]
    app = app_of(lambda receive, send: respond(send, b"\xe9", headers=headers))
    assert TestClient(app).get("/").text == "é"


# ----------------------------------------------------------------- redirects


async def redirecting(scope: Scope, receive: Receive, send: Send) -> None:
    """`/303/next` redirects to `/next`."""
    status = scope["path"].split("/")[1]
    if status.isdigit():
        target = scope["path"].removeprefix(f"/{status}").encode() or b"/"
        await respond(send, status=int(status), headers=[(b"location", target)])
    else:
        await echo(scope, receive, send)


@pytest.mark.parametrize(
    ("method", "status", "seen"),
    [
        ("POST", 307, ("POST", "body")),
        ("POST", 308, ("POST", "body")),
        ("POST", 303, ("GET", "")),
        ("PUT", 303, ("GET", "")),
        ("POST", 302, ("GET", "")),
        ("PUT", 302, ("GET", "")),
        ("PUT", 301, ("PUT", "body")),
        ("POST", 301, ("GET", "")),
    ],
)
def test_a_redirect_keeps_or_drops_the_body_as_its_status_says(
    method: str, status: int, seen: tuple[str, str]
) -> None:
    response = TestClient(redirecting).request(method, f"/{status}/next", content=b"body")
    assert (response.json()["method"], response.json()["body"]) == seen
    assert [one.status_code for one in response.history] == [status]
    assert (response.method, response.url) == (seen[0], "http://testserver/next")


def test_redirects_are_followed_in_a_chain_unless_told_otherwise() -> None:
    client = TestClient(redirecting)
    assert [one.status_code for one in client.get("/307/303/x").history] == [307, 303]
    assert client.get("/307/x", follow_redirects=False).status_code == 307
    assert TestClient(redirecting, follow_redirects=False).get("/307/x").status_code == 307


def test_a_circle_of_redirects_ends() -> None:
    app = app_of(lambda receive, send: respond(send, status=307, headers=[(b"location", b"/")]))
    with pytest.raises(RecursionError, match="20 redirects"):
        TestClient(app).get("/")


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (b"/a", "/a"),
        (b"a", "/x/a"),
        (b"?q=1", "/x/y"),
        (b"/.//a", "//a"),
        (b"http://testserver/a", "/a"),
        (b"//other/a", "/a"),
    ],
)
def test_a_location_is_resolved_against_the_url_that_gave_it(location: bytes, path: str) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/x/y" and not scope["query_string"]:
            await respond(send, status=307, headers=[(b"location", location)])
        else:
            await echo(scope, receive, send)

    assert TestClient(app).get("/x/y").json()["path"] == path


# ------------------------------------------------------------------- cookies


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


def test_a_cookie_set_on_the_way_is_sent_to_the_target_of_the_redirect() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/login":
            headers = [(b"location", b"/home"), (b"set-cookie", b"sid=1; Path=/")]
            await respond(send, status=303, headers=headers)
        else:
            await echo(scope, receive, send)

    response = TestClient(app).post("/login")
    assert dict(response.json()["headers"])["cookie"] == "sid=1"
    assert dict(response.history[0].cookies) == {"sid": "1"}


NAMES = st.text(st.sampled_from("abc"), min_size=1, max_size=2)


@given(st.lists(st.tuples(NAMES, NAMES)))
def test_a_jar_holds_the_last_value_of_each_name(pairs: list[tuple[str, str]]) -> None:
    jar = CookieJar()
    jar.take([f"{name}={value}; Path=/" for name, value in pairs], "http://testserver/")
    assert dict(jar) == dict(pairs)


# ------------------------------------------------------- errors of applications


class Boom(Exception): ...


async def failing(receive: Receive, send: Send) -> None:
    raise Boom


async def failing_late(receive: Receive, send: Send) -> None:
    await respond(send, b"sent", 418)
    raise Boom


async def failing_between(receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise Boom


@pytest.mark.parametrize(
    ("speak", "status", "content"),
    [(failing, 500, b""), (failing_late, 418, b"sent"), (failing_between, 200, b"half")],
)
def test_an_exception_is_raised_or_seen_as_a_server_would_answer(
    speak: Any, status: int, content: bytes
) -> None:
    with pytest.raises(Boom):
        TestClient(app_of(speak)).get("/")
    response = TestClient(app_of(speak), raise_server_exceptions=False).get("/")
    assert (response.status_code, response.content) == (status, content)


START = {"type": "http.response.start", "status": 200, "headers": []}
TRAILERS: Message = {"type": "http.response.trailers", "headers": []}
END = {"type": "http.response.body", "body": b""}


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([], "TestClient did not receive any response"),
        ([{"type": "http.response.odd"}], "TestClient did not receive any response"),
        ([END], 'Received "http.response.body" without "http.response.start"'),
        ([START, START], 'Received multiple "http.response.start" messages'),
        ([START, END, END], 'Received "http.response.body" after response completed'),
        ([{**START, "trailers": True}, END, END], 'Received "http.response.body" after body completed'),
        ([{"type": "http.response.trailers"}], 'Received "http.response.trailers" without declaring'),
        ([{**START, "trailers": True}, TRAILERS], "before body completed"),
        ([{**START, "trailers": True}, END, TRAILERS, TRAILERS], "after response completed"),
        ([{**START, "headers": [("x", "y")]}], "not a pair of bytes"),
    ],
)
def test_what_the_specification_forbids_is_a_violation(messages: list[Message], said: str) -> None:
    async def speak(receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    with pytest.raises(ProtocolViolation, match=said) as caught:
        TestClient(app_of(speak)).get("/")
    assert isinstance(caught.value, AssertionError)


@pytest.mark.parametrize(
    ("messages", "body"),
    [
        ([START], b""),
        ([START, {"type": "http.response.body", "body": b"some", "more_body": True}], b"some"),
        ([{"type": "unknown"}, START, END], b""),
    ],
)
def test_a_response_without_an_end_and_an_unknown_message_are_taken_as_they_are(
    messages: list[Message], body: bytes
) -> None:
    async def speak(receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    answer = TestClient(app_of(speak)).get("/")
    assert (answer.status_code, answer.content) == (200, body)


def test_an_application_that_hangs_is_cancelled() -> None:
    async def hang(receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        TestClient(app_of(hang), timeout_s=0.05).get("/")


# ------------------------------------------------------------------ lifespan


def lifespan_app(log: list[Any], *, fail_at: str | None = None) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            log.append((scope["state"].get("db"), id(asyncio.get_running_loop())))
            await respond(send)
            return
        for event in ("startup", "shutdown"):
            assert (await receive())["type"] == f"lifespan.{event}"
            log.append(event)
            if fail_at == event:
                await send({"type": f"lifespan.{event}.failed", "message": "no database"})
                return
            scope["state"]["db"] = "open"
            await send({"type": f"lifespan.{event}.complete"})

    return app


def test_entering_starts_the_application_and_leaving_ends_it() -> None:
    log: list[Any] = []
    with TestClient(lifespan_app(log)) as client:
        client.get("/")
        client.get("/")
    assert [log[0], log[-1]] == ["startup", "shutdown"]
    assert log[1] == log[2]
    assert log[1][0] == "open"


def test_without_entering_there_is_no_lifespan() -> None:
    log: list[Any] = []
    TestClient(lifespan_app(log)).get("/")
    assert [one[0] for one in log] == [None]


@pytest.mark.parametrize("fail_at", ["startup", "shutdown"])
def test_a_failed_lifespan_is_raised(fail_at: str) -> None:
    with (
        pytest.raises(StartupFailed, match=f"{fail_at} failed: no database"),
        TestClient(lifespan_app([], fail_at=fail_at)),
    ):
        pass


def test_an_application_without_a_lifespan_can_be_entered() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await respond(send, b"ok")

    with TestClient(app) as client:
        assert client.get("/").text == "ok"


def test_an_exception_while_starting_is_raised() -> None:
    with pytest.raises(Boom), TestClient(app_of(failing)):
        pass


def test_the_application_sees_the_tests_context_and_runs_in_another_thread() -> None:
    seen: list[Any] = []

    async def look(receive: Receive, send: Send) -> None:
        seen.extend((SEEN.get(), threading.current_thread() is threading.main_thread()))
        await respond(send)

    SEEN.set("the test's")
    TestClient(app_of(look)).get("/")
    assert seen == ["the test's", False]


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    with TestClient(lifespan_app([])) as client:
        client.get("/")
    TestClient(echo).get("/")
    with TestClient(talking).websocket_connect("/"):
        pass
    assert threading.active_count() == before


# ----------------------------------------------------------------- WebSockets


async def talking(scope: Scope, receive: Receive, send: Send) -> None:
    """Accept, say what was asked for, echo; `bye` closes, `boom` raises."""
    assert (await receive())["type"] == "websocket.connect"
    subprotocol = next(iter(scope["subprotocols"]), None)
    headers = [(b"x-path", scope["raw_path"])]
    await send({"type": "websocket.accept", "subprotocol": subprotocol, "headers": headers})
    while (message := await receive())["type"] == "websocket.receive":
        if message.get("text") == "boom":
            raise Boom
        if message.get("text") == "bye":
            await send({"type": "websocket.close", "code": 3001, "reason": "so long"})
            return
        await send({**message, "type": "websocket.send"})


def test_frames_go_both_ways() -> None:
    with TestClient(talking).websocket_connect("/a?x=1", subprotocols=["v2", "v1"]) as session:
        assert (session.accepted_subprotocol, session.headers["x-path"]) == ("v2", "/a")
        session.send_text("é")
        assert session.receive_text() == "é"
        session.send_bytes(b"\x00")
        assert session.receive_bytes() == b"\x00"
        session.send_json({"a": [1]})
        assert session.receive_json() == {"a": [1]}


def test_a_frame_of_the_other_kind_is_told() -> None:
    with TestClient(talking).websocket_connect("/") as session:
        session.send_bytes(b"x")
        with pytest.raises(KeyError, match="text") as caught:
            session.receive_text()
    assert "the other kind of message" in caught.value.__notes__[0]


def test_the_applications_close_is_raised_with_its_code() -> None:
    with TestClient(talking).websocket_connect("/") as session:
        session.send_text("bye")
        with pytest.raises(WebSocketDisconnect) as caught:
            session.receive_text()
    assert (caught.value.code, caught.value.reason) == (3001, "so long")


def test_the_applications_exception_is_raised_where_it_is_noticed() -> None:
    def receive() -> None:
        with TestClient(talking).websocket_connect("/") as session:
            session.send_text("boom")
            session.receive_text()

    def leave() -> None:
        with TestClient(talking).websocket_connect("/") as session:
            session.send_text("boom")

    for notice in (receive, leave):
        with pytest.raises(Boom):
            notice()


def test_leaving_closes_and_waits_for_the_application() -> None:
    heard: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        heard.append(await receive())

    with TestClient(app).websocket_connect("/"):
        pass
    with TestClient(app).websocket_connect("/") as session:
        session.close(4000, "done")
    assert [(one["type"], one["code"]) for one in heard] == [
        ("websocket.disconnect", 1000),
        ("websocket.disconnect", 4000),
    ]


def test_a_flood_of_frames_does_not_hold_up_the_end() -> None:
    async def flood(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        for number in range(5000):
            await send({"type": "websocket.send", "text": str(number)})

    with TestClient(flood).websocket_connect("/") as session:
        assert session.receive_text() == "0"


@pytest.mark.parametrize(
    ("messages", "status", "code", "body"),
    [
        pytest.param(
            [{"type": "websocket.close", "code": 4401, "reason": "who"}], 403, 4401, b"", id="closed"
        ),
        pytest.param(
            [
                {"type": "websocket.http.response.start", "status": 404, "headers": [(b"x", b"y")]},
                {"type": "websocket.http.response.body", "body": b"no ", "more_body": True},
                {"type": "websocket.http.response.body", "body": b"room"},
            ],
            404,
            1006,
            b"no room",
            id="denied with a response",
        ),
    ],
)
def test_a_refused_handshake_is_raised_with_its_answer(
    messages: list[Message], status: int, code: int, body: bytes
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        for message in messages:
            await send(message)

    with pytest.raises(SocketRefused) as caught, TestClient(app).websocket_connect("/"):
        pass
    assert (caught.value.response.status_code, caught.value.code) == (status, code)
    assert caught.value.response.content == body


def test_a_handshake_without_an_answer_is_a_violation() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    with pytest.raises(ProtocolViolation, match="without an answer"), TestClient(app).websocket_connect("/"):
        pass


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        pytest.param([{"type": "websocket.send", "text": "x"}], "in answer to a handshake", id="a frame"),
        pytest.param(
            [
                {"type": "websocket.http.response.start", "status": 404, "headers": []},
                {"type": "websocket.http.response.body", "body": b"no ", "more_body": True},
            ],
            "in the middle of its denial",
            id="half a denial",
        ),
    ],
)
def test_a_handshake_that_is_answered_in_no_known_way_is_a_violation(
    messages: list[Message], said: str
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        for message in messages:
            await send(message)

    with pytest.raises(ProtocolViolation, match=said), TestClient(app).websocket_connect("/"):
        pass


def test_an_application_that_returns_without_a_close_is_gone() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})

    with TestClient(app).websocket_connect("/") as session, pytest.raises(WebSocketDisconnect) as caught:
        session.receive_text()
    assert (caught.value.code, caught.value.reason) == (1006, "")


def test_an_open_connection_is_not_accepted_again() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.accept"})

    client, said = TestClient(app), r"'websocket\.accept' on an open connection"
    with client.websocket_connect("/") as session, pytest.raises(ProtocolViolation, match=said):
        session.receive()


def test_waiting_for_a_frame_has_a_deadline() -> None:
    with TestClient(talking, timeout_s=0.05).websocket_connect("/") as session:
        with pytest.raises(TimeoutError):
            session.receive_text()
        session.send_text("later")
        assert session.receive_text() == "later"


def test_a_session_shares_the_loop_of_an_entered_client() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        loop = id(asyncio.get_running_loop())
        if scope["type"] == "http":
            await respond(send, loop)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "text": str(loop)})

    with TestClient(app) as client, client.websocket_connect("/") as session:
        assert session.receive_json() == client.get("/").json()
