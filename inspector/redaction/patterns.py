"""Secrets that give themselves away by their shape, wherever they stand."""

import re
from collections.abc import Iterable, Iterator

from inspector.redaction.numbers import find_numbers
from inspector.redaction.words import compile_words

# Not in the middle of a word, which would make searching quadratic; but after a percent-encoded character.
_BEGINS = r"(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f][0-9A-Fa-f]))"
_KEY_PREFIXES = (
    "sk_", "sk-", "pk_", "rk_", "whsec_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-",
    "xox", "AKIA", "ASIA", "AIza", "ya29.", "SG.", "npm_", "hf_", "shpat_", "dop_v1_", "pypi-",
)  # fmt: skip
# More of the vendors' own prefixes: those before letters and digits, and those before a dash, too, or a dot.
# From the bar on, all such keys are looked for at once: each first letter more makes every text slower.
_WORD_KEYS = (
    "gsk_", "r8_", "xai-", "pplx-", "doo_v1_", "dor_v1_", "shpca_", "shppa_", "shpss_", "sbp_", "ntn_",
    "nfp_", "li|n_api_", "li|n_oauth_", "rubygems_", "rnd_", "ABSK", "dapi", "AGE-SECRET-KEY-1",
)  # fmt: skip
_DASHED_KEYS = (
    "GOC|SPX-", "xapp-", "glrt-", "gldt-", "glptt-", "glcbt-", "glagent-", "glsoat-", "glimt-", "glft-",
    "gloas-", "hvs.", "hvb.", "hvr.", "dp.pt.", "dp.st.", "dp.sa.", "dp.ct.", "sb_secret_", "pscale_tkn_",
    "pscale_pw_", "pscale_oauth_", "fi|gd_", "ATATT3", "ATCTT3", "ATBB", "xkeysib-", "PM|AK-", "NR|AK-",
    "glc_", "glsa_", "sntrys_", "sntryu_", "sq0atp-", "sq0csp-", "dckr_pat_", "dckr_oat_", "t|skey-",
    "l|sv2_", "pcsk_", "t|vly-", "dt0c01.", "AQ.Ab",
)  # fmt: skip
_KEY_HINTS = tuple(key.rpartition("|")[2] for key in (*_WORD_KEYS, *_DASHED_KEYS))
# Those that begin anyhow: of Azure and of Terraform; the bots of Telegram; addresses that let in who knows
# them.
_ODD_KEYS = ("Q~", "sv1.", "AAE", "AAF", "AAG", "AAH")
_HOOKS = (
    "hooks.slack.com/", "pi/webhooks/", "webhookb2/", "hooks.zapier.com/", "with/key/", "loud.com/p/",
)  # fmt: skip
# The account numbers of the Netherlands are the only ones without 13 digits in a row.
_ACCOUNTS = tuple(f"NL{digit}" for digit in range(10))
# Tokens that need no `eyJ`: PASETO of each version; a macaroon begins with its length and `location`.
_TOKENS = tuple(f"v{version}.{kind}." for version in "1234" for kind in ("local", "public"))
_MACAROON = "Y2F0aW9u"
# Hashes of passwords, as crypt(3), Django and Werkzeug write them.
_HASHES = (
    "$2a$", "$2b$", "$2x$", "$2y$", "$1$", "$5$", "$6$", "$7$", "$y$", "$apr1$", "$argon2", "$scrypt$",
    "$pbkdf2", "pbkdf2_sha", "pbkdf2:sha", "scrypt:",
)  # fmt: skip
# How JSON begins in base64: `{"`, `{ `, a brace and a line, `[{`, `["`.
CODED_JSON = ("eyJ", "eyA", "ewo", "ewk", "W3s", "WyJ")


def _any_of(keys: Iterable[str]) -> str:
    return compile_words(key.replace("|", "") for key in keys).pattern


