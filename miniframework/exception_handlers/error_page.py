"""The page that an application shows instead of a default answer."""

from collections.abc import Callable

from miniframework.http.mounting import OUTER_APPS, apps_around
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.types import Scope

# Given the response of a default handler; what it returns is sent instead, None leaves the response.
ErrorPage = Callable[[Request, Exception, Response], Response | None]


def find_error_page(scope: Scope) -> ErrorPage | None:
    """Give the page of the innermost application that has one; none before any route was asked."""
    if "app" not in scope:
        return None
    if OUTER_APPS not in scope:  # by far the most common, and soon told
        page: ErrorPage | None = scope["app"].error_page
        return page
    for app, _ in apps_around(scope):
        page = app.error_page
        if page is not None:
            return page
    return None
