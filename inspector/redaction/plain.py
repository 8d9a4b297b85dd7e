"""Whether there is nothing to redact in an exchange, told without walking through it.

Almost every exchange holds no secret, and the same headers come again and again. So each of those is looked
at once, and all else in one piece. What is not sure is walked: "plain" is only said where the walk would
find nothing.
"""

from inspector.apart import Apart, BodyApart, ParameterApart
from inspector.model import Header
from inspector.redaction.body import find_text, is_text_under
from inspector.redaction.headers import redact_headers
from inspector.redaction.keys import is_sensitive_name
from inspector.redaction.notes import Notes
from inspector.redaction.text import is_telling

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

    def is_plain(self, exchange: Apart) -> bool:
        """Say whether nothing of it would be redacted; sometimes wrongly no."""
        came = exchange.get("request_body")
        if came is None or exchange["failure"] is not None or exchange["problems"]:
            return False
        _, _, _, _, path, _, query, _, headers, _, _, protocols, _, _ = exchange["scope"]
        if exchange["location"] is not None or protocols or "+" in query:
            return False
        answer_headers = exchange["response_headers"]
        is_text, is_answer_text = self._look_at(headers), self._look_at(answer_headers)
        if is_text is None or is_answer_text is None:
            return False
        for step in exchange["steps"]:
            for name, _ in step[6]:
                if is_sensitive_name(name):
                    return False
        asked, answer = _text_of(came, is_text), _text_of(exchange["response_body"], is_answer_text)
        if asked is None or answer is None:
            return False
        texts = [path, query, asked, answer]
        for parameter in exchange["parameters"]:
            if not _add_texts(parameter, texts):
                return False
        together = "\n".join(texts)
        if "%" in together or "\\u" in together or "…" in together:
            # Text that is written otherwise than it reads, percent-encoded or escaped in JSON; and how a
            # value says that it was cut.
            return False
        return not is_telling(together)

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
        notes = Notes()
        redact_headers((header,), notes, "header")
        if notes.places:
            return False
        if len(header[0]) + len(header[1]) <= MAX_HEADER_CHARACTERS:
            if len(self._headers) >= MAX_HEADERS:
                self._headers.clear()
            self._headers.add(header)
        return True


def _add_texts(parameter: ParameterApart, texts: list[str]) -> bool:
    """Add what is to be looked at of it; False when its name may say that it is a secret."""
    name, alias, source, raw, _, _, value, _, _, problem = parameter
    if source == "cookie" or is_sensitive_name(name) or is_sensitive_name(alias) or alias.lower() == "code":
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


def _text_of(body: BodyApart, is_text: bool) -> str | None:
    """Give a body as text that is looked at as text only; None for any other."""
    _, data, is_complete, _, _ = body
    if not data:
        return ""
    return find_text(data) if is_complete and is_text else None
