"""Write a form with files, as a browser or httpx sends it."""

import mimetypes
import re
from collections.abc import Iterable, Mapping
from io import StringIO, TextIOBase
from pathlib import PurePath
from typing import Any, BinaryIO

# A file: its content, or (name, content), or that with its media type, and with headers of its part.
FileContent = bytes | str | BinaryIO
FileArgument = (
    FileContent
    | tuple[str | None, FileContent]
    | tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
Files = Mapping[str, FileArgument] | Iterable[tuple[str, FileArgument]]

_BOUNDARY = re.compile(r'multipart/form-data;.*\bboundary="?([^;"]+)', re.IGNORECASE)
# RFC 7578 section 4.2 and WHATWG HTML, "multipart form data": what would end the quoted name.
_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def encode_multipart(
    fields: Iterable[tuple[str, str]], files: Files, content_type: str = ""
) -> tuple[bytes, str]:
    """Give the body and its Content-Type: the fields first, then the files, each in its order. The boundary
    is that of `content_type`, if it names one.

    A file given as content alone is named `upload`, an open one by its own name; the media type is guessed
    from the name. Source: RFC 7578.
    """
    parts = [_part(f'name="{_escape(name)}"', value.encode(), None, {}) for name, value in fields]
    pairs = files.items() if isinstance(files, Mapping) else files
    parts.extend(_file_part(name, file) for name, file in pairs)
    named = _BOUNDARY.match(content_type)
    boundary = named[1].encode() if named else _find_boundary(parts)
    body = b"".join(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts) + b"--%b--\r\n" % boundary
    return body, f"multipart/form-data; boundary={boundary.decode()}"


def _file_part(name: str, file: FileArgument) -> bytes:
    filename, content, media_type, headers = _describe(file)
    disposition = f'name="{_escape(name)}"'
    if filename:  # an empty one is none, as for httpx
        disposition += f'; filename="{_escape(filename)}"'
        media_type = media_type or mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return _part(disposition, _read(content), media_type, headers)


def _describe(file: FileArgument) -> tuple[str | None, FileContent, str | None, Mapping[str, str]]:
    if isinstance(file, tuple):
        match file:
            case (filename, content):
                return filename, content, None, {}
            case (filename, content, media_type):
                return filename, content, media_type, {}
            case (filename, content, media_type, headers):
                return filename, content, media_type, headers
    named: Any = getattr(file, "name", None)
    return (PurePath(named).name if isinstance(named, str) else "upload"), file, None, {}


def _read(content: Any) -> bytes:
    if isinstance(content, str):
        return content.encode()
    if isinstance(content, StringIO):
        raise TypeError("Multipart file uploads require 'io.BytesIO', not 'io.StringIO'.")
    if isinstance(content, TextIOBase):
        raise TypeError("Multipart file uploads must be opened in binary mode, not text mode.")
    return content if isinstance(content, bytes) else bytes(content.read())


def _part(disposition: str, content: bytes, media_type: str | None, headers: Mapping[str, str]) -> bytes:
    described = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    if media_type and "content-type" not in map(str.lower, headers):
        described += f"Content-Type: {media_type}\r\n"
    return f"Content-Disposition: form-data; {disposition}\r\n{described}\r\n".encode() + content


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)


def _find_boundary(parts: list[bytes]) -> bytes:
    """Give the first boundary that no part holds."""
    number = 0
    while any(b"form-boundary-%d" % number in part for part in parts):
        number += 1
    return b"form-boundary-%d" % number
