"""An application with what other frameworks serve below its mounts, each asked by its own adapter."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from inspector.adapters.adapter import AdaptedRoute, Adapter, Asked
from inspector.adapters.forwarding import ForwardingAdapter
from inspector.adapters.layers import Layers
from inspector.errors import InspectorError
from miniframework.http.url import strip_root_path

_LOG = logging.getLogger("inspector")

FindMounted = Callable[[Any], tuple[Any, ...]]
MakeAdapter = Callable[[Any], Adapter]


class NestedAdapter(ForwardingAdapter):
    """Meets `Adapter`: the application's own, which goes on where a mount hands on to another framework.

    `way` is what wraps the application, outermost first, and the application. `make` gives the adapter of an
    application of a known framework, `find` the way to the one behind what is mounted, () when there is none.
    What is mounted is read when it is first met, and looked into again with the routes where nobody knew it:
    it may make its routes when it is called first. An application that is mounted in itself is not entered
    again: `around` are those on the way to this one.
    """

    def __init__(
        self, way: Sequence[Any], make: MakeAdapter, find: FindMounted, *, around: tuple[Any, ...] = ()
    ) -> None:
        *wrappers, app = way
        super().__init__(make(app))
        self._layers = Layers(wrappers, app)
        self._make = make
        self._find = find
        self._around = (*around, app)
        # By the id of what is mounted, which the value keeps alive.
        self._inner: dict[int, tuple[Any, NestedAdapter | None]] = {}

    def routes(self) -> Sequence[AdaptedRoute]:
        """Every entry in the order in which it is tried, with what is behind the mounts."""
        self._layers.look_again()
        routes = self._own.routes()
        filled = tuple(map(self._filled, routes))
        is_same = all(one is other for one, other in zip(filled, routes, strict=True))
        return routes if is_same else filled

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask the router, then those behind the mounts on the way."""
        asked = self._go_on(self._own.ask(method, raw_path, host=host))
        return self._layers.name_before(asked, unquote(raw_path), self.routes)

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """The same about a request that is called with this scope."""
        path = strip_root_path(scope)
        return self._layers.name_before(self._go_on(self._own.ask_scope(scope)), path, self.routes)

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """The way by what is left in the scope.

        A way that ends with a mount whose inside is known: what is mounted leaves nothing there.
        """
        way = self._own.find_taken(scope)
        inner = self._adapter_of(way[-1].mounted) if way and way[-1].inner is None else None
        if inner is None:
            return way
        return (*way[:-1], replace(way[-1], inner_by=inner), *inner.find_taken(scope))

    def _go_on(self, asked: Asked) -> Asked:
        handed = asked.handed
        inner = None if handed is None else self._adapter_of(handed.app)
        if handed is None or inner is None:
            return asked
        below = inner.ask_scope(handed.scope)
        if below.outcome != "match":
            return replace(below, refused_in=(*asked.way, *below.refused_in))
        return replace(below, way=(*asked.way, *below.way), params={**asked.params, **below.params})

    def _filled(self, route: AdaptedRoute) -> AdaptedRoute:
        """The same entry with what is behind it, also where that is another framework's."""
        if route.inner is not None:
            filled = tuple(map(self._filled, route.inner))
            is_same = all(one is other for one, other in zip(filled, route.inner, strict=True))
            return route if is_same else replace(route, inner=filled)
        inner = self._adapter_of(route.mounted) or self._look_again(route.mounted)
        return route if inner is None else replace(route, inner=tuple(inner.routes()), inner_by=inner)

    def _adapter_of(self, mounted: Any) -> "NestedAdapter | None":
        """The adapter of what is mounted; None for what cannot be looked into."""
        if mounted is None:
            return None
        known = self._inner.get(id(mounted))
        if known is None:
            known = self._inner[id(mounted)] = (mounted, self._adapt(mounted))
        return known[1]

    def _look_again(self, mounted: Any) -> "NestedAdapter | None":
        if mounted is None:
            return None
        self._inner.pop(id(mounted), None)
        return self._adapter_of(mounted)

    def _adapt(self, mounted: Any) -> "NestedAdapter | None":
        way = self._find(mounted)
        if not way or any(way[-1] is outer for outer in self._around):
            return None
        try:
            return NestedAdapter(way, self._make, self._find, around=self._around)
        except InspectorError as error:  # the framework is not set up, so nobody can serve it either
            _LOG.warning("what is mounted cannot be read: %s", error)
            return None
