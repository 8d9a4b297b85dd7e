import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from miniframework import App, PlainTextResponse, Response, StreamingResponse
from miniframework.middleware.gzip import GZipMiddleware
from miniframework.testing import TestClient
from miniframework.types import Receive, Scope, Send
from tests.miniframework.asgi_driver import call, http_scope

TEXT = "many words " * 400


def client() -> TestClient:
    app = App()
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=6)

    @app.get("/large")
    async def large() -> Response:
        return PlainTextResponse(TEXT)

    @app.get("/small")
    async def small() -> Response:
        return PlainTextResponse("few")

    @app.get("/packed")
    async def packed() -> Response:
        return Response(TEXT, headers={"content-encoding": "text"})

    async def pieces() -> AsyncIterator[str]:
        for _ in range(40):
            yield TEXT[:100]

    @app.get("/stream")
    async def stream() -> Response:
        return StreamingResponse(pieces(), media_type="text/plain")

    @app.get("/events")
    async def events() -> Response:
        return StreamingResponse(pieces(), media_type="text/event-stream")

    return TestClient(app)


def ask(path: str, encoding: str = "gzip, br") -> Any:
    return client().get(path, headers={"accept-encoding": encoding})


def test_a_large_answer_is_packed_and_its_length_is_the_packed_one() -> None:
    answer = ask("/large")
    assert gzip.decompress(b"".join(answer.chunks)).decode() == TEXT
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(sum(map(len, answer.chunks)))
    assert answer.headers["vary"] == "Accept-Encoding"


def test_a_stream_is_packed_as_it_passes_and_has_no_length() -> None:
    answer = ask("/stream")
    assert gzip.decompress(b"".join(answer.chunks)).decode() == TEXT[:100] * 40
    assert "content-length" not in answer.headers


@pytest.mark.parametrize("path", ["/small", "/packed", "/events"])
def test_what_is_small_packed_already_or_an_event_stream_passes_as_it_is(path: str) -> None:
    answer = ask(path)
    assert answer.headers.get("content-encoding") != "gzip"
    assert "vary" not in answer.headers


def test_a_client_that_cannot_unpack_gets_it_plain_and_caches_are_told() -> None:
    answer = ask("/large", "br")
    assert (answer.text, answer.headers["vary"]) == (TEXT, "Accept-Encoding")
    assert "content-encoding" not in answer.headers


async def answer_with(*messages: Any, **options: Any) -> list[Any]:
    """What comes out for a client that takes gzip."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in messages:
            await send(dict(message))

    scope = http_scope(headers=[(b"accept-encoding", b"gzip")])
    return (await call(GZipMiddleware(app, **options), scope)).sent


def start(content_type: bytes = b"text/plain", **more: Any) -> dict[str, Any]:
    headers = [(b"content-type", content_type), *more.pop("headers", [])]
    return {"type": "http.response.start", "status": 200, "headers": headers, **more}


def body(text: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": text, "more_body": more}


def is_packed(sent: list[Any]) -> bool:
    return (b"content-encoding", b"gzip") in next(one["headers"] for one in sent if "status" in one)


@pytest.mark.parametrize(
    ("content_type", "options", "packs"),
    [
        (b"image/png", {}, False),
        (b"Video/MP4; codecs=x", {}, False),
        (b"application/grpc+proto", {}, False),
        (b"image/svg+xml", {}, True),
        (b"text/plain", {"exclude_content_types": ("TEXT/*",)}, False),
        (b"text/event-stream", {"exclude_content_types": ()}, True),
    ],
)
def test_what_is_packed_already_is_not_packed_again_and_the_list_is_ones_own(
    content_type: bytes, options: dict[str, Any], packs: bool
) -> None:
    sent = asyncio.run(answer_with(start(content_type), body(TEXT.encode()), **options))
    assert is_packed(sent) is packs


def test_each_piece_of_a_stream_can_be_unpacked_when_it_has_come() -> None:
    sent = asyncio.run(answer_with(start(), body(b"first", more=True), body(b"second", more=True), body(b"")))
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert [stream.decompress(one["body"]) for one in sent[1:]] == [b"first", b"second", b""]
    assert stream.eof


def test_a_large_piece_is_packed_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[Any] = []

    async def to_thread(function: Any, *arguments: Any) -> Any:
        threads.append(arguments)
        return function(*arguments)

    monkeypatch.setattr(asyncio, "to_thread", to_thread)
    small, large = (body(TEXT.encode()[:size], more=size < 100) for size in (99, 100))
    sent = asyncio.run(answer_with(start(), small, large, thread_minimum_size=100))
    assert gzip.decompress(sent[1]["body"] + sent[2]["body"]).decode() == TEXT[:99] + TEXT[:100]
    assert [len(data) for data, _ in threads] == [100]


def test_several_vary_headers_become_one_and_trailers_leave_no_length() -> None:
    vary = [(b"vary", b"Cookie"), (b"vary", b"Origin"), (b"content-length", b"4400")]
    trailers = {"type": "http.response.trailers", "headers": [(b"x", b"1")]}
    sent = asyncio.run(answer_with(start(headers=vary, trailers=True), body(TEXT.encode()), trailers))
    assert sent[2] == trailers
    assert sent[0]["headers"] == [
        (b"content-type", b"text/plain"),
        (b"vary", b"Cookie, Origin, Accept-Encoding"),
        (b"content-encoding", b"gzip"),
    ]


def test_the_start_of_what_passes_and_an_early_hint_wait_for_no_body() -> None:
    hint = {"type": "http.response.early_hint", "links": [b"</a.css>; rel=preload"]}
    assert asyncio.run(answer_with(hint, start(b"image/png"))) == [hint, start(b"image/png")]
    assert asyncio.run(answer_with(hint, start())) == [hint]
