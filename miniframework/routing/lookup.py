"""The search of one protocol: what a scan of all its entries in order would say, without asking them all."""

from collections.abc import Sequence
from typing import Literal

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

    `constants` has for each method of the table an entry for every literal path, `others` for all other
    methods: what is said about such a path depends on nothing but the method. It is False until it is first
    asked for, and among the `others` for good, so no client can make them grow. Whoever is in a hurry looks
    there first, and calls `settle` where it is False.

    For any other the `tree` finds who takes the request, from one of its `roots`, by the number of the path's
    segments; the one at `last` is for all longer paths. `miss` says what it means that nobody does: that is
    not found where `may_slash` denies this number and there is no slash at the end.
    """

    def __init__(self, entries: Sequence[tuple[int, Entry]], *, redirect_slashes: bool) -> None:
        named = {_HANDSHAKE}.union(*(entry.methods for _, entry in entries if isinstance(entry, Route)))
        self._methods = {method: 1 << bit for bit, method in enumerate(sorted(named), 1)}
        candidates = [read_candidate(index, entry, self._bits_of(entry)) for index, entry in entries]
        self._redirect_slashes = redirect_slashes
        self._whole = DecisionTree(candidates)
        self.last = self._whole.last
        # No literal path comes to these, so who takes nothing else need not be asked.
        open_to_more = [one for one in candidates if not _is_literal(one)]
        self.tree = DecisionTree(open_to_more, longest=self.last - 1)
        self.roots = self.tree.roots
        self.may_slash = [redirect_slashes and one for one in _may_slash(candidates, self.last)]
        self._refusals: dict[int, MethodNotAllowed] = {}
        literal = [one.entry.pattern.path_format for one in candidates if _is_literal(one)]
        self.others: dict[str, Match | Literal[False]] = dict.fromkeys(literal, False)
        self.constants = {method: self.others.copy() for method in self._methods}

    def search(self, method: str, path: str) -> Match:
        """What the entries say to a path that is no constant."""
        parts = path.split("/")
        count = len(parts)  # DecisionTree.ask once more, in place
        if count > self.last:
            count = self.last
        node = self.roots[count]
        answer = 0 if parts[0] else node[0](node, parts, path, method)
        if type(answer) is Found:
            return answer
        if not answer and parts[-1] and not self.may_slash[count]:
            return NOT_FOUND
        return self.miss(answer, parts, path)

    def settle(self, method: str, path: str) -> Match:
        """What the entries say to a literal path, for good if they know the method.

        What a parameter took is not kept: each request is given a mapping of its own.
        """
        parts = path.split("/")
        answer = self._whole.ask(parts, path, method)
        match = answer if isinstance(answer, Found) else self.miss(answer, parts, path)
        if method in self._methods and not (isinstance(match, Found) and match.params):
            self.constants[method][path] = match
        return match

    def miss(self, takers: int, parts: list[str], path: str) -> MethodNotAllowed | Redirected | NotFound:
        """What is said when nobody was found; `takers` are the bits of those whose path it is."""
        if takers:
            return self._refusals.get(takers) or self._refuse(takers)
        if not self._redirect_slashes:
            return NOT_FOUND
        toggled = toggle_slash(path)
        if toggled is None:
            return NOT_FOUND
        parts = toggled.split("/") if len(toggled) < len(path) else [*parts, ""]
        return Redirected(path=toggled) if self._whole.ask(parts, toggled, None) else NOT_FOUND

    def _bits_of(self, entry: Entry) -> int:
        if not isinstance(entry, Route):
            return _TAKEN
        return _TAKEN | sum(self._methods[method] for method in entry.methods)

    def _refuse(self, takers: int) -> MethodNotAllowed:
        refusal = MethodNotAllowed(allow=tuple(name for name, bit in self._methods.items() if takers & bit))
        if len(self._refusals) < _MOST_REFUSALS:
            self._refusals[takers] = refusal
        return refusal


def _may_slash(candidates: Sequence[Candidate], last: int) -> list[bool]:
    """By the number of its segments, `last` for all longer ones: whether anybody may take a path with a slash
    more."""
    taken = [False] * (last + 1)
    for one in candidates:
        if one.may_end_empty:
            least = one.least - 1
            taken[least:] = [True] * (last + 1 - least) if one.open_ended else [True, *taken[least + 1 :]]
    return taken


def _is_literal(candidate: Candidate) -> bool:
    return candidate.is_cut and all(isinstance(segment, str) for segment in candidate.segments)
