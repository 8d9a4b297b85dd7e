"""What the adapter of a framework gives: its routes as they are tried, and its router's own verdict."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Final, Literal, Protocol

from miniframework.records import dataclass
from miniframework.routing.parts import Part
from miniframework.routing.source import Source

AskedOutcome = Literal["match", "not_found", "method_not_allowed", "redirect", "websocket_mismatch"]
Slashes = Literal["exact", "end_ignored", "end_dropped", "merged"]
WEBSOCKET = "WEBSOCKET"  # asked for as a method: a WebSocket handshake

# All that is read of a live request's scope, by `find_taken` of any adapter, which may be one below a mount,
# and by who records the values of its path, or looks whether a router was asked. Nothing else of it is there
# once the application has answered.
READ_OF_SCOPE: Final = (
    "type",
    "method",
    "path",
    "raw_path",
    "root_path",
    "path_params",
    "router",
    "route",
    "endpoint",
    "fastapi",
    "route_handler",
)

_PORT = re.compile(r":[0-9]*\Z")
_IMPLIED_PORT = re.compile(r":(?:80|443)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRule:
    """Which hosts a route is for: `regex` decides by fullmatch about the Host header in lower case.

    A port in it does not count, with `keeps_port` only one that the scheme implies. `sample` is a host that
    the rule takes, None when none is known.
    """

    regex: str
    sample: str | None
    keeps_port: bool = False

    def takes(self, host: str) -> bool:
        """Whether a request with this Host header is for the route."""
        port = _IMPLIED_PORT if self.keeps_port else _PORT
        return re.fullmatch(self.regex, port.sub("", host).lower()) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptedRoute:
    """One entry of a framework's table.

    `path` is the effective template as the framework writes it, with the prefixes of all that was included
    above it but not of mounts. `parts` say the same as literals and parameters, whose regexes decide by
    fullmatch; they are compared with the decoded path, or with the raw one where `Rules.path` says so.
    `methods` are those that the router takes, with nothing implied; None for every method. `endpoint` is
    `module:qualname`. A mount takes everything below its path and commits to it; `inner` are the routes
    behind it, None when they cannot be read. `origin` is the framework's own object. `condition` is what a
    request must have beside its path and its method, in words ("host api.example.org"), None when nothing:
    such a route takes nothing away from the routes behind it for certain. `only_refuses`: the condition
    lets it take nothing that its parts do not. `doubt` is why it may refuse paths that its parts take, in
    words (a converter of the user's), None when it refuses none. `host` is the rule
    that decides about the condition, where it is about the host and nothing else. `mounted` is what a mount
    hands on to, and `inner_by` the adapter of another framework that read its `inner`. `inner_redirects` says
    whether what is mounted redirects slashes, None when it does as what is around it. `has_other_way`:
    requests with more than a host, a method and a path (a version in a header) come to it past the entries
    that have none.
    `slashes`: "end_ignored" when a slash at the end of the path may be added or left out; "end_dropped" when
    they are taken off the path one by one until some route takes it; "merged" when slashes at the end count
    for nothing and runs of slashes for one. `types` are what the endpoint declares
    for parameters of the path, as text by their names, where the framework answers 422 to all that is no such
    value and does not call the endpoint. `answers` are the methods that an endpoint has which is a class and
    gets every method: it answers 405 to the others by itself; None where that is not so, or not known.
    """

    kind: Literal["http", "websocket", "mount"]
    path: str
    parts: tuple[Part, ...]
    methods: frozenset[str] | None
    name: str | None
    endpoint: str
    source: Source | None = None
    inner: "tuple[AdaptedRoute, ...] | None" = None
    origin: Any = field(default=None, compare=False, repr=False)
    condition: str | None = None
    only_refuses: bool = False
    doubt: str | None = None
    host: HostRule | None = None
    slashes: Slashes = "exact"
    mounted: Any = field(default=None, compare=False, repr=False)
    inner_by: "Adapter | None" = field(default=None, compare=False, repr=False)
    inner_redirects: bool | None = None
    has_other_way: bool = False
    types: Mapping[str, str] = field(default_factory=dict, compare=False)
    answers: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Where a framework's router decides otherwise than a scan in which the first declared route wins.

    `order`: the routes are listed in the order in which they are tried; "declared" when that is the order of
    the program, "specific" when the router sorts them itself. `path`: what is compared, the decoded or the
    raw path. `backtracks` is False for a tree that never leaves a branch once it has chosen it. `allow`: the
    methods that a 405 names, of all routes with this path, of the first one only, or none is ever answered
    ("never": methods do not route). `redirect_slashes`: a path that matches only with or without a slash at
    its end is redirected; with `appends_only` a slash is added and never taken away. `redirects_in_turn`:
    that is done (and a slash is ignored by a route that ignores one) when the turn of the route comes, before
    the routes behind it are tried, and not only when none of them takes the request. `ignores_case`: literal
    text is compared without regard to case. `usual_host` is the host of a question that names none.
    `root_path` is what the application takes off the front of a path, because it was told to be served
    there. `own_search` names what somebody wrote to search instead of the router: only the router is known
    here. `one_slash_in_front`, `socket_methods`, `unmatched`, `unslashed_methods`, `language_prefix`,
    `has_language` and `adds_options` are as in `miniframework.routing.foreign.framework.Framework`.
    Without `declares_endpoints` a route is declared apart from its endpoint (`path("x/", view)`), so that the
    source of a route is not where it stands in the order.
    With `path_decides` the first path that fits decides, also where no route with it takes the method.
    `sentence` tells people how this router decides.
    """

    order: Literal["declared", "specific"] = "declared"
    path: Literal["decoded", "raw"] = "decoded"
    backtracks: bool = True
    allow: Literal["union", "first", "never"] = "union"
    path_decides: bool = False
    declares_endpoints: bool = True
    redirect_slashes: bool = True
    appends_only: bool = False
    unslashed_methods: str = ""
    redirects_in_turn: bool = False
    ignores_case: bool = False
    usual_host: str = "localhost"
    root_path: str = ""
    own_search: str | None = None
    one_slash_in_front: bool = False
    newline_at_end: bool = False
    socket_methods: str = ""
    unmatched: Literal["refused", "merged", "tilde"] = "refused"
    language_prefix: str = ""
    has_language: str = ""
    adds_options: bool = True
    sentence: str = "The first route that takes the request wins."


@dataclass(frozen=True, slots=True)
class Handed:
    """What a mount at the end of a way hands on: the application it calls, and the scope it calls it with."""

    app: Any
    scope: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the framework's own router said to a request, without any handler having run.

    `way` is the entry that takes it, behind the mounts on the way to it, outermost first; () when none does.
    A way that ends with a mount: what is mounted decides, and could not be asked; `handed` is what it gets.
    `params` is raw text. `status` is what the router itself answers (404, 405, 307 ...), None when a handler
    decides. `location` is what it answers to a request for the host that was asked for. `refused_in` is the
    way to the mount, of another framework, in which a request was refused; () when it was outside of all.
    `before` says in words what stands before the routers and may answer this path by itself, None for nothing
    that is known of; `middleware` the same of the application's own middleware, which names just this path.
    """

    outcome: AskedOutcome
    way: tuple[AdaptedRoute, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)
    allow: tuple[str, ...] = ()
    location: str | None = None
    status: int | None = None
    handed: Handed | None = field(default=None, compare=False, repr=False)
    refused_in: tuple[AdaptedRoute, ...] = ()
    before: str | None = None
    middleware: str | None = None


class Adapter(Protocol):
    """One application of one framework. Nothing here runs a handler, a middleware or a dependency."""

    @property
    def framework(self) -> str:
        """The framework's name, as it writes it itself."""

    @property
    def version(self) -> str | None:
        """The version that is installed, None when it does not say."""

    @property
    def rules(self) -> Rules:
        """How its router decides."""

    def routes(self) -> Sequence[AdaptedRoute]:
        """Every entry in the order in which it is tried, read anew each time."""

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask the real router; `raw_path` is percent-encoded, without the query, WEBSOCKET is a method.

        Without a `host` it is `Rules.usual_host`. Safe to call from any thread.
        """

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask the real router about a request as it is called with it; the scope may be changed.

        Safe to call from any thread.
        """

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """The way of a live request, read from its scope once the application has answered; () if unknown.

        The scope may have been cut down to `READ_OF_SCOPE`.
        """
