"""Many words are found at once, and the quick looks never say no where the slow one says yes."""

from hypothesis import given
from hypothesis import strategies as st

from inspector.redaction.keys import PARTS, WORDS, hint_for
from inspector.redaction.patterns import _DASHED_KEYS, _LONG_NUMBER, _WORD_KEYS, find_shapes, has_shape
from inspector.redaction.telling import is_telling, squeeze
from inspector.redaction.words import compile_words

_LETTERS = "ab-."


_WORDS = st.lists(st.text(_LETTERS, min_size=1, max_size=4), min_size=1, max_size=8)


@given(_WORDS, st.text(_LETTERS, max_size=30))
def test_a_text_is_matched_when_one_of_the_words_is_in_it(words: list[str], text: str) -> None:
    assert (compile_words(words).search(text) is not None) == any(word in text for word in words)


def test_every_telling_word_is_a_hint() -> None:
    for word in (*PARTS, "auth", *WORDS):
        assert hint_for(word).search(f"x{word}y"), word
        assert is_telling(f"X-{word.upper()}"), word
        assert is_telling(f"Ü{'-'.join(word)}=1"), "written otherwise, in a text that is not ASCII"


@given(st.text("0123456789- x", max_size=40))
def test_whatever_may_be_a_card_number_is_looked_at(text: str) -> None:
    if _LONG_NUMBER.search(text):
        assert has_shape(text, text, squeeze(text))
        assert is_telling(text)


_SECRETS = (
    "ghp_abcdefghij0123456789", "github_pat_abcdefghij0123456789", "whsec_abcdefghijkl",
    "sk_live_abcdefghijkl", "pk_test_abcdefghijkl", "rk_abcdefghijkl", "sk-abcdefghij0123456789",
    "glpat-abcdefghij0123456789", "xoxb-abcdefghij", "AKIAABCDEFGHIJKLMNOP", "ASIAABCDEFGHIJKLMNOP",
    "AIza" + "a" * 35, "ya29." + "a" * 20,
    f"SG.{'a' * 20}.{'b' * 20}", "npm_abcdefghij0123456789", "hf_abcdefghij0123456789",
    "shpat_abcdefghij0123456789", "dop_v1_abcdefghij0123456789", "pypi-abcdefghij0123456789",
    "eyJhbGciOi.abc.def", "-----BEGIN KEY-----x", "Bearer abcdefgh", "Basic dXNlcjpwdw==", "http://u:p@h/",
    "4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111",
    *(key.replace("|", "") + "abcdefghij0123456789ABCD" for key in (*_WORD_KEYS, *_DASHED_KEYS)),
    "abc7Q~abcdefghijklmnopqrstuvwxyz0123456", f"{'a1' * 7}.atlasv1.{'b' * 60}",
    "123456789:AAHabcdefghij0123456789abcdefghij01",
    "https://hooks.slack.com/services/T0000/B0000/abcdefghij01", "hooks.slack.com/workflows/T0000/A0/1234567",
    "https://discord.com/api/webhooks/123456789/abcdefghij_0123456789",
    "https://x.webhook.office.com/webhookb2/abcdefghij0123456789", "v4.local.abcdefghij0123456789",
    "https://hooks.zapier.com/hooks/catch/123/abcdefghij0123", "https://a/with/key/abcdefghij0123456789",
    "https://objectstorage.eu.oraclecloud.com/p/abcdefghij0123456789/n/", "$2b$12$abcdefghij0123456789",
    "MDAyMWxvY2F0aW9uIGh0dHA6Ly9teWJhbmsvCjAwMjZpZGVu", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$abc",
    "pbkdf2_sha256$600000$salt$abcdefghij0123456789", "scrypt:32768:8:1$salt$abcdefghij0123456789",
    "---- BEGIN SSH2 KEY ----abc", "PuTTY-User-Key-File-3: abc", "NL91ABNA0417164300",
    "GB29NWBK60161331926819",
)  # fmt: skip


def test_every_secret_that_has_a_shape_is_looked_at() -> None:
    for secret in _SECRETS:
        for text in (secret, f"a right, high light {secret}.", f"Ünï {secret}"):
            assert [*find_shapes(text)], text
            assert has_shape(text, text.lower(), squeeze(text.lower())), text


def test_a_key_of_a_vendor_that_was_cut_is_seen_at_the_end() -> None:
    for key in (*_WORD_KEYS, *_DASHED_KEYS):
        cut = f"refused: {key.replace('|', '')}abc"
        ((start, end, _),) = {span for span in find_shapes(cut, is_cut=True) if span[2] == "vendor key"}
        assert cut[start:end] == key.replace("|", "") + "abc"


def test_common_words_and_times_have_no_shape() -> None:
    for text in (
        "the right height, eight nights", "2026-11-22 20:31:05", "1.234.567,89", "/api/webhooks and more",
        "a rendered drnd, dp and grid-gap",
    ):  # fmt: skip
        assert not has_shape(text, text, squeeze(text)), text
