"""The routes that an application has by itself: its document, the pages that show it, and what they load."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from miniframework.http.response import HTMLResponse, JSONResponse, Response
from miniframework.routing.converters import BUILT_IN, Converter
from miniframework.routing.parts import Literal
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Entry, Mount, Route
from miniframework.routing.source import Source
from miniframework.types import ASGIApp, Receive, Scope, Send

# The end of the path of this file, wherever the package is installed.
_PLACE = "miniframework/openapi/pages.py"
_ASSETS = Path(__file__).parent / "assets"
_ASSET_NAMES = ("redoc.standalone.js", "swagger-ui-bundle.js", "swagger-ui.css")
# Kept, and asked for again by their ETag: they change with the version of this package.
_CACHE_CONTROL = "no-cache"


class _AssetConverter(Converter):
    """The name of a file that the pages load."""

    name = "asset"
    regex = "|".join(map(re.escape, _ASSET_NAMES))


class Shown(Protocol):
    """An application that describes itself. It may change its mind between two requests."""

    title: str
    openapi_url: str | None
    docs_url: str | None
    redoc_url: str | None
    swagger_ui_oauth2_redirect_url: str | None
    swagger_ui_init_oauth: Mapping[str, Any] | None
    swagger_ui_parameters: Mapping[str, Any] | None
    root_path_in_servers: bool

    def openapi(self) -> dict[str, Any]:
        """Give its document."""


class Pages:
    """What an application answers about itself; each method is the endpoint of one route."""

    def __init__(self, app: Shown) -> None:
        self._app = app

    def routes(self) -> list[Route]:
        """Give the routes, those of FastAPI by their names and one more for what the pages load."""
        app = self._app
        if not app.openapi_url:
            return []
        routes = [_make_route(app.openapi_url, "openapi", self.openapi)]
        if app.docs_url:
            routes.append(_make_route(app.docs_url, "swagger_ui_html", self.swagger_ui_html))
            if app.swagger_ui_oauth2_redirect_url:
                url = app.swagger_ui_oauth2_redirect_url
                routes.append(_make_route(url, "swagger_ui_redirect", self.swagger_ui_redirect))
        if app.redoc_url:
            routes.append(_make_route(app.redoc_url, "redoc_html", self.redoc_html))
        if self._assets_url:
            routes.append(_make_route(f"{self._assets_url}/{{name:asset}}", "docs_asset", self.docs_asset))
        return routes

    @property
    def _assets_url(self) -> str | None:
        shown = self._app.docs_url or self._app.redoc_url
        return None if shown is None else f"{shown.rstrip('/')}/assets"

    def openapi(self, scope: Scope) -> Response:
        """Send the document; behind a proxy that serves the application below a prefix it says so."""
        document = self._app.openapi()
        root_path = _root_path(scope)
        servers = document.get("servers", [])
        known = not self._app.root_path_in_servers or root_path in [one.get("url") for one in servers]
        if root_path and not known:
            document = {**document, "servers": [{"url": root_path}, *servers]}
        return JSONResponse(document)

    def swagger_ui_html(self, scope: Scope) -> Response:
        """Send the page of Swagger UI."""
        from miniframework.openapi.docs import get_swagger_ui_html

        app, root_path = self._app, _root_path(scope)
        redirect = app.swagger_ui_oauth2_redirect_url
        assets = f"{root_path}{self._assets_url}"
        return get_swagger_ui_html(
            openapi_url=f"{root_path}{app.openapi_url}",
            title=f"{app.title} - Swagger UI",
            swagger_js_url=f"{assets}/swagger-ui-bundle.js",
            swagger_css_url=f"{assets}/swagger-ui.css",
            oauth2_redirect_url=f"{root_path}{redirect}" if redirect else None,
            init_oauth=app.swagger_ui_init_oauth,
            swagger_ui_parameters=app.swagger_ui_parameters,
        )

    def swagger_ui_redirect(self, scope: Scope) -> Response:
        """Send the page at the end of an OAuth2 login."""
        from miniframework.openapi.redirect_page import REDIRECT_PAGE

        return HTMLResponse(REDIRECT_PAGE)

    def redoc_html(self, scope: Scope) -> Response:
        """Send the page of ReDoc."""
        from miniframework.openapi.docs import get_redoc_html

        root_path = _root_path(scope)
        return get_redoc_html(
            openapi_url=f"{root_path}{self._app.openapi_url}",
            title=f"{self._app.title} - ReDoc",
            redoc_js_url=f"{root_path}{self._assets_url}/redoc.standalone.js",
            with_google_fonts=False,
        )

    def docs_asset(self, scope: Scope) -> Response:
        """Send one of the files that the pages load."""
        from miniframework.staticfiles import StaticFiles

        path = _ASSETS / scope["path_params"]["name"]
        response = StaticFiles(directory=_ASSETS).file_response(str(path), path.stat(), scope)
        response.headers["cache-control"] = _CACHE_CONTROL
        return response


def is_built_in(source: Source | None) -> bool:
    """Tell whether a route was declared here, by the framework itself; also of another process's table."""
    return source is not None and source.file.replace("\\", "/").endswith(_PLACE)


def place_pages(entries: Sequence[Entry], pages: Sequence[Route]) -> list[Entry]:
    """Put the built-in routes among the application's own, where they are reached and disturb no numbers.

    They stand last, or just before the first of its routes that would take one of their paths and others
    (`/{name}`, something mounted at the root). One whose very path the application serves itself is left out.
    """
    own = {entry.pattern.template for entry in entries if isinstance(entry, Route) and "GET" in entry.methods}
    wanted = [page for page in pages if page.pattern.template not in own]
    paths = [_sample(page) for page in wanted]
    at = next((index for index, entry in enumerate(entries) if _takes(entry, paths)), len(entries))
    return [*entries[:at], *wanted, *entries[at:]]


def _takes(entry: Entry, paths: Sequence[str]) -> bool:
    if not isinstance(entry, Mount) and not (isinstance(entry, Route) and "GET" in entry.methods):
        return False
    first = entry.pattern.parts[0] if entry.pattern.parts else None
    # Only what begins alike is matched: compiling the regex of ten thousand routes takes seconds.
    head = first.text if isinstance(first, Literal) else ""
    return any(path.startswith(head) and entry.pattern.regex.fullmatch(path) for path in paths)


def _sample(page: Route) -> str:
    return page.pattern.template.replace("{name:asset}", _ASSET_NAMES[0])


def _make_route(path: str, name: str, endpoint: Callable[[Scope], Response]) -> Route:
    code: Any = endpoint.__code__
    source = Source(file=code.co_filename, line=code.co_firstlineno)
    return Route(
        pattern=parse_pattern(path, {**BUILT_IN, "asset": _AssetConverter()}, source),
        methods=frozenset(("GET",)),
        endpoint=endpoint,
        name=name,
        source=source,
        handle=_serve(endpoint),
    )


def _serve(endpoint: Callable[[Scope], Response]) -> ASGIApp:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await endpoint(scope)(scope, receive, send)

    return serve


def _root_path(scope: Scope) -> str:
    return str(scope.get("root_path", "")).rstrip("/")
