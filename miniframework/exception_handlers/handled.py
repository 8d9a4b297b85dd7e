"""What an exception says of its route when it is handled, and what it lets go of once it is answered."""

from miniframework.errors import EncodeError
from miniframework.http.exceptions import ValidationException
from miniframework.telling.trace import find_trace
from miniframework.types import Scope


def forget_frames(error: Exception) -> None:
    """Let go of the frames that an answered exception has passed: one that is raised again and again would
    keep those of every request. What is recorded keeps them for who reads it.

    Source: Starlette 1.10, which does it when the response was sent.
    """
    if find_trace() is None:
        error.__traceback__ = None


def name_route(error: Exception, scope: Scope) -> None:
    """Say in an error about values which route was asked, for the handler or the log that shows it: its
    traceback has no line of the endpoint.
    """
    route = scope.get("route")
    if isinstance(error, EncodeError) and route is not None:
        error.add_note(f"returned by {route.name} ({route.source})")
    if isinstance(error, ValidationException) and route is not None and "path" not in error.endpoint_ctx:
        path = f"{scope.get('method', 'WS')} {scope.get('root_path', '').rstrip('/')}{route.path_format}"
        source = {"function": route.name, "file": route.source.file, "line": route.source.line}
        error.endpoint_ctx = {**source, "path": path, **error.endpoint_ctx}
