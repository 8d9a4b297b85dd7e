"""One header of text as the pair of bytes that ASGI wants."""

import re
from typing import Final

from miniframework.errors import NoTextError

# RFC 9110 section 5.6.2, tchar.
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
# RFC 9110 section 5.5: a field value has visible characters, space and tab. Servers refuse the others.
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def encode_header(name: str, value: str) -> tuple[bytes, bytes]:
    """Give one header as ASGI wants it, the name in lower case.

    Raises ValueError for a name that is no token, and for a value with a control character (CR, LF or NUL
    would split the response) or one outside Latin-1, TypeError for one that is no text. Source: RFC 9110
    section 5.5.
    """
    encoded_name = NAMES[name]
    try:
        # What is printable holds none, and is soon told.
        if not value.isprintable() and _CONTROL.search(value):
            raise ValueError(
                f"header {name!r}: value {value!r} holds CR, LF or NUL, or another control character, which "
                "no header may have; remove or percent-encode them"
            )
        # The name of an encoding is read anew each time, and what is ASCII is the same in UTF-8.
        return encoded_name, value.encode() if value.isascii() else value.encode("latin-1")
    except AttributeError:
        raise NoTextError(f"header {name!r}: value {value!r} is no text; write it as str") from None
    except UnicodeEncodeError as error:
        error.add_note(f"header {name!r}: {value!r} holds characters outside Latin-1; percent-encode them")
        raise


class _EncodedNames(dict[str, bytes]):
    """A memo of a pure function: an application has few names, and sets them in each of its responses. To ask
    an lru_cache takes four times as long.
    """

    __slots__ = ()

    def __missing__(self, name: str) -> bytes:
        if not name or not _TOKEN.issuperset(name):
            raise ValueError(
                f"header name {name!r} is no token; use letters, digits and '-' (RFC 9110 section 5.1)"
            )
        encoded = name.lower().encode("ascii")
        if len(self) < _MOST_NAMES:
            self[name] = encoded
        return encoded


_MOST_NAMES = 512
NAMES: Final = _EncodedNames()


def encode_first(name: str, value: str) -> tuple[bytes, bytes]:
    """Do as `encode_header`, and keep what is the first of its name in FIRST."""
    pair = encode_header(name, value)
    if name not in FIRST and len(value) <= _LONGEST_FIRST and len(FIRST) < _MOST_NAMES:
        FIRST[name] = value, pair
    return pair


class _FirstPairs(dict[str, tuple[object, tuple[bytes, bytes]]]):
    """The value that was set first, by name, and the pair of it. What an application sets in each response is
    mostly a constant of its code: the very object again, which need not be checked and encoded again.
    """

    __slots__ = ()

    def __missing__(self, name: str) -> tuple[object, tuple[bytes, bytes]]:
        return _NOTHING


_LONGEST_FIRST = 128
UNSET: Final = object()  # no value of a header is this object
_NOTHING = (UNSET, (b"", b""))
FIRST: Final = _FirstPairs()
