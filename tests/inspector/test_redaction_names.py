"""Which names of headers, keys and parameters tell that a secret stands there."""

import pytest

from inspector.redaction import is_sensitive_name


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "Password",
        "user_password",
        "userPassword",
        "PASS-WORD",
        "pass.word",
        "pwd",
        "passphrase",
        "client_secret",
        "clientSecret",
        "token",
        "accessToken",
        "refresh_token",
        "X-API-Key",
        "apiKey",
        "private key",
        "Authorization",
        "proxy-authorization",
        "auth",
        "x-auth",
        "oauth_code_verifier_secret",
        "credentials",
        "session",
        "sessionid",
        "PHPSESSID",
        "JSESSIONID",
        "connect.sid",
        "csrftoken",
        "x-xsrf",
        "otp",
        "totp",
        "mfaCode",
        "cvv",
        "cvc2",
        "card_number",
        "cardNumber",
        "PAN",
        "ssn",
        "jwt",
        "signature",
        "SAMLResponse",
        "assertion",
        "Set-Cookie",
        "cookie",
        "user[password]",
        "refresh",
        "user_sid",
    ],
)
def test_a_telling_name_is_seen_in_any_spelling(name: str) -> None:
    assert is_sensitive_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "author",
        "authors",
        "authorId",
        "author_name",
        "authority",
        "company",
        "expand",
        "span",
        "inside",
        "side",
        "president",
        "className",
        "lessons",
        "hotpot",
        "code",
        "item_id",
        "q",
        "name",
        "title",
        "path",
        "www-authenticate",
        "access-control-allow-credentials",
        "description",
        "page",
        "price",
        "isbn",
    ],
)
def test_a_harmless_name_is_left_alone(name: str) -> None:
    assert not is_sensitive_name(name)
