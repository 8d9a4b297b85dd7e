"""Compares two bodies by what they are: JSON by path, text by line, anything else by size and hash."""

import difflib
import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from inspector.model import Body, Header
from inspector.readable.body import ReadBody, read_body
from inspector.replay.layers import Entry, Layer

_MAX_ENTRIES = 200  # a page shows no more; the texts show everything
_MAX_VALUE = 200  # characters of one value
_MAX_LINES = 2_000  # difflib takes quadratic time; beyond it only the texts are given

_ABSENT = object()


def compare_bodies(
    left: Body, left_headers: tuple[Header, ...], right: Body, right_headers: tuple[Header, ...]
) -> Layer:
    """Return the body layer. Of a body that was not kept whole, what was kept is compared, and it says so."""
    sides = read_body(left, left_headers), read_body(right, right_headers)
    entries = list(islice(_compare(*sides), _MAX_ENTRIES))
    is_whole = left.complete and right.complete
    if not entries and not is_whole and left.size != right.size:
        entries = [Entry(what="size", left=str(left.size), right=str(right.size))]
    entries.extend(_note_incomplete(left, right))
    texts = None
    if "binary" not in (sides[0].kind, sides[1].kind):
        texts = (sides[0].text or "", sides[1].text or "")
    return Layer(name="body", entries=tuple(entries), texts=texts)


def _note_incomplete(left: Body, right: Body) -> list[Entry]:
    if left.complete and right.complete:
        return []
    return [Entry(what="not whole", left=_say_missing(left), right=_say_missing(right), volatile=True)]


def _say_missing(body: Body) -> str | None:
    if body.complete:
        return None
    if body.why_incomplete == "redacted":
        return "secrets replaced by •••"
    return f"{len(body.data)} of {body.size} bytes kept"


def _compare(left: ReadBody, right: ReadBody) -> Iterator[Entry]:
    if left.data == right.data:
        return
    if left.kind == right.kind == "json":
        try:  # to walk may go less deep than the parser does
            different = list(islice(compare_json(_parse(left), _parse(right)), _MAX_ENTRIES))
        except (ValueError, RecursionError):
            yield from _compare_lines(left.text or "", right.text or "")
        else:
            yield from different
    elif left.text is not None and right.text is not None:
        yield from _compare_lines(left.text, right.text)
    else:
        yield Entry(
            what=f"bytes ({left.kind} → {right.kind})", left=_fingerprint(left), right=_fingerprint(right)
        )


def _parse(side: ReadBody) -> Any:
    return json.loads(side.text or "", parse_float=Decimal)


def compare_json(left: Any, right: Any, where: str = "$") -> Iterator[Entry]:
    """Yield what differs between two parsed documents, each under its JSON path; keys have no order."""
    match left, right:
        case dict(), dict():
            for key in dict.fromkeys([*left, *right]):
                yield from compare_json(left.get(key, _ABSENT), right.get(key, _ABSENT), _child(where, key))
        case list(), list():
            for index in range(max(len(left), len(right))):
                old = left[index] if index < len(left) else _ABSENT
                new = right[index] if index < len(right) else _ABSENT
                yield from compare_json(old, new, f"{where}[{index}]")
        case _:
            if type(left) is not type(right) or left != right:
                yield Entry(what=where, left=_show(left), right=_show(right))


def _child(where: str, key: str) -> str:
    """Extend a JSON path. Source: RFC 9535 section 2.5.1 (shorthand for plain names)."""
    return f"{where}.{key}" if key.isidentifier() else f"{where}[{json.dumps(key, ensure_ascii=False)}]"


def _show(value: Any) -> str | None:
    if value is _ABSENT:
        return None
    text = str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _MAX_VALUE else text[: _MAX_VALUE - 1] + "…"


def _compare_lines(left: str, right: str) -> Iterator[Entry]:
    before, after = left.splitlines(), right.splitlines()
    if max(len(before), len(after)) > _MAX_LINES:
        yield Entry(what="text", left=f"{len(before)} lines", right=f"{len(after)} lines")
        return
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind != "equal":
            yield Entry(
                what=f"line {start + 1}",
                left=_cut(before[start:end]),
                right=_cut(after[other_start:other_end]),
            )


def _cut(lines: list[str]) -> str | None:
    if not lines:
        return None
    text = "\n".join(lines)
    return text if len(text) <= _MAX_VALUE else text[: _MAX_VALUE - 1] + "…"


def _fingerprint(side: ReadBody) -> str:
    return f"{len(side.data)} bytes, sha256 {hashlib.sha256(side.data).hexdigest()[:16]}"
