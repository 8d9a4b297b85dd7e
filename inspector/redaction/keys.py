"""Which names say that what stands under them is a secret.

Source: the word lists of Sentry's EventScrubber, har-sanitizer and django-silk, with the words that are also
a part of harmless ones (author, company, classname, inside) held to whole words.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from inspector.redaction import languages
from inspector.redaction.about import is_about, is_counted, without_other_words
from inspector.redaction.words import compile_words

# Anywhere in a name, once case, `-`, `_`, `.` and spaces are gone.
PARTS = (
    "password", "passwd", "pwd", "passphrase", "passcode", "secret", "token", "apikey", "accesskey",
    "privatekey", "signingkey", "encryptionkey", "credential", "session", "sessid", "csrf", "xsrf", "totp",
    "cvv", "cvc", "cardnumber", "creditcard", "ccnumber", "jwt", "signature", "assertion", "samlresponse",
    "cookie", "bearer",
    # What gateways and vendors call a key that lets in, as Azure's `Ocp-Apim-Subscription-Key`.
    "subscriptionkey", "functionskey", "masterkey", "adminkey", "appkey", "applicationkey", "accountkey",
    "sharedkey", "storagekey", "sshkey", "licensekey", "tlskey", "sslkey", "serverkey", "clientkey",
    "deploykey", "consumerkey", "idrsa", "keytab", "walletseed", "connstr",
    # Codes that are good for one login, and what brings an account back.
    "verificationcode", "activationcode", "securitycode", "onetimecode", "devicecode", "codeverifier",
    "recoverycode", "backupcode", "recoveryphrase", "seedphrase", "mnemonic",
    "accesscode", "logincode", "smscode", "resetcode", "unlockcode", "invitecode", "confirmationcode",
    "twofactorcode", "facode", "magiclink", "securityanswer", "ssoticket", "kerberosticket",
    "grantingticket", "serviceticket",
    # A password in names that run its two words together.
    "passkey", "keypass", "storepass", "dbpass", "userpass", "smtppass", "mailpass", "rootpass", "adminpass",
    "bindpw", "rootpw", "userpw", "dbpw", "adminpw",
    # What stands for a person or an account, and lets in nobody who does not know it.
    "ccnum", "accountnumber", "routingnumber", "socialsecurity", "passportnumber",
    "connectionstring", "hmac", "accesssign", "apisign", "bapisign",
    *languages.PARTS,
)  # fmt: skip
# Only as a whole word of a name: `x-otp`, `userSid`, but not `spanish`, `inside`, `classname`.
WORDS = frozenset(
    {"sid", "sess", "otp", "hotp", "mfa", "pan", "ssn", "iban", "pass", "cred", "creds", "refresh", "nonce"}
    | {"pin", "psk", "crumb"}
    | languages.WORDS
)
# The whole of a name: the credentials of signed URLs of Azure and of Dropbox, and a password in short. In a
# text only with what makes it a name, for `design` and `upward` are in many.
WHOLE = frozenset({"sig", "pw", "rlkey"}) | languages.WHOLE
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
_WORD = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|[0-9]+")
# With the brackets of forms: `api[key]`.
_SEPARATORS = str.maketrans("", "", "-_. []")
_AUTHENTICATION_PATH = re.compile(
    r"oauth|openid|oidc|/auth|login|signin|sso|callback|authori[sz]", re.IGNORECASE
)
# A name longer than this is data, not a name; only its beginning is looked at.
_NAME_CHARACTERS = 200

# What sets no name and tells of a secret all the same: SQL's `IDENTIFIED BY '...'`, a JSON Web Key.
_PHRASES = ("identifiedby", '"kty')


def _compile_hints(words: Iterable[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Match any of the words in a text of ASCII, and in another one, which takes three times as long."""
    every = tuple(words)
    return compile_words(word for word in every if word.isascii()), compile_words(every)


# What occurs, lower-case and without separators, in any text that has a sensitive name in it.
_HINTS = _compile_hints((*PARTS, "auth", *WORDS, *_WHOLE_HINTS, *_PHRASES))
# The same of a name that may be that of an authorization code.
_NAME_HINTS = _compile_hints((*PARTS, "auth", *WORDS, "code", *WHOLE))


def hint_for(text: str) -> re.Pattern[str]:
    """Give the pattern of all words of which one is in any text that has a sensitive name in it.

    The text is in lower case and without separators.
    """
    return _HINTS[not text.isascii()]


def name_hint_for(text: str) -> re.Pattern[str]:
    """The same for a text of names, of which one may be that of an authorization code."""
    return _NAME_HINTS[not text.isascii()]


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
    if hint_for(folded).search(folded) is None:
        return False
    if "[" in name and any(is_sensitive_name(part) for part in re.split(r"[\[\]]+", name) if part):
        return True  # in a form as in JSON, what is below such a name is secret
    words = _words_of(name)
    folded = without_other_words(folded)
    is_telling = _PART.search(folded) or _AUTH.search(folded) or not WORDS.isdisjoint(words)
    return bool(is_telling) and not is_about(words)


@lru_cache(maxsize=1024)
def is_name_of_many(name: str) -> bool:
    """Say whether a plain number under this name is how many there are of what it names."""
    return is_counted(_words_of(name[:_NAME_CHARACTERS]))


def _words_of(name: str) -> list[str]:
    words = [word.lower() for word in _WORD.findall(name)]
    while words and words[-1].isdigit():  # `password2`
        words.pop()
    return words


def is_authorization_code(name: str, around: str) -> bool:
    """Say whether `code` is an OAuth authorization code, by the URL or the query it stands in.

    Source: RFC 6749 section 4.1.2: it comes with `state`, to the client's redirection endpoint.
    """
    if name.lower() != "code":
        return False
    return "state=" in around or _AUTHENTICATION_PATH.search(around) is not None
