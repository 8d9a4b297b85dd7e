"""What is declared, and below which path: each check names the line, the value and the way out."""

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from miniframework.call_fit import find_misfit
from miniframework.errors import RouteError
from miniframework.routing.source import Source, find_caller


def check_prefix(prefix: str, source: Source) -> str:
    """Give the prefix of an include or a router back. Raises RouteError."""
    if prefix and (not prefix.startswith("/") or prefix.endswith("/")):
        tidy = "/" + prefix.strip("/") if prefix.strip("/") else ""
        raise RouteError(
            where=source,
            problem=f"prefix {prefix!r} must begin with '/' and not end with one",
            way_out=f"write {tidy!r}",
        )
    return prefix


def check_path(path: object) -> None:
    """Raise RouteError for a path that is no text, as the function is in `@app.get` without brackets."""
    if not isinstance(path, str):
        raise RouteError(
            where=find_caller(),
            problem=f"the path of a route is {path!r:.100}, which is no text",
            way_out="put the path behind it, as in @app.get('/items')",
        )


def check_endpoint(endpoint: object, path: object, source: Source) -> None:
    """Raise RouteError for what cannot be called, or would not answer, and for a path that is no text."""
    if not isinstance(path, str):
        check_path(path)
    if not callable(endpoint):
        raise RouteError(
            where=source,
            problem=f"route {path!r}: {endpoint!r:.100} cannot be called",
            way_out="give it a function",
        )


def sort_arguments(
    path: str,
    positional: tuple[Any, Any],
    methods: Iterable[str] | None,
    function: Callable[..., Any] | None,
) -> tuple[Callable[..., Any], Iterable[str] | None]:
    """Give the function and the methods that `add_route` got in either order. Raises RouteError."""
    for one in positional:
        if callable(one):
            function = one
        elif one is not None:
            methods = one
    if function is None:
        raise RouteError(
            where=find_caller(),
            problem=f"add_route({path!r}) has no handler",
            way_out="as in add_route('/items', ['GET'], list_items)",
        )
    return function, methods


def check_mounted(app: object, path: str, source: Source) -> None:
    """Raise RouteError for what cannot be mounted."""
    if misfit := find_misfit(app, ("scope", "receive", "send")):
        raise RouteError(
            where=source,
            problem=f"mount({path!r}) got what is no ASGI application: {misfit}",
            way_out="give something that is called with (scope, receive, send); an application of WSGI goes "
            "into WSGIMiddleware(...)",
        )


def refuse_no_router(given: object, source: Source) -> NoReturn:
    """Raise RouteError for what cannot be included."""
    raise RouteError(
        where=source,
        problem=f"include_router({given!r:.100}) takes a Router",
        way_out="an application is mounted: app.mount(path, other_app)",
    )


def refuse_itself(source: Source) -> NoReturn:
    """Raise RouteError for a router inside itself."""
    raise RouteError(
        where=source,
        problem="the router would include itself",
        way_out="include or mount it in one direction only",
    )
