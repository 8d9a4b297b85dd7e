"""The slash at the end of a path, and who takes one in its middle."""

import re
from functools import lru_cache

from miniframework.routing.converters import BUILT_IN

# What everybody uses is known, so that an application that starts need not load what reads a regex.
_KNOWN = {converter.regex: converter.name == "path" for converter in BUILT_IN.values()}
# A choice of words.
_WORDS = re.compile(r"(?:[\w|-]|\\[^\w\s/])*")


@lru_cache(maxsize=1024)  # a memo of a pure function; applications have a handful of converters
def may_pass_a_slash(regex: str) -> bool:
    """Whether a match may hold a slash or depend on what stands behind it; also when that is unknown."""
    if regex in _KNOWN:
        return _KNOWN[regex]
    if _WORDS.fullmatch(regex):
        return False
    from miniframework.routing.regex.walk import automaton_of

    automaton = automaton_of(regex)
    return isinstance(automaton, str) or automaton.may_take("/")


def toggle_slash(path: str) -> str | None:
    """`path` without its slashes at the end, or with one added; None where that leads nowhere ("/", "//")."""
    if path == "/":
        return None
    return (path.rstrip("/") or None) if path.endswith("/") else path + "/"
