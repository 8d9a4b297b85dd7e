"""Litestar: the routes of its tree, and what its own traversal says to a request."""

import importlib.metadata
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from litestar._asgi.routing_trie.traversal import parse_path_to_route, traverse_route_map
from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.utils import normalize_path

from inspector.adapters.adapter import AdaptedRoute, Adapter, Asked, AskedOutcome, Handed, Rules
from inspector.adapters.endpoints import find_source, name_endpoint
from inspector.adapters.litestar.tree import LitestarTree, method_name
from inspector.adapters.litestar.types import may_refuse
from inspector.adapters.scopes import HOST, make_scope
from miniframework.records import dataclass
from miniframework.routing.parts import Literal
from miniframework.routing.pattern import PathPattern

_SENTENCE = (
    "Litestar looks the whole path up first, then tries mounts as prefixes, then walks a tree segment by"
    " segment: literal text before a parameter, and it never goes back. A value that its type refuses is 404,"
    " whatever else would fit. Slashes at the end and runs of slashes do not count."
)


def adapt(app: Any) -> Adapter:
    """Return the adapter of a `litestar.Litestar`."""
    return LitestarAdapter(app)


class LitestarAdapter:
    """One Litestar application; routers and controllers are resolved into its routes when it is made."""

    framework = "Litestar"

    def __init__(self, app: Any) -> None:
        self._app = app
        self._seen = _Table((), (), {}, {})

    @property
    def version(self) -> str:
        """The version of Litestar that is installed."""
        return importlib.metadata.version("litestar")

    @property
    def rules(self) -> Rules:
        """A tree that does not go back, with typed parameters."""
        return Rules(
            order="specific",
            backtracks=False,
            redirect_slashes=False,
            sentence=_SENTENCE,
        )

    def routes(self) -> Sequence[AdaptedRoute]:
        """One entry a handler of each path. What Litestar makes for OPTIONS is a method of the first."""
        return self._table().entries

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask the functions of Litestar's router; a host does not matter to it."""
        return self.ask_scope(make_scope(method, raw_path, host=host or HOST))

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask about a request that is called with this scope, without the router's cache of answers."""
        path = normalize_path(_below_root(scope["path"], scope))
        router = self._app.asgi_router
        try:
            _, handler, below, *_ = parse_path_to_route(
                mount_paths_regex=router._mount_paths_regex,
                mount_routes=router._mount_routes,
                path=path,
                plain_routes=router._plain_routes,
                root_node=router.root_route_map_node,
                method=scope.get("method"),
            )
        except MethodNotAllowedException as refusal:
            allow = (refusal.headers or {}).get("allow", "")
            methods = tuple(sorted(filter(None, allow.split(", "))))
            if scope["type"] == "websocket":  # of a path with HTTP handlers only, before 2.13
                return Asked(outcome="websocket_mismatch", status=refusal.status_code)
            return Asked(outcome="method_not_allowed", allow=methods, status=refusal.status_code)
        except HTTPException as refusal:
            # Beside 404 there is 400: a handshake to a path that has HTTP handlers only.
            outcome: AskedOutcome = "not_found" if refusal.status_code == 404 else "websocket_mismatch"
            return Asked(outcome=outcome, status=refusal.status_code)
        except Exception:  # noqa: BLE001  # what the parser of a type raises, and Litestar's own slips, are 500
            return Asked(outcome="not_found", status=500)
        way = self._way(handler, path)
        params = self._raw_params(way, path)
        allowed = self._table().options.get(id(handler))
        if allowed is not None:
            return Asked(outcome="match", way=way, params=params, allow=allowed, status=204)
        handed = None
        if way and way[0].kind == "mount":
            handed = Handed(way[0].mounted, {**scope, "path": below})
        return Asked(outcome="match", way=way, params=params, handed=handed)

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """The handler that Litestar left in the scope, with the path that was asked for."""
        raw_path = scope.get("raw_path")
        path = scope["path"] if raw_path is None else unquote(raw_path.decode("latin-1"))
        return self._way(scope.get("route_handler"), normalize_path(_below_root(path, scope)))

    def _table(self) -> "_Table":
        known = tuple(self._app.routes)
        if list(map(id, known)) != list(map(id, self._seen.known)):
            self._seen = _read(known)
        return self._seen

    def _way(self, handler: Any, path: str) -> tuple[AdaptedRoute, ...]:
        """The entry of this handler, which may stand at several paths."""
        entries = self._table().of_handler.get(id(handler), [])
        if len(entries) > 1:
            entries = [route for route in entries if _pattern(route).match(path) is not None] or entries
        return tuple(entries[:1])

    def _raw_params(self, way: Sequence[AdaptedRoute], path: str) -> dict[str, str]:
        names = [part.name for route in way for part in route.parts if not isinstance(part, Literal)]
        if not names:
            return {}
        _, texts, *_ = traverse_route_map(root_node=self._app.asgi_router.root_route_map_node, path=path)
        return dict(zip(names, texts, strict=False))


