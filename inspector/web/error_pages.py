"""The page that a developer's browser gets for a 404, 405 or 422 instead of the short JSON answer.

It is the one thing in which an application answers otherwise because an inspector is attached: only where the
framework's own default handlers answer, only to a browser on this machine that asked for a page, never to a
client that takes JSON. The setting `error_pages` switches it off.
"""

import logging
from base64 import b64encode
from hashlib import sha256

from inspector.assets import load_assets
from inspector.web.error_view import view_error
from inspector.web.pages import Pages
from inspector.web.security import Allowed, Policy, judge_request, read_facts
from miniframework import Request, Response
from miniframework.http.mounting import apps_around
from miniframework.http.url import strip_root_path
from miniframework.routing.table import RouteTable
from miniframework.tap import find_trace

_LOG = logging.getLogger("inspector")
_STATUSES = frozenset({404, 405, 422})
_STYLES = ("css/tokens.css", "css/error-page.css")


class ErrorPages:
    """Makes the pages of one application. `mount` is where its dashboard answers beside it, `dashboard_url`
    the address of one that answers elsewhere.

    `failures` counts the pages that could not be made; the application's own answer was sent then.
    """

    def __init__(
        self,
        *,
        mount: str | None = None,
        dashboard_url: str | None = None,
        allowed_hosts: tuple[str, ...] = (),
    ) -> None:
        self.failures = 0
        self._mount = mount
        self._dashboard_url = dashboard_url
        # The dashboard's page needs no token, so there is none to ask for here.
        self._policy = Policy(token="", allowed_hosts=allowed_hosts)
        assets = load_assets()
        self._pages = Pages(assets.templates)
        self._style = "\n".join(_without_imports(assets.files[name].data.decode()) for name in _STYLES)
        self._headers = _make_headers(self._style)
        self._snapshot: tuple[RouteTable, dict[str, object]] | None = None

    def __call__(self, request: Request, error: Exception, response: Response) -> Response | None:
        """Give the page to send instead of `response`, None when the client gets that."""
        if response.status_code not in _STATUSES or not self._is_for_developer(request):
            return None
        try:
            page = self._render(request, response)
        except Exception:  # noqa: BLE001  # named boundary: the application answers, whatever becomes of it
            self.failures += 1
            _LOG.exception("the page for a %s could not be made", response.status_code)
            return None
        kept = [pair for pair in response.raw_headers if pair[0] not in (b"content-type", b"content-length")]
        made = Response(page, response.status_code, self._headers)
        made.raw_headers += kept
        return made

    def _is_for_developer(self, request: Request) -> bool:
        """Whether a person asks from where the dashboard's own page could be asked for too."""
        if not any(b"html" in value.lower() for name, value in request.scope["headers"] if name == b"accept"):
            return False  # by far the most, and soon told
        facts = read_facts(request.scope)
        if facts.header("sec-fetch-mode") not in (None, "navigate"):
            return False
        as_page = {**request.scope, "method": "GET", "path": "/", "root_path": ""}
        is_near = isinstance(judge_request(as_page, self._policy), Allowed)
        return is_near and prefers_html(facts.header("accept") or "")

    def _render(self, request: Request, response: Response) -> bytes:
        app, root_path = apps_around(request.scope)[-1]
        path = strip_root_path({"path": request.scope["path"], "root_path": root_path})
        table = app.table
        if self._snapshot is None or self._snapshot[0] is not table:
            self._snapshot = table, table.snapshot()
        view = view_error(
            response.status_code,
            bytes(response.body),
            table.explain("http", request.scope["method"], path),
            self._snapshot[1],
            root_path=root_path,
        )
        dashboard = self._dashboard_url if self._mount is None else root_path + self._mount
        trace = find_trace()
        view["exchange"] = None if trace is None else trace.exchange_id
        return self._pages.error(dashboard=dashboard, style=self._style, view=view).encode()


def _without_imports(style: str) -> str:
    return "".join(line for line in style.splitlines(keepends=True) if not line.startswith("@import"))


def _make_headers(style: str) -> dict[str, str]:
    """The page may use its own style and load nothing: text of the request is harmless, even as markup."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": f"{policy}; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "vary": "Accept",
    }


def prefers_html(accept: str) -> bool:
    """Whether an Accept header asks for HTML, and for JSON less. Source: RFC 9110 section 12.5.1."""
    weights: dict[str, float] = {}
    for item in accept.lower().split(","):
        kind, *options = [part.strip() for part in item.split(";")]
        weights[kind] = next((_weight(option) for option in options if option.startswith("q=")), 1.0)
    html = weights.get("text/html", 0.0)
    json = weights.get("application/json", weights.get("application/*", weights.get("*/*", 0.0)))
    return html > json


def _weight(option: str) -> float:
    digits = option.removeprefix("q=")
    return (
        float(digits)
        if digits.replace(".", "", 1).isascii() and digits.replace(".", "", 1).isdigit()
        else 0.0
    )
