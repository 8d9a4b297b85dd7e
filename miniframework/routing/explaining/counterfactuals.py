"""Requests that differ in one way from one that nobody takes: what if it had been asked like this?"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal
from urllib.parse import unquote

from miniframework.routing.explanation import Counterfactual
from miniframework.routing.route import Entry, Mount, Route
from miniframework.routing.slashes import toggle_slash

# Texts that look alike and are not: é is one character or two. Source: Unicode Standard Annex 15.
_FORMS: Mapping[Literal["NFC", "NFD", "NFKC"], str] = MappingProxyType(
    {"NFC": "composed", "NFD": "taken apart", "NFKC": "in their plain form"}
)


def other_paths(entries: Sequence[Entry], method: str, path: str) -> Iterator[Counterfactual]:
    """The same request with another path, each once, the most usual mistake first."""
    seen = {path}
    for change, changed in _changed(entries, path):
        if changed not in seen and changed.startswith("/"):
            seen.add(changed)
            yield Counterfactual(change, method, changed)


def other_methods(entries: Sequence[Entry], method: str, path: str) -> Iterator[Counterfactual]:
    """The same path with each other method that the table knows."""
    known = {name for entry in entries if isinstance(entry, Route) for name in entry.declared_methods}
    for name in sorted(known - {method}):
        yield Counterfactual(f"with the method {name}", name, path)


def _changed(entries: Sequence[Entry], path: str) -> Iterator[tuple[str, str]]:
    toggled = toggle_slash(path)
    if toggled is not None:
        yield f"with{'out the' if path.endswith('/') else ' a'} slash at its end", toggled
    collapsed = re.sub("//+", "/", path)
    yield "with “//” made one slash", collapsed
    yield "without the line break at its end", path.rstrip("\r\n")
    yield "without white space around it", path.strip()
    yield "decoded once more", unquote(path)
    yield "in lower case", path.lower()
    for form, words in _FORMS.items():
        yield f"with its characters {words} ({form})", unicodedata.normalize(form, path)
    for prefix in _prefixes(entries):
        if path.startswith(prefix + "/"):
            yield f"without the prefix {prefix}", path[len(prefix) :]
        yield f"below the prefix {prefix}", prefix + path


def _prefixes(entries: Sequence[Entry]) -> list[str]:
    """Where applications are mounted and routers included, in the order of declaration.

    A mount whose routes are not known takes everything, which would say nothing about a path.
    """
    found: dict[str, None] = {}
    for entry in entries:
        if isinstance(entry, Mount) and entry.inner_table() is not None:
            found[entry.prefix] = None
        below = ""
        for include in entry.includes:
            below += include.prefix
            found[below] = None
    return [prefix for prefix in found if prefix and "{" not in prefix]
