"""Datasette: the regexes of its router, and what it does where none of them takes a path."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import datasette
from datasette.app import DatasetteRouter, route_pattern_from_filepath
from datasette.utils import resolve_routes
from datasette.utils.asgi import Request

from inspector.adapters.adapter import AdaptedRoute, Adapter, Asked, Rules
from inspector.adapters.endpoints import find_source, name_endpoint
from inspector.adapters.joined_parts import Piece, join_parts
from inspector.adapters.regexes.parts import make_parameter, read_regex
from inspector.adapters.scopes import HOST, make_scope, raw_path_of
from inspector.errors import InspectorError
from miniframework.routing.parts import Literal, Part

_SENTENCE = (
    "The first regex that matches the path as it came, percent-encoded, wins; plugins stand before Datasette."
    " Where none does, a path with % is redirected to its tilde-encoded form, one with a slash at its end to"
    " the same without; then a template below pages/ may answer."
)
_LAST = "asked only when no route takes the path, by templates as they are at that time"
_CURLY = re.compile(r"(\{.*?\})")
_PAGE = re.compile(r"pages/.+\.html")


def adapt(app: Any) -> Adapter:
    """Return the adapter of a `DatasetteRouter`, or of a `Datasette`, for which a router is made."""
    router = app if isinstance(app, DatasetteRouter) else DatasetteRouter(app, app._routes())
    return DatasetteAdapter(router)


class DatasetteAdapter:
    """One Datasette. Its plugins are asked for their routes once, when the router is made."""

    framework = "Datasette"

    def __init__(self, router: Any) -> None:
        self._router = router
        self._base_url: str = router.ds.setting("base_url")
        self._routes = [self._adapt(regex, view) for regex, view in router.routes]

    @property
    def version(self) -> str:
        """The version of Datasette that is installed."""
        return str(datasette.__version__)

    @property
    def rules(self) -> Rules:
        """Datasette's rules; it redirects what nothing took, whether or not the other path is taken."""
        return Rules(
            path="raw",
            allow="never",
            redirect_slashes=False,
            root_path=self._base_url.rstrip("/"),
            unmatched="tilde",
            sentence=_SENTENCE,
        )

    def routes(self) -> Sequence[AdaptedRoute]:
        """Every route in the order in which it is tried, then the templates that answer for a path."""
        return [*self._routes, *self._pages()]

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask Datasette's own resolver; where it finds nothing, its own handler of 404 for a redirect."""
        return self.ask_scope(make_scope(method, raw_path, host=host or HOST))

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask about a request that is called with this scope."""
        raw_path = raw_path_of(scope)
        path = self._without_base(raw_path)
        match, view = resolve_routes(self._router.routes, path)
        if scope["type"] == "websocket":
            return Asked(outcome="not_found" if match is None else "websocket_mismatch")
        if match is None:
            return self._refuse({**scope, "route_path": path} if path != raw_path else scope)
        taken = next(
            number
            for number, (regex, one) in enumerate(self._router.routes)
            if one is view and regex is match.re
        )
        params = {name: text for name, text in match.groupdict().items() if text is not None}
        return Asked(outcome="match", way=(self._routes[taken],), params=params)

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """Nothing: Datasette keeps the match in a copy of the scope."""
        return ()

    def _without_base(self, path: str) -> str:
        # Source: datasette/app.py, DatasetteRouter.route_path.
        has_base = self._base_url != "/" and path.startswith(self._base_url)
        return "/" + path[len(self._base_url) :] if has_base else path

    def _refuse(self, scope: dict[str, Any]) -> Asked:
        raw_path: bytes = scope["raw_path"]
        if b"%" in raw_path or raw_path.endswith(b"/"):
            return self._redirect(scope)
        page = self._find_page(scope.get("route_path", scope["path"]))
        if page is None:
            return Asked(outcome="not_found", status=404)
        return Asked(outcome="match", way=(page,))

    def _redirect(self, scope: dict[str, Any]) -> Asked:
        """What Datasette's handler of 404 sends for such a path; it asks no plugin and waits for nothing."""
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        answering = self._router.handle_404(Request(scope, None), send)
        try:
            answering.send(None)
        except StopIteration:
            start = sent[0]
        else:
            answering.close()
            raise InspectorError(f"Datasette {self.version} waits before it redirects {scope['raw_path']!r}")
        headers = {name.lower(): value for name, value in start["headers"]}
        location = headers[b"location"].decode("latin-1")
        return Asked(outcome="redirect", location=location, status=start["status"])

    def _adapt(self, regex: re.Pattern[str], view: Any) -> AdaptedRoute:
        read = read_regex(regex.pattern, "match_raw", regex.flags & ~re.UNICODE)
        endpoint = getattr(view, "view_class", view)
        return AdaptedRoute(
            kind="http",
            path=regex.pattern,
            parts=join_parts([Piece(parts=read.parts, first_group=None)]),
            methods=None,
            name=None,
            endpoint=name_endpoint(endpoint),
            source=find_source(endpoint),
            origin=view,
            condition=read.larger,
        )

    def _pages(self) -> list[AdaptedRoute]:
        """The templates below pages/, those for one path before those with a name in braces."""
        files = [file for file in self._templates().list_templates() if _PAGE.fullmatch(file)]
        return [self._adapt_page(file) for file in sorted(files, key=lambda file: "{" in file)]

    def _adapt_page(self, file: str) -> AdaptedRoute:
        path = "/" + file.removeprefix("pages/").removesuffix(".html")
        return AdaptedRoute(
            kind="http",
            path=path,
            parts=tuple(_page_parts(path)),
            methods=None,
            name=file,
            endpoint=name_endpoint(DatasetteRouter.handle_404),
            condition=_LAST,
        )

    def _find_page(self, path: str) -> AdaptedRoute | None:
        """Source: datasette/app.py, DatasetteRouter.handle_404; Jinja leaves out empty pieces of a path."""
        file = "/".join(piece for piece in f"pages{path}.html".split("/") if piece not in ("", "."))
        pages = self._pages()
        named = (page for page in pages if page.name == file)
        filled = (
            page
            for page in pages
            if "{" in page.path and route_pattern_from_filepath(page.path[1:]).match(path)
        )
        return next(named, None) or next(filled, None)

    def _templates(self) -> Any:
        ds = self._router.ds
        return ds._jinja_env if hasattr(ds, "_jinja_env") else ds.jinja_env


def _page_parts(path: str) -> Iterator[Part]:
    """The parts of a page's path; one with a percent sign, or with a slash at its end, is never asked for."""
    at = 0
    for piece in _CURLY.split(path):
        end = at + len(piece)
        if _CURLY.fullmatch(piece):
            regex = "[^/%]+" if end == len(path) else "[^/%]*"
            yield make_parameter(piece[1:-1], regex, (at, end), word="str")
        elif piece:
            yield Literal(text=piece, start=at, end=end)
        at = end
