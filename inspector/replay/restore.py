"""Puts secrets back where the page shows dots, without the page ever seeing them.

The page edits the redacted request. Where it left the marker as it was, the value of the original stands in;
where a marker cannot be traced to its original, the replay is refused: a placeholder is never sent.
"""

import json
from collections.abc import Hashable, Iterable, Sequence
from typing import Any
from urllib.parse import unquote

from inspector.errors import InspectorError
from inspector.model import Header
from inspector.redaction import MARK


class MarkerLeft(InspectorError):
    """A redaction marker stands where no original is known; `where` names the place."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(where)


def has_marker(text: str) -> bool:
    """Whether the text holds the redaction marker, plain, percent-encoded or as UTF-8 read as Latin-1."""
    return MARK in text or MARK in unquote(text) or MARK.encode().decode("latin-1") in text


def restore_headers(
    edited: Sequence[Header], shown: Sequence[Header], held: Sequence[Header]
) -> list[Header]:
    """Return the edited headers with the held values in place of markers.

    `shown` is the redacted list, `held` the original one. Raises MarkerLeft for a marker that was typed in.
    """
    secrets = _Held((_header_key(header), value) for header, (_, value) in zip(shown, held, strict=False))
    return [
        (name, secrets.take(_header_key((name, value)), value, f"header {name!r}")) for name, value in edited
    ]


def restore_query(edited: str, shown: str, held: str) -> str:
    """Return the edited query string with held pairs in place of pairs with a marker. Raises MarkerLeft."""
    if not has_marker(edited):
        return edited
    known = zip(shown.split("&"), held.split("&"), strict=False)
    secrets = _Held((unquote(pair), original) for pair, original in known)
    return "&".join(secrets.take(unquote(pair), pair, _name_pair(pair)) for pair in edited.split("&"))


def restore_body(edited: bytes, shown: bytes, held: bytes) -> bytes:
    """Return the edited body with held values in place of markers, for JSON and forms. Raises MarkerLeft."""
    text = edited.decode("utf-8", "replace")
    if not has_marker(text):
        return edited
    try:
        documents = (json.loads(edited), json.loads(shown), json.loads(held))
        restored = _restore_value(*documents, "$")  # which may go less deep than the parser does
        return json.dumps(restored, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return restore_query(text, shown.decode("utf-8", "replace"), held.decode("utf-8", "replace")).encode()


def _restore_value(edited: Any, shown: Any, held: Any, where: str) -> Any:
    """Walk three documents side by side; a text with a marker is taken back from the same place."""
    match edited:
        case dict():
            return {
                key: _restore_value(value, _item(shown, key), _item(held, key), f"{where}.{key}")
                for key, value in edited.items()
            }
        case list():
            return [
                _restore_value(value, _item(shown, index), _item(held, index), f"{where}[{index}]")
                for index, value in enumerate(edited)
            ]
        case str() if has_marker(edited):
            if edited == shown and held is not None:
                return held
            raise MarkerLeft(f"body {where}")
        case _:
            return edited


def _item(document: Any, key: str | int) -> Any:
    match document, key:
        case dict(), str():
            return document.get(key)
        case list(), int() if key < len(document):
            return document[key]
        case _:
            return None


def _name_pair(pair: str) -> str:
    return f"query parameter {pair.partition('=')[0]!r}"


def _header_key(header: Header) -> Hashable:
    return header[0].lower(), header[1]


class _Held:
    """Originals by what is shown in their place; equal ones are handed out in order."""

    def __init__(self, pairs: Iterable[tuple[Hashable, str]]) -> None:
        self._values: dict[Hashable, list[str]] = {}
        for key, value in pairs:
            self._values.setdefault(key, []).append(value)

    def take(self, key: Hashable, text: str, where: str) -> str:
        """Return `text` when it is no secret, else the next original shown as `key`."""
        if not has_marker(text):
            return text
        values = self._values.get(key)
        if not values:
            raise MarkerLeft(where)
        value = values.pop(0) if len(values) > 1 else values[0]
        if has_marker(value):
            raise MarkerLeft(where)
        return value
