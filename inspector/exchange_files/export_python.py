"""Parts of a Python program that hold recorded values: as literals and comments, never as code."""

from collections.abc import Iterable, Sequence

from inspector.exchange_files.export_request import ExportRequest
from inspector.model import Header

_LINE = 76  # characters of a bytes literal on one line


def title_of(asked: ExportRequest) -> str:
    """One line for a docstring: method and target, with nothing in it that could end it."""
    told = f"{asked.method} {asked.target}"
    shown = "".join(char if char.isprintable() and char not in '"\\' else "?" for char in told)
    return f"{shown if len(shown) <= _LINE else shown[:_LINE] + '…'}, as it was recorded."


def comment_lines(notes: Iterable[str], redacted: Iterable[str], indent: str = "") -> list[str]:
    """A comment for each sentence; a line break in recorded text does not end it."""
    told = [*(f"redacted, put the real value there: {place}" for place in redacted), *notes]
    shown = ("".join(char if char.isprintable() else "?" for char in text) for text in told)
    return [f"{indent}# {text}" for text in shown]


def headers_text(headers: Sequence[Header], indent: str) -> list[str]:
    """`headers=[...],` as lines; values beyond ASCII as bytes."""
    if not headers:
        return [f"{indent}headers=[],"]
    pairs = (f"{indent}    ({name!r}, {header_value(value)})," for name, value in headers)
    return [f"{indent}headers=[", *pairs, f"{indent}],"]


def header_value(value: str) -> str:
    """The literal of a header's value: text where it is ASCII, else bytes."""
    return repr(value) if value.isascii() else repr(value.encode("latin-1"))


def bytes_text(body: bytes, indent: str = "    ") -> str:
    """The literal of a body; a long one is cut into pieces that Python joins."""
    if len(body) <= _LINE:
        return repr(body)
    pieces = (repr(body[at : at + _LINE]) for at in range(0, len(body), _LINE))
    joined = "".join(f"\n{indent}    {piece}" for piece in pieces)
    return f"({joined}\n{indent})"
