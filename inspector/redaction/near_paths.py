"""Secrets in a path that no route took: what would be a telling parameter of a route that it comes near to.

A link to set a password anew is a secret with a slash too many, too, or asked for by another method.
"""

import re
from collections.abc import Iterable

from inspector.redaction.keys import is_sensitive_name

# `{name}` or `{name:converter}`; what is left of a regex between braces is no name.
_PARAMETER = re.compile(r"\{([A-Za-z_]\w*)(?::([^{}]*))?\}")
_REST = frozenset({"path"})  # a converter whose values have slashes
Near = tuple[tuple[str, str, int, int], ...]
# The pattern matches the beginning of a path, up to the last telling parameter; those are its groups.
NearPattern = tuple[re.Pattern[str], tuple[str, ...]]


def near_patterns(templates: Iterable[str]) -> tuple[NearPattern, ...]:
    """Give a pattern, and the names of its groups, for each template with a telling parameter in it.

    There is none for a parameter that stands behind no word of its own: it would take any path for a secret.
    """
    found = (_pattern_of(template) for template in dict.fromkeys(templates))
    return tuple(pattern for pattern in found if pattern is not None)


def find_near(patterns: Iterable[NearPattern], path: str) -> Near:
    """Give name, text, start and end of what would be telling parameters; of the first pattern that fits."""
    for pattern, names in patterns:
        found = pattern.match(path)
        if found is not None:
            return tuple((name, found[at], *found.span(at)) for at, name in enumerate(names, 1))
    return ()


def _pattern_of(template: str) -> NearPattern | None:
    parameters = list(_PARAMETER.finditer(template))
    last = next((at for at in reversed(range(len(parameters))) if is_sensitive_name(parameters[at][1])), None)
    if last is None:
        return None
    pieces: list[str] = []
    names: list[str] = []
    begins = 0
    for parameter in parameters[: last + 1]:
        pieces.append(re.escape(template[begins : parameter.start()]))
        value = ".+" if parameter[2] in _REST else "[^/]+"
        if is_sensitive_name(parameter[1]):
            value = f"({value})"
            names.append(parameter[1])
        pieces.append(value)
        begins = parameter.end()
    words = _PARAMETER.sub("", template[: parameters[last].start()])
    if not any(character.isalnum() for character in words):
        return None
    return re.compile("".join(pieces), re.DOTALL), tuple(names)
