"""Secrets that are told by how they stand: in pairs, tables, lists, packed, in any language, numbered."""

import base64
import json
from urllib.parse import quote

import pytest

from inspector.model import Header
from inspector.redaction import Redactor, is_sensitive_name
from tests.inspector.redaction_samples import make_exchange, redacted_body, text_of

_SECRET = "Zq9xK7mW2pL4vB8nT6sD"


def _packed(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


_PACKED = _packed({"user": "ann", "access_token": _SECRET})


@pytest.mark.parametrize(
    "name",
    [
        "Kennwort", "zugangscode", "mot_de_passe", "mdp", "jeton_acces", "clé_secrète", "contraseña", "clave",
        "clave_acceso", "senha", "novaSenha", "palavra_passe", "segreto", "chiave_privata", "wachtwoord",
        "haslo", "noweHaslo", "hasło", "heslo", "jelszo", "lösenord", "passord", "adgangskode", "salasana",
        "sifre", "şifre", "parola", "parolă", "пароль", "новый_пароль", "токен", "κωδικός", "סיסמה",
        "كلمة_المرور", "पासवर्ड", "รหัสผ่าน", "mật_khẩu", "kata_sandi", "密码", "新密码", "密碼", "验证码",
        "パスワード", "暗証番号", "비밀번호",
    ],
)  # fmt: skip
def test_a_password_has_a_name_in_any_language(name: str) -> None:
    assert is_sensitive_name(name)
    for text in (json.dumps({name: _SECRET}), json.dumps({name: _SECRET}, ensure_ascii=False)):
        assert _SECRET not in text_of(redacted_body(text.encode(), "application/json"))
    form = f"a=1&{quote(name)}={_SECRET}"
    assert _SECRET not in text_of(redacted_body(form.encode(), "application/x-www-form-urlencoded"))
    assert _SECRET not in repr(Redactor().redact(make_exchange(query_string=form)))


@pytest.mark.parametrize(
    "name", ["desenhar", "has_location", "the_slope", "palabra_clave", "parole", "enclave"]
)
def test_a_word_that_such_a_name_is_a_part_of_is_left_alone(name: str) -> None:
    assert not is_sensitive_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "security_answer", "accessCode", "smsCode", "reset_code", "dbpass", "bind_pw", "storepass", "passkey",
        "client-key", "tls_key", "consumer_key", "id_rsa", "iban", "account_number", "rlkey",
        "X-Jenkins-Crumb", "api[key]", "card[cvc]", "secret[name]", "a[b][token][0]", "CB-ACCESS-SIGN",
        "password2", "password_reset_url", "resetTokenUrl", "magic_link_uri", "password_reset_path",
        "enable_secret", "enable_password", "password_used",
    ],
)  # fmt: skip
def test_a_telling_name_is_seen_however_it_is_put_together(name: str) -> None:
    assert is_sensitive_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "token_count", "tokenCount", "total_tokens", "max_tokens", "prompt_tokens", "token_type",
        "token_endpoint", "token_expires_in", "tokens_per_minute", "tokenizer", "password_reset_enabled",
        "password_changed_at", "password_policy", "password_min_length", "has_password", "requires_auth",
        "is_authenticated", "auth_type", "authorization_endpoint", "session_count", "session_timeout",
        "secretary", "secretName", "cookie_policy", "cookie_name", "signature_algorithm", "csrf_header_name",
        "api_key_name", "credentialsFile", "refresh_interval", "pin_length", "mfa_enabled", "possession",
        "obsession", "x-ratelimit-remaining-tokens", "x-auth-type", "secretKeyRef",
    ],
)  # fmt: skip
def test_a_name_that_says_something_about_a_secret_is_none(name: str) -> None:
    assert not is_sensitive_name(name)


