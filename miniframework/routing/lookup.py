"""The search of one protocol: what a scan of all its entries in order would say, without asking them all."""

import sys
from collections.abc import Sequence

from miniframework.routing.decision import DecisionTree
from miniframework.routing.match import NOT_FOUND, Found, Match, MethodNotAllowed, NotFound, Redirected
from miniframework.routing.route import Entry, Route
from miniframework.routing.segments import Candidate, read_candidate
from miniframework.routing.slashes import toggle_slash

# A handshake comes without a method; this is the word that stands for it.
_HANDSHAKE = "GET"

# Different Allow sets that are kept ready. Tables have a handful.
_MOST_REFUSALS = 1_000

# The bit of everybody who takes a path; the bits above it are the methods.
_TAKEN = 1


class Lookup:
    """A decision tree, and the verdicts that never change.

    `constants` has an entry for every literal path of the table: what is said about it depends on nothing but
    the method. It is filled when it is first asked for, with methods of the table only, so no client can make
    it grow. Whoever is in a hurry looks there first, and calls `settle` for such a path. For any other the
    tree finds who takes the request, and `miss` says what it means that nobody does.
    """

    def __init__(self, entries: Sequence[tuple[int, Entry]], *, redirect_slashes: bool) -> None:
        named = {_HANDSHAKE}.union(*(entry.methods for _, entry in entries if isinstance(entry, Route)))
        self._methods = {method: 1 << bit for bit, method in enumerate(sorted(named), 1)}
        candidates = [read_candidate(index, entry, self._bits_of(entry)) for index, entry in entries]
        self._redirect_slashes = redirect_slashes
        self.tree = DecisionTree(candidates)
        # How many segments a path may have that ends with a slash and is taken by anybody.
        self._slashed = frozenset(one.least for one in candidates if one.may_end_empty)
        self._slashed_from = min((one.least for one in candidates if one.open_ended), default=sys.maxsize)
        self._refusals: dict[int, MethodNotAllowed] = {}
        self.constants: dict[str, dict[str, Match]] = {
            one.entry.pattern.template: {} for one in candidates if _is_literal(one)
        }

    def settle(self, method: str, path: str) -> Match:
        """What the entries say to a literal path, for good if they know the method.

        What a parameter took is not kept: each request is given a mapping of its own.
        """
        parts = path.split("/")
        answer = self.tree.ask(parts, path, method)
        match = answer if isinstance(answer, Found) else self.miss(answer, parts, path)
        if method in self._methods and not (isinstance(match, Found) and match.params):
            self.constants[path][method] = match
        return match

    def miss(self, takers: int, parts: list[str], path: str) -> MethodNotAllowed | Redirected | NotFound:
        """What is said when nobody was found; `takers` are the bits of those whose path it is."""
        if takers:
            return self._refusals.get(takers) or self._refuse(takers)
        toggled = toggle_slash(path) if self._redirect_slashes else None
        if toggled is None:
            return NOT_FOUND
        if len(toggled) < len(path):
            parts = toggled.split("/")
        elif len(parts) + 1 in self._slashed or len(parts) + 1 >= self._slashed_from:
            parts = [*parts, ""]
        else:
            return NOT_FOUND  # nobody takes an empty segment at the end
        return Redirected(path=toggled) if self.tree.ask(parts, toggled, None) else NOT_FOUND

    def _bits_of(self, entry: Entry) -> int:
        if not isinstance(entry, Route):
            return _TAKEN
        return _TAKEN | sum(self._methods[method] for method in entry.methods)

    def _refuse(self, takers: int) -> MethodNotAllowed:
        refusal = MethodNotAllowed(allow=tuple(name for name, bit in self._methods.items() if takers & bit))
        if len(self._refusals) < _MOST_REFUSALS:
            self._refusals[takers] = refusal
        return refusal


def _is_literal(candidate: Candidate) -> bool:
    return candidate.is_cut and all(isinstance(segment, str) for segment in candidate.segments)
