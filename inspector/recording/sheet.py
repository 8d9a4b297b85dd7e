"""What is gathered while a story is folded, above all what has to be looked through."""

from collections.abc import Iterable, Sequence
from typing import Any

from inspector.apart import ParameterApart, StepApart
from inspector.folded import Folded
from inspector.redaction.body import find_text
from inspector.redaction.plain import PlainLook, add_parameters, is_plain_text, names_no_secret
from miniframework.routing.table import RouteTable

# To look through a large body takes long; those are looked through one after the other.
MAX_BODY_BYTES = 8 * 1024


class UnusualError(Exception):
    """A story that is not folded."""


class Sheet:
    """What is gathered while a story is folded: the texts that are looked through, the tables it names, and
    what it cost to record. `folded` is there once it is whole, and is for the journal where `is_plain`.
    """

    __slots__ = (
        "_answer", "_answer_is_text", "_asked", "_asked_is_text", "_look", "folded", "is_answered",
        "is_plain", "limit", "spent_ns", "tables", "texts",
    )  # fmt: skip

    folded: Folded

    def __init__(self, look: PlainLook | None, limit: int) -> None:
        self._look = look
        self._asked_is_text = self._answer_is_text = False
        self._asked: list[bytes] = []
        self._answer: list[bytes] = []
        self.limit = limit
        self.is_answered = self.is_plain = False
        self.spent_ns = 0
        self.tables: list[RouteTable] = []
        self.texts: list[str] = []

    @property
    def size(self) -> int:
        """How many characters are to be looked through."""
        return sum(map(len, self.texts))

    def see_request(self, path: object, query: bytes, headers: Iterable[Any]) -> None:
        """See what is asked for."""
        text = query.decode("latin-1")
        if "+" in text or path.__class__ is not str:
            raise UnusualError
        self._asked_is_text = self._see_headers(headers)
        self.texts += (path, text)

    def see_request_body(self, data: bytes) -> None:
        """See what the application received, or a piece of it."""
        self._asked.append(data)

    def see_answer(self, headers: Iterable[Any]) -> None:
        """See how it is answered."""
        self._answer_is_text = self._see_headers(headers)

    def see_answer_body(self, data: bytes, *, more: bool = False) -> None:
        """See what it is answered with, or a piece of it; the answer is whole when there is no more."""
        self._answer.append(data)
        self.is_answered = not more

    def see_bodies(self) -> None:
        """See both bodies, now that all of them is there."""
        if self._look is not None:
            self._see_body(self._asked, self._asked_is_text)
            self._see_body(self._answer, self._answer_is_text)

    def see_parameters(self, parameters: Iterable[ParameterApart]) -> None:
        """See what the endpoint was given."""
        if not add_parameters(parameters, self.texts):
            raise UnusualError

    def see_table(self, table: RouteTable, steps: Sequence[StepApart]) -> None:
        """See a table, and the way through it."""
        if not names_no_secret(steps):
            raise UnusualError
        self.tables.append(table)

    def _see_headers(self, headers: Iterable[Any]) -> bool:
        if self._look is None:
            return True
        try:
            is_text = self._look.look_at_raw(headers if headers.__class__ is tuple else tuple(headers))
        except TypeError:  # lists of two
            is_text = self._look.look_at_raw(tuple([(name, value) for name, value in headers]))
        if is_text is None:
            raise UnusualError
        return is_text

    def _see_body(self, pieces: list[bytes], is_text: bool) -> None:
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if not data:
            return
        text = find_text(data) if is_text and len(data) <= MAX_BODY_BYTES else None
        if text is None:
            raise UnusualError
        self.texts.append(text)


def find_plain(sheets: Sequence[Sheet]) -> None:
    """Look through all of them at once, and say of each whether it is plain."""
    if is_plain_text("\n".join([text for sheet in sheets for text in sheet.texts])):
        for sheet in sheets:
            sheet.is_plain = True
    else:
        for sheet in sheets:
            sheet.is_plain = is_plain_text("\n".join(sheet.texts))
