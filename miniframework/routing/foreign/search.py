"""How the router of another framework decides, told in our words so that it can be explained and analysed.

Whoever wants the verdict asks that framework's own router; what is found here is a picture of it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from itertools import pairwise

from miniframework.routing.foreign.framework import Framework
from miniframework.routing.foreign.tree import match_in_tree
from miniframework.routing.judging.reasons import passed_over
from miniframework.routing.match import (
    NOT_FOUND,
    Found,
    Match,
    MethodNotAllowed,
    Protocol_,
    Redirected,
    make_found,
)
from miniframework.routing.parts import Literal, Parameter
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.segments import Candidate, read_candidate

# Paths without a slash at their end that could be left out: that of the root, and the root's with one more.
_BARE = ("/", "//")

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
        if framework.newline_at_end and path.endswith("\n"):
            path = self._without_newline(path)
        if framework.slashes == "merged":
            path = re.sub("//+", "/", path)
        if framework.slashes == "end_dropped":
            return self._without_slashes(path)
        path = self._in_their_case(path) if framework.ignores_case else path
        is_merged_later = framework.unmatched == "merged" and path.endswith("//")
        if framework.slashes != "exact" and path not in _BARE and not is_merged_later:
            path = path if self._ends_empty(path) else path.removesuffix("/")
            path += "/" if path in self._bare_mounts else ""
        return path

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
        entries = [(index, one) for index, one in enumerate(self._entries) if one.condition is None]
        first = next(((index, one) for index, one in entries if _takes(path, one.pattern)), None)
        if first is None:
            return NOT_FOUND
        number, taker = first
        if isinstance(taker, Mount):
            return _enter(number, taker, path)
        path_of = _without_names(taker.pattern)
        here = [(index, one) for index, one in entries if _without_names(one.pattern) == path_of]
        for index, one in here:
            if self._takes_it(one, protocol, method):
                found = one.pattern.regex.fullmatch(path)
                return NOT_FOUND if found is None else make_found(index, one, found.groupdict())
        of_sockets = frozenset(self._framework.socket_methods.split())
        allowed = {name for methods in _methods_of((one for _, one in here), of_sockets) for name in methods}
        is_gets = bool(of_sockets) and protocol == "websocket"
        is_refused = allowed and (protocol == "http" or is_gets) and method not in of_sockets & allowed
        return MethodNotAllowed(allow=tuple(sorted(allowed))) if is_refused else NOT_FOUND

    def _takes_it(self, entry: Entry, protocol: Protocol_, method: str) -> bool:
        """Whether the request is for an entry with its path; a handshake may be a GET to a route."""
        if isinstance(entry, SocketRoute):
            return protocol == "websocket"
        is_for_it = protocol == "http" or bool(self._framework.socket_methods)
        return isinstance(entry, Route) and is_for_it and (entry.every_method or method in entry.methods)

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

    def _in_their_case(self, path: str) -> str:
        """The path with the words of the templates in lower case, as those are; values keep theirs."""
        return "/".join(map(self._in_its_case, path.split("/")))

    def _in_its_case(self, segment: str) -> str:
        lower = segment.lower()
        if lower in self._words:
            return lower
        begun = max((len(one) for one in self._beginnings if lower.startswith(one)), default=0)
        return lower[:begun] + segment[begun:]

    @cached_property
    def _words(self) -> frozenset[str]:
        texts = (one.text for pattern in self._templates for one in pattern.parts if isinstance(one, Literal))
        return frozenset(word for text in texts for word in text.split("/"))

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        """What segments begin with that go on with a parameter."""
        pairs = (pair for pattern in self._templates for pair in pairwise(pattern.parts))
        words = {one.text.rpartition("/")[2] for one, _ in pairs if isinstance(one, Literal)}
        return tuple(words - {""})

    def _without_newline(self, path: str) -> str:
        """The path without a newline at its end, where a route takes it so: its regex ends with `$`."""
        bare = path[:-1]
        taking = [one for one in self._templates if not one.open_ended]
        if bare.endswith("/") and any(map(partial(_takes, path), taking)):
            return path  # the newline is all that a parameter has there
        return bare if any(map(partial(_takes, bare), taking)) else path

    def _without_slashes(self, path: str) -> str:
        """The path with as few slashes taken off its end as it takes to have a template fit."""
        while path.endswith("/") and path != "/" and not any(map(partial(_takes, path), self._templates)):
            path = path[:-1]
        return path

    @cached_property
    def _templates(self) -> tuple[PathPattern, ...]:
        return tuple(one.pattern for one in self._entries if one.condition is None)

    def _ends_empty(self, path: str) -> bool:
        """Whether the slash at the end stands before a last parameter that may be empty, and is."""
        return path.endswith("/") and any(map(partial(_leaves_nothing, path), self._emptied))

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
        first: dict[str, Entry] = {}
        for entry in self._entries:
            first.setdefault(entry.pattern.template, entry)
        return frozenset(template for template, entry in first.items() if isinstance(entry, Mount))

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


def _enter(index: int, mount: Mount, path: str) -> Match:
    found = mount.pattern.regex.fullmatch(path)
    return NOT_FOUND if found is None else make_found(index, mount, found.groupdict(), found.end(1))


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


def _leaves_nothing(path: str, pattern: PathPattern) -> bool:
    """Whether a template takes the path, and its last parameter nothing of it."""
    found = pattern.regex.fullmatch(path)
    return found is not None and found[pattern.parameters[-1].name] == ""


def _may_end_empty(pattern: PathPattern) -> bool:
    """Whether the last part is a parameter that takes no text at all."""
    last = pattern.parts[-1] if pattern.parts else None
    return isinstance(last, Parameter) and re.fullmatch(last.regex, "") is not None
