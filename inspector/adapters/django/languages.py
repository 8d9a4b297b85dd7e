"""URL patterns that say something else in each language."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.conf.urls.i18n import is_language_prefix_patterns_used
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation.trans_real import get_language_from_path, get_supported_language_variant

from inspector.adapters.django.middleware import find_middleware
from inspector.adapters.regexes.parts import NAMELESS, RegexParts, make_parameter
from miniframework.routing.parts import Literal

# What may follow the code of a language that is said in more detail, and the end of it.
_VARIANT = r"(?:-\w+(?:[@-]\w+)?)?(?:/|\Z)"
LANGUAGE = "language"  # what the prefix of a language is called in a template; no view gets it
_LANGUAGE_DECIDES = "the active language decides, which a header or a cookie may choose"


def in_default_language(read: Callable[[], Any]) -> Any:
    """What `read` returns while the language of the settings is active."""
    with translation.override(settings.LANGUAGE_CODE):
        return read()


def prefix_text(pattern: Any) -> str:
    """What `i18n_patterns` puts before its routes, as people read it: the prefix of the one language that can
    be, or what stands for each in turn.
    """
    if not _is_chosen_by_path():
        return str(in_default_language(lambda: pattern.language_prefix))
    return f"<{LANGUAGE}>/" if pattern.prefix_default_language else f"[<{LANGUAGE}>/]"


def read_prefix(pattern: Any) -> RegexParts:
    """The parts of the prefix that `i18n_patterns` puts before its routes; spans are those of `prefix_text`.

    LocaleMiddleware makes the language of the path the active one, so each prefix is taken in its turn.
    """
    text = prefix_text(pattern)
    span = (0, len(text))
    if not _is_chosen_by_path():
        return RegexParts(parts=(Literal(text=text, start=0, end=len(text)),) if text else ())
    prefixes = dict.fromkeys(found for code, _ in settings.LANGUAGES if (found := _prefix_of(pattern, code)))
    if not pattern.prefix_default_language:
        return RegexParts(parts=(make_parameter(LANGUAGE, _maybe_prefixed(prefixes), span, word=LANGUAGE),))
    choices = "|".join(re.escape(found.removesuffix("/")) for found in prefixes)
    language = make_parameter(LANGUAGE, choices, (0, len(text) - 1), word=LANGUAGE)
    return RegexParts(parts=(language, Literal(text="/", start=len(text) - 1, end=len(text))))


def _is_chosen_by_path() -> bool:
    """Whether the language of a request may be another one than that of the settings."""
    return bool(settings.USE_I18N) and find_middleware(LocaleMiddleware) is not None


def language_redirect() -> tuple[str, str]:
    """The prefix below which LocaleMiddleware looks for a path that nothing takes, and a regex of those paths
    for which it does not, since a language stands in front of them; ("", "") where it never does.

    Source: django/middleware/locale.py, LocaleMiddleware.process_response.
    """
    is_used, has_default = is_language_prefix_patterns_used(settings.ROOT_URLCONF)
    if not (is_used and has_default and settings.USE_I18N and find_middleware(LocaleMiddleware) is not None):
        return "", ""
    codes = [code.lower() for code, _ in settings.LANGUAGES]
    try:
        active = get_supported_language_variant(settings.LANGUAGE_CODE)
    except LookupError:
        active = settings.LANGUAGE_CODE
    return f"/{active}", f"/(?:{_said_as(codes, ())}){_VARIANT}"


def _maybe_prefixed(prefixes: Iterable[str]) -> str:
    """The prefix of a language, or none while the language of the settings is active.

    That is not so where the path begins with another one.
    """
    default = settings.LANGUAGE_CODE.lower()
    others = [code.lower() for code, _ in settings.LANGUAGES if code.lower() != default]
    own = f"(?=(?i:{re.escape(default)}){_VARIANT})"
    prefixed = "".join(f"{re.escape(prefix)}|" for prefix in prefixes)
    return f"{prefixed}{own}|(?!(?:{_said_as(others, (default,))}){_VARIANT})"


def _said_as(codes: Iterable[str], but: Iterable[str]) -> str:
    """How a path may begin to be in one of these languages, `but` for codes that are another one's.

    `de`, also as `DE` or `de-at`, which is German to Django but not its prefix; and `pt` where only `pt-br`
    is offered. Source: django/utils/translation/trans_real.py, get_supported_language_variant.
    """
    known = [code for code in codes if get_language_from_path(f"/{code}/")]
    generic = {code.partition("-")[0] for code in known if "-" in code}.difference(but)
    any_case = "|".join(map(re.escape, known)) or "(?!)"
    return f"(?i:{any_case})" + "".join(f"|{re.escape(code)}" for code in sorted(generic))


def read_translated(text: Callable[[], str], read: Callable[[str], RegexParts]) -> RegexParts:
    """The parts of a pattern whose text is translated when it is used: what it is in any of the languages."""
    texts: dict[str, None] = {in_default_language(text): None}
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            texts[text()] = None
    readings = [read(one) for one in texts]
    if len(readings) == 1:
        return readings[0]
    choices = "|".join(f"(?:{_joined(reading)})" for reading in readings)
    span = (0, len(next(iter(texts))))
    doubts = dict.fromkeys(reading.doubt for reading in readings if reading.doubt)
    return RegexParts(
        parts=(make_parameter(NAMELESS, f"(?:{choices})", span, word="translated"),),
        groups=readings[0].groups,
        larger=next((reading.larger for reading in readings if reading.larger), None),
        doubt=", ".join((_LANGUAGE_DECIDES, *doubts)),
    )


def _prefix_of(pattern: Any, code: str) -> str:
    """The prefix of a language, "" when a path that begins with it does not make this language active."""
    with translation.override(code):
        prefix = str(pattern.language_prefix)
    active = get_language_from_path(f"/{prefix}") if prefix else None
    if active is None:
        return ""
    with translation.override(active):
        return prefix if pattern.language_prefix == prefix else ""


def _joined(reading: RegexParts) -> str:
    return "".join(
        re.escape(part.text) if isinstance(part, Literal) else f"(?:{part.regex})" for part in reading.parts
    )
