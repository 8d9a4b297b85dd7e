"""Numbers that open an account: payment cards and bank accounts, known by their check digits."""

import re
from collections.abc import Iterator

# Payment cards begin with 2 to 6 (ISO/IEC 7812); a number in milliseconds since 1970 begins with 1.
_CARD = re.compile(r"(?<![0-9A-Za-z])(?<![0-9][.-])([2-6](?:[ -]?[0-9]){12,18})(?![0-9A-Za-z]|\.[0-9])")
# How the networks' numbers begin, and how long they are. One in ten of all long numbers has the check digit
# of a card: identifiers, of 17 to 19 digits mostly, are told apart by this alone.
_NETWORKS = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15})"  # Visa
    r"|(?:5[0-9]|2[2-7])[0-9]{14}"  # Mastercard, Maestro
    r"|3[47][0-9]{13}"  # American Express
    r"|3(?:0[0-5]|09|[689][0-9])[0-9]{11}(?:[0-9]{2})?"  # Diners Club
    r"|35[0-9]{14}"  # JCB
    r"|6[0-9]{15}"  # Discover, UnionPay, Maestro, RuPay
    r"|(?:62|6304|6759|676[1-3]|5018|5020|5038)[0-9]{13,17}"  # UnionPay and Maestro, the long ones
)
# Source: ISO 13616, and the registry of its countries.
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])((?:A[DELTZ]|B[AEGHIRY]|C[HRYZ]|D[EJKO]|E[EGS]|F[IKOR]|G[BEILRT]|H[NRU]|I[ELQST]|J[O]"
    r"|K[WZ]|L[BCITUVY]|M[CDEKNRTU]|N[ILO]|OM|P[KLST]|QA|R[OSU]|S[ACDEIKMOTV]|T[LNR]|UA|V[AG]|XK|YE)"
    r"[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)(?![A-Za-z0-9])"
)
_EAN_DIGITS = 13


def find_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Give (start, end, rule) of each such number."""
    for found in _CARD.finditer(text):
        if is_card(found[1]):
            yield *found.span(1), "card number"
    for found in _IBAN.finditer(text):
        if has_iban_check(found[1]):
            yield *found.span(1), "account number"


def is_card(text: str) -> bool:
    """Say whether this is the number of a payment card, and neither an article's nor an identifier."""
    digits = "".join(character for character in text if character.isdigit())
    if _NETWORKS.fullmatch(digits) is None or not passes_luhn(digits):
        return False
    return len(digits) != _EAN_DIGITS or not _has_article_check(digits)


def passes_luhn(text: str) -> bool:
    """Say whether the digits carry a valid check digit. Source: ISO/IEC 7812-1 annex B."""
    digits = [int(character) for character in reversed(text) if character.isdigit()]
    doubled = (digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def has_iban_check(text: str) -> bool:
    """Say whether a bank account's number has its two check digits right. Source: ISO 7064, MOD 97-10."""
    bare = text.replace(" ", "")
    if not 15 <= len(bare) <= 34:
        return False
    return int("".join(str(int(letter, 36)) for letter in bare[4:] + bare[:4])) % 97 == 1


def _has_article_check(digits: str) -> bool:
    """Whether the digits are a bar code's. Source: the GS1 general specifications, section 7.9."""
    weighted = (int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return sum(weighted) % 10 == 0
