import asyncio
import encodings.aliases
import io
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniframework import App, FormData, Request, UploadFile
from miniframework.http.form import FormError, FormLimits
from miniframework.http.form_parser import _Multipart, parse_form
from miniframework.http.headers import Headers
from miniframework.http.upload import SPOOL_BYTES
from miniframework.testing import TestClient
from miniframework.testing.multipart import encode_multipart

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"\\%'), min_size=1)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)))


async def pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def read_all(form: FormData) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            found.append((name, (value.filename, await value.read())))
            await value.close()
        else:
            found.append((name, value))
    return found


USUAL = FormLimits()


def parse(content_type: str, body: bytes, limits: FormLimits = USUAL, size: int = 64) -> Any:
    async def run() -> list[tuple[str, Any]]:
        return await read_all(await parse_form(content_type, pieces(body, size), limits))

    return asyncio.run(run())


@given(
    fields=st.lists(st.tuples(NAMES, TEXTS), max_size=4),
    files=st.lists(st.tuples(NAMES, st.tuples(NAMES, st.binary(max_size=200))), max_size=4),
    size=st.integers(1, 80),
)
def test_what_the_test_client_writes_is_read_however_it_is_cut(
    fields: list[tuple[str, str]], files: list[tuple[str, tuple[str, bytes]]], size: int
) -> None:
    body, content_type = encode_multipart(fields, files)
    assert parse(content_type, body, size=size) == [*fields, *files]


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        pytest.param(b"a=1&a=2&b=x+y", [("a", "1"), ("a", "2"), ("b", "x y")], id="repeated, a plus"),
        pytest.param(b"a=%C3%BC%26", [("a", "ü&")], id="percent-encoded UTF-8"),
        pytest.param(b"a=%FF%zz", [("a", "\ufffd%zz")], id="broken encodings stay text"),
        pytest.param(b"&&a&=x", [("a", ""), ("", "x")], id="no value, no name"),
        pytest.param(b"", [], id="nothing"),
    ],
)
@pytest.mark.parametrize("size", [1, 64])
def test_an_urlencoded_form_is_read(body: bytes, pairs: Any, size: int) -> None:
    kind = "Application/X-WWW-form-urlencoded; charset=utf-8"
    assert parse(kind, body, size=size) == pairs


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_what_is_no_form_gives_an_empty_one(content_type: str) -> None:
    assert parse(content_type, b"a=1") == []


CUT = b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B\r\n'
CUT += b'Content-Disposition: form-data; name="f"; filename="f"\r\n\r\nfile\r\n--B--\r\n'


def test_a_form_that_is_cut_off_before_its_last_boundary_is_none() -> None:
    whole = CUT.index(b"--B--") + len(b"--B--")
    for length in range(len(b"--B\r\n"), len(CUT) + 1):
        if length >= whole:
            assert len(parse("multipart/form-data; boundary=B", CUT[:length])) == 2
        else:
            with pytest.raises(FormError, match="last boundary is missing"):
                parse("multipart/form-data; boundary=B", CUT[:length])


def parse_text(charset: str, text: bytes) -> str:
    body = b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + text + b"\r\n--B--\r\n"
    [(_, value)] = parse(f'multipart/form-data; boundary=B; charset="{charset}"', body)
    return str(value)


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "é"),
        ("Latin1", "é"),
        ("UTF-16", "é"),
        ("windows-1251", "ж"),
        ("koi8-u", "ї"),
        ("Shift_JIS", "本"),
    ],
)
def test_a_form_is_read_in_the_charset_that_it_names(charset: str, text: str) -> None:
    assert parse_text(charset, text.encode(charset)) == text


@pytest.mark.parametrize(
    "charset",
    ["hex", "zlib", "rot13", "undefined", "idna", "mbcs", "\x00", "a.b", "x" * 9_000, "\xff", " ", "unknown"],
)
def test_a_charset_that_is_none_of_text_is_latin_1(charset: str) -> None:
    assert parse_text(charset, b"\xe9.") == "é."


def test_whatever_charset_a_form_names_every_byte_of_it_is_read() -> None:
    names = {*encodings.aliases.aliases, *encodings.aliases.aliases.values()}
    for charset in sorted(names):
        for text in (b"\xff\xfe\xd8", b"+2AA-", b"\x1b$B", bytes(range(0x80, 0x100))):
            assert isinstance(parse_text(charset, text), str), (charset, text)


def test_the_names_of_unknown_charsets_are_not_kept() -> None:
    known = encodings._cache.copy()  # where Python keeps what it was asked for
    for number in range(10):
        parse_text(f"nobody-knows-{number}", b"a")
    assert encodings._cache == known


FEW = FormLimits(max_files=2, max_fields=3, max_part_size=1024)


