"""What a route table holds: routes, WebSocket routes, and mounted applications."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import field
from functools import lru_cache
from typing import Any, Protocol

from miniframework.errors import RouteError
from miniframework.records import dataclass
from miniframework.routing.pattern import PathPattern
from miniframework.routing.scope_match import Answer, ScopeMatch, match_end, match_prefix
from miniframework.routing.source import Source
from miniframework.types import ASGIApp, Scope

__all__ = ["EVERY_METHOD", "Entry", "Include", "InnerTable", "Mount", "Route", "SocketRoute", "Source"]

EVERY_METHOD = "*"  # among the methods of an exact route: it takes them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """One `include_router` on the way from the router of declaration to the table, outermost first."""

    prefix: str
    source: Source | None = None


class _WithPath:
    """What every entry says of its path."""

    __slots__ = ()

    pattern: PathPattern

    @property
    def path(self) -> str:
        """The template as it is served, prefixes included."""
        return self.pattern.template

    @property
    def path_format(self) -> str:
        """The path without converters."""
        return self.pattern.path_format

    @property
    def path_regex(self) -> re.Pattern[str]:
        """What the path must be."""
        return self.pattern.regex


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(_WithPath):
    """An HTTP route. `methods` is upper-cased and gets HEAD beside GET; `implied_head` says when it did.

    An `exact` one, of another framework, takes its methods as they are and no others, every one there is with
    `EVERY_METHOD`. A `condition` is what another framework wants beside path and method, in words: such an
    entry is shown, and takes nothing here. A `doubt` is why another framework may refuse some paths of the
    pattern, in words: such an entry takes them here, and hides nothing for certain.

    `handle` is what the application runs and `documented` what describes the route to its users; routing
    looks at neither. Raises RouteError without a method.
    """

    pattern: PathPattern
    methods: frozenset[str]
    endpoint: Callable[..., Any]
    name: str
    source: Source | None = None
    includes: tuple[Include, ...] = ()
    handle: ASGIApp | None = field(default=None, compare=False, repr=False)
    condition: str | None = None
    doubt: str | None = None
    documented: Any = field(default=None, compare=False, repr=False)
    exact: bool = False
    implied_head: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        """Normalise the methods. Source: RFC 9110 section 9.3.2 (HEAD is GET without the content)."""
        methods = _share(self.methods if self.exact else _upper(frozenset(self.methods)))
        if not methods:
            raise RouteError(
                where=self.source,
                problem=f"route {self.pattern.template!r} has no method",
                way_out='name at least one, as in methods=["GET"]',
            )
        if "GET" in methods and "HEAD" not in methods and not self.exact:
            object.__setattr__(self, "implied_head", True)
            methods = _share(methods | {"HEAD"})
        object.__setattr__(self, "methods", methods)

    @property
    def declared_methods(self) -> frozenset[str]:
        """The methods without an implied HEAD."""
        return self.methods - {"HEAD"} if self.implied_head else self.methods

    @property
    def every_method(self) -> bool:
        """Whether the method does not matter."""
        return self.exact and EVERY_METHOD in self.methods

    def matches(self, scope: Scope) -> Answer:
        """Say how far it fits a request, as Starlette's middleware asks it."""
        if scope["type"] != "http" or self.condition is not None:
            return ScopeMatch.NONE, {}
        fit, child = match_end(self.pattern, self.endpoint, scope)
        takes = self.every_method or scope["method"] in self.methods
        return (fit if takes or fit is ScopeMatch.NONE else ScopeMatch.PARTIAL), child

    def get_route_handler(self) -> Callable[[Any], Awaitable[Any]]:
        """Give what answers a Request with a Response and raises its errors; a `route_class` wraps it."""
        endpoint: Any = self.handle
        respond: Callable[[Any], Awaitable[Any]] = endpoint.respond
        return respond


@lru_cache(maxsize=256)  # a memo of a pure function: thousands of routes have a handful of sets between them
def _share(methods: frozenset[str]) -> frozenset[str]:
    return methods


@lru_cache(maxsize=256)  # as above
def _upper(methods: frozenset[str]) -> frozenset[str]:
    return frozenset(method.upper() for method in methods)


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketRoute(_WithPath):
    """A WebSocket route."""

    pattern: PathPattern
    endpoint: Callable[..., Any]
    name: str
    source: Source | None = None
    includes: tuple[Include, ...] = ()
    handle: ASGIApp | None = field(default=None, compare=False, repr=False)
    condition: str | None = None
    doubt: str | None = None

    def matches(self, scope: Scope) -> Answer:
        """Say whether it fits a handshake, as Starlette's middleware asks it."""
        if scope["type"] != "websocket" or self.condition is not None:
            return ScopeMatch.NONE, {}
        return match_end(self.pattern, self.endpoint, scope)


class InnerTable(Protocol):
    """What a mount knows of the table of what is mounted; `RouteTable.inside` gives the whole of it."""

    @property
    def entries(self) -> "Sequence[Entry]":
        """What it holds, in the order in which it is tried."""

    @property
    def fingerprint(self) -> str:
        """The name by which equal tables are known."""

    def snapshot(self) -> dict[str, Any]:
        """The table as JSON-able values."""


def _unknown_table() -> InnerTable | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount(_WithPath):
    """An application that takes everything below a prefix, every method and both protocols.

    `pattern` is open-ended (`parse_pattern(prefix, ..., open_ended=True)`). `table` gives the table of what
    is mounted when it is one of this framework's applications, else None; it is asked each time, because such
    an application may still get routes.
    """

    pattern: PathPattern
    app: Any
    name: str
    source: Source | None = None
    includes: tuple[Include, ...] = ()
    handle: ASGIApp | None = field(default=None, compare=False, repr=False)
    condition: str | None = None
    doubt: str | None = None
    table: Callable[[], InnerTable | None] = field(default=_unknown_table, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse a pattern that would take only the prefix itself."""
        if not self.pattern.open_ended:
            raise RouteError(
                where=self.source,
                problem=f"mount {self.pattern.template!r} has a pattern that ends",
                way_out="parse it with open_ended=True",
            )

    def inner_table(self) -> InnerTable | None:
        """The table of what is mounted, as it is now."""
        return self.table()

    @property
    def path_format(self) -> str:
        """The prefix without converters, and what stands for the path behind it."""
        return f"{self.pattern.path_format}/{{path}}"

    @property
    def routes(self) -> "list[Entry]":
        """What is mounted, if its table is known."""
        table = self.table()
        return [] if table is None else list(table.entries)

    def matches(self, scope: Scope) -> Answer:
        """Say whether a request is below its prefix, as Starlette's middleware asks it."""
        if scope["type"] not in ("http", "websocket") or self.condition is not None:
            return ScopeMatch.NONE, {}
        return match_prefix(self.pattern, self.app, scope)

    @property
    def prefix(self) -> str:
        """The template of the prefix without a slash at its end; "" for a mount at the root."""
        return self.pattern.template


Entry = Route | SocketRoute | Mount
