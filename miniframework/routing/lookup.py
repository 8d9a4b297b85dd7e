"""Which entries are worth asking about a path: the seam behind which a faster search can stand."""

from collections.abc import Sequence
from typing import Protocol

from miniframework.routing.parts import Parameter
from miniframework.routing.route import Entry

Candidates = Sequence[tuple[int, Entry]]


class Lookup(Protocol):
    """Narrows a table down before the entries themselves decide.

    The law: what it gives holds every entry whose regex takes the whole path, in the order of declaration. It
    may hold others. A table that asks them in turn is then exactly a scan of all of them.
    """

    def candidates(self, path: str) -> Candidates:
        """The entries to ask about `path`, with their index in the table."""


class StaticFirst:
    """A dictionary of the paths without parameters in front of a plain scan.

    Such a path always has the same takers: they are found once, by a scan, when it is first asked for. Not
    more are kept than there are literal paths in the table, so a client cannot make it grow.
    """

    def __init__(self, entries: Candidates) -> None:
        self._all = entries
        self._literal = frozenset(entry.pattern.template for _, entry in entries if _is_literal(entry))
        self._takers: dict[str, Candidates] = {}

    def candidates(self, path: str) -> Candidates:
        """The takers of a literal path; for any other path, everything."""
        takers = self._takers.get(path)
        if takers is not None:
            return takers
        if path not in self._literal:
            return self._all
        takers = tuple(item for item in self._all if item[1].pattern.regex.fullmatch(path))
        self._takers[path] = takers
        return takers


def _is_literal(entry: Entry) -> bool:
    pattern = entry.pattern
    return not pattern.open_ended and not any(isinstance(part, Parameter) for part in pattern.parts)
