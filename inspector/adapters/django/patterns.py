"""One pattern of a URLconf: what it takes as parts, and what it took of a path as text."""

from dataclasses import field
from typing import Any

from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern

from inspector.adapters.django.languages import in_default_language, prefix_text, read_prefix, read_translated
from inspector.adapters.django.route_pattern import read_route
from inspector.adapters.regexes.parts import ANYTHING, NAMELESS, How, RegexParts, make_parameter, read_regex
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a pattern took: `rest` is left for the patterns below; groups by name, or in order."""

    rest: str
    named: dict[str, str] = field(default_factory=dict)
    unnamed: tuple[str | None, ...] = ()


def text_of(pattern: Any) -> str:
    """The pattern as Django writes it, in the language of the settings."""
    if isinstance(pattern, LocalePrefixPattern) and _is_own(pattern, LocalePrefixPattern):
        return prefix_text(pattern)
    return str(in_default_language(lambda: str(pattern)))


def read_pattern(pattern: Any, *, is_leaf: bool) -> RegexParts:
    """The parts of a pattern, whose spans are those of `text_of`; of one that includes others as a prefix."""
    match pattern:
        case LocalePrefixPattern() if _is_own(pattern, LocalePrefixPattern):
            return read_prefix(pattern)
        case RoutePattern() if _is_own(pattern, RoutePattern):
            return _translated(
                pattern._route, lambda text: read_route(text, pattern.converters, is_prefix=not is_leaf)
            )
        case RegexPattern() if _is_own(pattern, RegexPattern):
            _ = pattern.regex  # one that cannot be compiled: Django says which
            return _translated(
                pattern._regex, lambda text: read_regex(text, _how(pattern, text, is_leaf=is_leaf))
            )
    whole = make_parameter(NAMELESS, ANYTHING, (0, len(text_of(pattern))))
    return RegexParts(parts=(whole,), larger=f"{type(pattern).__qualname__} matches in its own way")


def take(pattern: Any, path: str) -> Taken:
    """What a pattern took of a path that it is known to match, as raw text where it can be told."""
    if not isinstance(pattern, RoutePattern | RegexPattern):
        rest, unnamed, named = pattern.match(path)
        return Taken(rest=rest, named={name: str(value) for name, value in named.items()}, unnamed=unnamed)
    found = pattern.regex.search(path)
    if isinstance(pattern, RegexPattern) and pattern._is_endpoint and pattern.regex.pattern.endswith("$"):
        found = pattern.regex.fullmatch(path)
    named = {name: text for name, text in found.groupdict().items() if text is not None}
    has_names = bool(pattern.regex.groupindex)
    return Taken(rest=path[found.end() :], named=named, unnamed=() if has_names else found.groups())


def _how(pattern: Any, regex: str, *, is_leaf: bool) -> How:
    if pattern._is_endpoint and regex.endswith("$"):
        return "fullmatch"
    return "search" if is_leaf else "prefix"


def _translated(text: Any, read: Any) -> RegexParts:
    """Read text that may be translated when it is used."""
    if isinstance(text, str):
        return read(text)  # type: ignore[no-any-return]  # a lambda of this module
    return read_translated(lambda: str(text), read)


def _is_own(pattern: Any, kind: type) -> bool:
    return type(pattern).match is kind.match  # type: ignore[attr-defined]  # every pattern has it
