"""From the routes of a list to the declarations of a router."""

from collections.abc import Callable, Sequence
from typing import Any

from miniframework.checks import check_endpoint, check_methods
from miniframework.declarations import (
    HttpDeclaration,
    MountDeclaration,
    SocketDeclaration,
    find_caller,
    name_of,
)
from miniframework.documentation import Documentation
from miniframework.endpoints import choose_methods, given_request, given_socket
from miniframework.errors import RouteError
from miniframework.http.answer_options import UNSAID
from miniframework.middleware.stack import build_stack
from miniframework.router import Router
from miniframework.routing.written import Mount, Route, WebSocketRoute, Written

MakeApp = Callable[[Sequence[Written]], Any]


def declare_route(router: Router, one: Written, make_app: MakeApp) -> None:
    """Declare on `router` what `one` says, at its own line; `make_app` makes the application of a list below
    a Mount. Raises RegistrationError.
    """
    path = router.prefix + getattr(one, "path", "")
    match one:
        case Route(endpoint=endpoint, methods=methods):
            check_endpoint(endpoint, path, one.source)
            router.declare(
                HttpDeclaration(
                    path=path,
                    methods=check_methods(path, choose_methods(methods, endpoint), one.source),
                    endpoint=given_request(endpoint, path),
                    name=one.name or name_of(endpoint),
                    source=one.source,
                    dependencies=router.dependencies,
                    answers=UNSAID.below(router.default_response_class),
                    documentation=Documentation(include_in_schema=one.include_in_schema),
                    limits=router.limits,
                )
            )
        case WebSocketRoute(endpoint=endpoint):
            check_endpoint(endpoint, path, one.source)
            name = one.name or name_of(endpoint)
            router.declare(
                SocketDeclaration(
                    path=path,
                    endpoint=given_socket(endpoint, path),
                    name=name,
                    source=one.source,
                    dependencies=router.dependencies,
                )
            )
        case Mount(app=app, routes=routes):
            inner = make_app(routes) if app is None and routes is not None else app
            router.declare(_mount(path, inner, one))
        case _:
            raise RouteError(
                where=str(find_caller()),
                problem=f"routes has {one!r:.100}",
                way_out="write Route, WebSocketRoute, Mount or Host of miniframework.routing",
            )


def _mount(path: str, app: Any, one: Mount) -> MountDeclaration:
    if not callable(app):
        raise RouteError(
            where=str(one.source),
            problem=f"Mount({one.path!r}) has {app!r:.100}, which is no ASGI application",
            way_out="give an app, or routes=[...]",
        )
    inner = build_stack(app, one.middleware)
    return MountDeclaration(path=path.rstrip("/"), app=inner, name=one.name or "", source=one.source)
