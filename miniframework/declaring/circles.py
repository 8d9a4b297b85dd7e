"""Refuses an application that would be mounted below itself: its table of routes would have no end."""

from collections.abc import Iterator
from typing import Any

from miniframework.declarations.declaration import Included, IncludeDeclaration, MountDeclaration
from miniframework.declaring.router import Router
from miniframework.errors import RouteError
from miniframework.routing.source import find_caller


def refuse_circle(outer: object, inner: object, said: str) -> None:
    """Raise RouteError if `inner`, which `said` is about to put below `outer`, leads to `outer` again."""
    if inner is outer or any(one is outer for one in _find_below(inner)):
        raise RouteError(
            where=str(find_caller()),
            problem=f"{said} would put the application below itself",
            way_out="mount it in one direction only",
        )


def _find_below(app: Any) -> Iterator[object]:
    """Give every application that a request to `app` may come to, as far as the applications are ours."""
    router = app if isinstance(app, Router) else getattr(app, "router", None)
    if not isinstance(router, Router):
        return
    for one in [*_find_mounted(router), *(host.app for host in getattr(app, "hosts", ()))]:
        yield one
        yield from _find_below(one)


def _find_mounted(router: Included) -> Iterator[object]:
    for one in router.declarations:
        if isinstance(one, MountDeclaration):
            yield one.app
        elif isinstance(one, IncludeDeclaration):
            yield from _find_mounted(one.router)
