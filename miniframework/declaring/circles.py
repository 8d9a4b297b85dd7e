"""Whether something would be mounted or included below itself: its table of routes would have no end."""

from collections.abc import Iterator
from typing import Any

from miniframework.declarations.declaration import IncludeDeclaration, MountDeclaration
from miniframework.declaring.declared import Declared
from miniframework.errors import RouteError
from miniframework.routing.source import find_caller


def refuse_circle(outer: object, inner: object, said: str) -> None:
    """Raise RouteError if `inner`, which `said` is about to put below `outer`, leads to `outer` again."""
    if leads_to(inner, outer):
        raise RouteError(
            where=find_caller(),
            problem=f"{said} would put the application below itself",
            way_out="mount it in one direction only",
        )


def leads_to(inner: object, outer: object) -> bool:
    """Tell whether a request to `inner` may come to `outer`, as far as what is on the way is ours."""
    return inner is outer or any(leads_to(one, outer) for one in _find_inside(inner))


def _find_inside(app: Any) -> Iterator[object]:
    """Give every router and every application that is included or mounted directly, or served for a host."""
    router = app if isinstance(app, Declared) else getattr(app, "router", None)
    if not isinstance(router, Declared):
        return
    for one in router.declarations:
        if isinstance(one, MountDeclaration):
            yield one.app
        elif isinstance(one, IncludeDeclaration):
            yield one.router
    yield from (host.app for host in getattr(app, "hosts", ()))
