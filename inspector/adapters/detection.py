"""Finds what framework an application comes from, also below what wraps it, and loads its adapter."""

import functools
import importlib
import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from inspector.adapters.adapter import Adapter
from inspector.adapters.nested import NestedAdapter

# Qualified name of the class of an application -> module of `inspector.adapters` that knows it. A subclass is
# found by its bases, so FastAPI stands before Starlette, from which it inherits.
ADAPTERS = {
    "fastapi.applications.FastAPI": "starlette.fastapi",
    "fastapi.routing.APIRouter": "starlette.fastapi",
    "starlette.applications.Starlette": "starlette.adapter",
    "starlette.routing.Router": "starlette.adapter",
    "starlette.routing.Mount": "starlette.adapter",
    "starlette.routing.Host": "starlette.adapter",
    "litestar.app.Litestar": "litestar.adapter",
    "quart.app.Quart": "werkzeug.quart",
    "flask.app.Flask": "werkzeug.flask",
    "django.core.handlers.asgi.ASGIHandler": "django.handler",
    "django.core.handlers.wsgi.WSGIHandler": "django.handler",
    "django.core.handlers.base.BaseHandler": "django.handler",
    "channels.routing.ProtocolTypeRouter": "django.channels",
    "channels.routing.URLRouter": "django.channels",
    "datasette.app.DatasetteRouter": "datasette",
    "datasette.app.Datasette": "datasette",
    "blacksheep.server.application.Application": "blacksheep.adapter",
    "sanic.app.Sanic": "sanic.adapter",
    "falcon.app.App": "falcon.adapter",
    "miniframework.app.App": "native.adapter",
}

# Under these names middleware keeps what it wraps; the first that leads to a known framework is taken.
WRAPPER_ATTRIBUTES = (
    "app",
    "_app",
    "asgi_app",
    "_asgi_app",
    "asgi",  # Datasette
    "other_asgi_app",  # python-socketio, python-engineio
    "wrapped",
    "wrapped_app",
    "application",
    "_application",
    "starlette_app",  # Shiny
    "fastapi_app",
    "inner",
    "inner_app",
    "__wrapped__",
    "wsgi_application",  # asgiref
)

# More layers than any program has; a wrapper that makes a new wrapper each time it is looked at ends here.
_MOST_LOOKED_AT = 200


def find_adapter(app: object) -> Adapter | None:
    """Return the adapter of the application, None when no framework known here is behind it.

    Looks through wrappers by their usual attributes, else by any attribute that is an application, through
    functions by what they close over or name, and through bound methods, and goes on below the mounts. A
    wrapper of two applications decides between them by itself, and nobody here knows how: None.
    """
    way = find_way(app)
    return NestedAdapter(way, _make_adapter, _find_mounted) if way else None


def _find_mounted(mounted: object) -> tuple[object, ...]:
    return find_way(mounted, closures=False)


def _make_adapter(app: object) -> Adapter:
    module = importlib.import_module(f"inspector.adapters.{adapter_name(app)}")
    adapter: Adapter = module.adapt(app)
    return adapter


def find_framework_app(app: object, *, closures: bool = True) -> object | None:
    """Return the application of a known framework that is behind `app`, which may be `app` itself.

    Without `closures` a function is looked at no further: one that is mounted often closes over the
    application around it, and hands nothing on to it.
    """
    way = find_way(app, closures=closures)
    return way[-1] if way else None


def find_way(app: object, *, closures: bool = True) -> tuple[object, ...]:
    """Return what wraps the application that is found, outermost first, and the application; () if none."""
    return _search(app, {}, closures)


def adapter_name(app: object) -> str | None:
    """Return the module below `inspector.adapters` for applications of this class, None when none knows it.

    Only names are compared: no framework is imported.
    """
    for base in type(app).__mro__:
        name = ADAPTERS.get(f"{base.__module__}.{base.__qualname__}")
        if name is not None:
            return name
    return None


def _search(app: object, seen: dict[int, object], closures: bool) -> tuple[object, ...]:
    if app is None or isinstance(app, type) or id(app) in seen or len(seen) >= _MOST_LOOKED_AT:
        return ()
    seen[id(app)] = app  # the object itself is kept: the number of one that is gone may come again
    if adapter_name(app) is not None:
        return (app,)
    for wrapped in _attributes_of(app):
        found = _search(wrapped, seen, closures)
        if found:
            return (app, *found)
    if not closures:
        return ()
    behind = [found for value in _closed_over(app) if (found := _search(value, seen, closures))]
    return (app, *behind[0]) if len(behind) == 1 else ()


def _attributes_of(app: object) -> Iterator[object]:
    """What a wrapper wraps by its usual attributes; no property or __getattr__ of it is run."""
    if isinstance(app, functools.partial):
        yield from (app.func, *app.args, *app.keywords.values())
        return
    if inspect.ismethod(app):
        yield app.__self__
        yield app.__func__
        return
    for name in WRAPPER_ATTRIBUTES:
        value = _static_attribute(app, name)
        if callable(value):
            yield value
    by_protocol = _static_attribute(app, "application_mapping")  # of what does as ProtocolTypeRouter
    if isinstance(by_protocol, dict) and callable(by_protocol.get("http")):
        yield by_protocol["http"]


def _static_attribute(app: object, name: str) -> Any:
    found = inspect.getattr_static(app, name, None)
    if isinstance(found, property):
        return None
    if inspect.ismemberdescriptor(found) or inspect.isgetsetdescriptor(found):  # a slot, a proxy written in C
        return getattr(app, name, None)
    if inspect.isfunction(found) and found is inspect.getattr_static(type(app), name, None):
        return None  # a method of the wrapper itself, such as a Quart-like asgi_app
    return found


def _closed_over(app: object) -> Iterator[object]:
    """What a plain function closes over, and applications that it names or an object keeps under any name."""
    if not inspect.isfunction(app):
        yield from _applications_in(getattr(app, "__dict__", {}).values())
        return
    named = (app.__globals__[name] for name in app.__code__.co_names if name in app.__globals__)
    yield from _applications_in(named)
    for cell in app.__closure__ or ():
        try:
            value = cell.cell_contents
        except ValueError:  # not filled yet
            continue
        if callable(value):
            yield value


def _applications_in(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        if not isinstance(value, type) and adapter_name(value) is not None:
            yield value
