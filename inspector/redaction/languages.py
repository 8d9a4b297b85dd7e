"""How applications in other languages than English call a password, a code or a key.

As in the English lists, a word that is also a part of harmless ones is held to whole words: Polish `haslo` is
in `has_location`, Portuguese `senha` in `desenhar`. Letters with a mark stand as they are written with it.
"""

# Anywhere in a name, once case and separators are gone.
PARTS = (
    # German, Dutch, the languages of Scandinavia, Finnish, Hungarian.
    "passwort", "kennwort", "geheim", "zugangscode", "zugangsdaten", "sicherheitscode",
    "wachtwoord", "wachtzin", "toegangscode",
    "adgangskode", "losenord", "lösenord", "løsenord", "kodeord", "hemlig",
    "salasana", "jelszo", "jelszó",
    # French, Spanish, Portuguese, Italian.
    "motdepasse", "codeconfidentiel", "clésecrète", "cléapi",
    "contrasen", "contraseñ", "claveacceso", "clavedeacceso", "codigoseguridad", "codigodeseguridad",
    "palavrapasse", "segredo", "chaveapi",
    "segreto", "segreta", "chiaveprivata", "paroladordine", "parolaordine",
    # Polish, Turkish, Greek, the languages written in Cyrillic.
    "hasło", "tajnyklucz", "şifre", "parolă", "συνθηματικό", "парол", "секрет", "токен",
    # Hebrew, Arabic, Persian, Hindi, Thai, Vietnamese, Indonesian.
    "סיסמ", "كلمةالمرور", "كلمةالسر", "رمزعبور", "पासवर्ड", "รหัสผ่าน", "matkhau", "mậtkhẩu", "katasandi",
    # Chinese, Japanese, Korean.
    "密码", "密碼", "口令", "令牌", "密钥", "密鑰", "验证码", "驗證碼",
    "パスワード", "暗証番号", "秘密鍵", "トークン", "認証コード",
    "비밀번호", "암호", "토큰", "인증번호",
)  # fmt: skip
# Only as a whole word of a name.
WORDS = frozenset({"senha", "haslo", "heslo", "passord", "sifre", "jeton", "mdp", "parol", "mima"})
# Only as the whole of a name: `palabra_clave` and `parola_chiave` are keywords, `κωδικός` is any code, too.
WHOLE = frozenset({"clave", "parola", "κωδικός"})
