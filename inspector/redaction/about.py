"""Names that say something about a secret, and hold none: how many there are, of which kind, until when."""

import re
from collections.abc import Sequence

# The last word of such a name. An address is none of these: `password_reset_url` has the token in it.
_ENDS = frozenset({
    "count", "counts", "total", "length", "len", "size", "limit", "limits", "quota", "max", "maximum",
    "min", "minimum", "rate", "ratio", "usage", "budget", "interval",
    "duration", "lifetime", "timeout", "ttl", "age", "seconds", "minutes", "hours", "days", "ms",
    "enabled", "disabled", "required", "optional", "allowed", "supported", "valid", "invalid",
    "verified", "expired", "revoked", "present", "set", "changed", "missing", "needed", "at", "by",
    "type", "types", "kind", "method", "methods", "algorithm", "algorithms", "alg", "version",
    "format", "name", "names", "label", "title", "description", "placeholder", "icon", "class",
    "color", "field", "fields", "issuer", "audience", "scope", "scopes", "provider", "realm", "policy",
    "policies", "strength", "score", "requirements", "attempts", "retries", "failures", "status",
    "error", "errors", "endpoint", "file", "dir", "domain", "ref", "refs",
    "driver", "backend", "engine", "adapter", "consent", "banner", "notice",
})  # fmt: skip
# The first word of one. `enable_secret` is a password of network devices.
_BEGINNINGS = frozenset({
    "has", "is", "needs", "requires", "require", "show", "allow", "max", "min", "num", "number", "total",
})  # fmt: skip
# The last word of one whose other words are of many: `tokens_used`, but not `password_used`.
_SHARES = frozenset({"used", "remaining", "left"})
# Any word of one.
_ANYWHERE = frozenset({"expires", "expiry", "expiration", "ratelimit", "per"})
# The tokens of a language model are words, not keys: `prompt_tokens`, `cache_read_input_tokens`.
_COUNTED = frozenset({
    "prompt", "completion", "input", "output", "cached", "reasoning", "remaining", "used", "thinking",
    "audio", "text", "image", "limit",
})  # fmt: skip
PLURALS = frozenset({
    "tokens", "sessions", "secrets", "passwords", "cookies", "credentials", "signatures", "assertions",
})  # fmt: skip
# Where to read on in a long list: `nextPageToken`, `continuation_token`.
_PAGES = frozenset({"page", "pagination", "paging", "continuation", "next", "sync"})
# Words that hold a telling one and are others.
_OTHER_WORDS = re.compile(
    r"secretar|tokeni[sz](?:e|a|i)|(?:ob|pos)session|passwordless|(?:un)?authenticated|unauthori[sz]ed|authenticator"
)


def without_other_words(folded: str) -> str:
    """Give a name in lower case without the words that only look like telling ones: `secretary`."""
    return _OTHER_WORDS.sub("-", folded)


def is_about(words: Sequence[str]) -> bool:
    """Say whether a name of these words, in lower case, tells of a secret that stands elsewhere."""
    if len(words) < 2:
        return False
    if words[-1] in _ENDS or words[0] in _BEGINNINGS or not _ANYWHERE.isdisjoint(words):
        return True
    if words[-1] in _SHARES:
        return not PLURALS.isdisjoint(words)
    if words[-1] == "tokens":
        return not _COUNTED.isdisjoint(words)
    return words[-1] == "token" and words[-2] in _PAGES
