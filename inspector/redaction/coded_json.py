"""JSON in base64, as states of logins, cookies and gateways carry it: hidden whole when a secret is in it."""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Any

from inspector.redaction.keys import is_sensitive_name
from inspector.redaction.patterns import CODED_JSON, CODED_TWICE, find_shapes

# A token of several parts is a JWT or the like, and is known by its shape.
_BEGINS = "|".join((*CODED_JSON, *CODED_TWICE))
_CODED = re.compile(
    rf"(?<![A-Za-z0-9+/_.=-])((?:{_BEGINS})[A-Za-z0-9+/_-]{{12,}}={{0,2}})(?![A-Za-z0-9+/_=-]|\.[A-Za-z0-9])"
)
_URL_SAFE = str.maketrans("-_", "+/")
_BARE = (None, True, False, "", 0)


def find_coded(text: str) -> Iterator[tuple[int, int]]:
    """Give where such JSON with a secret in it begins and ends."""
    for found in _CODED.finditer(text):
        if _holds_secret(found[1]):
            yield found.span(1)


def _holds_secret(coded: str) -> bool:
    bare = coded.rstrip("=").translate(_URL_SAFE)
    try:
        decoded = base64.b64decode(bare + "=" * (-len(bare) % 4))
        if coded.startswith(CODED_TWICE):
            decoded = base64.b64decode(decoded + b"=" * (-len(decoded) % 4))
        return _is_secret(json.loads(decoded))
    except RecursionError:
        return True
    except (ValueError, binascii.Error):  # no JSON after all
        return False


def _is_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return any(
            (is_sensitive_name(name) and item not in _BARE) or _is_secret(item)
            for name, item in value.items()
        )
    if isinstance(value, list):
        return any(_is_secret(item) for item in value)
    return isinstance(value, str) and next(find_shapes(value), None) is not None
