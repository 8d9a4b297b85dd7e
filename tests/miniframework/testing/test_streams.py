"""Responses that are read while the application still sends them, and bodies made into content and lines."""

import asyncio
import gzip
import threading
import zlib
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniframework import StreamingResponse
from miniframework.testing import HTTPStatusError, TestClient
from miniframework.testing.decoding import cut, decode_text, split_lines, unpack
from miniframework.types import Message, Receive, Scope, Send

START = {"type": "http.response.start", "status": 200, "headers": []}


def body(piece: bytes, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": piece, "more_body": more}


class Boom(Exception): ...


class Talker:
    """Sends lines for ever, or until it is told; `ended` says that it noticed its end."""

    def __init__(self, *, listens: bool) -> None:
        self.ended = threading.Event()
        self.sent = 0
        self._listens = listens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        listening = asyncio.create_task(self._listen(receive))
        try:
            while not (self._listens and listening.done()):
                self.sent += 1
                await send(body(b"line %d\n" % self.sent))
        finally:
            listening.cancel()
            self.ended.set()

    async def _listen(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


@pytest.mark.parametrize("listens", [True, False], ids=["listens", "never listens"])
@pytest.mark.parametrize("entered", [True, False], ids=["inside with", "alone"])
def test_a_response_without_end_is_read_as_far_as_one_likes_and_left(listens: bool, entered: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await talker(scope, receive, send)

    talker = Talker(listens=listens)
    client = TestClient(app)
    threads = threading.active_count()
    if entered:
        client.__enter__()
    with client.stream("GET", "/") as response:
        lines = response.iter_lines()
        assert [next(lines) for _ in range(3)] == ["line 1", "line 2", "line 3"]
        assert not talker.ended.is_set()
    assert talker.ended.is_set()
    client.close()
    assert threading.active_count() == threads


def test_the_application_waits_for_a_reader_who_does_not_read() -> None:
    talker = Talker(listens=True)
    with TestClient(talker).stream("GET", "/") as response:
        next(response.iter_raw())
        assert talker.sent < 30


def test_an_event_comes_before_the_application_goes_on() -> None:
    go_on = threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(START)
        await send(body(b"first\n"))
        await asyncio.to_thread(go_on.wait, 10)
        await send(body(b"second", more=False))

    with TestClient(app).stream("GET", "/") as response:
        lines = response.iter_lines()
        assert next(lines) == "first"
        go_on.set()
        assert list(lines) == ["second"]


async def three(scope: Scope, receive: Receive, send: Send) -> None:
    await send({**START, "headers": [(b"content-type", b"text/plain; charset=latin-1")]})
    await send(body(b"caf"))
    await send(body(b"\xe9"))
    await send(body(b"!", more=False))


READERS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "raw": (lambda one: list(one.iter_raw()), [b"caf", b"\xe9", b"!"]),
    "bytes": (lambda one: list(one.iter_bytes()), [b"caf", b"\xe9", b"!"]),
    "bytes of a size": (lambda one: list(one.iter_bytes(2)), [b"ca", b"f\xe9", b"!"]),
    "text": (lambda one: "".join(one.iter_text()), "café!"),
    "whole": (lambda one: (one.read(), one.text), (b"caf\xe9!", "café!")),
}


@pytest.mark.parametrize("reader", READERS)
def test_a_stream_is_read_in_each_way(reader: str) -> None:
    read, expected = READERS[reader]
    with TestClient(three).stream("GET", "/") as response:
        assert read(response) == expected
    assert read(TestClient(three).get("/")) == expected


def test_a_stream_that_was_not_read_has_no_content_and_is_read_once() -> None:
    with TestClient(three).stream("GET", "/") as response:
        with pytest.raises(RuntimeError, match=r"call read\(\) first"):
            _ = response.text
        list(response.iter_bytes())
        with pytest.raises(RuntimeError, match="streamed already"):
            list(response.iter_bytes())


async def failing(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/late":
        await send(START)
        await send(body(b"half"))
    raise Boom


def test_an_exception_is_raised_before_the_response_or_at_the_end_of_the_block() -> None:
    client = TestClient(failing)
    with pytest.raises(Boom), client.stream("GET", "/early"):
        raise AssertionError("there is no response")
    read: list[bytes] = []
    with pytest.raises(Boom), client.stream("GET", "/late") as response:
        read.extend(response.iter_raw())
    assert read == [b"half"]
    with TestClient(failing, raise_server_exceptions=False).stream("GET", "/early") as response:
        assert (response.status_code, response.read()) == (500, b"")


def test_a_redirect_is_followed_to_the_stream_it_leads_to() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/":
            await send({"type": "http.response.start", "status": 307, "headers": [(b"location", b"/next")]})
            await send(body(b"", more=False))
        else:
            await three(scope, receive, send)

    with TestClient(app).stream("GET", "/") as response:
        assert [one.status_code for one in response.history] == [307]
        assert "".join(response.iter_text()) == "café!"


def test_an_unread_error_is_told_without_its_body() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({**START, "status": 404})
        await send(body(b"", more=False))

    with TestClient(app).stream("GET", "/") as response:
        with pytest.raises(HTTPStatusError, match=r"^Client error '404 Not Found' for url") as raised:
            response.raise_for_status()
        assert not hasattr(raised.value, "__notes__")


PACKED = {"gzip": gzip.compress, "deflate": zlib.compress, "": lambda content: content, "br": lambda one: one}


@pytest.mark.parametrize("coding", PACKED)
def test_what_came_packed_is_unpacked_and_its_chunks_are_as_they_came(coding: str) -> None:
    content = PACKED[coding](b"many words " * 40)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({**START, "headers": [(b"content-encoding", coding.encode())] if coding else []})
        await send(body(content[:20]))
        await send(body(content[20:], more=False))

    response = TestClient(app).get("/")
    assert response.text == "many words " * 40
    assert b"".join(response.chunks) == content
    with TestClient(app).stream("GET", "/") as streamed:
        assert "".join(streamed.iter_text()) == "many words " * 40


CUTS = st.lists(st.integers(0, 40), max_size=5)


def cut_at(whole: Any, places: list[int]) -> list[Any]:
    edges = [0, *sorted(min(one, len(whole)) for one in places), len(whole)]
    return [whole[start:end] for start, end in pairwise(edges)]


@given(st.text(st.sampled_from("ab\r\n\x0b "), max_size=40), CUTS)
def test_lines_are_the_same_however_the_text_is_cut(text: str, places: list[int]) -> None:
    assert list(split_lines(cut_at(text, places))) == text.splitlines()
    assert list(split_lines(text)) == text.splitlines()  # one piece a character


@given(st.text(max_size=20), CUTS)
def test_text_is_the_same_however_its_bytes_are_cut(text: str, places: list[int]) -> None:
    assert "".join(decode_text(cut_at(text.encode(), places), "utf-8")) == text


@given(st.binary(max_size=40), CUTS, st.integers(1, 9))
def test_cutting_keeps_every_byte_in_pieces_of_the_size(content: bytes, places: list[int], size: int) -> None:
    pieces = list(cut(cut_at(content, places), size))
    assert b"".join(pieces) == content
    assert [len(one) for one in pieces[:-1]] == [size] * (len(pieces) - 1)


@given(st.binary(max_size=200), CUTS, st.sampled_from(["gzip", "deflate", "gzip, deflate", "deflate, gzip"]))
def test_unpacking_undoes_packing_in_its_order(content: bytes, places: list[int], codings: str) -> None:
    packed = content
    for coding in codings.split(", "):
        packed = PACKED[coding](packed)
    assert b"".join(unpack(cut_at(packed, places), codings)) == content


def test_the_application_waits_until_each_piece_is_taken() -> None:
    sent: list[bytes] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for piece in (b"", b"a", b"b"):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            sent.append(piece)
        await send({"type": "http.response.body", "body": b""})

    with TestClient(app).stream("GET", "/") as response:
        assert sent == []
        pieces = response.iter_raw()
        assert next(pieces) == b"a"
        assert b"b" not in sent
        assert list(pieces) == [b"b"]
    assert sent == [b"", b"a", b"b"]


def test_what_ends_a_stream_is_raised_behind_its_last_piece_and_only_there() -> None:
    async def content() -> AsyncIterator[bytes]:
        yield b"a"
        raise ValueError("in the middle")

    with TestClient(StreamingResponse(content())).stream("GET", "/") as response:
        pieces = response.iter_raw()
        assert next(pieces) == b"a"
        with pytest.raises(ValueError, match="in the middle"):
            next(pieces)
