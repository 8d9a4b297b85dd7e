"""Applications chosen by the name in the Host header, before any path is looked at."""

import re
from collections.abc import Sequence
from typing import Protocol

from miniframework.declaring.assembly import find_table
from miniframework.errors import RouteError
from miniframework.http.headers import view_headers
from miniframework.records import dataclass
from miniframework.routing.converters import BUILT_IN
from miniframework.routing.pattern import PathPattern, parse_pattern
from miniframework.routing.route import Mount
from miniframework.routing.source import Source
from miniframework.types import ASGIApp, Receive, Scope, Send

_PORT = re.compile(r":[0-9]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """An application for the hosts that `pattern` takes; it stands for them as the one segment of a path."""

    pattern: PathPattern
    app: ASGIApp
    name: str
    source: Source


def make_host(host: str, app: ASGIApp, name: str | None, source: Source) -> Host:
    """Read `host`, as in `api.example.com` or `{customer}.example.com`; a port in it does not count. Raises
    PatternError, and RouteError for what no Host header can be.
    """
    hostname = _PORT.sub("", host)
    if not hostname or "/" in hostname:
        raise RouteError(
            where=source,
            problem=f"host {host!r} is no name",
            way_out="write the name alone, without scheme and path: 'api.example.com'",
        )
    pattern = parse_pattern("/" + hostname.lower(), BUILT_IN, source)
    return Host(pattern=pattern, app=app, name=name or "", source=source)


def host_entry(host: Host) -> Mount:
    """Give the host as the table lists it: a mount of everything, which no path alone can take.

    It explains itself in the ladder and is never matched there: `HostRouting` decides before the table does.
    """
    app = host.app
    return Mount(
        pattern=parse_pattern("", open_ended=True),
        app=app,
        name=host.name,
        source=host.source,
        condition=f"host {host.pattern.template[1:]}",
        table=lambda: find_table(app),
    )


class Inside(Protocol):
    """What serves the requests for no host, and answers what an application for one raises."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI call."""

    async def run_inner(self, app: ASGIApp, child: Scope, scope: Scope, receive: Receive, send: Send) -> None:
        """Call `app` with `child`, for the request of `scope`."""


class HostRouting:
    """Gives a request to the first application that is for its host, else to `app`."""

    def __init__(self, app: Inside, hosts: Sequence[Host]) -> None:
        self.app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on; what the host's name gave is added to the path parameters."""
        found = None if scope["type"] == "lifespan" else find_host(self._hosts, scope)
        if found is None:
            await self.app(scope, receive, send)
            return
        index, given = found
        app = self._hosts[index].app
        child = {**scope, "path_params": {**(scope.get("path_params") or {}), **given}, "endpoint": app}
        await self.app.run_inner(app, child, scope, receive, send)


def find_host(hosts: Sequence[Host], scope: Scope) -> tuple[int, dict[str, str]] | None:
    """Which of the hosts a request is for, and the text of its parameters; None when it is for none."""
    asked = _PORT.sub("", view_headers(scope).get("host") or "").lower()
    for index, host in enumerate(hosts):
        found = host.pattern.regex.fullmatch("/" + asked)
        if found is not None:
            return index, found.groupdict()
    return None
