"""From the routes of a list to the declarations of a router."""

from collections.abc import Callable, Iterable
from typing import Any

from miniframework.answering.options import UNSAID
from miniframework.declarations.declaration import (
    HttpDeclaration,
    Leaf,
    MountDeclaration,
    SocketDeclaration,
)
from miniframework.declarations.documentation import Documentation
from miniframework.declaring.checks import check_endpoint
from miniframework.declaring.declared import Declared
from miniframework.declaring.option_checks import check_methods
from miniframework.declaring.shared_words import SharedWords
from miniframework.errors import RouteError
from miniframework.http.limits import Limits, read_limits
from miniframework.routing.source import find_caller
from miniframework.routing.written import Mount, Route, WebSocketRoute, Written
from miniframework.starlette_endpoints import (
    EVERY_METHOD,
    choose_methods,
    given_request,
    given_socket,
    is_asgi,
)


def make_declaration(one: Written, router: SharedWords, serve_routes: Callable[[Iterable[Any]], Any]) -> Leaf:
    """Give what `one` declares on `router`, at its own line; `serve_routes` makes a router of the list of a
    mount. Raises RegistrationError.
    """
    path = router.prefix + getattr(one, "path", "")
    match one:
        case Route(endpoint=endpoint, said_methods=methods):
            check_endpoint(endpoint, path, one.source)
            if methods is None and is_asgi(endpoint):
                methods = EVERY_METHOD
            return HttpDeclaration(
                path=path,
                methods=check_methods(path, choose_methods(methods, endpoint), one.source),
                endpoint=given_request(endpoint, path),
                name=one.name,
                source=one.source,
                dependencies=router.dependencies,
                answers=UNSAID.below(router.default_response_class),
                documentation=Documentation(include_in_schema=one.include_in_schema),
                limits=_limits(router, one),
                is_asgi=is_asgi(endpoint),
                middleware=one.middleware,
            )
        case WebSocketRoute(endpoint=endpoint):
            check_endpoint(endpoint, path, one.source)
            return SocketDeclaration(
                path=path,
                endpoint=given_socket(endpoint, path),
                name=one.name,
                source=one.source,
                dependencies=router.dependencies,
                is_asgi=is_asgi(endpoint),
                middleware=one.middleware,
            )
        case Mount(app=app, routes=routes):
            inner = serve_routes(routes) if app is None and routes is not None else app
            return _mount(path, inner, one, _limits(router, one))
        case _:
            raise RouteError(
                where=find_caller(),
                problem=f"routes has {one!r:.100}",
                way_out="write Route, WebSocketRoute, Mount or Host of miniframework.routing",
            )


def _limits(router: SharedWords, one: Route | Mount) -> Limits:
    return router.limits.around(read_limits({"max_body_size": one.max_body_size}, one.source))


def _mount(path: str, app: Any, one: Mount, limits: Limits) -> MountDeclaration:
    if not callable(app) and not isinstance(app, Declared):
        raise RouteError(
            where=one.source,
            problem=f"Mount({one.path!r}) has {app!r:.100}, which is no ASGI application",
            way_out="give an app, or routes=[...]",
        )
    return MountDeclaration(
        path=path.rstrip("/"),
        app=app,
        name=one.name or "",
        source=one.source,
        limits=limits,
        middleware=one.middleware,
    )
