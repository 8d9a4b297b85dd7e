"""The layers around the routes: what stands before a router, and for which paths one may answer by itself."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import CodeType
from typing import Any, Protocol

from inspector.adapters.adapter import AdaptedRoute, Asked
from miniframework.records import dataclass

# Layers of these modules answer for no path in particular: one that they keep is a cookie's.
_KNOWN = ("starlette.middleware.", "fastapi.middleware.", "uvicorn.middleware.")

# Under these names a class, or an object of it, has the function that is called for a request.
_CALLED = ("__call__", "dispatch", "dispatch_func")


class Declared(Protocol):
    """A middleware that an application will build, as Starlette keeps it."""

    cls: Any
    kwargs: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Something that requests pass before they are routed. `below` are paths that it names, and may mean with
    all that is below them; `exact` are such that it means alone.
    """

    name: str
    below: frozenset[str]
    exact: frozenset[str]

    @property
    def names_any(self) -> bool:
        """Whether it names a path at all."""
        return bool(self.below or self.exact)

    def find_kept(self, path: str) -> str | None:
        """The path that the layer names and a request's path stands at or below; None when there is none."""
        at_or_below = (one for one in self.below | self.exact if is_below(path, one))
        return max(at_or_below, key=len, default=None)


class Layers:
    """What requests pass before the routes of one application: what wraps it, and its own middleware.

    They are looked at when they are first needed, and anew after `look_again`.
    """

    def __init__(self, wrappers: Sequence[object], app: object) -> None:
        self._wrappers = wrappers
        self._app = app
        self._read: tuple[tuple[Layer, ...], tuple[Layer, ...]] | None = None

    def look_again(self) -> None:
        """Read them anew when they are next needed: an application may get more middleware."""
        self._read = None

    def name_before(self, asked: Asked, path: str, routes: Callable[[], Iterable[AdaptedRoute]]) -> Asked:
        """The answer, with what may answer the path before it; `routes` gives those of the application."""
        read = self._read
        if read is None:
            read = self._read = read_layers(self._wrappers), _declared_by(self._app)
        wrappers, own = read
        if wrappers and (said := say_before(wrappers, path, lambda: _paths_of(routes()))) is not None:
            return replace(asked, before=said)
        if own and asked.status in (404, 405) and (layer := _find_exact(own, path)) is not None:
            return replace(
                asked, middleware=f"{layer.name}, a middleware, names {path!r} and may answer first."
            )
        return asked


def read_layers(wrappers: Iterable[object]) -> tuple[Layer, ...]:
    """Those of what wraps an application that name paths."""
    return tuple(layer for one in wrappers if (layer := _read_object(one)).names_any)


def _declared_by(app: object) -> tuple[Layer, ...]:
    """Those of the middleware that was added to an application of Starlette or FastAPI that name paths."""
    declared: Sequence[Declared] = getattr(app, "user_middleware", None) or ()
    found = [_read(one.cls, getattr(one, "kwargs", {})) for one in declared if hasattr(one, "cls")]
    return tuple(layer for layer in found if layer.names_any)


def _find_exact(layers: Iterable[Layer], path: str) -> Layer | None:
    """The first that names just this path: of those below it a middleware most often only takes note."""
    return next((one for one in layers if path in one.below or path in one.exact), None)


def say_before(layers: Iterable[Layer], path: str, templates: Callable[[], Iterable[str]]) -> str | None:
    """Which layer may answer a path by itself, in words; None when none names it.

    A path below which the application has routes of its own, by their `templates`, is one that the layer lets
    pass.
    """
    for layer in layers:
        kept = layer.find_kept(path)
        if kept is not None and not any(is_below(one, kept) for one in templates()):
            return (
                f"{layer.name} stands before the routes and names {kept!r}: it may answer by itself, or"
                " change the request, and is not asked."
            )
    return None


def is_below(path: str, kept: str) -> bool:
    """Whether a path, or a template, stands at or below one that a layer names."""
    return path == kept if kept == "/" else f"{path}/".startswith(kept.rstrip("/") + "/")


def _paths_of(routes: Iterable[AdaptedRoute], prefix: str = "") -> Iterator[str]:
    for route in routes:
        yield prefix + route.path
        yield from _paths_of(route.inner or (), prefix + route.path)


def _read_object(wrapper: object) -> Layer:
    if inspect.isfunction(wrapper):
        return _layer(wrapper, _named_by(wrapper))
    return _read(type(wrapper), getattr(wrapper, "__dict__", {}))


def _read(kind: Any, fields: Mapping[str, Any]) -> Layer:
    """A layer that is an object of a class, or a function that makes one."""
    is_known = f"{kind.__module__}.".startswith(_KNOWN)
    kept = [] if is_known else [value for name, value in fields.items() if name not in _CALLED]
    called = [fields.get(name) or inspect.getattr_static(kind, name, None) for name in _CALLED]
    own = [one for one in called if inspect.isfunction(one) and not f"{one.__module__}.".startswith(_KNOWN)]
    if inspect.isfunction(kind):
        own.append(kind)
    return _layer(kind, [*kept, *(value for one in own for value in _named_by(one))])


def _layer(named: Any, values: Iterable[object]) -> Layer:
    texts: set[str] = set()
    keys: set[str] = set()
    for value in values:
        if isinstance(value, str):
            texts.add(value)
        elif isinstance(value, Mapping):
            keys.update(key for key in value if isinstance(key, str))
        elif isinstance(value, list | tuple | set | frozenset):
            texts.update(one for one in value if isinstance(one, str))
    return Layer(
        name=f"{named.__module__}.{named.__qualname__}",
        below=frozenset(one for one in texts | keys if _is_path(one)),
        exact=frozenset(keys & {"/"}),
    )


def _is_path(text: str) -> bool:
    """Whether a text is likely the path of requests; of a single slash nothing can be said."""
    return len(text) > 1 and text[0] == "/" and text.isprintable() and " " not in text


def _named_by(function: Any) -> Iterator[object]:
    """What a function closes over, the constants in its code, and the values that it names."""
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not filled yet
            continue
    for code in _codes(function.__code__):
        yield from code.co_consts
        yield from (function.__globals__[name] for name in code.co_names if name in function.__globals__)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)
