"""Secrets that give themselves away by their shape, wherever they stand."""

import re
from collections.abc import Iterable, Iterator

from inspector.redaction.links import LINK_MARK, MADE, find_links
from inspector.redaction.numbers import find_numbers
from inspector.redaction.words import compile_words

# Not in the middle of a word, which would make searching quadratic; but after a percent-encoded character.
_BEGINS = r"(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f][0-9A-Fa-f]))"
# The vendors' own prefixes: those before letters and digits, and those before a dash, too, or a dot.
# From the bar on, all such keys are looked for at once: each first letter more makes every text slower.
_WORD_KEYS = (
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_", "hf_", "shpat_", "shpca_", "shppa_", "shpss_", "gsk_"),
    *("r8_", "xai-", "pplx-", "dop_v1_", "doo_v1_", "dor_v1_", "sbp_", "ntn_", "secret_", "nfp_", "rnd_"),
    *("li|n_api_", "li|n_oauth_", "rubygems_", "ABSK", "dapi", "AGE-SECRET-KEY-1", "EZ|AK", "EZ|TK", "pnu_"),
    *("CLOJ|ARS_", "pul-", "rdme_", "napi_", "sqp_", "squ_", "AKCp", "cm|Vmd", "AQVN", "phx_", "c|sk-"),
)
_DASHED_KEYS = (
    *("sk-", "github_pat_", "AIza", "ya29.", "SG.", "pypi-", "glpat-", "glrt-", "gldt-", "glptt-", "glcbt-"),
    *("glagent-", "glsoat-", "glimt-", "glft-", "gloas-", "GOC|SPX-", "xapp-", "hvs.", "hvb.", "hvr."),
    *("dp.pt.", "dp.st.", "dp.sa.", "dp.ct.", "sb_secret_", "pscale_tkn_", "pscale_pw_", "pscale_oauth_"),
    *("fi|gd_", "ATATT3", "ATCTT3", "ATBB", "xkeysib-", "xsmtpsib-", "PM|AK-", "NR|AK-", "glc_", "glsa_"),
    *("sntrys_", "sntryu_", "sq0atp-", "sq0csp-", "dckr_pat_", "dckr_oat_", "t|skey-", "l|sv2_", "pcsk_"),
    *("t|vly-", "dt0c01.", "AQ.Ab", "FLW|SECK", "CCI|PAT_", "CF|PAT-", "duffel_", "fio|-u-", "pat-na1-"),
    *("pat-eu1-", "HRKU-|AA", "shippo_", "sgp_", "vercel_blob_rw_", "ops_|eyJ", "nvapi-", "t|gp_v1_"),
    *("sk.|eyJ", "y0_AgAAA", "access-|production-", "access_|token$production$"),
)
_KEY_HINTS = tuple(key.rpartition("|")[2] for key in (*_WORD_KEYS, *_DASHED_KEYS))
# What is in those that begin anyhow: of Stripe, Slack and Amazon; Azure and Terraform; the bots of
# Telegram; Mailgun; pictures of
# Cloudinary. Then addresses that let in who knows them.
_ODD_KEYS = (
    *("sk_", "pk_", "rk_", "whsec_", "xox", "AKIA", "ASIA"),
    *("Q~", "sv1.", "AAE", "AAF", "AAG", "AAH", "ey-"),
)
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
# The same in base64 once more; and how a PEM block begins in base64.
CODED_TWICE = ("ZXlK", "ZXlB", "ZXdv", "ZXdr", "VzNz", "V3lK")
_CODED_PEM = "LS0tLS1CRUdJTi"


def _any_of(keys: Iterable[str]) -> str:
    return compile_words(key.replace("|", "") for key in keys).pattern


