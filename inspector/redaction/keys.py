"""Which names say that what stands under them is a secret.

Source: the word lists of Sentry's EventScrubber, har-sanitizer and django-silk, with the words that are also
a part of harmless ones (author, company, classname, inside) held to whole words.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from inspector.redaction import languages
from inspector.redaction.about import PLURALS, is_about, without_other_words
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
    "recoverycode", "backupcode", "scratchcode", "recoveryphrase", "seedphrase", "mnemonic",
    "accesscode", "logincode", "smscode", "resetcode", "unlockcode", "invitecode", "confirmationcode",
    "twofactorcode", "facode", "magiclink", "securityanswer", "ssoticket", "kerberosticket",
    "grantingticket", "serviceticket",
    # A password in names that run its two words together.
    "passkey", "keypass", "storepass", "dbpass", "userpass", "smtppass", "mailpass", "rootpass", "adminpass",
    "bindpw", "rootpw", "userpw", "dbpw", "adminpw",
    # What stands for a person or an account, and lets in nobody who does not know it.
    "ccnum", "accountnumber", "routingnumber", "socialsecurity", "passportnumber",
    "nationalid", "nationalinsurance", "taxid", "aadhaar", "codicefiscale", "driverslicen", "driverlicen",
    "nhsnumber", "identitynumber", "idcardnumber", "personnummer",
    "connectionstring", "hmac", "accesssign", "apisign", "bapisign", "dockerconfigjson",
    # What a form sends back to show that it came from its page.
    "viewstate", "captcharesponse", "wpnonce",
    *languages.PARTS,
)  # fmt: skip
# Only as a whole word of a name: `x-otp`, `userSid`, but not `spanish`, `inside`, `classname`.
WORDS = frozenset(
    {"sid", "sess", "otp", "hotp", "mfa", "pan", "ssn", "iban", "pass", "cred", "creds", "refresh", "nonce"}
    | {"pin", "psk", "crumb"}
    | languages.WORDS
)
# The whole of a name: the credentials of signed URLs of Azure and of Dropbox, a password in short, what
# countries call a person's number. In a text only with what makes it a name, for `design` is in many.
WHOLE = frozenset({"sig", "pw", "rlkey", "cpf", "dni", "bsn", "pesel"}) | languages.WHOLE
_WHOLE_HINTS = tuple(hint for name in sorted(WHOLE) for hint in (f"{name}=", f'"{name}"'))
# "auth" but not "author", "authors", "authority"; yet "authorization", "authorisation".
_AUTH = re.compile(r"auth(?!or(?!i[sz]))")
# Names that hold such a word and no secret.
HARMLESS = frozenset(
    {"www-authenticate", "proxy-authenticate", "access-control-allow-credentials", "cookie-consent"}
    | {"has-session", "script-nonce"}
)
_WORD = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|[0-9]+")
# With the brackets of forms: `api[key]`.
_SEPARATORS = str.maketrans("", "", "-_. []")
_AUTHENTICATION_PATH = re.compile(
    r"oauth|openid|oidc|/auth|login|signin|sso|callback|authori[sz]|mfa|2fa|otp|challenge", re.IGNORECASE
)
# A name longer than this is data, not a name; only its beginning is looked at.
_NAME_CHARACTERS = 200

# What sets no name and tells of a secret all the same: SQL's `IDENTIFIED BY '...'`, a JSON Web Key.
_PHRASES = ("identifiedby", '"kty', 'sensitive":true')
# A name that says so of a value that looks made alone: `?key=`, `FERNET_KEY=`. In a text it tells only with
# the beginning of such a value, for `key` is in many.
_MADE_KEY = re.compile(
    r"(?:key=(?!.*/)|(?!PUBLIC|CACHE|PRIMARY)[A-Z][A-Z0-9_]*_KEY=)"
    r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9+/_=-]{20,}"
)
MADE_KEY_HINT = re.compile("key[\"']?[=:][\"']?[a-z0]{16}")


def _compile_hints(words: Iterable[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Match any of the words in a text of ASCII, and in another one, which takes three times as long."""
    every = tuple(words)
    return compile_words(word for word in every if word.isascii()), compile_words(every)


# What occurs, lower-case and without separators, in any text that has a sensitive name in it.
_HINTS = _compile_hints((*PARTS, "auth", *WORDS, *_WHOLE_HINTS, *_PHRASES))
# The same of a name that may be that of an authorization code.
_NAME_HINTS = _compile_hints((*PARTS, "auth", *WORDS, "code", "key", *WHOLE))


def hint_for(text: str, *, names: bool = False) -> re.Pattern[str]:
    """Give the pattern of all words of which one is in any text that has a sensitive name in it.

    The text is in lower case and without separators. `names`: it is one of names, that of an authorization
    code among them.
    """
    return (_NAME_HINTS if names else _HINTS)[not text.isascii()]


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


def may_name_made_key(name: str) -> bool:
    """Say whether `is_made_key` looks at the value of this name at all."""
    return name == "key" or name.endswith("_KEY")


def is_made_key(name: str, value: str) -> bool:
    """Say whether what a field or a variable of this name is set to is a key, as it looks made."""
    return _MADE_KEY.fullmatch(f"{name}={value}") is not None


@lru_cache(maxsize=1024)
def is_name_of_many(name: str) -> bool:
    """Say whether a plain number under this name is how many there are of what it names."""
    return not PLURALS.isdisjoint(_words_of(name[:_NAME_CHARACTERS])[-1:])


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
