import gzip
from collections.abc import AsyncIterator
from typing import Any

import pytest

from miniframework import App, PlainTextResponse, Response, StreamingResponse
from miniframework.middleware.gzip import GZipMiddleware
from miniframework.testing import TestClient

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
