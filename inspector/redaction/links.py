"""Links that let in whoever has them: to set a password anew, to accept an invitation, signed for a while."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

_ID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
# What looks made, and is no words with dashes between them: letters and digits, some of them capitals or
# sixteen in a row.
MADE = (
    rf"(?:{_ID}|(?=[^0-9\s]{{0,200}}[0-9])(?=[0-9_~=-]{{0,200}}[A-Za-z])"
    r"(?=[a-z0-9_~=-]{0,200}(?:[A-Z]|(?<![A-Za-z0-9])[a-z0-9]{16}))[A-Za-z0-9_~=-]{16,500})"
)
_MADE = re.compile(MADE)
# How the part of such a path begins before the secret, and what it is as a whole.
_BEGINS = (
    *("reset", "verif", "confirm", "invit", "activat", "unsubscribe", "recover", "magic", "signin"),
    *("password", "email-verif"),
)
_WHOLE = ("token", "session", "callback", "share", "webhook")
# What is in any text that has such a link; looked for apart, for what begins with one letter is found fast.
LINK_MARK = re.compile(f"/(?:{'|'.join((*_BEGINS, *(f'{word}[/?]' for word in _WHOLE), 's--'))})")
_PART = rf"/(?i:(?:{'|'.join(_BEGINS)})[\w-]{{0,40}}|{'|'.join(_WHOLE)})"
_PATH = re.compile(rf"{_PART}/(?:[A-Za-z0-9=]{{1,12}}/)?({MADE})(?![\w~-]|\.\w)")
_LETS_IN = re.compile(rf"{_PART}/?\?|[?&](?:amp;)?(?:[Ee]xpires=[0-9]|Key-Pair-Id=)")
_FIELD = re.compile(r"[?&](?:amp;)?[^=&\s\"'<>]{1,60}=([^&\s\"'<>#\\]{16,1000})")
_QUERY = re.compile(r"\?[^\s\"'<>#]{3,4000}")


def find_links(text: str) -> Iterator[tuple[int, int]]:
    """Give where the secrets of such links begin and end."""
    for found in _PATH.finditer(text):
        yield found.span(1)
    for query in _QUERY.finditer(text):
        if lets_in(text[max(query.start() - 60, 0) : query.end()]):
            for field in _FIELD.finditer(text, *query.span()):
                if is_made(unquote(field[1])):
                    yield field.span(1)


def lets_in(url: str) -> bool:
    """Say whether who has this URL is let in by what looks made in its query."""
    return _LETS_IN.search(url) is not None


def is_made(value: str) -> bool:
    """Say whether a value looks made by a machine."""
    return _MADE.fullmatch(value) is not None