def test_a_number_of_secrets_is_shown_and_a_number_that_is_one_is_not() -> None:
    shown = b'{"tokens": 12, "usage": {"completion_tokens": 4}, "sessions": 3}'
    assert redacted_body(shown, "application/json") == shown
    for hidden in (b'{"pin": 4711}', b'{"tokens": ["a"]}', b'{"tokens": 4111111111111111}'):
        assert b"\xe2\x80\xa2" in redacted_body(hidden, "application/json")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"name": "DB_PASSWORD", "value": "$"}]', '[{"name": "DB_PASSWORD", "value": "•••"}]'),
        ('[{"value": "$", "name": "api_token"}]', '[{"value": "•••", "name": "api_token"}]'),
        ('[{"value": {"a": ["$"]} , "key": "pin"}, 1]', '[{"value": "•••" , "key": "pin"}, 1]'),
        ('[{"value": "$", "value": "$", "key": "pin"}]', '[{"value": "•••", "value": "•••", "key": "pin"}]'),
        ('{"op": "add", "path": "/user/password", "value": "$"}',
         '{"op": "add", "path": "/user/password", "value": "•••"}'),
        ('{"type": "password", "default_value": "$"}', '{"type": "password", "default_value": "•••"}'),
        ('{"d": "$", "e": "AQAB", "kty": "RSA"}', '{"d": "•••", "e": "AQAB", "kty": "RSA"}'),
        ('{"kty": "oct", "k": "$"}', '{"kty": "oct", "k": "•••"}'),
        ('[{"name": "DB_PASSWORD"}, {"value": "shown"}]', None),
        ('[{"name": "Secret Garden", "value": 12}]', None),
        ('{"name": "token_count", "value": 3}', None),
        ('{"required": ["password", "token"], "value": "shown"}', None),
        ('{"type": "http", "d": "M0 0", "p": "x"}', None),
    ],
)  # fmt: skip
def test_a_member_that_names_another_one_tells_of_it(text: str, expected: str | None) -> None:
    done = text_of(redacted_body(text.replace("$", _SECRET).encode(), "application/json"))
    assert done == (text if expected is None else expected)


@pytest.mark.parametrize(
    ("content_type", "text", "expected"),
    [
        ("text/csv", "user,password,age\nann,$,3\n", "user,password,age\nann,•••,3\n"),
        ("text/csv", '"user";"api key"\r\n"a;b";"$"\r\n"c";', '"user";"api key"\r\n"a;b";"•••"\r\n"c";'),
        ("text/csv", 'token,b\n"$', 'token,b\n"•••'),
        ("text/tab-separated-values", "a\tpwd\nx\t$\n", "a\tpwd\nx\t•••\n"),
        ("text/csv", "author,token_count\nann,3\n", None),
        ("application/yaml", "a:\n  password: |\n    $\n    $\n  b: x\n", "a:\n  password: |•••\n  b: x\n"),
        ("application/yaml", "passwords:\n  - $\n  - $\nhost: x\n", "passwords:\n  •••\nhost: x\n"),
        ("application/yaml", "- name: API_TOKEN\n  value: $\n", "- name: API_TOKEN\n  value: •••\n"),
        ("application/xml", "<a><key>password</key><string>$</string></a>",
         "<a><key>password</key><string>•••</string></a>"),
        ("text/xml", "<m><name>token</name><value><string>$</string></value></m>",
         "<m><name>token</name><value><string>•••</string></value></m>"),
        ("text/xml", "<Credentials><User>a</User><V>$</V></Credentials><b>c</b>",
         "<Credentials>•••</Credentials><b>c</b>"),
        ("text/xml", "<sessionCount>3</sessionCount>", None),
        ("text/html", '<textarea name="token">$</textarea>', '<textarea name="token">•••</textarea>'),
        ("text/html", "<div id=token-list>Tokens</div><session-list><p>a</p></session-list>", None),
        ("text/css", ".token.comment{color:#999}\n.password-field:focus{outline:1px}", None),
        ("text/javascript", "export default {password: password, token: this.token}", None),
        ("text/javascript", "export default {password: '$'}", "export default {password: '•••'}"),
        ("text/plain", "tool --api-key $ --verbose", "tool --api-key ••• --verbose"),
        ("text/plain", "CREATE USER a IDENTIFIED BY '$'", "CREATE USER a IDENTIFIED BY '•••'"),
        ("text/plain", "machine h login a password $", "machine h login a password •••"),
        ("text/plain", 's:5:"token";s:20:"$";', 's:5:"token";s:20:"•••";'),
        ("text/plain", "Login(password=SecretStr('$'), a=1)", "Login(password=•••, a=1)"),
        ("text/plain", "密码：$", "密码：•••"),
        ("text/plain", "Your verification code is 493817", "Your verification code is •••"),
        ("text/plain", "Your password is required, the status code is 404", None),
        ("text/plain", 'Authorization: Hawk id="a", mac="$"\nHost: a', "Authorization: •••\nHost: a"),
        ("text/plain", f"see {_PACKED} there", "see ••• there"),
        ("application/json", json.dumps({"data": _PACKED}), '{"data": "•••"}'),
        ("application/json", json.dumps({"cursor": _packed({"id": 100, "author": "ann"})}), None),
        ("application/json", '{"href": "https://a/?next=https%3A%2F%2Fb%2F%3Fapi_key%3D$&n=1"}',
         '{"href": "https://a/?next=https://b/%3Fapi_key%3D•••&n=1"}'),
        ("application/x-www-form-urlencoded", "api+key=$&n=1", "api+key=•••&n=1"),
        ("application/x-www-form-urlencoded", "n=4111+1111+1111+1111", "n=•••"),
    ],
)  # fmt: skip
def test_a_body_of_any_kind_is_read_as_what_it_is(content_type: str, text: str, expected: str | None) -> None:
    done = text_of(redacted_body(text.replace("$", _SECRET).encode(), content_type))
    assert done == (text if expected is None else expected)


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "multipart/form-data; boundary=other", ""]
)
def test_a_form_under_a_wrong_type_is_a_form_all_the_same(content_type: str) -> None:
    part = f'--X\r\nContent-Disposition: form-data; name="pin"\r\n\r\n{_SECRET}\r\n--X--\r\n'
    assert text_of(redacted_body(part.encode(), content_type)) == part.replace(_SECRET, "•••")
    if not content_type.startswith("multipart"):
        form = f"private+key={_SECRET}&n=1"
        assert text_of(redacted_body(form.encode(), content_type)) == form.replace(_SECRET, "•••")


