import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import pytest

from miniframework import (
    App,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Request,
    Response,
    StreamingResponse,
)
from miniframework.middleware.base import CallNext
from miniframework.routing import Route
from miniframework.testing import TestClient
from miniframework.types import Message, Receive, Scope, Send
from tests.miniframework.asgi_driver import Wire, call, http_scope, socket_scope
from tests.miniframework.both_ways import way as way


def send(response: Response, method: str = "GET") -> Wire:
    return asyncio.run(call(response, http_scope(method=method)))


@pytest.mark.parametrize(
    ("response", "content_type", "body"),
    [
        (Response(b"x"), None, b"x"),
        (PlainTextResponse("é"), b"text/plain; charset=utf-8", "é".encode()),
        (HTMLResponse("<p>"), b"text/html; charset=utf-8", b"<p>"),
        (JSONResponse({"é": [1, None]}), b"application/json", '{"é":[1,null]}'.encode()),
        (Response("x", media_type="text/css"), b"text/css; charset=utf-8", b"x"),
        (PlainTextResponse("x", headers={"Content-Type": "a/b"}), b"a/b", b"x"),
    ],
)
def test_a_response_goes_out_with_type_and_length(
    response: Response, content_type: bytes | None, body: bytes
) -> None:
    wire = send(response)
    assert wire.status == 200
    assert dict(wire.headers).get(b"content-type") == content_type
    assert dict(wire.headers)[b"content-length"] == str(len(body)).encode()
    assert wire.body == body


def test_head_gets_the_same_headers_and_no_body() -> None:
    get, head = send(PlainTextResponse("hello")), send(PlainTextResponse("hello"), "HEAD")
    assert head.headers == get.headers
    assert head.body == b""


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_content_has_no_length(status: int) -> None:
    assert send(Response(b"", status)).headers == []


@pytest.mark.parametrize("headers", [None, {"x-a": "1"}])
def test_a_205_has_a_length_of_0(headers: dict[str, str] | None) -> None:
    wire = send(PlainTextResponse("a body that a 205 has not", 205, headers))
    assert (dict(wire.headers)[b"content-length"], wire.body) == (b"0", b"")


def test_a_header_cannot_be_split() -> None:
    with pytest.raises(ValueError, match="CR, LF or NUL"):
        Response(headers={"x": "a\r\nset-cookie: evil=1"})
    response = Response()
    with pytest.raises(ValueError, match="CR, LF or NUL"):
        response.headers["x"] = "a\nb"


@pytest.mark.parametrize("value", [None, 7, b"bytes"])
def test_a_header_that_is_no_text_is_refused_by_name(value: Any) -> None:
    with pytest.raises(TypeError, match=f"header 'x-a': value {value!r} is no text"):
        Response(headers={"x-a": value})


def test_a_redirect_is_307_and_encodes_its_target() -> None:
    response = RedirectResponse("/a b?q=é&x=%20\r\nEvil: 1")
    assert response.status_code == 307
    assert response.headers["location"] == "/a%20b?q=%C3%A9&x=%20%0D%0AEvil:%201"


def test_content_that_is_neither_text_nor_bytes_is_refused_with_the_way_out() -> None:
    with pytest.raises(TypeError, match="JSONResponse"):
        PlainTextResponse({"a": 1})


