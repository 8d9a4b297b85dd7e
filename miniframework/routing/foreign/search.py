"""How the router of another framework decides, told in our words so that it can be explained and analysed.

Whoever wants the verdict asks that framework's own router; what is found here is a picture of it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial

from miniframework.routing.foreign.framework import Framework
from miniframework.routing.foreign.tree import match_in_tree
from miniframework.routing.judging.reasons import passed_over
from miniframework.routing.match import (
    NOT_FOUND,
    Found,
    Match,
    MethodNotAllowed,
    NotFound,
    Protocol_,
    Redirected,
)
from miniframework.routing.parts import Literal, Parameter
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.segments import Candidate, read_candidate

# Who takes a request in the order of declaration, by protocol, method and path.
Scan = Callable[[Protocol_, str, str], Match]


class ForeignSearch:
    """Decides between entries, as far as it can be told, like a framework; `scan` says how we would."""

    passed_over = passed_over()

    def __init__(
        self, entries: Sequence[Entry], framework: Framework, scan: Scan, *, redirect_slashes: bool
    ) -> None:
        self._entries = entries
        self._framework = framework
        self._scan = scan
        self._redirect_slashes = redirect_slashes

    def match(self, protocol: Protocol_, method: str, path: str) -> Match:
        """Who takes the request, as far as the picture tells."""
        path = self.as_compared(path)
        match = self._search(protocol, method, path)
        if isinstance(match, Redirected) and method in self._framework.unslashed_methods.split():
            return NOT_FOUND
        if isinstance(match, Found | Redirected):
            return match
        return self._try_again(match, protocol, method, path)

    def as_compared(self, path: str) -> str:
        """The path as the patterns are compared with it."""
        framework = self._framework
        if framework.one_slash_in_front and path.startswith("//"):
            path = "/" + path.lstrip("/")
        if framework.slashes == "merged":
            path = re.sub("//+", "/", path)
        is_merged_later = framework.unmatched == "merged" and path.endswith("//")
        if framework.slashes != "exact" and len(path) > 1 and not is_merged_later:
            path = path if self._ends_empty(path) else path.removesuffix("/")
            path += "/" if path in self._bare_mounts else ""
        return path.lower() if framework.ignores_case else path

    def _search(self, protocol: Protocol_, method: str, path: str) -> Match:
        """Who takes it as it is."""
        framework = self._framework
        if not framework.backtracks:
            return match_in_tree(self._candidates, protocol, method, path)
        if framework.path_decides:
            return self._decide_by_path(protocol, method, path)
        match = self._scan(protocol, method, path)
        if framework.redirects_in_turn and self._redirect_slashes:
            match = self._redirect_before(match, protocol, method, path)
        if isinstance(match, Redirected) and framework.appends_only and path.endswith("/"):
            return NOT_FOUND
        if framework.socket_methods and not isinstance(match, Found | Redirected):
            return self._refuse_as_gets("GET" if protocol == "websocket" else method, path)
        return self._refuse(match, path) if isinstance(match, MethodNotAllowed) else match

    def _decide_by_path(self, protocol: Protocol_, method: str, path: str) -> Match:
        """What the routes with the first path that fits say, whatever each calls its parameters."""
        match = self._scan(protocol, method, path)
        if isinstance(match, NotFound):
            return match
        before = self._entries[: match.index] if isinstance(match, Found) else self._entries
        fitting = (one for one in before if one.condition is None and one.pattern.regex.fullmatch(path))
        first = next(fitting, None)
        if first is None:
            return match
        path_of = _without_names(first.pattern)
        if isinstance(match, Found) and _without_names(match.entry.pattern) == path_of:
            return match
        all_of_them = (one for one in self._entries if one.condition is None)
        here = (one for one in all_of_them if _without_names(one.pattern) == path_of)
        allowed = {name for one in here if isinstance(one, Route) for name in one.methods}
        is_refused = allowed and protocol == "http"
        return MethodNotAllowed(allow=tuple(sorted(allowed))) if is_refused else NOT_FOUND

    def _try_again(self, refusal: Match, protocol: Protocol_, method: str, path: str) -> Match:
        """What becomes of a path that nothing takes."""
        framework = self._framework
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

    def _ends_empty(self, path: str) -> bool:
        """Whether the slash at the end stands before a last parameter that may be empty, and is."""
        return path.endswith("/") and any(map(partial(_takes, path), self._emptied))

    @cached_property
    def _emptied(self) -> tuple[PathPattern, ...]:
        """What ends with a parameter that may be empty, where else a slash at the end counts for nothing."""
        if self._framework.slashes != "end_ignored":
            return ()
        patterns = (entry.pattern for entry in self._entries if not isinstance(entry, Mount))
        return tuple(one for one in patterns if _may_end_empty(one))

    @cached_property
    def _bare_mounts(self) -> frozenset[str]:
        """Prefixes of mounts that take the prefix itself too, where a slash at the end counts for nothing."""
        prefixes = {entry.pattern.template for entry in self._entries if isinstance(entry, Mount)}
        return frozenset(prefixes).difference(
            entry.pattern.template for entry in self._entries if not isinstance(entry, Mount)
        )

    @cached_property
    def _candidates(self) -> list[Candidate]:
        return [
            read_candidate(index, entry, 0)
            for index, entry in enumerate(self._entries)
            if entry.condition is None
        ]

    def _redirect_before(self, match: Match, protocol: Protocol_, method: str, path: str) -> Match:
        match = NOT_FOUND if isinstance(match, Redirected) else match  # it is looked for here
        if path.endswith("/"):
            return match
        slashed = self._scan(protocol, method, path + "/")
        if not isinstance(slashed, Found) or isinstance(slashed.entry, Mount):
            return match
        earlier = not isinstance(match, Found) or slashed.index < match.index
        return Redirected(path=path + "/") if earlier else match

    def _refuse_as_gets(self, method: str, path: str) -> Match:
        """The methods of all routes with this path that do not take this one, sockets included."""
        having = (entry for entry in self._entries if entry.condition is None)
        having = (entry for entry in having if entry.pattern.regex.fullmatch(path) is not None)
        refusing = _methods_of(having, frozenset(self._framework.socket_methods.split()))
        allowed = {name for methods in refusing if method not in methods for name in methods}
        return MethodNotAllowed(allow=tuple(sorted(allowed))) if allowed else NOT_FOUND

    def _refuse(self, refusal: MethodNotAllowed, path: str) -> Match:
        if self._framework.allow == "never":
            return NOT_FOUND
        if self._framework.allow == "first":
            return MethodNotAllowed(allow=self._first_allowed(path))
        return refusal

    def _first_allowed(self, path: str) -> tuple[str, ...]:
        having = (
            entry
            for entry in self._entries
            if isinstance(entry, Route) and entry.pattern.regex.fullmatch(path) is not None
        )
        return tuple(sorted(next(having).methods))


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


def _without_names(pattern: PathPattern) -> tuple[object, ...]:
    """What routes with the same path have in common: their text, and the types of their parameters."""
    parts = pattern.parts
    return tuple(one.text if isinstance(one, Literal) else (one.converter_name, one.regex) for one in parts)


def _takes(path: str, pattern: PathPattern) -> bool:
    return pattern.regex.fullmatch(path) is not None


def _may_end_empty(pattern: PathPattern) -> bool:
    """Whether the last part is a parameter that takes no text at all."""
    last = pattern.parts[-1] if pattern.parts else None
    return isinstance(last, Parameter) and re.fullmatch(last.regex, "") is not None