def test_the_headers_of_a_part_are_looked_at_too() -> None:
    part = f'--X\r\nContent-Disposition: form-data; name="a"\r\nX-Api-Key: {_SECRET}\r\n\r\nv\r\n--X--\r\n'
    done = text_of(redacted_body(part.encode(), "multipart/form-data; boundary=X"))
    assert done == part.replace(_SECRET, "•••")


@pytest.mark.parametrize(
    "secret",
    [
        "v4.local." + "a1B2" * 20,
        base64.b64encode(b"0021location http://mybank/\n0026identifier we used a key\n").decode(),
        "$2b$12$" + "abcDEF./01" * 5,
        "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$" + "a1B2" * 8,
        "$6$saltsalt$" + "a1B2" * 16,
        "pbkdf2_sha256$600000$salt$" + "a1B2" * 10 + "=",
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nabc\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
        "DE89370400440532013000",
        "GB29 NWBK 6016 1331 9268 19",
        "NL91ABNA0417164300",
        "4111111111111111",
        "3782 822463 10005",
        "4222222222222",
    ],
)
def test_a_secret_of_a_known_shape_goes_wherever_it_stands(secret: str) -> None:
    for text in (secret, f"see {secret} there", json.dumps({"note": secret}), f"note={quote(secret)}"):
        content_type = "application/x-www-form-urlencoded" if text.startswith("note=") else ""
        done = text_of(redacted_body(text.encode(), content_type))
        assert secret not in done
        assert "•••" in done
    assert secret[-12:] not in repr(Redactor().redact(make_exchange(path=f"/n/{secret}", raw_path=None)))


@pytest.mark.parametrize(
    "text",
    [
        "506884278544904252", "2114311899300486657", "4006381333931", "DE89370400440532013001",
        "3f786850e387550fdab836ed7e6dc881de23001b", "8e03978e-40d5-43e8-bc93-6894a57f9324", "$5$ to $6$",
        "a ratio of 4:3 at 10:30:20", "https://h/@vite/client", "v1.local build",
    ],
)  # fmt: skip
def test_an_identifier_a_bar_code_and_a_hash_are_no_secrets(text: str) -> None:
    data = json.dumps({"id": text}).encode()
    assert redacted_body(data, "application/json") == data


@pytest.mark.parametrize(
    "url",
    [
        f"https://a.test/password-reset/{_SECRET}",
        f"https://a.test/magic-link/{_SECRET}?next=/",
        f"https://x.webhook.office.com/webhookb2/{_SECRET}/IncomingWebhook/1",
        f"https://hooks.zapier.com/hooks/catch/123/{_SECRET}",
        f"/shop;jsessionid={_SECRET}/cart",
    ],
)
def test_a_secret_in_the_path_of_a_url_is_hidden(url: str) -> None:
    body = json.dumps({"url": url}).encode()
    for exchange in (
        make_exchange(path=url),
        make_exchange(response_headers=(("location", url),), location=url),
    ):
        assert _SECRET not in repr(Redactor().redact(exchange))
    assert _SECRET.encode() not in redacted_body(body, "application/json")


@pytest.mark.parametrize(
    ("header", "is_hidden"),
    [
        (("X-SendGrid-Key", _SECRET), True),
        (("Paypal-Transmission-Sig", _SECRET), True),
        (("Idempotency-Key", _SECRET), False),
        (("X-Cache-Key", _SECRET), False),
        (("Surrogate-Key", "post-1 post-2"), False),
        (("X-Sort-Key", "price"), False),
    ],
)
def test_a_vendors_key_is_told_by_its_name_and_its_value(header: Header, is_hidden: bool) -> None:
    for exchange in (make_exchange(headers=(header,)), make_exchange(response_headers=(header,))):
        assert (header[1] not in repr(Redactor().redact(exchange))) == is_hidden
