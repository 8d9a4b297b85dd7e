"""Which names say that what stands under them is a secret.

Source: the word lists of Sentry's EventScrubber, har-sanitizer and django-silk, with the words that are also
a part of harmless ones (author, company, classname, inside) held to whole words.
"""

import re
from functools import lru_cache

from inspector.redaction.words import compile_words

# Anywhere in a name, once case, `-`, `_`, `.` and spaces are gone.
PARTS = (
    "password", "passwd", "pwd", "passphrase", "passcode", "secret", "token", "apikey", "accesskey",
    "privatekey", "signingkey", "encryptionkey", "credential", "session", "sessid", "csrf", "xsrf", "totp",
    "cvv", "cvc", "cardnumber", "creditcard", "ccnumber", "jwt", "signature", "assertion", "samlresponse",
    "cookie", "bearer",
    # What gateways and vendors call a key that lets in, as Azure's `Ocp-Apim-Subscription-Key`.
    "subscriptionkey", "functionskey", "masterkey", "adminkey", "appkey", "applicationkey", "accountkey",
    "sharedkey", "storagekey", "sshkey", "licensekey",
    # Codes that are good for one login, and what brings an account back.
    "verificationcode", "activationcode", "securitycode", "onetimecode", "devicecode", "codeverifier",
    "recoverycode", "backupcode", "recoveryphrase", "seedphrase", "mnemonic",
    "passwort", "contrasena", "motdepasse", "connectionstring", "hmac",
)  # fmt: skip
# Only as a whole word of a name: `x-otp`, `userSid`, but not `spanish`, `inside`, `classname`.
WORDS = frozenset(
    {"sid", "otp", "mfa", "pan", "ssn", "pass", "cred", "creds", "refresh", "nonce", "pin", "psk"}
)
# The whole of a name: the credential of a signed URL of Azure, and a password in short. In a text only with
# what makes it a name, for `design` and `upward` are in many.
WHOLE = frozenset({"sig", "pw"})
_WHOLE_HINTS = tuple(hint for name in sorted(WHOLE) for hint in (f"{name}=", f'"{name}"'))
# "auth" but not "author", "authors", "authority"; yet "authorization", "authorisation".
_AUTH = re.compile(r"auth(?!or(?!i[sz]))")
# Names that hold such a word and no secret.
HARMLESS = frozenset(
    {
        "www-authenticate",
        "proxy-authenticate",
        "access-control-allow-credentials",
        "cookie-consent",
        "has-session",
        "script-nonce",
    }
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SEPARATORS = str.maketrans("", "", "-_. ")
_AUTHENTICATION_PATH = re.compile(
    r"oauth|openid|oidc|/auth|login|signin|sso|callback|authori[sz]", re.IGNORECASE
)
# A name longer than this is data, not a name; only its beginning is looked at.
_NAME_CHARACTERS = 200

# What occurs, lower-case and without separators, in any text that has a sensitive name in it.
HINT = compile_words((*PARTS, "auth", *WORDS, *_WHOLE_HINTS))
# The same of a name that may be that of an authorization code.
NAME_HINT = compile_words((*PARTS, "auth", *WORDS, "code", *WHOLE))
_PART = compile_words(PARTS)


@lru_cache(maxsize=4096)
def is_sensitive_name(name: str) -> bool:
    """Say whether a header, key, field, parameter or cookie of this name holds a secret."""
    if name.lower() in HARMLESS:
        return False
    if name.lower() in WHOLE:
        return True
    name = name[:_NAME_CHARACTERS]
    folded = name.translate(_SEPARATORS).lower()
    if HINT.search(folded) is None:
        return False
    if _PART.search(folded) or _AUTH.search(folded):
        return True
    return any(word.lower() in WORDS for word in _WORD.findall(name))


def is_authorization_code(name: str, around: str) -> bool:
    """Say whether `code` is an OAuth authorization code, by the URL or the query it stands in.

    Source: RFC 6749 section 4.1.2: it comes with `state`, to the client's redirection endpoint.
    """
    if name.lower() != "code":
        return False
    return "state=" in around or _AUTHENTICATION_PATH.search(around) is not None
