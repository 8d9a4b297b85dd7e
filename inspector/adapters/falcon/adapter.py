"""Falcon: the resources, sinks and folders of an application, and what its own search says to a request."""

import importlib.metadata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import falcon
import falcon.asgi
from falcon.routing import CompiledRouter

from inspector.adapters.adapter import WEBSOCKET, AdaptedRoute, Adapter, Asked, Rules
from inspector.adapters.falcon.routes import allowed_by, nodes_in_order, read_behind, read_node, takes_nothing
from inspector.adapters.scopes import HOST, make_scope, method_of
from inspector.adapters.werkzeug.environ import make_environ
from miniframework.routing.pattern import PathPattern

_SENTENCE = (
    "Falcon goes through a tree of segments: literal text comes before text with parameters in it, and that"
    " before a bare parameter. The first template that fits decides, also when its resource lacks the"
    " method. What no template takes goes to sinks and folders of files, the last declared one first."
)


def adapt(app: Any) -> Adapter:
    """Return the adapter of a `falcon.asgi.App`, or of a `falcon.App` behind a WSGI wrapper."""
    return FalconAdapter(app)


class FalconAdapter:
    """One Falcon application."""

    framework = "Falcon"

    def __init__(self, app: Any) -> None:
        self._app = app
        self._is_asgi = isinstance(app, falcon.asgi.App)
        # By the id of what Falcon keeps, which `origin` keeps alive, and whether a slash is cut off; with
        # what says what it takes.
        self._adapted: dict[tuple[int, bool], tuple[Any, tuple[AdaptedRoute, ...]]] = {}

    @property
    def version(self) -> str:
        """The version of Falcon that is installed."""
        return importlib.metadata.version("falcon")

    @property
    def rules(self) -> Rules:
        """A sorted tree; the path decides before the method, and slashes in front count for one."""
        router = self._app._router
        return Rules(
            order="specific",
            allow="first",
            path_decides=True,
            redirect_slashes=False,
            one_slash_in_front=True,
            own_search=None if isinstance(router, CompiledRouter) else type(router).__qualname__,
            sentence=_SENTENCE,
        )

    def routes(self) -> Sequence[AdaptedRoute]:
        """Every template in the order of the compiled search, then the sinks and folders."""
        return [route for group in self._groups() for route in group]

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask the application's own search, which the first question compiles."""
        return self.ask_scope(make_scope(method, raw_path, host=host or HOST))

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask about a request that is called with this scope."""
        method = method_of(scope)
        if method == WEBSOCKET and not self._is_asgi:
            over_http = self.ask_scope({**scope, "type": "http", "method": "GET"})
            return Asked(outcome="not_found" if over_http.outcome == "not_found" else "websocket_mismatch")
        try:
            request = self._request_of(scope)
            responder, params, resource, template = self._app._get_responder(request)
        except Exception:  # noqa: BLE001  # a converter of the user's raised: Falcon answers 500
            return Asked(outcome="not_found", status=500)
        if resource is None:
            return self._ask_behind(method, request.path, params)
        if responder is type(self._app)._default_responder_bad_request:
            return Asked(outcome="method_not_allowed", status=400)  # a method that Falcon does not know
        if not takes_nothing(method, responder):
            return self._matched(method, self._find_node(resource, template), request.path, params)
        if method == WEBSOCKET:
            return Asked(outcome="websocket_mismatch", status=403)
        return Asked(outcome="method_not_allowed", allow=allowed_by(responder), status=405)

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """Nothing: Falcon keeps the template on its request, not in the scope."""
        return ()

    def _ask_behind(self, method: str, path: str, params: Mapping[str, Any]) -> Asked:
        is_socket = method == WEBSOCKET
        taking = next((one for one in self._app._sink_and_static_routes if one[0].match(path)), None)
        if taking is None:
            return Asked(outcome="not_found", status=403 if is_socket else 404)
        if is_socket and not taking[2]:
            return Asked(outcome="websocket_mismatch", status=403)  # a folder refuses it by itself
        return self._matched(method, taking, path, params)

    def _find_node(self, resource: Any, template: str | None) -> Any:
        for group in self._groups():
            node = group[0].origin
            if not isinstance(node, tuple) and node.resource is resource and node.uri_template == template:
                return node
        return None  # a router of another author's

    def _matched(self, method: str, origin: Any, path: str, params: Mapping[str, Any]) -> Asked:
        kind = "websocket" if method == WEBSOCKET else "http"
        way = tuple(one for one in self.routes() if one.origin is origin and one.kind == kind)[:1]
        texts = {name: str(value) for name, value in params.items() if value is not None}
        if way and not isinstance(origin, tuple):
            pattern = PathPattern(template=way[0].path, parts=way[0].parts)
            texts = pattern.match("/" + path.lstrip("/")) or texts
        return Asked(outcome="match", way=way, params=texts)

    def _groups(self) -> Iterator[tuple[AdaptedRoute, ...]]:
        """The entries of each template, sink and folder: one for requests, one for handshakes."""
        router, cuts_slash = self._app._router, self._app.req_options.strip_url_path_trailing_slash
        if isinstance(router, CompiledRouter):
            for node in nodes_in_order(router._roots):
                read = partial(read_node, node, router._converter_map, cuts_slash=cuts_slash)
                yield self._read_once(node, node.method_map, read, cuts_slash=cuts_slash)
        for one in self._app._sink_and_static_routes:
            read = partial(read_behind, one, is_asgi=self._is_asgi, cuts_slash=cuts_slash)
            yield self._read_once(one, one, read, cuts_slash=cuts_slash)

    def _read_once(
        self, origin: Any, said: Any, read: Callable[[], Iterable[AdaptedRoute]], *, cuts_slash: bool
    ) -> tuple[AdaptedRoute, ...]:
        """The entries of `origin`, the same ones until it is `said` anew what it takes."""
        known = self._adapted.get((id(origin), cuts_slash))
        if known is None or known[0] is not said:
            known = self._adapted[id(origin), cuts_slash] = said, tuple(read())
        return known[1]

    def _request_of(self, scope: dict[str, Any]) -> Any:
        if self._is_asgi:
            return self._app._request_type(scope, None, options=self._app.req_options)
        return self._app._request_type(make_environ(scope), options=self._app.req_options)
