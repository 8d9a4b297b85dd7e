"""What Django's own middleware does to a path: the slash that is added, the language that is chosen.

Only Django's classes run. Of a subclass it is the base, with what the subclass says of a redirect: its kind,
and when there is one.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpResponseNotFound
from django.middleware.common import CommonMiddleware
from django.middleware.locale import LocaleMiddleware
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.module_loading import import_string

from inspector.adapters.scopes import make_scope

_REDIRECTING = (CommonMiddleware, LocaleMiddleware)
_WITH_A_BODY = ("DELETE", "PATCH", "POST", "PUT")


def find_middleware(kind: type) -> type | None:
    """The class in the settings that is this middleware of Django's or inherits from it."""
    return next((one for one in _classes() if issubclass(one, kind)), None)


def adds_slashes() -> bool:
    """Whether a path that is not found is tried with a slash at its end."""
    return bool(settings.APPEND_SLASH) and find_middleware(CommonMiddleware) is not None


def unslashed_methods(request_class: Any) -> str:
    """The methods for which no slash is added: in debug mode, since a body would be lost (which ones depends
    on the version); "" where there are none.
    """
    if not (settings.DEBUG and adds_slashes()):
        return ""
    return " ".join(method for method in _WITH_A_BODY if not _may_add_a_slash(request_class, method))


@contextmanager
def as_in_request(request: Any) -> Iterator[None]:
    """The script prefix and the language of a request, as long as it is asked about."""
    prefix = get_script_prefix()
    set_script_prefix(request.script_name or "/")
    try:
        with translation.override(settings.LANGUAGE_CODE):
            if find_middleware(LocaleMiddleware) is not None:
                LocaleMiddleware(_answer).process_request(request)
            yield
    finally:
        set_script_prefix(prefix)


def redirect_of(request: Any) -> Any:
    """The redirect that a request gets which no route takes, None when it stays not found.

    Raises RuntimeError as Django does in debug mode, which will not redirect a request with a body.
    """
    not_found = HttpResponseNotFound()
    for kind in reversed(list(_classes())):
        base = next((one for one in _REDIRECTING if issubclass(kind, one)), None)
        if base is not None:
            response = _respond(base, kind, request, not_found)
            if response is not not_found:
                return response
    return None


def _may_add_a_slash(request_class: Any, method: str) -> bool:
    request = request_class(make_scope(method, "/x"), io.BytesIO())
    try:
        CommonMiddleware(_answer).get_full_path_with_slash(request)
    except (RuntimeError, DisallowedHost):  # the refusal names the host
        return False
    return True


def _respond(base: Any, kind: Any, request: Any, response: Any) -> Any:
    """What Django's own method answers for an object of the user's class, whose `__init__` does not run."""
    middleware = kind.__new__(kind)
    base.__init__(middleware, _answer)
    try:
        return base.process_response(middleware, request, response)
    except AttributeError:  # it looks at what other middleware puts on a request
        plain = base(_answer)
        plain.response_redirect_class = kind.response_redirect_class
        return plain.process_response(request, response)


def _classes() -> Iterator[Any]:
    """The middleware of the settings that are classes, outermost first; they are imported by now."""
    found = (import_string(path) for path in settings.MIDDLEWARE)
    return (one for one in found if isinstance(one, type))


def _answer(_: Any) -> Any:
    """Never called: only what stands before and after it is asked."""
    return HttpResponseNotFound()
