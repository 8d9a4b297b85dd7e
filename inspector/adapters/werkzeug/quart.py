"""Quart: the rules of its URL map, and what its own matching says to a request."""

import importlib.metadata
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect, WebsocketMismatch

from inspector.adapters.adapter import AdaptedRoute, Adapter, Asked, Rules
from inspector.adapters.endpoints import find_source, name_endpoint
from inspector.adapters.scopes import HOST, make_scope
from inspector.adapters.werkzeug.rules import (
    condition_of,
    doubt_of,
    host_rule_of,
    raw_params,
    read_parts,
    rules_in_order,
    slashes_of,
    socket_methods,
)

_SENTENCE = (
    "Werkzeug sorts the rules: in each segment literal text comes before parameters, and parameters by their"
    " weight (numbers, then text, then paths). A rule that lacks only its slash redirects as soon as its turn"
    " comes. A value that its converter refuses is 404, whatever stands behind."
)


def adapt(app: Any) -> Adapter:
    """Return the adapter of a `quart.Quart`."""
    return QuartAdapter(app)


class QuartAdapter:
    """One Quart application. Blueprints are rules like any other: their prefixes stand in the paths."""

    framework = "Quart"

    def __init__(self, app: Any) -> None:
        self._app = app
        self._adapted: dict[int, AdaptedRoute] = {}  # by the id of the rule, which `origin` keeps alive

    @property
    def version(self) -> str:
        """The version of Quart that is installed."""
        return importlib.metadata.version("quart")

    @property
    def rules(self) -> Rules:
        """Werkzeug's rules; a route whose slashes are not strict says so itself."""
        return Rules(
            order="specific",
            redirects_in_turn=True,
            usual_host=self._app.config["SERVER_NAME"] or HOST,
            one_slash_in_front=True,
            socket_methods=socket_methods(self._app.url_map),
            unmatched="merged" if self._app.url_map.merge_slashes else "refused",
            sentence=_SENTENCE,
        )

    def routes(self) -> Sequence[AdaptedRoute]:
        """Every rule in the order in which the state machine tries them."""
        return [self._adapt(rule) for rule in rules_in_order(self._app.url_map)]

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask the URL map, bound as the application binds it to a request.

        Without a host the request is one to the `SERVER_NAME` of the configuration.
        """
        return self.ask_scope(make_scope(method, raw_path, host=host or self.rules.usual_host))

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask about a request that is called with this scope. Converters run: they are a part of werkzeug's
        matching.
        """
        bound = self._app.create_url_adapter(self._make_request(scope))
        try:
            rule, _ = bound.match(return_rule=True)
        except RequestRedirect as redirect:
            return Asked(outcome="redirect", location=redirect.new_url, status=redirect.code)
        except MethodNotAllowed as refusal:
            allow = tuple(sorted(refusal.valid_methods or ()))
            return Asked(outcome="method_not_allowed", allow=allow, status=405)
        except WebsocketMismatch as refusal:
            return Asked(outcome="websocket_mismatch", status=refusal.code)
        except HTTPException as refusal:
            return Asked(outcome="not_found", status=refusal.code)
        return self._matched(bound, rule, scope)

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """Nothing: Quart keeps the rule on its request, not in the scope."""
        return ()

    def _server_name(self) -> str | None:
        """The name below which the application looks for a subdomain in the host; None where it does not."""
        name: str = self._app.config["SERVER_NAME"] or HOST
        bound = self._app.create_url_adapter(self._make_request(make_scope("GET", "/", host=f"sub.{name}")))
        return name if bound.subdomain == "sub" else None

    def _make_request(self, scope: Mapping[str, Any]) -> Any:
        if scope["type"] == "websocket":
            return self._app.asgi_websocket_class(self._app, scope)._create_websocket_from_scope(None)
        return self._app.asgi_http_class(self._app, scope)._create_request_from_scope(None)

    def _matched(self, bound: Any, rule: Any, scope: Mapping[str, Any]) -> Asked:
        domain = bound.server_name if rule.map.host_matching else bound.subdomain or ""
        params = raw_params(rule, domain, "/" + bound.path_info.lstrip("/"))
        way = (self._adapt(rule),)
        if scope.get("method") == "OPTIONS" and rule.provide_automatic_options:
            # Quart answers itself, without the view.
            allow = tuple(sorted(bound.allowed_methods()))
            return Asked(outcome="match", way=way, params=params, allow=allow, status=200)
        return Asked(outcome="match", way=way, params=params)

    def _adapt(self, rule: Any) -> AdaptedRoute:
        found = self._adapted.get(id(rule))
        if found is None:
            found = self._adapted[id(rule)] = self._read(rule)
        return found

    def _read(self, rule: Any) -> AdaptedRoute:
        view = self._app.view_functions.get(rule.endpoint)
        written = getattr(view, "view_class", view)
        methods = None if rule.methods is None or rule.websocket else frozenset(rule.methods)
        server_name = self._server_name() if rule.subdomain else None
        # Where the host does not tell, every request is for the subdomain that is the map's default.
        is_fixed = server_name is None and not rule.map.host_matching
        is_everywhere = is_fixed and rule.subdomain == rule.map.default_subdomain
        return AdaptedRoute(
            kind="websocket" if rule.websocket else "http",
            path=rule.rule,
            parts=read_parts(rule),
            methods=methods,
            name=rule.endpoint,
            endpoint="" if written is None else name_endpoint(written),
            source=None if written is None else find_source(written),
            origin=rule,
            condition=None if is_everywhere else condition_of(rule),
            host=None if is_everywhere else host_rule_of(rule, server_name),
            slashes=slashes_of(rule),
            doubt=doubt_of(rule),
        )
