"""Whether there is nothing to redact in an exchange, told without walking through it.

Almost every exchange holds no secret, and the same headers come again and again. So each of those is looked
at once, and all else in one piece. What is not sure is walked: "plain" is only said where the walk would
find nothing.
"""

from collections.abc import Iterator

from inspector.model import Body, Exchange, Header, HttpExchange, Parameter
from inspector.redaction.body import needs_only_text
from inspector.redaction.headers import redact_headers
from inspector.redaction.keys import is_sensitive_name
from inspector.redaction.notes import Notes
from inspector.redaction.text import is_telling

# Headers that were found plain; a browser sends some twenty, and few are longer.
MAX_HEADERS = 2048
MAX_HEADER_CHARACTERS = 500
# How text may be written otherwise than it reads: percent-encoded, escaped in JSON. And how a value says that
# it was cut.
_MARKS = ("%", "\\u", "…")


class PlainLook:
    """Looks at exchanges; remembers headers, of those only which hold no secret."""

    def __init__(self) -> None:
        self._headers: dict[Header, None] = {}

    def is_plain(self, exchange: Exchange) -> bool:
        """Say whether nothing of it would be redacted; sometimes wrongly no."""
        if not isinstance(exchange, HttpExchange) or exchange.failure is not None or exchange.problems:
            return False
        scope = exchange.scope
        if exchange.location is not None or scope.subprotocols or "+" in scope.query_string:
            return False
        if not self._are_plain(scope.headers) or not self._are_plain(exchange.response_headers):
            return False
        if any(is_sensitive_name(name) for step in exchange.steps for name, _ in step.raw_params):
            return False
        if any(map(_is_named, exchange.parameters)):
            return False
        bodies = (exchange.request_body, scope.headers), (exchange.response_body, exchange.response_headers)
        texts = [scope.path, scope.query_string]
        for body, headers in bodies:
            text = _text_of(body, headers)
            if text is None:
                return False
            texts.append(text)
        for parameter in exchange.parameters:
            texts += _texts_of(parameter)
        together = "\n".join(texts)
        if any(mark in together for mark in _MARKS):
            return False
        return not is_telling(together)

    def _are_plain(self, headers: tuple[Header, ...]) -> bool:
        known = self._headers
        return all(header in known or self._is_plain_header(header) for header in headers)

    def _is_plain_header(self, header: Header) -> bool:
        notes = Notes()
        redact_headers((header,), notes, "header")
        if notes.places:
            return False
        if len(header[0]) + len(header[1]) <= MAX_HEADER_CHARACTERS:
            if len(self._headers) >= MAX_HEADERS:
                self._headers.clear()
            self._headers[header] = None
        return True


def _is_named(parameter: Parameter) -> bool:
    """Whether its name may say that it is a secret."""
    name, alias = parameter.name, parameter.alias
    return (
        parameter.source == "cookie"
        or is_sensitive_name(name)
        or is_sensitive_name(alias)
        or alias.lower() == "code"
    )


def _texts_of(parameter: Parameter) -> Iterator[str]:
    raw = parameter.raw
    if raw is not None:
        yield from (raw,) if isinstance(raw, str) else raw
    yield parameter.value or ""
    yield parameter.problem or ""


def _text_of(body: Body, headers: tuple[Header, ...]) -> str | None:
    """Give a body as text that is looked at as text only; None for any other."""
    if not body.data:
        return ""
    if not body.complete or not needs_only_text(body.data, headers):
        return None
    return body.data.decode("ascii")
