"""What one redaction has found: the places, and the secrets, so that copies of them are found too."""

import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

from inspector.model import Redaction

MARK = "•••"
# Shorter secrets occur by chance in other places; hiding every "admin" would hide the traffic.
MIN_SWEEP_CHARACTERS = 8
# A value hidden for its place alone (any cookie's) must look made by a machine to be hidden elsewhere, too.
MIN_ANONYMOUS_SWEEP_CHARACTERS = 16
MAX_SWEEP_CHARACTERS = 4096
MAX_SECRETS = 200
MAX_PLACES = 200
_NAME_CHARACTERS = 120
# What JSON, a path and a form leave as it is. Source: RFC 3986 section 2.3, the unreserved characters.
_WRITTEN_ALIKE = re.compile(r"[A-Za-z0-9_.~-]*")


class Notes:
    """Collects while an exchange is walked; `known` are secrets an earlier walk has found.

    `variants` are those as they may be written, `lines` the same on one line each, `places` what was found
    first, in order. `rest` is called again and again between pieces of work, so that a large exchange is no
    reason to keep others waiting.
    """

    def __init__(self, known: frozenset[str] = frozenset(), rest: Callable[[], object] = bool) -> None:
        self.rest = rest
        self.found: set[str] = set(known)
        self.places: list[Redaction] = []
        self._noted: set[tuple[str, str]] = set()
        self.variants = _all_variants(known)
        self.lines = tuple([variant.replace("\n", "\r") for variant in self.variants])

    def hide(self, where: str, rule: str, secret: str, *, named: bool = True) -> str:
        """Note a secret and its place, and give what is written instead.

        `named` when a name said that it is one; then shorter ones are hidden elsewhere as well.
        """
        least = MIN_SWEEP_CHARACTERS if named else MIN_ANONYMOUS_SWEEP_CHARACTERS
        is_new = secret not in self.found and MARK not in secret
        if is_new and least <= len(secret) <= MAX_SWEEP_CHARACTERS and len(self.found) < MAX_SECRETS:
            self.found.add(secret)
        self.note(where, rule)
        return MARK

    def note(self, where: str, rule: str) -> None:
        """Note a place only."""
        place = where[:_NAME_CHARACTERS], rule[:_NAME_CHARACTERS]
        if len(self.places) < MAX_PLACES and place not in self._noted:
            self._noted.add(place)
            self.places.append(Redaction(where=place[0], rule=place[1]))

    @property
    def is_full(self) -> bool:
        """Whether no further place is noted, and so none has to be told."""
        return len(self.places) >= MAX_PLACES

    def count(self) -> tuple[int, int]:
        """Give how many places and secrets there are; the same ones as long as these numbers are the same."""
        return len(self.places), len(self.found)

    def has_known(self, text: str) -> bool:
        """Say whether a known secret, however written, is in the text."""
        return any(variant in text for variant in self.variants)

    def sweep(self, text: str, where: str) -> str:
        """Hide every known secret in the text."""
        for variant in self.variants:
            if variant in text:
                text = text.replace(variant, MARK)
                self.note(where, "known value")
        return text


def _all_variants(secrets: frozenset[str]) -> tuple[str, ...]:
    """Each secret as it is written in text, JSON, a path and a form; the longest first."""
    variants: set[str] = set()
    for secret in secrets:
        if _WRITTEN_ALIKE.fullmatch(secret):
            variants.add(secret)
            continue
        variants |= {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
        encodable = _encode(secret)
        variants |= {quote(encodable, safe=""), quote_plus(encodable), quote(encodable)}
    return tuple(sorted(variants, key=len, reverse=True))


def _encode(secret: str) -> bytes:
    """As bytes: those that were no UTF-8 as they came, half a pair of surrogates from JSON as it can be."""
    try:
        return secret.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return secret.encode("utf-8", "surrogatepass")