class OwnStream(Response):
    """A response as libraries write it: an `__init__` and a way to send of its own."""

    media_type = "text/event-stream"

    def __init__(self, content: list[bytes], status_code: int = 200, headers: Any = None) -> None:
        self.content = content
        self.status_code = status_code
        self.background = None
        self.init_headers(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for chunk in self.content:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def test_a_subclass_with_an_init_of_its_own_lets_its_headers_be_made() -> None:
    made = OwnStream([b"a", b"b"], 201, {"X-A": "b"})
    made.headers["x-c"] = "d"
    made.set_cookie("e", "f")
    client = TestClient(App(routes=[Route("/", lambda request: made)]))
    answer = client.get("/")
    assert (answer.status_code, answer.content) == (201, b"ab")
    assert [pair for pair in answer.headers.multi_items() if pair[0] != "set-cookie"] == [
        ("x-a", "b"),
        ("content-type", "text/event-stream; charset=utf-8"),
        ("x-c", "d"),
    ]
    assert answer.cookies["e"] == "f"
    assert OwnStream([], headers={"content-type": "a/b"}).raw_headers == [(b"content-type", b"a/b")]
    assert dict(OwnStream([], 205).headers)["content-length"] == "0"


class Markup:
    """An element of a page, as the libraries of markup have it: text only when it is sent."""

    def encode(self, charset: str) -> bytes:
        return "<h1>é</h1>".encode(charset)


def test_content_that_encodes_itself_is_sent_in_the_charset_of_the_class() -> None:
    class Latin(HTMLResponse):
        charset = "latin-1"

    assert HTMLResponse(Markup()).body == "<h1>é</h1>".encode()
    assert Latin(Markup()).body == "<h1>é</h1>".encode("latin-1")


async def chunks() -> AsyncIterator[str | bytes]:
    yield "é"
    yield b"two"


@pytest.mark.parametrize(
    "content",
    [chunks, lambda: ["é", b"two"], lambda: iter(["é", memoryview(b"two")])],
    ids=["async", "list", "iter"],
)
def test_a_stream_sends_each_chunk_by_itself(content: Any) -> None:
    wire = send(StreamingResponse(content(), 201, media_type="text/plain"))
    assert wire.status == 201
    assert wire.headers == [(b"content-type", b"text/plain; charset=utf-8")]
    sent = [(message["body"], message["more_body"]) for message in wire.sent[1:]]
    assert sent == [("é".encode(), True), (b"two", True), (b"", False)]


def test_a_chunk_is_out_before_the_next_one_is_made() -> None:
    async def main() -> None:
        go_on, wire = asyncio.Event(), Wire()

        async def slow() -> AsyncIterator[bytes]:
            yield b"first"
            await go_on.wait()
            yield b"second"

        task = asyncio.create_task(StreamingResponse(slow())(http_scope(), wire.receive, wire.send))
        await wire.wait_for(2)
        assert wire.body == b"first"
        go_on.set()
        await task
        assert wire.body == b"firstsecond"

    asyncio.run(main())


def test_a_plain_generator_runs_in_threads_and_is_closed() -> None:
    threads, closed = set(), []

    def generate() -> Iterator[bytes]:
        try:
            while True:
                threads.add(threading.current_thread())
                yield b"x"
        finally:
            closed.append(True)

    async def main() -> None:
        wire = Wire()
        task = asyncio.create_task(StreamingResponse(generate())(http_scope(), wire.receive, wire.send))
        await wire.wait_for(3)
        wire.leave()
        await task

    asyncio.run(main())
    assert threading.main_thread() not in threads
    assert closed == [True]


def test_a_client_that_leaves_ends_a_stream_that_waits() -> None:
    ended = []

    async def idle() -> AsyncIterator[bytes]:
        try:
            yield b"x"
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async def main() -> None:
        wire = Wire()
        task = asyncio.create_task(StreamingResponse(idle())(http_scope(), wire.receive, wire.send))
        await wire.wait_for(2)
        assert ended == []
        wire.leave()
        async with asyncio.timeout(5):
            await task
        assert wire.sent[-1]["more_body"], "a broken-off body must not look complete"

    asyncio.run(main())
    assert ended == [True]


def test_a_receive_that_never_waits_says_nothing_of_the_client() -> None:
    async def at_once() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def pieces() -> AsyncIterator[str]:
        for piece in "abc":
            await asyncio.sleep(0)
            yield piece

    async def main() -> Wire:
        wire = Wire()
        async with asyncio.timeout(5):
            await StreamingResponse(pieces())(http_scope(), at_once, wire.send)
        return wire

    assert asyncio.run(main()).body == b"abc"


@pytest.mark.parametrize("fails", [False, True], ids=["a whole stream", "a stream that fails"])
def test_a_receive_that_fails_is_told_unless_the_stream_failed_itself(fails: bool) -> None:
    async def broken() -> Message:
        raise ConnectionResetError

    async def pieces() -> AsyncIterator[str]:
        yield "a"
        await asyncio.sleep(0)
        if fails:
            raise ZeroDivisionError

    wire = Wire()
    with pytest.raises(ZeroDivisionError if fails else ConnectionResetError):
        asyncio.run(StreamingResponse(pieces())(http_scope(), broken, wire.send))
    assert wire.body == b"a"


def test_head_gets_a_streams_headers_without_running_it() -> None:
    started = []

    async def content() -> AsyncIterator[bytes]:
        started.append(True)
        yield b"x"

    wire = send(StreamingResponse(content(), media_type="text/event-stream"), "HEAD")
    assert wire.headers == [(b"content-type", b"text/event-stream; charset=utf-8")]
    assert wire.body == b""
    assert started == []


def test_a_failing_stream_breaks_off_and_its_error_passes_on() -> None:
    async def content() -> AsyncIterator[bytes]:
        yield b"x"
        raise TimeoutError("mine")

    async def main() -> None:
        wire = Wire()
        with pytest.raises(TimeoutError, match="mine"):
            await StreamingResponse(content())(http_scope(), wire.receive, wire.send)
        assert wire.sent[-1] == {"type": "http.response.body", "body": b"x", "more_body": True}

    asyncio.run(main())


def test_a_stream_runs_in_the_requests_own_task() -> None:
    tasks = []

    async def content() -> AsyncIterator[bytes]:
        tasks.append(asyncio.current_task())
        yield b"x"

    async def main() -> None:
        wire = Wire()
        await StreamingResponse(content())(http_scope(), wire.receive, wire.send)
        assert tasks == [asyncio.current_task()]

    asyncio.run(main())


def test_text_is_one_chunk_of_a_stream() -> None:
    wire = asyncio.run(call(StreamingResponse("as it is"), http_scope()))
    assert [message["body"] for message in wire.sent[1:]] == [b"as it is", b""]


@pytest.mark.parametrize("content", [b"a number each", [bytearray(b"x")], iter([None])])
def test_what_is_no_chunk_ends_a_stream_that_has_begun(content: Any) -> None:
    wire = Wire()
    with pytest.raises(AttributeError, match="sends text or bytes") as caught:
        asyncio.run(StreamingResponse(content)(http_scope(), wire.receive, wire.send))
    assert isinstance(caught.value, TypeError)
    assert [message["type"] for message in wire.sent] == ["http.response.start"]


@pytest.mark.parametrize("content", [5, {"a": 1}, bytearray(b"x")])
def test_content_that_is_no_text_is_the_error_that_starlette_raises(content: Any) -> None:
    with pytest.raises(AttributeError, match="takes text or bytes"):
        Response(content)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"at": datetime(2030, 1, 1)}, TypeError),  # noqa: DTZ001  # any date
        ({1, 2}, TypeError),
        (b"x", TypeError),
        ({"a": float("nan")}, ValueError),
    ],
)
def test_a_json_response_takes_only_what_json_has(content: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        JSONResponse(content)


def test_a_json_response_writes_keys_as_the_standard_library_does() -> None:
    assert JSONResponse({None: 1, True: 2, 3: "ü"}).body == '{"null":1,"true":2,"3":"ü"}'.encode()


def test_a_json_response_without_content_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        JSONResponse()


def test_a_number_in_a_stream_is_no_row_of_zeros() -> None:
    with pytest.raises(TypeError, match="sends text or bytes, not 3"):
        asyncio.run(call(StreamingResponse(iter([3])), http_scope()))  # type: ignore[list-item]


def test_a_response_has_its_media_type_its_charset_and_what_one_adds() -> None:
    class Latin(PlainTextResponse):
        charset = "latin-1"

    response = Latin("ü")
    assert (response.body, response.headers["content-type"]) == (b"\xfc", "text/plain; charset=latin-1")
    given = Response("x", media_type="text/css")
    given.seen = True  # type: ignore[attr-defined]
    assert (given.media_type, Response.media_type, PlainTextResponse("").media_type) == (
        "text/css",
        None,
        "text/plain",
    )


def test_the_options_of_a_cookie_may_be_given_by_their_places() -> None:
    response = Response()
    response.set_cookie("a", "1", 60, None, "/x", "h.example", True, True, "strict")
    response.delete_cookie("a", "/x", "h.example")
    set_line, gone = response.headers.get_list("set-cookie")
    assert set_line == "a=1; Domain=h.example; HttpOnly; Max-Age=60; Path=/x; SameSite=strict; Secure"
    assert "Path=/x" in gone
    with pytest.raises(ValueError, match="samesite 'loose'"):
        response.set_cookie("a", samesite="loose")  # type: ignore[arg-type]


def test_on_a_websocket_handshake_a_response_is_a_denial() -> None:
    wire = asyncio.run(call(PlainTextResponse("no", 401), socket_scope()))
    assert [message["type"] for message in wire.sent] == [
        "websocket.http.response.start",
        "websocket.http.response.body",
    ]
    assert wire.sent[1]["body"] == b"no"


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("status", "body", "length"),
    [(304, b"", None), (204, b"", None), (205, b"", "0"), (200, b"", "0"), (200, b"hello", "5")],
)
@pytest.mark.parametrize("is_dispatched", [False, True])
def test_a_returned_draft_has_the_length_that_fits_what_became_of_it(
    is_dispatched: bool, status: int, body: bytes, length: str | None
) -> None:
    app = App()

    @app.get("/")
    def give_back(response: Response) -> Response:
        response.status_code, response.body = status, body
        return response

    if is_dispatched:

        @app.middleware("http")
        async def pass_on(request: Request, call_next: CallNext) -> Response:
            return await call_next(request)

    answer = TestClient(app).get("/")
    assert (answer.status_code, answer.content, answer.headers.get("content-length")) == (
        status,
        body,
        length,
    )


@pytest.mark.usefixtures("way")
def test_a_returned_draft_keeps_a_length_that_the_endpoint_said() -> None:
    app = App()

    @app.get("/")
    def describe(response: Response) -> Response:
        response.headers["content-length"] = "12"
        return response

    assert TestClient(app).head("/").headers["content-length"] == "12"
