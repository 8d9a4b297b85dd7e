"""The route table of another framework, told in our words so that it can be explained and analysed.

Whoever wants the verdict asks that framework's own router; what is found here is a picture of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

from miniframework.routing.explanation import Explanation, Protocol_
from miniframework.routing.match import NOT_FOUND, Found, Match, MethodNotAllowed, Redirected, make_found
from miniframework.routing.reasons import passed_over
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.segments import Candidate, read_candidate
from miniframework.routing.snapshot import read_entries, snapshot_entries
from miniframework.routing.table import RouteTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """Whose table it is, and where its router decides otherwise than ours.

    `path` is what it compares, the decoded or the raw path. `slashes`: one slash more or less at the end does
    not matter ("end_ignored"), nor do runs of them ("merged"). With `ignores_case` literal text is lower case
    in the patterns, and so must the path be. `backtracks` is False where templates without parameters come
    first, then mounts, then a tree that takes the literal branch where there is one and never leaves it.
    `appends_only`: a redirect adds a slash at the end and never takes one away. `redirects_in_turn`: a slash
    that is missing at the end is added when the turn of its route comes. `allow` says which methods a 405
    names: those of all routes with the path, of the first, or no 405 is ever given. `sentence` tells people
    how it decides.
    """

    name: str
    version: str | None = None
    path: Literal["decoded", "raw"] = "decoded"
    slashes: Literal["exact", "end_ignored", "merged"] = "exact"
    ignores_case: bool = False
    backtracks: bool = True
    appends_only: bool = False
    redirects_in_turn: bool = False
    allow: Literal["union", "first", "never"] = "union"
    sentence: str = ""


class ForeignTable(RouteTable):
    """A table that decides, as far as it can be told, like the framework it was read from."""

    passed_over = passed_over()

    def __init__(
        self, entries: Sequence[Entry], *, framework: Framework, redirect_slashes: bool = True
    ) -> None:
        self.framework = framework
        super().__init__(entries, redirect_slashes=redirect_slashes)

    def match(self, protocol: Protocol_, method: str, path: str) -> Match:
        """Who takes the request, as far as the picture tells."""
        path = self.as_compared(path)
        if not self.framework.backtracks:
            return self._match_in_branch(protocol, method, path)
        match = super().match(protocol, method, path)
        if self.framework.redirects_in_turn and self.redirect_slashes:
            match = self._redirect_before(match, protocol, method, path)
        if isinstance(match, MethodNotAllowed):
            return self._refuse(match, path)
        if isinstance(match, Redirected) and self.framework.appends_only and path.endswith("/"):
            return NOT_FOUND
        return match

    def explain(self, protocol: Protocol_, method: str, path: str) -> Explanation:
        """The same, and a verdict of every entry."""
        return super().explain(protocol, method, self.as_compared(path))

    def as_compared(self, path: str) -> str:
        """The path as the patterns are compared with it."""
        framework = self.framework
        if framework.slashes == "merged":
            path = re.sub("//+", "/", path)
        if framework.slashes != "exact" and len(path) > 1:
            path = path.removesuffix("/")
        return path.lower() if framework.ignores_case else path

    def with_entries(self, entries: Sequence[Entry], *, redirect_slashes: bool) -> "ForeignTable":
        """A table of the same framework, with other entries."""
        return ForeignTable(entries, framework=self.framework, redirect_slashes=redirect_slashes)

    @classmethod
    def from_foreign_snapshot(cls, snapshot: Mapping[str, Any]) -> "ForeignTable":
        """The table of a snapshot. Raises KeyError for what no `snapshot` made."""
        return cls(
            read_entries(snapshot["routes"], RouteTable.from_snapshot, foreign=True),
            framework=Framework(**snapshot["framework"]),
            redirect_slashes=snapshot["redirect_slashes"],
        )

    def _match_in_branch(self, protocol: Protocol_, method: str, path: str) -> Match:
        """Who takes it: a template that is the path itself, else a mount, else those left in the branch."""
        other = SocketRoute if protocol == "http" else Route
        having = [one for one in self._candidates if not isinstance(one.entry, other)]
        left = [one for one in having if _is_plain(one) and one.entry.pattern.regex.fullmatch(path)]
        left = left or [
            one
            for one in having
            if isinstance(one.entry, Mount) and one.entry.pattern.regex.fullmatch(path) is not None
        ]
        left = left or _walk([one for one in having if not _is_plain(one)], path)
        allowed: set[str] = set()
        for one in left:
            found = one.entry.pattern.regex.fullmatch(path)
            if found is None:
                continue
            if one.methods is None or method in one.methods:
                prefix_length = found.end(1) if isinstance(one.entry, Mount) else 0
                return make_found(one.index, one.entry, found.groupdict(), prefix_length)
            allowed |= one.methods
        return MethodNotAllowed(allow=tuple(sorted(allowed))) if allowed else NOT_FOUND

    @cached_property
    def _candidates(self) -> list[Candidate]:
        return [
            read_candidate(index, entry, 0)
            for index, entry in enumerate(self.entries)
            if entry.condition is None
        ]

    def _redirect_before(self, match: Match, protocol: Protocol_, method: str, path: str) -> Match:
        if protocol == "websocket" or path.endswith("/"):
            return NOT_FOUND if isinstance(match, Redirected) else match
        slashed = super().match(protocol, method, path + "/")
        if not isinstance(slashed, Found) or isinstance(slashed.entry, Mount):
            return match
        earlier = not isinstance(match, Found) or slashed.index < match.index
        return Redirected(path=path + "/") if earlier else match

    def _refuse(self, refusal: MethodNotAllowed, path: str) -> Match:
        if self.framework.allow == "never":
            return NOT_FOUND
        if self.framework.allow == "first":
            return MethodNotAllowed(allow=self._first_allowed(path))
        return refusal

    def _first_allowed(self, path: str) -> tuple[str, ...]:
        having = (
            entry
            for entry in self.entries
            if isinstance(entry, Route) and entry.pattern.regex.fullmatch(path) is not None
        )
        return tuple(sorted(next(having).methods))

    def _snapshot(self) -> dict[str, Any]:
        return {
            "framework": asdict(self.framework),
            "redirect_slashes": self.redirect_slashes,
            "routes": snapshot_entries(self.entries),
        }


def _is_plain(candidate: Candidate) -> bool:
    return candidate.is_cut and all(isinstance(segment, str) for segment in candidate.segments)


def _walk(candidates: list[Candidate], path: str) -> list[Candidate]:
    """Those left once each segment of the path has chosen its branch."""
    left = candidates
    for position, text in enumerate(path.split("/")):
        literal = [one for one in left if one.segment(position) == text]
        left = literal or [one for one in left if not isinstance(one.segment(position), str)]
    return left
