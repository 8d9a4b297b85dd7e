"""What a response of the test client knows and gives."""

import asyncio
from datetime import timedelta

import pytest

from miniframework.testing import HTTPStatusError, TestClient
from miniframework.types import Receive, Scope, Send
from tests.miniframework.testing.applications import app_of, echo, respond


def test_links_are_read_by_their_rel() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        link = b'<http://a/>; rel="next"; title=x, </b>'
        await send({"type": "http.response.start", "status": 200, "headers": [(b"link", link)]})
        await send({"type": "http.response.body"})

    links = TestClient(app).get("/").links
    assert links == {"next": {"url": "http://a/", "rel": "next", "title": "x"}, "/b": {"url": "/b"}}


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


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the status in the path."""
    await respond(
        send, status=int(scope["path"][1:]), headers=[(b"x-a", b"1"), (b"x-a", b"2"), (b"x-b", b"3")]
    )


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, {"is_success"}),
        (204, {"is_success"}),
        (304, {"is_redirect"}),
        (404, {"is_client_error", "is_error"}),
        (503, {"is_server_error", "is_error"}),
    ],
)
def test_a_status_has_its_words_and_only_2xx_passes(status: int, said: set[str]) -> None:
    response = TestClient(answering).get(f"/{status}?x=1")
    words = ("informational", "success", "redirect", "client_error", "server_error", "error")
    assert {f"is_{word}" for word in words if getattr(response, f"is_{word}")} == said
    if "is_success" in said:
        assert response.raise_for_status() is response
    else:
        with pytest.raises(HTTPStatusError, match=str(status)) as caught:
            response.raise_for_status()
        assert (caught.value.response, caught.value.request) == (response, response.request)


def test_a_repeated_header_gives_all_its_values() -> None:
    headers = TestClient(answering).get("/200").headers
    assert (headers["X-A"], headers.get("x-a"), headers.get_list("x-a")) == ("1, 2", "1, 2", ["1", "2"])
    assert ("x-b" in headers, headers.get("x-c", "none")) == (True, "none")
    assert [pair for pair in headers.items() if pair[0] == "x-a"] == [("x-a", "1, 2")]
    assert (list(headers.keys()).count("x-a"), list(headers.values()).count("1, 2")) == (1, 1)
    assert [value for name, value in headers.multi_items() if name == "x-a"] == ["1", "2"]


def test_the_lines_of_a_header_are_cut_at_their_commas_where_that_is_asked() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        lines = [(b"vary", b"Origin, Cookie"), (b"vary", b"Accept")]
        await send({"type": "http.response.start", "status": 200, "headers": lines})
        await send({"type": "http.response.body", "body": b""})

    response = TestClient(app).get("/", headers=[("x-a", "1,2"), ("x-a", "3")])
    assert response.headers.get_list("Vary") == ["Origin, Cookie", "Accept"]
    assert response.headers.get_list("Vary", split_commas=True) == ["Origin", "Cookie", "Accept"]
    assert response.request.headers.get_list("x-a", split_commas=True) == ["1", "2", "3"]
    assert response.headers.get_list("x-b", split_commas=True) == []


def test_a_test_may_change_the_headers_of_a_response() -> None:
    headers = TestClient(answering).get("/200").headers
    kept = headers.copy()
    assert (headers.pop("X-A"), headers.pop("x-a", "none"), headers.pop("x-a", None)) == (
        "1, 2",
        "none",
        None,
    )
    with pytest.raises(KeyError):
        headers.pop("x-a")
    del headers["x-b"]
    headers["x-c"] = "3"
    assert (headers.get("x-b"), headers["X-C"], kept["x-a"], kept.get("x-c")) == (None, "3", "1, 2", None)


def test_the_names_of_headers_are_in_lower_case_however_they_came() -> None:
    async def shout(scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"X-A", b"1"), (b"x-A", b"2")]}
        )
        await send({"type": "http.response.body", "body": b""})

    headers = TestClient(shout).get("/").headers
    assert (headers.multi_items(), headers.items()) == ([("x-a", "1"), ("x-a", "2")], [("x-a", "1, 2")])
    assert headers.raw == [(b"X-A", b"1"), (b"x-A", b"2")]


def test_a_response_knows_its_request_its_url_and_its_time() -> None:
    response = TestClient(echo).post("/caf%C3%A9/x?a=1&a=2", json={"b": 1})
    url = response.url
    assert url == "http://testserver/caf%C3%A9/x?a=1&a=2"
    assert (url.scheme, url.host, url.port, url.netloc) == ("http", "testserver", None, b"testserver")
    assert (url.path, url.raw_path) == ("/café/x", b"/caf%C3%A9/x?a=1&a=2")
    assert (url.query, url.params.get_list("a"), url.fragment) == (b"a=1&a=2", ["1", "2"], "")
    request = response.request
    assert (request.method, request.url, request.content, request.read()) == (
        "POST",
        url,
        b'{"b":1}',
        b'{"b":1}',
    )
    assert request.headers["Content-Type"] == "application/json"
    assert timedelta(0) < response.elapsed < timedelta(seconds=30)


def test_trailers_are_kept_beside_the_headers() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert "http.response.trailers" in scope["extensions"]
        await send({"type": "http.response.start", "status": 200, "headers": [], "trailers": True})
        await send({"type": "http.response.body", "body": b"hello"})
        await send({"type": "http.response.trailers", "headers": [(b"x", b"1")], "more_trailers": True})
        await send({"type": "http.response.trailers", "headers": [(b"x", b"2")]})

    answer = TestClient(app).get("/")
    assert answer.extensions["http.response.trailers"] == [(b"x", b"1"), (b"x", b"2")]
    assert (answer.content, "x" in answer.headers) == (b"hello", False)


def test_empty_pieces_of_a_stream_are_not_given() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for piece in (b"one", b"", b"two"):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    with TestClient(app).stream("GET", "/") as answer:
        assert list(answer.iter_raw()) == [b"one", b"two"]


def test_an_application_without_end_is_left_with_its_response() -> None:
    left = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            while True:
                await send({"type": "http.response.body", "body": b"x", "more_body": True})
                await asyncio.sleep(0)
        finally:
            left.append(True)

    client = TestClient(app)
    response = client.send(client.build_request("GET", "/"), stream=True)
    assert next(response.iter_raw()) == b"x"
    response.close()
    assert left == [True]
    client.send(client.build_request("GET", "/"), stream=True)
    client.close()
    assert left == [True, True]


def test_a_response_is_cut_and_read_as_one_likes() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await respond(send, "grün\n".encode("latin-1"), headers=[(b"content-type", b"text/plain")])

    answer = TestClient(app).get("/")
    answer.encoding = "latin-1"
    assert (answer.text, list(answer.iter_text(2)), list(answer.iter_raw(3))) == (
        "grün\n",
        ["gr", "ün", "\n"],
        [b"gr\xfc", b"n\n"],
    )
    assert (answer.num_bytes_downloaded, answer.is_closed, repr(answer)) == (5, True, "<Response [200 OK]>")
    assert answer.headers == {"Content-Type": "text/plain"}