@pytest.mark.parametrize(
    ("fields", "files", "said"),
    [
        pytest.param(4, 0, "Too many fields. Maximum number of fields is 3.", id="fields"),
        pytest.param(0, 3, "Too many files. Maximum number of files is 2.", id="files"),
    ],
)
def test_too_many_parts_are_refused(fields: int, files: int, said: str) -> None:
    body, kind = encode_multipart([("a", "1")] * fields, [("f", ("f", b"1"))] * files)
    with pytest.raises(FormError, match=said):
        parse(kind, body, FEW)


def test_a_field_has_a_size_limit_and_a_file_has_none() -> None:
    body, kind = encode_multipart([], {"f": ("f", b"x" * 5000)})
    assert parse(kind, body, FEW) == [("f", ("f", b"x" * 5000))]
    body, kind = encode_multipart([("a", "x" * 1025)], {})
    with pytest.raises(FormError, match="Part exceeded maximum size of 1KB"):
        parse(kind, body, FEW)


def test_the_files_of_a_form_that_is_refused_are_closed() -> None:
    body, kind = encode_multipart([], [("f", ("f", b"1"))] * 3)
    reader = _Multipart(FEW, "utf-8")
    with pytest.raises(FormError):
        asyncio.run(reader.read(kind.partition("boundary=")[2].encode(), pieces(body, 64)))
    assert [one.file.closed for one in reader._files] == [True, True]


def test_a_file_moves_to_disk_when_it_grows() -> None:
    async def run() -> None:
        file = UploadFile.spooled("f", Headers())
        await file.write(b"a" * SPOOL_BYTES)
        assert not file.file._rolled  # type: ignore[attr-defined]
        await file.write(b"b")
        assert file.file._rolled  # type: ignore[attr-defined]
        assert file.size == SPOOL_BYTES + 1
        await file.seek(SPOOL_BYTES)
        assert await file.read() == b"b"
        await file.close()

    asyncio.run(run())


def test_an_upload_of_ones_own_file_is_read_and_written() -> None:
    async def run() -> None:
        file = UploadFile(io.BytesIO(b"abc"), filename="a", headers=Headers([(b"content-type", b"x/y")]))
        assert (file.content_type, await file.read(1), await file.read()) == ("x/y", b"a", b"bc")
        assert repr(file) == "UploadFile(filename='a', size=None, headers=Headers({'content-type': 'x/y'}))"

    asyncio.run(run())


def test_a_request_reads_its_form_once_and_closes_it_with_the_block() -> None:
    app = App()
    seen: list[Any] = []

    @app.post("/")
    async def read(request: Request) -> list[str]:
        async with request.form() as form:
            seen.append(form["f"])
            assert form is await request.form()
            assert not seen[0].file.closed
        assert seen[0].file.closed
        return sorted(form)

    response = TestClient(app).post("/", data={"a": "1"}, files={"f": b"x"})
    assert response.json() == ["a", "f"]


def test_a_request_may_set_its_own_limits() -> None:
    app = App()

    @app.post("/")
    async def read(request: Request) -> int:
        return len(await request.form(max_fields=2))

    client = TestClient(app)
    assert client.post("/", data={"a": "1", "b": "2"}).json() == 2
    refused = client.post("/", data={"a": "1", "b": "2", "c": "3"})
    assert (refused.status_code, refused.json()) == (
        400,
        {"detail": "Too many fields. Maximum number of fields is 2."},
    )


def test_a_form_made_from_a_form_keeps_what_is_repeated_and_is_equal_to_it() -> None:
    upload = UploadFile(io.BytesIO(b"abc"), filename="a")
    form = FormData([("a", "1"), ("a", "2"), ("f", upload)])
    assert FormData(form) == form
    assert FormData(form).getlist("a") == ["1", "2"]
    assert FormData([("f", upload), ("a", "1"), ("a", "2")]) == form
    assert FormData([("a", "2"), ("a", "1"), ("f", upload)]) != form
    assert FormData({"a": "1"}) != {"a": "1"}


def test_who_is_cancelled_while_files_are_closed_closes_them_all() -> None:
    async def main() -> list[bool]:
        began, is_cancelled = threading.Event(), threading.Event()
        uploads = [UploadFile(SlowToClose(began, is_cancelled)) for _ in range(3)]
        form = FormData([(str(number), one) for number, one in enumerate(uploads)])
        closing = asyncio.create_task(form.close())
        await asyncio.to_thread(began.wait)
        closing.cancel()
        is_cancelled.set()
        with pytest.raises(asyncio.CancelledError):
            await closing
        return [one.file.closed for one in uploads]

    assert asyncio.run(main()) == [True, True, True]


class SlowToClose(io.BytesIO):
    """A file on disk, as far as can be told, that says when it begins to be closed and waits to go on."""

    def __init__(self, began: threading.Event, goes_on: threading.Event) -> None:
        super().__init__()
        self._began = began
        self._goes_on = goes_on

    def close(self) -> None:
        self._began.set()
        self._goes_on.wait()
        super().close()