# How each shape begins that neither a word nor an address tells. Two letters of many words are looked at with
# what follows them.
_KEY_FILES = ("-----BEGIN", "---- BEGIN", "PuTTY-User-Key")
MARKS = compile_words(
    (
        *(*CODED_JSON, *CODED_TWICE, *_KEY_FILES, _CODED_PEM[1:], *_KEY_HINTS, *_ODD_KEYS, *_HOOKS),
        *(*_TOKENS, _MACAROON, *_HASHES, *_ACCOUNTS, "xpires=", "s your "),
    )
)
_TELLING_WORDS = (
    r"(?:password|passcode|pin|otp|ssn|(?:verification|security|log-?in|access|one-time|confirmation"
    r"|authentication|recovery|reset|activation) code)"
)
# Sources: RFC 6750 and RFC 7617 (credentials), RFC 7519 (JWT), RFC 7468 (PEM), the vendors' own prefixes.
# Each with what is in any text that has it, in lower case; `s` and `i` have letters that are the same to
# `re.IGNORECASE`.
_S_AND_I = ("\u017f", "\u0131", "i\u0307")
_SHAPES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("bearer", ("bearer",),
     r"(?i:\bbearer\s{1,4})(?!(?i:token|tokens|auth\w*|scheme|realm)\b)([A-Za-z0-9._~+/=-]{8,})"),
    ("basic", ("basic", *_S_AND_I),
     r"(?i:\bbasic\s{1,4})(?=[A-Za-z0-9+/]*(?:[0-9=]|[a-z][A-Z]))"
     r"([A-Za-z0-9+/]{6,}={0,2})(?![A-Za-z0-9+/=])"),
    ("jwt", ("eyj",), _BEGINS + r"(eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){1,4})"),
    ("pem", ("-----begin ", "---- begin ", "putty-user-key", _CODED_PEM.lower()),
     r"(?s:(-----BEGIN [A-Z0-9 ]{2,40}-----.*?(?:-----END [A-Z0-9 ]{2,40}-----|\Z)"
     r"|---- BEGIN [A-Z0-9 ]{2,40} ----.*?(?:---- END [A-Z0-9 ]{2,40} ----|\Z)"
     r"|PuTTY-User-Key-File-[0-9].*?(?:Private-MAC: \S+|\Z)"
     rf"|{_CODED_PEM}[A-Za-z0-9+/_-]*={{0,2}}))"),
    ("vendor key", tuple(hint.lower() for hint in _KEY_HINTS),
     rf"(?<![A-Za-z0-9])({_any_of(_WORD_KEYS)}[A-Za-z0-9+/]{{20,}}={{0,2}}"
     rf"|{_any_of(_DASHED_KEYS)}[A-Za-z0-9_.$-]{{16,}}={{0,2}})"),
    ("odd key", ("/s--", *(key.lower() for key in _ODD_KEYS)),
     r"(?<![A-Za-z0-9])((?:sk|pk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{12,}|xox[abeoprs]-[A-Za-z0-9-]{10,}"
     r"|(?:AKIA|ASIA)[0-9A-Z]{16}|key-[0-9a-f]{32}(?![0-9a-f])|(?<=/s--)[A-Za-z0-9_-]{8,32}(?=--/)"
     r"|[A-Za-z0-9_.~-]{3}[0-9]Q~[A-Za-z0-9_.~-]{31,34}|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{40,}"
     r"|(?:bot)?[0-9]{8,12}:AA[EFGH][A-Za-z0-9_-]{32})"),
    ("hook", _HOOKS,
     r"(?:hooks\.slack\.com/(?:services|workflows|triggers)/|/api/webhooks/[0-9]{1,30}/"
     r"|\.office\.com/webhookb2/|hooks\.zapier\.com/hooks/catch/|/with/key/|\.oraclecloud\.com/p/)"
     r"([A-Za-z0-9_/@-]{16,})"),
    ("token", (*_TOKENS, _MACAROON.lower()),
     rf"{_BEGINS}(v[1-4]\.(?:local|public)\.[A-Za-z0-9_-]{{20,}}(?:\.[A-Za-z0-9_-]+)?"
     rf"|MDA[A-Za-z0-9]{{3}}xv{_MACAROON}[A-Za-z0-9+/_-]{{16,}}={{0,2}})"),
    ("password hash", _HASHES,
     r"(?<![A-Za-z0-9])(\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{16,}"
     r"|\$(?:[1567y]|apr1|argon2(?:id|i|d)|scrypt|pbkdf2[a-z0-9-]{0,8})\$[^\s\"'&<>:]{16,}"
     r"|pbkdf2[_:]sha[0-9]{1,3}[$:][0-9]{1,9}\$[^\s\"'&<>]{16,}|scrypt:[0-9:]{1,30}\$[^\s\"'&<>]{16,})"),
    ("sql", ("password", "identified by", *_S_AND_I),
     r"(?i:\b(?:password|identified by)\s{1,4})'([^']{1,500})'"),
    ("netrc", ("login",), r"\blogin\s{1,8}\S{1,200}\s{1,8}password\s{1,8}(\S{1,500})"),
    ("told", (" is", *_S_AND_I),
     rf"(?i:\b{_TELLING_WORDS}(?: for \S{{1,80}})? is:? {{1,3}})(?=\S{{0,60}}[0-9])([^\s\"'),;<>]{{4,200}})"),
    ("told", ("is your ",),
     rf"(?<![\w-])((?:[A-Z]-)?[0-9]{{4,8}}) (?i:is your (?:\w{{1,20}} ){{0,3}}{_TELLING_WORDS}\b)"),
    ("named", ("token ", "password ", "secret ", "session ", "api key ", "access key ", *_S_AND_I),
     rf"(?i:\b(?:token|password|secret|session|api key|access key) ['\"]?)({MADE})(?![\w~-]|\.\w)"),
    ("command", ("auth ", "pass "), r"(?m:^)(?:AUTH|PASS) (\S{6,500})(?m:\r?$)"),
    ("userinfo", ("://",), r"(?<=://)([^/?#\s\"'<>]{1,500})(?=@)"),
)  # fmt: skip
_PATTERNS = tuple((rule, compile_words(parts), re.compile(pattern)) for rule, parts, pattern in _SHAPES)
_ANY_SHAPE = compile_words({part for _, parts, _ in _SHAPES for part in parts})
# What a cut may have left of a secret whose shape needs its end to be seen.
_CUT = (
    ("jwt", re.compile(_BEGINS + r"(eyJ[A-Za-z0-9_-]*)\Z")),
    ("userinfo", re.compile(r"(?<=://)([^/?#\s\"'<>:@]{1,200}:[^/?#\s\"'<>@]{1,500})\Z")),
    ("digits", re.compile(r"(?<![0-9A-Za-z.])([2-6](?:[ -]?[0-9]){3,18})\Z")),
    ("odd key", re.compile(r"(?<![A-Za-z0-9])((?:sk|pk|rk|xox|AKIA)[A-Za-z0-9_-]{3,})\Z")),
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
    if MARKS.search(text) is not None or LINK_MARK.search(text) is not None:
        return True
    return NOUGHTS in squeezed and _LONG_NUMBER.search(text) is not None


def find_shapes(text: str, *, is_cut: bool = False) -> Iterator[tuple[int, int, str]]:
    """Give (start, end, rule) of each secret; spans may overlap. `is_cut`: the text was cut at its end."""
    folded = text.lower()
    for rule, parts, pattern in _PATTERNS if _ANY_SHAPE.search(folded) else ():
        if parts.search(folded) is not None:
            for found in pattern.finditer(text):
                yield *found.span(1), rule
    if _LONG_NUMBER.search(text) is not None or "NL" in text:
        yield from find_numbers(text)
    for start, end in find_links(text):
        yield start, end, "link"
    if is_cut:
        begin = max(len(text) - _CUT_CHARACTERS, 0)
        for rule, pattern in _CUT:
            cut = pattern.search(text, begin)
            if cut is not None:
                yield *cut.span(1), rule