def _below_root(path: str, scope: Mapping[str, Any]) -> str:
    """As Litestar's router cuts the root path off."""
    root_path: str = scope.get("root_path", "")
    return path.split(root_path, maxsplit=1)[-1] if root_path else path


def _pattern(route: AdaptedRoute) -> PathPattern:
    return PathPattern(template=route.path, parts=route.parts)


@dataclass(frozen=True)
class _Table:
    """The entries of the routes that the application had, and those of each handler, by its id; `options` are
    the methods that a handler of Litestar's own names, which answers OPTIONS.
    """

    known: tuple[Any, ...]
    entries: tuple[AdaptedRoute, ...]
    of_handler: dict[int, list[AdaptedRoute]]
    options: dict[int, tuple[str, ...]]


def _read(routes: tuple[Any, ...]) -> _Table:
    tree = LitestarTree(routes)
    entries: list[AdaptedRoute] = []
    of_handler: dict[int, list[AdaptedRoute]] = {}
    options: dict[int, tuple[str, ...]] = {}
    for route in tree.in_order():
        of_options, here = _apart(route)
        first = len(entries)
        entries += [_adapt(tree, route, one, of_options if one is here[0] else None) for one in here]
        for entry in entries[first:]:
            of_handler.setdefault(id(entry.origin), []).append(entry)
        if of_options is not None:
            of_handler[id(of_options)] = [entries[first]]
            options[id(of_options)] = tuple(sorted(map(method_name, route.methods)))
    return _Table(routes, tuple(entries), of_handler, options)


def _apart(route: Any) -> tuple[Any | None, Sequence[Any]]:
    """What Litestar made for OPTIONS where nobody wrote a handler, and those that were written, sorted:
    it has them in another order at each start, and each has methods of its own.
    """
    handlers = getattr(route, "route_handlers", None) or [route.route_handler]
    of_options = next(filter(_is_litestars, handlers), None)
    written = [one for one in handlers if one is not of_options]
    if not written:
        return None, handlers
    return of_options, sorted(written, key=_by_methods)


def _by_methods(handler: Any) -> tuple[bool, list[str]]:
    """Where a handler stands among those of its path: last comes the one that is for OPTIONS only."""
    methods = sorted(_methods_of(handler))
    return methods == ["OPTIONS"], methods


def _is_litestars(handler: Any) -> bool:
    """Whether Litestar made it to answer OPTIONS.

    Source: litestar/routes/http.py, HTTPRoute.create_options_handler.
    """
    written = _written(handler)
    is_there = getattr(written, "__module__", None) == "litestar.routes.http"
    return is_there and "create_options_handler" in getattr(written, "__qualname__", "")


def _methods_of(handler: Any) -> frozenset[str]:
    return frozenset(map(method_name, getattr(handler, "http_methods", ())))


def _adapt(tree: LitestarTree, route: Any, handler: Any, of_options: Any | None) -> AdaptedRoute:
    methods = _methods_of(handler)
    written = _written(handler)
    is_socket = route.scope_type.value == "websocket"
    return AdaptedRoute(
        kind="mount" if getattr(handler, "is_mount", False) else "websocket" if is_socket else "http",
        path=route.path,
        parts=tree.parts_of(route, methods or frozenset({route.scope_type.value})),
        methods=(methods if of_options is None else methods | {"OPTIONS"}) or None,
        name=handler.name,
        endpoint=name_endpoint(written),
        source=find_source(written),
        origin=handler,
        doubt=_doubt_of(route),
        slashes="merged",
        mounted=written if getattr(handler, "is_mount", False) else None,
    )


def _doubt_of(route: Any) -> str | None:
    typed = [one for one in route.path_components if not isinstance(one, str) and may_refuse(one)]
    words = [f"the type of {{{one.full}}} may refuse what its regex takes" for one in typed]
    return ", ".join(words) or None


# Of what Litestar puts around a function; `value` is that of the Ref in which its first releases keep it.
_HELD_AS = ("func", "_fn", "value")


def _written(handler: Any) -> object:
    """What the user wrote: behind Litestar's threads (`func`) and WebSocket listeners (`_fn`)."""
    function = handler.fn
    while type(function).__module__.partition(".")[0] == "litestar":
        held = (getattr(function, name, None) for name in _HELD_AS)
        inner = next((one for one in held if one is not None), None)
        if inner is None:
            break
        function = inner
    return function
