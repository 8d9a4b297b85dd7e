"""An exchange whose secrets stand in its headers, as most secrets do: cookies, credentials.

All else of it is looked at in one piece, and its headers alone are redacted, which takes a tenth of a walk.
"""

from inspector.apart import Apart
from inspector.model import Header
from inspector.redaction.body import is_text_under
from inspector.redaction.headers import redact_headers
from inspector.redaction.notes import Notes
from inspector.redaction.plain import PlainLook, is_plain_text, join_texts

# A header may hold what another one hides; secrets found later than that would be copies of copies.
MAX_LOOKS = 3


def redact_in_headers(exchange: Apart, look: PlainLook) -> Apart | None:
    """Give the exchange as a walk would, the very same one where nothing is hidden; None where all of it has
    to be walked.
    """
    asked, answer = exchange["scope"][8], exchange["response_headers"]
    text = join_texts(exchange, is_text_under(asked), is_text_under(answer))
    if text is None or not is_plain_text(text):
        return None
    known: frozenset[str] = frozenset()
    for _ in range(MAX_LOOKS):
        notes = Notes(known)
        if notes.has_known(text):  # it was sent elsewhere, too
            return None
        hidden = _redact(asked, notes, "header", look), _redact(answer, notes, "response.header", look)
        if not notes.places:
            return exchange
        if notes.found == known:
            break
        known = frozenset(notes.found)
    return _with_headers(exchange, *hidden, notes)


def _redact(headers: tuple[Header, ...], notes: Notes, where: str, look: PlainLook) -> tuple[Header, ...]:
    return tuple(
        [
            header if _stays(header, notes, look) else redact_headers((header,), notes, where)[0]
            for header in headers
        ]
    )


def _stays(header: Header, notes: Notes, look: PlainLook) -> bool:
    """Whether a header is plain, and holds no secret that another one has shown."""
    value = header[1]
    return look.is_plain_header(header) and not ("%" in value or "+" in value or notes.has_known(value))


def _with_headers(
    exchange: Apart, asked: tuple[Header, ...], answer: tuple[Header, ...], notes: Notes
) -> Apart:
    scope = exchange["scope"]
    done = exchange.copy()
    done["scope"] = (*scope[:8], asked, *scope[9:])
    done["response_headers"] = answer
    done["redactions"] = tuple([(place.where, place.rule) for place in notes.places])
    return done
