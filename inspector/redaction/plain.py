"""Whether there is nothing to redact in an exchange, told without walking through it.

Almost every exchange holds no secret, and the same headers come again and again. So each of those is looked
at once, and all else in one piece, which may be that of many exchanges. What is not sure is walked: "plain"
is only said where the walk would find nothing.
"""

from collections.abc import Iterable
from functools import lru_cache

from inspector.apart import Apart, BodyApart, ParameterApart, StepApart
from inspector.model import Header
from inspector.redaction.body import find_text, is_text_under
from inspector.redaction.headers import redact_headers
from inspector.redaction.keys import is_sensitive_name
from inspector.redaction.notes import Notes
from inspector.redaction.telling import is_telling

# As servers give them: pairs of bytes.
RawHeaders = tuple[tuple[bytes, bytes], ...]
# Headers that were found plain; a browser sends some twenty, and few are longer.
MAX_HEADERS = 2048
MAX_HEADER_CHARACTERS = 500
# Whole lists of such headers: those of one client are the same for each of its requests, or almost.
MAX_LISTS = 256
MAX_LIST_HEADERS = 64


class PlainLook:
    """Looks at exchanges; remembers headers and lists of them, of those only which hold no secret."""

    def __init__(self) -> None:
        self._headers: set[Header] = set()
        self._lists: dict[tuple[Header, ...], bool] = {}  # whether a body with them is text
        self._raw_lists: dict[RawHeaders, bool] = {}

    def is_plain(self, exchange: Apart) -> bool:
        """Say whether nothing of it would be redacted; sometimes wrongly no."""
        is_text = self._look_at(exchange["scope"][8])
        is_answer_text = None if is_text is None else self._look_at(exchange["response_headers"])
        if is_text is None or is_answer_text is None:
            return False
        text = join_texts(exchange, is_text, is_answer_text)
        return text is not None and is_plain_text(text)

    def is_plain_header(self, header: Header) -> bool:
        """Say whether nothing of a header would be redacted; sometimes wrongly no."""
        return header in self._headers or self._is_plain_header(header)

    def look_at_raw(self, headers: RawHeaders) -> bool | None:
        """Look at headers as a server gives them; say whether a body with them is text, None where they may
        hold a secret.

        Raises AttributeError, TypeError or ValueError for what are no pairs of bytes.
        """
        is_text = self._raw_lists.get(headers)
        if is_text is None:
            texts = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers])
            is_text = self._look_at(texts)
            if is_text is not None and texts in self._lists:
                if len(self._raw_lists) >= MAX_LISTS:
                    self._raw_lists.clear()
                self._raw_lists[headers] = is_text
        return is_text

    def _look_at(self, headers: tuple[Header, ...]) -> bool | None:
        """Say whether a body with these headers is text; None when they may hold a secret."""
        is_text = self._lists.get(headers)
        if is_text is not None:
            return is_text
        known = self._headers
        if not all(header in known or self._is_plain_header(header) for header in headers):
            return None
        is_text = is_text_under(headers)
        if len(headers) <= MAX_LIST_HEADERS and known.issuperset(headers):  # a long one is not remembered
            if len(self._lists) >= MAX_LISTS:
                self._lists.clear()
            self._lists[headers] = is_text
        return is_text

    def _is_plain_header(self, header: Header) -> bool:
        if is_sensitive_name(header[0]):  # a cookie's, above all, which are many
            return False
        notes = Notes()
        redact_headers((header,), notes, "header")
        if notes.places:
            return False
        if len(header[0]) + len(header[1]) <= MAX_HEADER_CHARACTERS:
            if len(self._headers) >= MAX_HEADERS:
                self._headers.clear()
            self._headers.add(header)
        return True


def join_texts(exchange: Apart, is_text: bool, is_answer_text: bool) -> str | None:
    """Give all of an exchange but its headers as one text; None where that cannot be looked at as such.

    `is_text` and `is_answer_text` say whether its bodies are text.
    """
    came = exchange.get("request_body")
    if came is None or exchange["failure"] is not None or exchange["problems"]:
        return None
    _, _, _, _, path, _, query, _, _, _, _, protocols, _, _ = exchange["scope"]
    if exchange["location"] is not None or protocols or "+" in query:
        return None
    asked, answer = find_plain(came, is_text), find_plain(exchange["response_body"], is_answer_text)
    if asked is None or answer is None:
        return None
    texts = [path, query, asked, answer]
    if names_no_secret(exchange["steps"]) and add_parameters(exchange["parameters"], texts):
        return "\n".join(texts)
    return None


def is_plain_text(text: str) -> bool:
    """Say whether a text holds no secret; a whole that is plain has plain parts only.

    Text that is written otherwise than it reads is not plain: percent-encoded, or escaped in JSON; nor is
    what may be a value that was cut.
    """
    return not ("%" in text or "\\u" in text or "…" in text or is_telling(text))


def names_no_secret(steps: Iterable[StepApart]) -> bool:
    """Say whether no parameter of a path is named as a secret is."""
    for step in steps:
        for name, _ in step[6]:
            if is_sensitive_name(name):
                return False
    return True


def add_parameters(parameters: Iterable[ParameterApart], texts: list[str]) -> bool:
    """Add what is to be looked at of them; False when a name may say that one is a secret."""
    for name, alias, source, raw, _, _, value, _, _, problem, _ in parameters:
        if is_named_as_secret(name, alias, source):
            return False
        if raw.__class__ is list:
            texts += raw
        elif raw:
            texts.append(raw)  # type: ignore[arg-type]  # it is no list, as said above
        if value:
            texts.append(value)
        if problem:
            texts.append(problem)
    return True


@lru_cache(maxsize=4096)  # as many as an application has parameters, and few have that many
def is_named_as_secret(name: str, alias: str, source: str) -> bool:
    """Say whether what a parameter is called, or where it came from, may say that it is a secret."""
    is_secret = source == "cookie" or is_sensitive_name(name) or is_sensitive_name(alias)
    return is_secret or alias.lower() == "code"


def find_plain(body: BodyApart, is_text: bool) -> str | None:
    """Give a body as text that is looked at as text only; None for any other."""
    _, data, is_complete, _, _ = body
    if not data:
        return ""
    return find_text(data) if is_complete and is_text else None
