"""Read a form from the pieces of a request's body, within limits."""

from collections.abc import AsyncIterator
from dataclasses import field
from encodings import normalize_encoding
from encodings.aliases import aliases
from typing import Final
from urllib.parse import unquote_plus

from python_multipart import MultipartParser, QuerystringParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from miniframework.http.form import FormData, FormError, FormLimits
from miniframework.http.headers import Headers
from miniframework.http.upload import UploadFile
from miniframework.records import dataclass
from miniframework.types import RawHeaders


async def parse_form(content_type: str, chunks: AsyncIterator[bytes], limits: FormLimits) -> FormData:
    """Read the form that `chunks` are; a content type that is no form's gives an empty one, unread.

    Raises FormError when it cannot be read, or is more than `limits`; its files are closed then. Whoever
    gets the form closes it. Source: WHATWG URL (urlencoded), RFC 7578 (multipart/form-data).
    """
    media_type, options = parse_options_header(content_type)
    if media_type == b"application/x-www-form-urlencoded":
        return await _Urlencoded(limits).read(chunks)
    if media_type != b"multipart/form-data":
        return FormData()
    if (boundary := options.get(b"boundary")) is None:
        raise FormError("Missing boundary in multipart.")
    return await _Multipart(limits, _find_charset(options.get(b"charset"))).read(boundary, chunks)


class _Urlencoded:
    """The fields so far of an urlencoded form."""

    def __init__(self, limits: FormLimits) -> None:
        self._limits = limits
        self._name = bytearray()
        self._value = bytearray()
        self._pairs: list[tuple[str, str]] = []

    async def read(self, chunks: AsyncIterator[bytes]) -> FormData:
        parser = QuerystringParser(
            {"on_field_name": self._on_name, "on_field_data": self._on_value, "on_field_end": self._on_end}
        )
        async for chunk in chunks:
            parser.write(chunk)
        parser.finalize()
        return FormData(self._pairs)

    def _on_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]
        self._check_size()

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._check_size()

    def _on_end(self) -> None:
        if len(self._pairs) >= self._limits.max_fields:
            raise FormError(f"Too many fields. Maximum number of fields is {self._limits.max_fields}.")
        self._pairs.append(
            (unquote_plus(self._name.decode("latin-1")), unquote_plus(self._value.decode("latin-1")))
        )
        self._name.clear()
        self._value.clear()

    def _check_size(self) -> None:
        if len(self._name) + len(self._value) > self._limits.max_part_size:
            raise FormError(f"Field exceeded maximum size of {_say_size(self._limits.max_part_size)}.")


@dataclass(slots=True)
class _Part:
    """One part of a multipart form: its headers, then its text or its file."""

    headers: RawHeaders = field(default_factory=list)
    name: str = ""
    text: bytearray = field(default_factory=bytearray)
    file: UploadFile | None = None


class _Multipart:
    """The parts so far of a multipart form; a file's bytes wait until writing them blocks nobody."""

    def __init__(self, limits: FormLimits, charset: str) -> None:
        self._limits = limits
        self._charset = charset
        self._part = _Part()
        self._is_inside = False
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._pairs: list[tuple[str, str | UploadFile]] = []
        self._files: list[UploadFile] = []
        self._fields = 0
        self._to_write: list[tuple[UploadFile, bytes]] = []

    async def read(self, boundary: bytes, chunks: AsyncIterator[bytes]) -> FormData:
        try:
            parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._on_part_begin,
                    "on_header_field": self._on_header_field,
                    "on_header_value": self._on_header_value,
                    "on_header_end": self._on_header_end,
                    "on_headers_finished": self._on_headers_finished,
                    "on_part_data": self._on_part_data,
                    "on_part_end": self._on_part_end,
                },
            )
            async for chunk in chunks:
                parser.write(chunk)
                await self._write_files()
            parser.finalize()
            if self._is_inside:
                raise FormError("The form is cut off: its last boundary is missing.")
            for file in self._files:
                await file.seek(0)
        except BaseException as error:
            for file in self._files:
                file.file.close()
            if isinstance(error, FormParserError):
                raise FormError("Invalid multipart data.") from error
            raise
        return FormData(self._pairs)

    async def _write_files(self) -> None:
        for file, data in self._to_write:
            await file.write(data)
        self._to_write.clear()

    def _on_part_begin(self) -> None:
        self._part = _Part()
        self._is_inside = True

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _on_header_end(self) -> None:
        self._part.headers.append((bytes(self._header_name).lower(), bytes(self._header_value)))
        self._header_name.clear()
        self._header_value.clear()

    def _on_headers_finished(self) -> None:
        disposition = Headers(self._part.headers).get("content-disposition", "")
        options = parse_options_header(disposition.encode("latin-1"))[1]
        if b"name" not in options:
            raise FormError('The Content-Disposition header field "name" must be provided.')
        self._part.name = self._decode(options[b"name"])
        if b"filename" in options:
            self._open_file(self._decode(options[b"filename"]))
            return
        self._fields += 1
        if self._fields > self._limits.max_fields:
            raise FormError(f"Too many fields. Maximum number of fields is {self._limits.max_fields}.")

    def _open_file(self, filename: str) -> None:
        if len(self._files) >= self._limits.max_files:
            raise FormError(f"Too many files. Maximum number of files is {self._limits.max_files}.")
        self._part.file = UploadFile.spooled(filename, Headers(self._part.headers))
        self._files.append(self._part.file)

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._part.file is not None:
            self._to_write.append((self._part.file, data[start:end]))
            return
        self._part.text += data[start:end]
        if len(self._part.text) > self._limits.max_part_size:
            raise FormError(f"Part exceeded maximum size of {_say_size(self._limits.max_part_size)}.")

    def _on_part_end(self) -> None:
        value = self._part.file or self._decode(bytes(self._part.text))
        self._pairs.append((self._part.name, value))
        self._is_inside = False

    def _decode(self, data: bytes) -> str:
        try:
            return data.decode(self._charset)
        except (UnicodeError, LookupError):  # the last for a charset of bytes, as `hex`
            return data.decode("latin-1")


def _say_size(size: int) -> str:
    return f"{size // 1024}KB" if size % 1024 == 0 else f"{size} bytes"


# Every name of a charset that Python has; a few it has by their own name alone.
_CHARSETS: Final = frozenset({*aliases, *aliases.values(), "cp874", "koi8_u", "utf_8_sig"})


def _find_charset(named: bytes | None) -> str:
    """Give the charset that a client names, Latin-1 when Python has none of the name.

    No other name is looked up: Python would keep it for good, and look for a module of it.
    """
    name = normalize_encoding((named or b"utf-8").decode("latin-1")).lower()
    return name if name in _CHARSETS else "latin-1"
