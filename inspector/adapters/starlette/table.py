"""One reading of all routes of an application, and the ways through it by what a live scope names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import is_
from typing import Any

from inspector.adapters.adapter import AdaptedRoute
from inspector.adapters.starlette.apps import (
    get_route_path,
    inner_app,
    listed_of,
    mounted_app,
    own_app,
    root_path_of,
    served_router,
)
from inspector.adapters.starlette.fastapi_tree import (
    Frontend,
    Leaf,
    late_leaves_of,
    leaves_of,
    live_context,
    live_frontend_path,
)
from inspector.adapters.starlette.own_roots import behind, left_in_front
from inspector.adapters.starlette.reading import read_entry
from miniframework.records import dataclass

Key = tuple[int, str]
Way = tuple[AdaptedRoute, ...]
Stamp = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    way: Way
    leaf: Leaf


Entries = dict[tuple[Key, ...], tuple[AdaptedRoute, Leaf]]


class Reading:
    """The entries as they were when they were read; `stamp` tells whether they still are.

    It keeps every route it knows, so a number that stands for one cannot come to stand for another.
    """

    def __init__(self, routes: Way, entries: Entries, stamp: Stamp) -> None:
        self.routes = routes
        self.stamp = stamp
        self._by_keys = {keys: _Found(_way(keys, entries), leaf) for keys, (_, leaf) in entries.items()}
        self._by_object: dict[int, list[Way]] = {}
        for found in self._by_keys.values():
            for number in set(map(id, _named(found.leaf))):
                self._by_object.setdefault(number, []).append(found.way)
        self._frontends = [
            (found.way, found.leaf.shape)
            for found in self._by_keys.values()
            if isinstance(found.leaf.shape, Frontend)
        ]

    def find_way(self, keys: tuple[Key, ...], last: Leaf) -> Way | None:
        """The entries with these keys; None when they are not there or the last is not what it was."""
        found = self._by_keys.get(keys)
        return found.way if found is not None and _mark(found.leaf) == _mark(last) else None

    def find_taken(self, scope: Mapping[str, Any]) -> Way:
        """The way of a live request; () when the scope names nothing that leads to one route only."""
        mounts: Way = ()
        for named in (live_context(scope), scope.get("route"), scope.get("endpoint")):
            ways = self._ways_of(named, mounts)
            if len(ways) == 1 and ways[0][-1].inner is not None:
                mounts = ways[0]  # FastAPI below Starlette names its endpoint only
            elif ways:
                return ways[0] if len(ways) == 1 and _takes(ways[0][-1], scope) else ()
        return self._find_frontend(scope, mounts)

    def _find_frontend(self, scope: Mapping[str, Any], mounts: Way) -> Way:
        """The way to the files of a live request: FastAPI names no route there, but the path that is left."""
        below = live_frontend_path(scope)
        if below is None:
            return ()
        path = get_route_path(scope)
        for way, files in self._frontends:
            is_there = len(way) == len(mounts) + 1 and all(map(is_, mounts, way))
            if is_there and files.below(path) == below and _takes(way[-1], scope):
                return way
        return ()

    def _ways_of(self, named: Any, mounts: Way) -> list[Way]:
        """The ways to what a scope names, through these mounts."""
        known = [] if named is None else self._by_object.get(id(named), [])
        return [way for way in known if all(map(is_, mounts, way))] if mounts else known


def read_routes(app: Any) -> Reading:
    """Read every route of an application."""
    entries: Entries = {}
    routes = _read(app, (), entries, (app,), at=root_path_of(app))
    return Reading(routes, entries, stamp_of(app))


def make_way(leaves: Sequence[Leaf]) -> Way:
    """Entries for what no reading holds, such as an application that is mounted in itself."""
    return tuple(read_entry(leaf, None) for leaf in leaves)


def stamp_of(app: Any) -> Stamp:
    """What changes when a route is added, removed, moved or changed."""
    return tuple(_stamps(app, (app,)))


def _read(
    app: Any, before: tuple[Key, ...], entries: Entries, chain: tuple[Any, ...], *, at: str | None
) -> Way:
    """The routes of an application; `at` is the path of its mounts, None where that has parameters."""
    in_front = left_in_front(app, at)
    routes = []
    for leaf, has_other_way in _leaves(app):
        inside = inner_app(leaf)
        keys = (*before, leaf.key)
        # What is mounted in itself has no end.
        is_readable = inside is not None and not any(inside is outer for outer in chain)
        below = _path_of(leaf, at)
        inner = _read(inside, keys, entries, (*chain, inside), at=below) if is_readable else None
        route = read_entry(leaf, inner)
        if in_front:
            route = behind(route, in_front)
        if is_readable:
            route = replace(route, inner_redirects=bool(served_router(inside).redirect_slashes))
        if own_app(mounted_app(leaf)) is not None:
            route = replace(route, mounted=None)  # nobody else need look into it
        if has_other_way:
            route = replace(route, has_other_way=True)
        entries[keys] = route, leaf
        routes.append(route)
    return tuple(routes)


def _path_of(leaf: Leaf, at: str | None) -> str | None:
    """The path of a mount in an application at this path, None where it has parameters."""
    path: str = getattr(leaf.shape, "path", "")
    return None if at is None or "{" in path else at + path


def _way(keys: tuple[Key, ...], entries: Entries) -> Way:
    return tuple(entries[keys[: length + 1]][0] for length in range(len(keys)))


def _named(leaf: Leaf) -> Iterator[Any]:
    """What a live scope may name: the route or its endpoint, of a mount what is mounted."""
    shape = leaf.shape
    yield leaf.origin
    for named in (shape, getattr(shape, "endpoint", None), getattr(shape, "app", None)):
        if named is not None:
            yield named


def _stamps(app: Any, chain: tuple[Any, ...]) -> Iterator[Any]:
    for leaf, _ in _leaves(app):
        yield leaf.key, _mark(leaf)
        inside = inner_app(leaf)
        if inside is not None and not any(inside is outer for outer in chain):
            yield from _stamps(inside, (*chain, inside))


def _leaves(app: Any) -> Iterator[tuple[Leaf, bool]]:
    """Its routes in the order of trial, and whether other requests come to one past those in front of it."""
    searched = listed_of(app)
    for number, routes in enumerate(searched.lists):
        for route in list(routes):
            yield from ((leaf, number > 0) for leaf in leaves_of(route))
    if searched.has_late:
        yield from ((leaf, False) for leaf in late_leaves_of(searched.router))


def _mark(leaf: Leaf) -> tuple[Any, ...]:
    """What of a route may be changed in place."""
    shape = leaf.shape
    methods = getattr(shape, "methods", None)
    return getattr(shape, "path_regex", None), None if methods is None else frozenset(methods)


def _takes(route: AdaptedRoute, scope: Mapping[str, Any]) -> bool:
    """Whether a route that the scope names took the request, and did not only refuse its method."""
    if route.kind == "mount":
        return route.inner is None
    return scope["type"] == "websocket" or route.methods is None or scope.get("method") in route.methods
