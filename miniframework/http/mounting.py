"""What changes at the border of a mounted application: the root path, and where names are looked up."""

from typing import Any, Protocol

from miniframework.errors import UrlError
from miniframework.http.reverse import find_place
from miniframework.http.url import quote_path
from miniframework.routing.table import RouteTable
from miniframework.types import Message, Scope, Send

# The applications around a mounted one with their root paths, outermost first.
OUTER_APPS = "miniframework.outer_apps"
# The mounted router whose routes are asked, which is a part of `scope["app"]`.
PART = "miniframework.declaring.part"
# What the converters of the mounts around made of their text.
MOUNT_VALUES = "miniframework.mount_values"

# What routing says of a request in its scope.
_SAID = ("route", "endpoint", "path_params", MOUNT_VALUES)


class Routed(Protocol):
    """What routed a request: an application, or a mounted router."""

    @property
    def table(self) -> RouteTable:
        """The routes in the order in which they are tried."""

    @property
    def error_page(self) -> Any:
        """What may replace an answer of the default exception handlers; None where nothing does."""


class SendWatch:
    """A `send` that knows whether a response has begun; messages go through untouched."""

    __slots__ = ("_send", "started")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Pass the message on."""
        if message["type"] == "http.response.start":
            self.started = True
        await self._send(message)


class BorderWatch(SendWatch):
    """A `SendWatch` that says outside what routing said in `child`, before the response begins: a function
    around the application asks when it has the response of `call_next`.
    """

    __slots__ = ("_child", "_scope")

    def __init__(self, send: Send, scope: Scope, child: Scope) -> None:
        super().__init__(send)
        self._scope = scope
        self._child = child

    async def __call__(self, message: Message) -> None:
        """Pass the message on."""
        if message["type"] == "http.response.start":
            self.started = True
            tell_outside(self._scope, self._child)
        await self._send(message)


def make_child_scope(scope: Scope, app: Routed, path: str, prefix_length: int) -> dict[str, Any]:
    """Give the scope for what is mounted at `path[:prefix_length]`: root path extended, path unchanged.

    Some servers leave the root path out of `path`; it is put in front then, for without it the mounted
    application could not tell where its own part begins. Source: ASGI HTTP specification, `root_path`.
    """
    root_path = scope.get("root_path", "")
    child = dict(scope)
    if path == scope["path"]:  # nothing was stripped
        child["path"] = root_path + path
    child["root_path"] = root_path + path[:prefix_length]
    child[OUTER_APPS] = (*scope.get(OUTER_APPS, ()), (child.pop(PART, app), root_path))
    return child


def tell_outside(scope: Scope, child: Scope) -> None:
    """Say in the scope of a request which route was taken behind a mount or a host: middleware around the
    application, for metrics or traces, asks there when the response has been sent.
    """
    for name in _SAID:
        if name in child:
            scope[name] = child[name]


def apps_around(scope: Scope) -> tuple[tuple[Routed, str], ...]:
    """Give the application (or the mounted router) that routed the request and those it is mounted in,
    innermost first, with the root path that each of them saw.
    """
    innermost = scope.get(PART, scope["app"])
    return (innermost, scope.get("root_path", "")), *reversed(scope.get(OUTER_APPS, ()))


def find_url_path(scope: Scope, name: str, params: dict[str, Any]) -> tuple[str, bool]:
    """Give the encoded path of the route `name`, root path included, and whether it is a WebSocket route's;
    asks the innermost application first.
    """
    problems: list[str] = []
    for app, root_path in apps_around(scope):
        try:
            path, is_socket = find_place(app.table, name, params)
            return quote_path(root_path.rstrip("/")) + path, is_socket
        except UrlError as error:
            problems.append(str(error))
    raise UrlError("; around it: ".join(problems))
