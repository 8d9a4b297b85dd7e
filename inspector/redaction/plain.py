"""Whether there is nothing to redact in an exchange, told without walking through it.

Almost every exchange holds no secret, and the same headers come again and again. So each of those is looked
at once, and all else in one piece. What is not sure is walked: "plain" is only said where the walk would
find nothing.
"""

from inspector.apart import Apart, BodyApart, ParameterApart
from inspector.model import Header
from inspector.redaction.body import find_text
from inspector.redaction.headers import redact_headers
from inspector.redaction.keys import is_sensitive_name
from inspector.redaction.notes import Notes
from inspector.redaction.text import is_telling

# Headers that were found plain; a browser sends some twenty, and few are longer.
MAX_HEADERS = 2048
MAX_HEADER_CHARACTERS = 500


class PlainLook:
    """Looks at exchanges; remembers headers, of those only which hold no secret."""

    def __init__(self) -> None:
        self._headers: set[Header] = set()

    def is_plain(self, exchange: Apart) -> bool:
        """Say whether nothing of it would be redacted; sometimes wrongly no."""
        came = exchange.get("request_body")
        if came is None or exchange["failure"] is not None or exchange["problems"]:
            return False
        _, _, _, _, path, _, query, _, headers, _, _, protocols, _, _ = exchange["scope"]
        if exchange["location"] is not None or protocols or "+" in query:
            return False
        answer_headers = exchange["response_headers"]
        if not (self._are_plain(headers) and self._are_plain(answer_headers)):
            return False
        for step in exchange["steps"]:
            for name, _ in step[6]:
                if is_sensitive_name(name):
                    return False
        asked, answer = _text_of(came, headers), _text_of(exchange["response_body"], answer_headers)
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

    def _are_plain(self, headers: tuple[Header, ...]) -> bool:
        known = self._headers
        return known.issuperset(headers) or all(
            header in known or self._is_plain_header(header) for header in headers
        )

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


def _text_of(body: BodyApart, headers: tuple[Header, ...]) -> str | None:
    """Give a body as text that is looked at as text only; None for any other."""
    _, data, is_complete, _, _ = body
    if not data:
        return ""
    return find_text(data, headers) if is_complete else None
