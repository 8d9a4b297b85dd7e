"""FastAPI's classes of markers: to tell one from another with `isinstance`, and to write in annotations.

Called, each gives what the function of its name gives.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from miniframework.dependencies import depends
from miniframework.dependencies.depends import DependsMarker
from miniframework.params import markers
from miniframework.params.marker import MarkedField


class _Kind(type):
    """The type of the classes below, whose instances are told by where they take a parameter from."""

    sources: ClassVar[frozenset[str]]
    make: ClassVar[Callable[..., Any]]

    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, MarkedField) and one.marker.source in cls.sources

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        return cls.make(*arguments, **options)


class Param(metaclass=_Kind):
    """Any marker of a parameter that is not of the body; called, it gives one of the query."""

    sources = frozenset(("path", "query", "header", "cookie"))
    make: ClassVar[Callable[..., Any]] = staticmethod(markers.Query)


class Path(Param):
    """What `Path()` gives."""

    sources = frozenset(("path",))
    make: ClassVar[Callable[..., Any]] = staticmethod(markers.Path)


class Query(Param):
    """What `Query()` gives."""

    sources = frozenset(("query",))
    make: ClassVar[Callable[..., Any]] = staticmethod(markers.Query)


class Header(Param):
    """What `Header()` gives."""

    sources = frozenset(("header",))
    make: ClassVar[Callable[..., Any]] = staticmethod(markers.Header)


class Cookie(Param):
    """What `Cookie()` gives."""

    sources = frozenset(("cookie",))
    make: ClassVar[Callable[..., Any]] = staticmethod(markers.Cookie)


class Body(metaclass=_Kind):
    """What `Body()`, `Form()` and `File()` give."""

    sources = frozenset(("body", "form", "file"))
    make: ClassVar[Callable[..., Any]] = staticmethod(markers.Body)


class Form(Body):
    """What `Form()` and `File()` give."""

    sources = frozenset(("form", "file"))
    make: ClassVar[Callable[..., Any]] = staticmethod(markers.Form)


class File(Form):
    """What `File()` gives."""

    sources = frozenset(("file",))
    make: ClassVar[Callable[..., Any]] = staticmethod(markers.File)


class _Needed(type):
    """The type of the two classes below."""

    makes_security: ClassVar[bool]
    make: ClassVar[Callable[..., Any]]

    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, DependsMarker) and (one.is_security or not cls.makes_security)

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        return cls.make(*arguments, **options)


class Depends(metaclass=_Needed):
    """What `Depends()` and `Security()` give."""

    makes_security = False
    make: ClassVar[Callable[..., Any]] = staticmethod(depends.Depends)


class Security(Depends):
    """What `Security()` gives."""

    makes_security = True
    make: ClassVar[Callable[..., Any]] = staticmethod(depends.Security)
