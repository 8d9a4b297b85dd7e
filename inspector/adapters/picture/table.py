"""The routes an adapter reads, drawn as a table of ours that explains and analyses them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from inspector.adapters.adapter import AdaptedRoute, Adapter, Rules, Slashes
from inspector.adapters.picture.pattern import draw_pattern
from miniframework.records import dataclass
from miniframework.routing.endpoints import StoredEndpoint
from miniframework.routing.foreign.framework import Framework
from miniframework.routing.route import EVERY_METHOD, Entry, Mount, Route, SocketRoute
from miniframework.routing.table import ForeignTable

Address = tuple[int, ...]

_NO_METHOD = frozenset({""})  # of a route that is never taken: no request comes without one

# What stands for an entry when it is read a second time: the framework's own object, and what it is.
_Key = tuple[str, str, frozenset[str] | None, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One effective route: the entry itself behind the mounts on the way to it, and where it stands."""

    way: tuple[AdaptedRoute, ...]
    address: Address

    @property
    def route(self) -> AdaptedRoute:
        """The route itself, or a mount whose inside cannot be read."""
        return self.way[-1]

    @property
    def path(self) -> str:
        """The effective template, with the prefixes of the mounts."""
        *mounts, last = (route.path for route in self.way)
        return "".join(prefix.rstrip("/") for prefix in mounts) + last or "/"

    @property
    def number(self) -> str:
        """Its number as people read it: "3.1" is the first route of what entry 3 mounts."""
        return ".".join(str(index + 1) for index in self.address)


class Picture:
    """A reading of an application's routes. It never changes; make a new one when the routes may have.

    `table` is what explains and analyses; `routes` are the outermost entries, `ways` all of them with the
    mounts on the way and the address, `leaves` those behind which nothing is known. `has_hosts`: some route
    is for some hosts only.
    """

    def __init__(self, adapter: Adapter, *, host: str | None = None) -> None:
        """With a `host` the routes that are for it take what their templates say, as for no other host."""
        routes = tuple(adapter.routes())
        self.routes = routes if host is None else tuple(_for_host(route, host) for route in routes)
        framework = framework_of(adapter, self.routes)
        self.table = draw_table(self.routes, framework, redirects=adapter.rules.redirect_slashes)
        self._rules = adapter.rules
        self.leaves = tuple(_leaves(self.routes, (), ()))
        self.ways = tuple(_ways(self.routes, (), ()))
        self.has_hosts = any(way[-1].host is not None for way, _ in self.ways)
        self._addresses: dict[tuple[_Key, ...], Address] = {}
        for way, address in self.ways:
            self._addresses.setdefault(tuple(map(_key, way)), address)

    @property
    def root_path(self) -> str:
        """What the application takes off the front of a path before it compares it; "" for nothing."""
        return self._rules.root_path

    def rules_at(self, address: Address) -> Rules:
        """The rules of the router that decides about an entry: those of the framework it is mounted with."""
        rules, routes = self._rules, self.routes
        for index in address[:-1]:
            mount = routes[index]
            rules = rules if mount.inner_by is None else mount.inner_by.rules
            routes = mount.inner or ()
        return rules

    def find_address(self, way: Sequence[AdaptedRoute]) -> Address | None:
        """Where in the table the last entry of a way stands, None when it is not there (any more)."""
        return self._addresses.get(tuple(map(_key, way)))


def framework_of(adapter: Adapter, routes: Sequence[AdaptedRoute]) -> Framework:
    """What a table with these entries says of the framework it was read from."""
    rules = adapter.rules
    slashes = set(_slashes(routes))
    return Framework(
        name=adapter.framework,
        version=adapter.version,
        path=rules.path,
        slashes=slashes.pop() if len(slashes) == 1 else "exact",
        ignores_case=rules.ignores_case,
        backtracks=rules.backtracks,
        appends_only=rules.appends_only,
        unslashed_methods=rules.unslashed_methods,
        redirects_in_turn=rules.redirects_in_turn,
        allow=rules.allow,
        path_decides=rules.path_decides,
        one_slash_in_front=rules.one_slash_in_front,
        newline_at_end=rules.newline_at_end,
        socket_methods=rules.socket_methods,
        unmatched=rules.unmatched,
        language_prefix=rules.language_prefix,
        has_language=rules.has_language,
        adds_options=rules.adds_options,
        root_path=rules.root_path,
        sentence=rules.sentence,
    )


def draw_table(
    routes: Sequence[AdaptedRoute], framework: Framework, *, redirects: bool = False
) -> ForeignTable:
    """The table with these entries, in their order, and all that is mounted in them."""
    entries = [_draw_entry(route, framework, redirects=redirects) for route in routes]
    return ForeignTable(entries, framework=framework, redirect_slashes=redirects)


def _draw_entry(route: AdaptedRoute, framework: Framework, *, redirects: bool) -> Entry:
    shared: dict[str, Any] = {
        "pattern": draw_pattern(route, framework),
        "name": route.name or route.endpoint.rpartition(":")[2],
        "source": route.source,
        "condition": route.condition,
        "doubt": route.doubt,
    }
    endpoint = StoredEndpoint(name=route.endpoint, types=route.types)
    if route.kind == "mount":
        inner = None if route.inner is None else draw_inner(route, framework, redirects=redirects)
        return Mount(app=endpoint, table=lambda: inner, **shared)
    if route.kind == "websocket":
        return SocketRoute(endpoint=endpoint, **shared)
    methods = frozenset({EVERY_METHOD}) if route.methods is None else route.methods or _NO_METHOD
    return Route(endpoint=endpoint, methods=methods, exact=True, **shared)


def draw_inner(
    mount: AdaptedRoute, framework: Framework | None = None, *, redirects: bool = True
) -> ForeignTable | None:
    """The table of what is mounted; `framework` and `redirects` are those around it, for more of the same."""
    routes, adapter = mount.inner or (), mount.inner_by
    redirects = redirects if mount.inner_redirects is None else mount.inner_redirects
    if adapter is None:
        return None if framework is None else draw_table(routes, framework, redirects=redirects)
    return draw_table(routes, framework_of(adapter, routes), redirects=adapter.rules.redirect_slashes)


def _slashes(routes: Sequence[AdaptedRoute]) -> Iterator[Slashes]:
    """How the routes of one framework treat slashes."""
    for route in routes:
        yield route.slashes
        if route.inner_by is None:
            yield from _slashes(route.inner or ())


def _for_host(route: AdaptedRoute, host: str) -> AdaptedRoute:
    """The route as it is for a request to this host."""
    inner = None if route.inner is None else tuple(_for_host(one, host) for one in route.inner)
    if inner != route.inner:
        route = replace(route, inner=inner)
    is_for_it = route.host is not None and route.host.takes(host)
    return replace(route, condition=None) if is_for_it else route


def _leaves(routes: Sequence[AdaptedRoute], before: tuple[AdaptedRoute, ...], at: Address) -> Iterator[Leaf]:
    for way, address in _ways(routes, before, at):
        if way[-1].inner is None:
            yield Leaf(way=way, address=address)


def _ways(
    routes: Sequence[AdaptedRoute], before: tuple[AdaptedRoute, ...], at: Address
) -> Iterator[tuple[tuple[AdaptedRoute, ...], Address]]:
    for index, route in enumerate(routes):
        yield (*before, route), (*at, index)
        if route.inner is not None:
            yield from _ways(route.inner, (*before, route), (*at, index))


def _key(route: AdaptedRoute) -> _Key:
    return route.kind, route.path, route.methods, route.endpoint, id(route.origin)