# How each shape begins that neither a word nor an address tells. Two letters of many words are looked at with
# what follows them.
_KEY_FILES = ("-----BEGIN", "---- BEGIN", "PuTTY-User-Key")
MARKS = compile_words(
    (
        *(*CODED_JSON, *_KEY_FILES, *_KEY_PREFIXES, *_KEY_HINTS, *_ODD_KEYS, *_HOOKS),
        *(*_TOKENS, _MACAROON, *_HASHES, *_ACCOUNTS),
    )
)
# Sources: RFC 6750 and RFC 7617 (credentials), RFC 7519 (JWT), RFC 7468 (PEM), the vendors' own prefixes.
# Each with what is in any text that has it, in lower case; `s` and `i` have letters that are the same to
# `re.IGNORECASE`.
_SHAPES: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "bearer",
        ("bearer",),
        re.compile(
            r"(?i:\bbearer\s{1,4})(?!(?i:token|tokens|auth\w*|scheme|realm)\b)([A-Za-z0-9._~+/=-]{8,})"
        ),
    ),
    (
        "basic",
        ("basic", "\u017f", "\u0131", "i\u0307"),
        re.compile(
            r"(?i:\bbasic\s{1,4})(?=[A-Za-z0-9+/]*(?:[0-9=]|[a-z][A-Z]))([A-Za-z0-9+/]{6,}={0,2})(?![A-Za-z0-9+/=])"
        ),
    ),
    ("jwt", ("eyj",), re.compile(_BEGINS + r"(eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){1,4})")),
    (
        "pem",
        ("-----begin ", "---- begin ", "putty-user-key"),
        re.compile(
            r"(-----BEGIN [A-Z0-9 ]{2,40}-----.*?(?:-----END [A-Z0-9 ]{2,40}-----|\Z)"
            r"|---- BEGIN [A-Z0-9 ]{2,40} ----.*?(?:---- END [A-Z0-9 ]{2,40} ----|\Z)"
            r"|PuTTY-User-Key-File-[0-9].*?(?:Private-MAC: \S+|\Z))",
            re.DOTALL,
        ),
    ),
    (
        "key prefix",
        tuple(prefix.lower() for prefix in _KEY_PREFIXES),
        re.compile(
            r"(?<![A-Za-z0-9])("
            r"(?:sk|pk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{12,}|sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{16,}"
            r"|github_pat_[A-Za-z0-9_]{16,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeoprs]-[A-Za-z0-9-]{10,}"
            r"|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{30,}|ya29\.[A-Za-z0-9_-]{16,}"
            r"|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|(?:npm|hf|shpat|dop_v1)_[A-Za-z0-9]{16,}"
            r"|pypi-[A-Za-z0-9_-]{16,})"
        ),
    ),
    (
        "vendor key",
        tuple(hint.lower() for hint in _KEY_HINTS),
        re.compile(
            rf"(?<![A-Za-z0-9])({_any_of(_WORD_KEYS)}[A-Za-z0-9+/]{{20,}}={{0,2}}"
            rf"|{_any_of(_DASHED_KEYS)}[A-Za-z0-9_.-]{{16,}}={{0,2}})"
        ),
    ),
    (
        "odd key",
        tuple(key.lower() for key in _ODD_KEYS),
        re.compile(
            r"(?<![A-Za-z0-9])([A-Za-z0-9_.~-]{3}[0-9]Q~[A-Za-z0-9_.~-]{31,34}"
            r"|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{40,}|(?:bot)?[0-9]{8,12}:AA[EFGH][A-Za-z0-9_-]{32})"
        ),
    ),
    (
        "hook",
        _HOOKS,
        re.compile(
            r"(?:hooks\.slack\.com/(?:services|workflows|triggers)/|/api/webhooks/[0-9]{1,30}/"
            r"|\.office\.com/webhookb2/|hooks\.zapier\.com/hooks/catch/|/with/key/|\.oraclecloud\.com/p/)"
            r"([A-Za-z0-9_/@-]{16,})"
        ),
    ),
    (
        "token",
        (*_TOKENS, _MACAROON.lower()),
        re.compile(
            rf"{_BEGINS}(v[1-4]\.(?:local|public)\.[A-Za-z0-9_-]{{20,}}(?:\.[A-Za-z0-9_-]+)?"
            rf"|MDA[A-Za-z0-9]{{3}}xv{_MACAROON}[A-Za-z0-9+/_-]{{16,}}={{0,2}})"
        ),
    ),
    (
        "password hash",
        _HASHES,
        re.compile(
            r"(?<![A-Za-z0-9])(\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{16,}"
            r"|\$(?:[1567y]|apr1|argon2(?:id|i|d)|scrypt|pbkdf2[a-z0-9-]{0,8})\$[^\s\"'&<>:]{16,}"
            r"|pbkdf2[_:]sha[0-9]{1,3}[$:][0-9]{1,9}\$[^\s\"'&<>]{16,}"
            r"|scrypt:[0-9:]{1,30}\$[^\s\"'&<>]{16,})"
        ),
    ),
    (
        "one-time link",
        ("password", "magic"),
        re.compile(
            r"(?i:/[\w-]{0,40}(?:password|magic[_-]?link)[\w-]{0,40}/)"
            r"(?=[^/?#\s]{0,200}[0-9])([A-Za-z0-9_~=-]{20,})(?![A-Za-z0-9_~.-])"
        ),
    ),
    (
        "sql",
        ("password", "identified by", "\u017f", "\u0131", "i\u0307"),
        re.compile(r"(?i:\b(?:password|identified by)\s{1,4})'([^']{1,500})'"),
    ),
    (
        "netrc",
        ("password",),
        re.compile(r"\blogin\s{1,8}\S{1,200}\s{1,8}password\s{1,8}(\S{1,500})"),
    ),
    (
        "told",
        (" is", "\u017f", "\u0131", "i\u0307"),
        re.compile(
            r"(?i:\b(?:password|passcode|pin|otp|(?:verification|security|log-?in|access|one-time|confirmation"
            r"|authentication|recovery|reset|activation) code) is:? {1,3})"
            r"(?=\S{0,60}[0-9])([^\s\"'),;<>]{4,200})"
        ),
    ),
    ("userinfo", ("://",), re.compile(r"(?<=://)([^/?#\s\"'<>]{1,500})(?=@)")),
)
_ANY_SHAPE = compile_words({part for _, parts, _ in _SHAPES for part in parts})
# What a cut may have left of a secret whose shape needs its end to be seen.
_CUT = (
    ("jwt", re.compile(_BEGINS + r"(eyJ[A-Za-z0-9_-]*)\Z")),
    ("userinfo", re.compile(r"(?<=://)([^/?#\s\"'<>:@]{1,200}:[^/?#\s\"'<>@]{1,500})\Z")),
    ("digits", re.compile(r"(?<![0-9A-Za-z.])([2-6](?:[ -]?[0-9]){3,18})\Z")),
    ("key prefix", re.compile(r"(?<![A-Za-z0-9])((?:sk|pk|rk|gh[pousr]|xox|AKIA|AIza)[A-Za-z0-9_-]{3,})\Z")),
    (
        "vendor key",
        re.compile(rf"(?<![A-Za-z0-9])({_any_of((*_WORD_KEYS, *_DASHED_KEYS))}[A-Za-z0-9_.+/-]*)\Z"),
    ),
    ("hook", re.compile(r"(?:hooks\.slack\.com/[a-z]{1,10}/|/api/webhooks/[0-9]{1,30}/)([A-Za-z0-9_/-]*)\Z")),
    ("pem", re.compile(r"(-----BEGIN[^\n]{0,60})\Z")),
)  # fmt: skip
_CUT_CHARACTERS = 800
_LONG_NUMBER = re.compile(r"(?:[0-9][ +-]?){13}")
# Such a number, once each digit is a nought and what may stand between them is gone: looked for in no time.
NOUGHTS = "0" * 13


def has_shape(text: str, folded: str, squeezed: str) -> bool:
    """Say, fast and sometimes wrongly yes, whether any shape may be in it.

    `folded` is its lower case; `squeezed` that without separators, each digit a nought.
    """
    if "bearer" in folded or "basic" in folded or ("://" in text and "@" in text):
        return True
    if MARKS.search(text) is not None:
        return True
    return NOUGHTS in squeezed and _LONG_NUMBER.search(text) is not None


def find_shapes(text: str, *, is_cut: bool = False) -> Iterator[tuple[int, int, str]]:
    """Give (start, end, rule) of each secret; spans may overlap. `is_cut`: the text was cut at its end."""
    folded = text.lower()
    for rule, parts, pattern in _SHAPES if _ANY_SHAPE.search(folded) else ():
        if any(part in folded for part in parts):
            for found in pattern.finditer(text):
                yield *found.span(1), rule
    if _LONG_NUMBER.search(text) is not None or "NL" in text:
        yield from find_numbers(text)
    if is_cut:
        begin = max(len(text) - _CUT_CHARACTERS, 0)
        for rule, pattern in _CUT:
            cut = pattern.search(text, begin)
            if cut is not None:
                yield *cut.span(1), rule
