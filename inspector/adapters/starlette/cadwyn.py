"""Cadwyn: a FastAPI application whose router keeps a list of routes for each version of its API.

A middleware finds the version that is asked for in a header or in the path, else it takes a default; the
router searches the routes of that version only. Routes without a version are searched where none was found,
and before those of a default.
"""

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

_ROUTER = "cadwyn.routing._RootCadwynAPIRouter"
_DEFAULT = "api_version_default_value"


def is_by_version(app: Any, router: Any) -> bool:
    """Whether a router searches by a version that can be told without running code of the user."""
    named = (f"{base.__module__}.{base.__qualname__}" for base in type(router).__mro__)
    return _ROUTER in named and not callable(_picking(app).get(_DEFAULT, callable))


def lists_for(app: Any, router: Any, scope: dict[str, Any]) -> tuple[Any, ...]:
    """The lists of routes that are searched for a request, one behind the other."""
    picking = _picking(app)
    # The middleware looks at HTTP requests only.
    version = picking["api_version_manager"].get(Request(scope)) if scope["type"] == "http" else ""
    return lists_of_default(app, router) if version is None else _of_version(router, version)


def lists_of_default(app: Any, router: Any) -> tuple[Any, ...]:
    """The lists for a request that asks for no version."""
    version = _picking(app)[_DEFAULT]
    return (router.unversioned_routes, *_of_version(router, version)) if version else _of_version(router, "")


def _of_version(router: Any, version: str) -> tuple[Any, ...]:
    """The routes of a version; of a date that is none, those of the one before it."""
    if not version:
        return (router.unversioned_routes,)
    if version not in router.versioned_routers and router.api_version_format == "date":
        known = sorted(router.versioned_routers)
        place = bisect_left(known, version)
        version = known[place - 1] if place else ""
    found = router.versioned_routers.get(version)
    return () if found is None else (found.routes,)


def _picking(app: Any) -> Mapping[str, Any]:
    """What the middleware that picks the version was given; nothing where there is none."""
    given = (getattr(one, "kwargs", {}) for one in getattr(app, "user_middleware", ()))
    return next((kwargs for kwargs in given if "api_version_manager" in kwargs), {})
