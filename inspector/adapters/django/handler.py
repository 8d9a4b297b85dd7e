"""One Django application under ASGI."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core.exceptions import BadRequest, DisallowedHost, PermissionDenied, SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404
from django.urls import Resolver404, get_resolver

from inspector.adapters.adapter import AdaptedRoute, Adapter, Asked, Rules
from inspector.adapters.django.languages import language_redirect
from inspector.adapters.django.listing import Chain, chain_of, find_chains, raw_params, read_chain
from inspector.adapters.django.middleware import adds_slashes, as_in_request, redirect_of, unslashed_methods
from inspector.adapters.scopes import HOST, make_scope
from inspector.errors import InspectorError

_SENTENCE = (
    "The first pattern that takes the path wins; an include whose prefix fits is left again when nothing in"
    " it does. Converters take part: a value that to_python refuses goes on to the next pattern. Methods do"
    " not: the view answers 405 itself."
)


def adapt(app: Any) -> Adapter:
    """Return the adapter of an `ASGIHandler`. Raises InspectorError when Django is not set up."""
    return DjangoAdapter(app)


class DjangoAdapter:
    """The URLconf of `ROOT_URLCONF`; one that a middleware sets for a single request is not seen.

    Raises InspectorError when Django is not set up.
    """

    framework = "Django"

    def __init__(self, app: Any) -> None:
        if not settings.configured or not apps.ready:
            raise InspectorError(
                f"{app!r} cannot be read: Django is not set up; name its settings in DJANGO_SETTINGS_MODULE"
                " and take the application from django.core.asgi.get_asgi_application()"
            )
        # Mounted by a WSGI wrapper it would make WSGI's, which reads the same path.
        own = getattr(app, "request_class", ASGIRequest)
        self._request_class = own if issubclass(own, ASGIRequest) else ASGIRequest
        # By the ids of the chain's patterns, which the value keeps alive.
        self._read: dict[tuple[int, ...], tuple[Chain, AdaptedRoute]] = {}
        self._language: tuple[str, str] | None = None  # as `language_redirect` gives it, read with the routes

    @property
    def version(self) -> str:
        """The version of Django that is installed."""
        return str(django.get_version())

    @property
    def rules(self) -> Rules:
        """Django's rules; a slash is added only by CommonMiddleware, and never taken away."""
        if self._language is None:
            self._language = language_redirect()
        language_prefix, has_language = self._language
        return Rules(
            allow="never",
            declares_endpoints=False,
            redirect_slashes=adds_slashes(),
            appends_only=True,
            unslashed_methods=unslashed_methods(self._request_class),
            language_prefix=language_prefix,
            has_language=has_language,
            sentence=_SENTENCE,
        )

    def routes(self) -> Sequence[AdaptedRoute]:
        """Every pattern behind its includes, in the order in which the resolver tries them."""
        self._read.clear()
        self._language = None
        return [self._route_of(chain) for chain in find_chains(get_resolver())]

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask the resolver, and when it finds nothing Django's own middleware for a redirect."""
        return self.ask_scope(make_scope(method, raw_path, host=host or HOST))

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask about a request that is called with this scope.

        The request has no cookie and no Accept-Language: without a language in its path it is asked in the
        language of the settings. Converters run: they are a part of matching.
        """
        is_handshake = scope["type"] == "websocket"
        if is_handshake:
            scope = {**scope, "type": "http", "scheme": "http", "method": "GET"}
        request = self._request_class(scope, io.BytesIO())
        with as_in_request(request):
            try:
                match = get_resolver().resolve(request.path_info)
            except Resolver404:
                return Asked(outcome="not_found") if is_handshake else _refuse(request)
            except Exception as error:  # noqa: BLE001  # what a converter raises beside ValueError, bad patterns
                return Asked(outcome="not_found", status=_status_of(error))
            if is_handshake:
                return Asked(outcome="websocket_mismatch")
            chain = chain_of(match, request.path_info)
            params = raw_params(chain, request.path_info.removeprefix("/"))
        return Asked(outcome="match", way=(self._route_of(chain),), params=params)

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """Nothing: Django keeps the match on its request, not in the scope."""
        return ()

    def _route_of(self, chain: Chain) -> AdaptedRoute:
        key = tuple(map(id, chain))
        if key not in self._read:
            self._read[key] = (chain, read_chain(chain))
        return self._read[key][1]


def _status_of(error: Exception) -> int:
    """What Django answers for an exception. Source: django/core/handlers/exception.py.

    Its page for a bad request in debug mode resolves the path once more, and is 500 itself.
    """
    match error:
        case Http404():
            return 404
        case PermissionDenied():
            return 403
        case BadRequest() | SuspiciousOperation() if not settings.DEBUG:
            return 400
    return 500


def _refuse(request: Any) -> Asked:
    try:
        redirect = redirect_of(request)
    except (RuntimeError, DisallowedHost):  # as `unslashed_methods` says: the server answers 500
        return Asked(outcome="not_found", status=500)
    if redirect is None:
        return Asked(outcome="not_found", status=404)
    return Asked(outcome="redirect", location=redirect["Location"], status=redirect.status_code)
