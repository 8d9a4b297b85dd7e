import asyncio
import itertools
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniframework import App
from miniframework.background import BackgroundTask
from miniframework.http.file import FileResponse
from miniframework.http.ranges import BadRange, UnsatisfiableRange, parse_ranges
from miniframework.testing import TestClient
from tests.miniframework.asgi_driver import Wire, call, http_scope

CONTENT = bytes(range(256)) * 600


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "naïve name.txt"
    path.write_bytes(CONTENT)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    return path


def client(path: Path, **options: Any) -> TestClient:
    app = App()

    @app.get("/")
    async def read() -> Any:
        return FileResponse(path, **options)

    return TestClient(app)


def test_a_file_comes_whole_with_its_size_date_and_mark(file: Path) -> None:
    answer = client(file).get("/")
    assert answer.content == CONTENT
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["last-modified"] == "Sun, 09 Sep 2001 01:46:40 GMT"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["etag"].strip('"').isalnum()


def test_head_has_the_headers_and_no_body(file: Path) -> None:
    answer = client(file).head("/")
    assert (answer.content, answer.headers["content-length"]) == (b"", str(len(CONTENT)))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"filename": "a.txt"}, 'attachment; filename="a.txt"'),
        ({"filename": "é b.txt"}, "attachment; filename*=utf-8''%C3%A9%20b.txt"),
        ({"filename": "a.txt", "content_disposition_type": "inline"}, 'inline; filename="a.txt"'),
    ],
)
def test_a_filename_is_offered_to_the_browser(file: Path, options: dict[str, Any], said: str) -> None:
    assert client(file, **options).get("/").headers["content-disposition"] == said


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=100-", 100, len(CONTENT)),
        ("bytes=-5", -5, None),
        ("bytes=5-9,8-20", 5, 21),
    ],
)
def test_one_range_is_answered_with_206_and_those_bytes(
    file: Path, header: str, start: int, end: int | None
) -> None:
    answer = client(file).get("/", headers={"range": header})
    wanted = CONTENT[start:end]
    first = start % len(CONTENT)
    assert (answer.status_code, answer.content) == (206, wanted)
    said = f"bytes {first}-{first + len(wanted) - 1}/{len(CONTENT)}"
    assert (answer.headers["content-range"], answer.headers["content-length"]) == (said, str(len(wanted)))


def test_several_ranges_are_parts_of_one_body_whose_length_is_told(file: Path) -> None:
    answer = client(file).get("/", headers={"range": "bytes=0-3, 300-301"})
    kind, _, boundary = answer.headers["content-type"].partition("; boundary=")
    assert (answer.status_code, kind) == (206, "multipart/byteranges")
    assert answer.headers["content-length"] == str(len(answer.content))
    parts = answer.content.split(f"--{boundary}".encode())
    assert [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts[1:3]] == [
        CONTENT[:4],
        CONTENT[300:302],
    ]
    assert f"Content-Range: bytes 300-301/{len(CONTENT)}".encode() in parts[2]


def test_a_range_behind_the_end_is_416_and_a_broken_one_400(file: Path) -> None:
    behind = client(file).get("/", headers={"range": "bytes=999999999-"})
    assert (behind.status_code, behind.headers["content-range"]) == (416, f"bytes */{len(CONTENT)}")
    assert client(file).get("/", headers={"range": "lines=1-2"}).status_code == 400


def test_if_range_asks_for_a_part_only_of_the_same_version(file: Path) -> None:
    mark = client(file).get("/").headers["etag"]
    wanted = {"range": "bytes=0-0"}
    assert client(file).get("/", headers={**wanted, "if-range": mark}).status_code == 206
    assert client(file).get("/", headers={**wanted, "if-range": '"old"'}).status_code == 200


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"gone\.txt"):
        client(tmp_path / "gone.txt").get("/")


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=6), st.integers(1, 50)
)
def test_ranges_are_joined_sorted_and_hold_exactly_what_was_asked_for(
    asked: list[tuple[int, int]], size: int
) -> None:
    pairs = [(min(pair), max(pair)) for pair in asked]
    wanted = {at for first, last in pairs for at in range(first, last + 1) if at < size}
    header = "bytes=" + ",".join(f"{first}-{last}" for first, last in pairs)
    if not wanted:
        with pytest.raises(UnsatisfiableRange):
            parse_ranges(header, size)
        return
    found = parse_ranges(header, size)
    assert {at for start, end in found for at in range(start, end)} == wanted
    assert all(before[1] < after[0] for before, after in itertools.pairwise(found))


