"""The route table of another framework, told in our words so that it can be explained and analysed.

Whoever wants the verdict asks that framework's own router; what is found here is a picture of it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any, Literal

from miniframework.records import dataclass
from miniframework.routing.explanation import Explanation, Protocol_
from miniframework.routing.foreign_tree import match_in_tree
from miniframework.routing.match import NOT_FOUND, Found, Match, MethodNotAllowed, Redirected
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
    names: those of all routes with the path, of the first, or no 405 is ever given. `unslashed_methods`
    ("POST PUT"): requests that fail where others are redirected to a slash. `one_slash_in_front`: slashes
    in front of a path count for one. `socket_methods`: the methods of a WebSocket route ("GET HEAD"), where
    it refuses others with 405 like any other route, and a handshake is a GET to the routes it meets.

    `unmatched` is what becomes of a path that nothing takes: "refused"; "merged", it is redirected when it is
    taken with one slash for two; "tilde", it is redirected with ~ for its percent signs, or without slashes
    at its end. With a `language_prefix` ("/en") it is redirected below that when it is taken there, unless
    the regex `has_language` finds a language in front of it already. `adds_options`: OPTIONS beside other
    methods may be the router's own addition. `sentence` tells people how the router decides.
    """

    name: str
    version: str | None = None
    path: Literal["decoded", "raw"] = "decoded"
    slashes: Literal["exact", "end_ignored", "merged"] = "exact"
    ignores_case: bool = False
    backtracks: bool = True
    appends_only: bool = False
    unslashed_methods: str = ""
    redirects_in_turn: bool = False
    allow: Literal["union", "first", "never"] = "union"
    one_slash_in_front: bool = False
    socket_methods: str = ""
    unmatched: Literal["refused", "merged", "tilde"] = "refused"
    language_prefix: str = ""
    has_language: str = ""
    adds_options: bool = True
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
        match = self._search(protocol, method, path)
        if isinstance(match, Redirected) and method in self.framework.unslashed_methods.split():
            return NOT_FOUND
        if isinstance(match, Found | Redirected):
            return match
        return self._try_again(match, protocol, method, path)

    def explain(self, protocol: Protocol_, method: str, path: str) -> Explanation:
        """The same, and a verdict of every entry."""
        return super().explain(protocol, method, self.as_compared(path))

    def as_compared(self, path: str) -> str:
        """The path as the patterns are compared with it."""
        framework = self.framework
        if framework.one_slash_in_front and path.startswith("//"):
            path = "/" + path.lstrip("/")
        if framework.slashes == "merged":
            path = re.sub("//+", "/", path)
        is_merged_later = framework.unmatched == "merged" and path.endswith("//")
        if framework.slashes != "exact" and len(path) > 1 and not is_merged_later:
            path = path.removesuffix("/")
            path += "/" if path in self._bare_mounts else ""
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

    def _search(self, protocol: Protocol_, method: str, path: str) -> Match:
        """Who takes it as it is."""
        framework = self.framework
        if not framework.backtracks:
            return match_in_tree(self._candidates, protocol, method, path)
        match = super().match(protocol, method, path)
        if framework.redirects_in_turn and self.redirect_slashes:
            match = self._redirect_before(match, protocol, method, path)
        if isinstance(match, Redirected) and framework.appends_only and path.endswith("/"):
            return NOT_FOUND
        if framework.socket_methods and not isinstance(match, Found | Redirected):
            return self._refuse_as_gets("GET" if protocol == "websocket" else method, path)
        return self._refuse(match, path) if isinstance(match, MethodNotAllowed) else match

    def _try_again(self, refusal: Match, protocol: Protocol_, method: str, path: str) -> Match:
        """What becomes of a path that nothing takes."""
        framework = self.framework
        if framework.unmatched == "tilde" and protocol == "http":
            return _tilded(path) or refusal
        if framework.unmatched == "merged" and "//" in path:
            return self._merge(refusal, protocol, method, path)
        prefix = framework.language_prefix
        if not prefix or protocol != "http" or re.match(framework.has_language, path):
            return refusal
        match self._search(protocol, method, prefix + path):
            case Found():
                return Redirected(path=prefix + path)
            case Redirected() as slashed:
                return slashed
        return refusal

    def _merge(self, refusal: Match, protocol: Protocol_, method: str, path: str) -> Match:
        """The same path with one slash for each two."""
        merged = path.replace("//", "/")
        match self._search(protocol, method, merged):
            case Found():
                return Redirected(path=merged)
            case Redirected() as slashed:
                return slashed
            case MethodNotAllowed(allow=allow):
                known = refusal.allow if isinstance(refusal, MethodNotAllowed) else ()
                return MethodNotAllowed(allow=tuple(sorted({*known, *allow})))
        return refusal

    @cached_property
    def _bare_mounts(self) -> frozenset[str]:
        """Prefixes of mounts that take the prefix itself too, where a slash at the end counts for nothing."""
        prefixes = {entry.pattern.template for entry in self.entries if isinstance(entry, Mount)}
        return frozenset(prefixes).difference(
            entry.pattern.template for entry in self.entries if not isinstance(entry, Mount)
        )

    @cached_property
    def _candidates(self) -> list[Candidate]:
        return [
            read_candidate(index, entry, 0)
            for index, entry in enumerate(self.entries)
            if entry.condition is None
        ]

    def _redirect_before(self, match: Match, protocol: Protocol_, method: str, path: str) -> Match:
        match = NOT_FOUND if isinstance(match, Redirected) else match  # it is looked for here
        if path.endswith("/"):
            return match
        slashed = super().match(protocol, method, path + "/")
        if not isinstance(slashed, Found) or isinstance(slashed.entry, Mount):
            return match
        earlier = not isinstance(match, Found) or slashed.index < match.index
        return Redirected(path=path + "/") if earlier else match

    def _refuse_as_gets(self, method: str, path: str) -> Match:
        """The methods of all routes with this path that do not take this one, sockets included."""
        having = (entry for entry in self.entries if entry.condition is None)
        having = (entry for entry in having if entry.pattern.regex.fullmatch(path) is not None)
        refusing = _methods_of(having, frozenset(self.framework.socket_methods.split()))
        allowed = {name for methods in refusing if method not in methods for name in methods}
        return MethodNotAllowed(allow=tuple(sorted(allowed))) if allowed else NOT_FOUND

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


def _methods_of(entries: Iterable[Entry], of_sockets: frozenset[str]) -> Iterable[frozenset[str]]:
    for entry in entries:
        if isinstance(entry, SocketRoute):
            yield of_sockets
        elif isinstance(entry, Route) and not entry.every_method:
            yield entry.methods


def _tilded(path: str) -> Redirected | None:
    """Source: datasette/app.py, DatasetteRouter.handle_404."""
    if "%" in path:
        return Redirected(path=path.replace("~", "~7E").replace("%", "~").replace(".", "~2E"))
    return Redirected(path=path.rstrip("/")) if path.endswith("/") else None
