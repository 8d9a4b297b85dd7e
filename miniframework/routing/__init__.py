"""Routing as pure decisions: templates, routes, the table that picks one, the reasons of the others.

FastAPI's `APIRoute` is the `Route` of this package, and Starlette's `NoMatchFound` the `UrlError`.
"""

from miniframework.errors import UrlError as NoMatchFound
from miniframework.routing.route import Mount as Mount
from miniframework.routing.route import Route as APIRoute
from miniframework.routing.route import Route as Route

__all__ = ["APIRoute", "Mount", "NoMatchFound", "Route"]
