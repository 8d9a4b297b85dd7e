"""A request is what its arguments say, in the shape of httpx's."""

import asyncio
import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniframework import PlainTextResponse
from miniframework.datastructures import URL
from miniframework.testing import TestClient
from miniframework.types import Receive, Scope, Send
from tests.miniframework.testing.applications import app_of, away, echo, headers_seen, respond


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


def test_an_option_that_does_not_exist_is_refused_and_not_ignored() -> None:
    with pytest.raises(TypeError, match=r"no option 'allow_redirects' \(known: .*follow_redirects"):
        TestClient(echo).get("/", allow_redirects=True)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="asyncio only"):
        TestClient(echo, backend="trio")  # type: ignore[arg-type]


def test_the_clients_headers_can_be_changed_cleared_and_set_anew() -> None:
    client = TestClient(echo, headers={"X-Token": "a"})
    client.headers["x-TOKEN"] = "b"
    client.headers.update({"More": "1"})
    assert headers_seen(client).items() >= {"x-token": "b", "more": "1", "user-agent": "testclient"}.items()
    client.headers.clear()
    assert headers_seen(client) == {"host": "testserver"}
    client.headers = {"only": "this"}
    assert set(headers_seen(client)) == {
        "host",
        "accept",
        "accept-encoding",
        "connection",
        "user-agent",
        "only",
    }


@pytest.mark.parametrize("content", ["text", b"bytes"])
def test_a_bare_body_has_no_type_of_its_own(content: Any) -> None:
    sent = dict(TestClient(echo).post("/", content=content).json()["headers"])
    assert "content-type" not in sent


def test_an_empty_form_is_no_body() -> None:
    sent = dict(TestClient(echo).post("/", data={}).json()["headers"])
    assert ("content-type" in sent, sent["content-length"]) == (False, "0")
    with pytest.raises(TypeError, match="data="):
        TestClient(echo).post("/", content={"a": 1})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [URL, httpx.URL])
def test_a_url_may_be_an_object_that_says_it_as_text(kind: type[URL] | type[httpx.URL]) -> None:
    async def say(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": f"{scope['path']} {scope['query_string'].decode()}"})

    client = TestClient(echo)
    assert client.get(kind("http://testserver/a?b=1")).url == "http://testserver/a?b=1"
    with client.stream("GET", kind("/a")) as response:
        assert response.url == "http://testserver/a"
    with TestClient(say).websocket_connect(kind("/a?b=1")) as session:
        assert session.receive_text() == "/a b=1"


@pytest.mark.parametrize("given", [None, 7, b"/a"])
def test_what_is_no_url_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match=f"Invalid type for url: {given!r}; give text"):
        TestClient(echo).get(given)


def test_a_timeout_may_be_given_to_one_request() -> None:
    async def hang(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        TestClient(hang).get("/", timeout=0.05)


def test_a_request_is_built_and_sent_apart() -> None:
    client = TestClient(away)
    request = client.build_request("post", "/there", json={"a": 1}, params={"q": "1"})
    assert (request.method, str(request.url), request.content) == (
        "POST",
        "http://testserver/there?q=1",
        b'{"a":1}',
    )
    assert client.send(request).status_code == 200
    first = client.build_request("GET", "/")
    assert client.send(first, follow_redirects=False).status_code == 303
    response = client.send(client.build_request("GET", "/there"), stream=True)
    assert not response.is_closed
    assert response.read() == response.content
    response.close()
    response.close()


def test_a_file_is_sent_whole_with_its_length(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"four")
    with (tmp_path / "f").open("rb") as file:
        assert dict(TestClient(echo).post("/", content=file).json()["headers"])["content-length"] == "4"


def test_a_name_that_is_repeated_is_sent_as_often() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        said = [value for name, value in scope["headers"] if name == b"x"]
        await PlainTextResponse(b",".join(said))(scope, receive, send)

    client = TestClient(app, headers=[("x", "1"), ("X", "2")])
    assert (client.get("/").text, client.headers["x"]) == ("1,2", "1, 2")
    client.headers = [("x", "3"), ("x", "4")]  # type: ignore[assignment]
    assert client.get("/").text == "3,4"
    assert client.get("/", headers=iter([("x", "5"), ("x", "6")])).text == "5,6"
    assert client.post("/", headers=iter([("x", "7")]), files={"a": b"b"}).text == "7"
    client.headers["X"] = "8"
    assert (client.get("/").text, client.build_request("GET", "/").headers["x"]) == ("8", "8")


def test_a_file_of_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a", encoding="utf-8")
    with path.open(encoding="utf-8") as opened, pytest.raises(TypeError, match="opened in binary mode"):
        TestClient(echo).post("/", files={"a": opened})