@pytest.mark.parametrize(
    "header", ["bytes", "bytes=", "bytes=a-b", "bytes=5-2", "bytes=-", "bytes=1", "bytes=²-"]
)
def test_what_is_no_range_is_refused_by_name(header: str) -> None:
    with pytest.raises(BadRange):
        parse_ranges(header, 10)


@pytest.mark.parametrize(
    "digits", ["9" * 5_000, "0" * 5_000, "0" * 5_000 + "3"], ids=["far", "zero", "three"]
)
def test_a_range_of_more_digits_than_python_reads_is_a_range(digits: str) -> None:
    at = min(int(digits[-2:]), 10)
    assert parse_ranges(f"bytes=0-{digits}", 10) == [(0, min(at + 1, 10))]
    if at < 10:
        assert parse_ranges(f"bytes={digits}-", 10) == [(at, 10)]
        return
    assert parse_ranges(f"bytes=-{digits}", 10) == [(0, 10)]
    with pytest.raises(UnsatisfiableRange):
        parse_ranges(f"bytes={digits}-", 10)


def test_ranges_are_for_get_and_head_alone(file: Path) -> None:
    app = App()

    @app.api_route("/", methods=["GET", "POST"])
    async def read() -> Any:
        return FileResponse(file)

    asked = TestClient(app)
    wanted = {"range": "bytes=0-9"}
    assert asked.post("/", headers=wanted).status_code == 200
    assert asked.head("/", headers=wanted).headers["content-length"] == "10"


def test_a_weak_mark_asks_for_the_whole_file(file: Path) -> None:
    mark = client(file).get("/").headers["etag"]
    assert client(file).get("/", headers={"range": "bytes=0-0", "if-range": f"W/{mark}"}).status_code == 200


def test_more_ranges_than_serve_anybody_are_as_none(file: Path) -> None:
    for count, status in ((100, 206), (101, 200)):
        header = "bytes=" + ",".join(f"{at}-{at}" for at in range(0, 2 * count, 2))
        assert client(file).get("/", headers={"range": header}).status_code == status


def test_a_part_that_cannot_be_read_is_left_out(file: Path) -> None:
    assert client(file).get("/", headers={"range": "bytes=a-b,5-6,7,-"}).content == CONTENT[5:7]


def test_background_tasks_are_called_when_the_file_was_sent(file: Path) -> None:
    called: list[str] = []
    for header in ({}, {"range": "bytes=0-1"}):
        client(file, background=BackgroundTask(called.append, "done")).get("/", headers=header)
    assert called == ["done", "done"]


def test_an_unknown_kind_of_file_is_bytes(tmp_path: Path) -> None:
    (tmp_path / "data.unknown-kind").write_bytes(b"x")
    answer = client(tmp_path / "data.unknown-kind").get("/")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_one_response_can_be_sent_again_and_to_others(file: Path) -> None:
    response = FileResponse(file)
    asked = TestClient(response)
    assert asked.get("/", headers={"range": "bytes=0-9"}).status_code == 206
    whole = asked.get("/")
    assert (whole.status_code, whole.content) == (200, CONTENT)


def test_a_file_is_sent_in_pieces_of_the_size_asked_for_and_the_last_one_ends_it(file: Path) -> None:
    class Small(FileResponse):
        chunk_size = 100_000

    wire = asyncio.run(call(Small(file), http_scope()))
    sent = [(len(one["body"]), one["more_body"]) for one in wire.sent[1:]]
    assert sent == [(100_000, True), (len(CONTENT) - 100_000, False)]


def test_a_large_file_is_not_read_on_when_the_client_leaves(file: Path) -> None:
    class Slow(Wire):
        async def send(self, message: Any) -> None:
            await super().send(message)
            if message["type"] == "http.response.body":
                self.leave()
                await asyncio.Event().wait()

    async def main() -> None:
        wire = Slow()
        async with asyncio.timeout(10):
            await FileResponse(file)(http_scope(), wire.receive, wire.send)
        assert [one["type"] for one in wire.sent] == ["http.response.start", "http.response.body"]

    asyncio.run(main())


def test_a_file_that_became_shorter_is_a_failure_and_no_short_answer(file: Path) -> None:
    response = FileResponse(file, stat_result=file.stat())
    file.write_bytes(b"short")
    with pytest.raises(RuntimeError, match="shorter than expected"):
        asyncio.run(call(response, http_scope()))


def test_a_directory_is_no_file_to_send(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"is not a file\."):
        client(tmp_path).get("/")
