"""A running dashboard as the command line names it: the URL that `inspector run` printed, token and all."""

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from inspector.cli.terminal import StartRefused
from miniframework.records import dataclass

_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class DashboardUrl:
    """`base` ends with a slash; the token is kept out of every message."""

    base: str
    token: str = field(repr=False)

    @property
    def stream(self) -> str:
        """Where the stream is: `ws://.../api/stream`."""
        return f"ws{self.base.removeprefix('http')}api/stream"


def parse_dashboard_url(text: str) -> DashboardUrl:
    """Read `http://127.0.0.1:8765/#token=...`. Raises StartRefused for what is no dashboard's URL."""
    try:
        parts = urlsplit(text)
        named = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        named = None
    way_out = "copy the whole URL that `inspector run` printed: http://127.0.0.1:8765/#token=..."
    if not named:
        raise StartRefused(f"{text.partition('#')[0]!r} is no URL of a dashboard", way_out)
    token = parse_qs(parts.fragment).get("token", [""])[0]
    if not token:
        raise StartRefused("the dashboard's URL has no token", way_out)
    path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    return DashboardUrl(f"{parts.scheme}://{parts.netloc}{path}", token)


def ask_dashboard(dashboard: DashboardUrl, path: str, query: Mapping[str, str]) -> Any:
    """Return the JSON of an answer of the dashboard's API. Raises StartRefused when there is none."""
    asked = f"{dashboard.base}{path}" + (f"?{urlencode(query)}" if query else "")
    request = Request(asked, headers={"authorization": f"Bearer {dashboard.token}"})
    try:
        # Without the proxies of the environment: the token is for this machine.
        with build_opener(ProxyHandler({})).open(request, timeout=_TIMEOUT_S) as answer:
            return json.load(answer)
    except HTTPError as error:
        raise StartRefused(_said(error), "is the token the one this run printed?") from error
    except (URLError, OSError, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise StartRefused(f"the dashboard at {dashboard.base} cannot be asked: {reason}") from error


def _said(error: HTTPError) -> str:
    try:
        with error:  # an error of urllib's is an answer too, and open
            told = json.load(error)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        told = error.reason
    return f"the dashboard answered {error.code}: {told}"
