"""Route classes with an `__init__` of their own: what they make of the words by which a route is declared.

Such a class may wrap the endpoint, or say more of the route, as FastAPI's users do:

    class Traced(APIRoute):
        def __init__(self, path: str, endpoint: Callable[..., Any], **words: Any) -> None:
            super().__init__(path, traced(endpoint), **words)
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeGuard

from miniframework.callables import name_of
from miniframework.declaring.api_route import APIRoute
from miniframework.errors import RegistrationError
from miniframework.routing.converters import Converter
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Route
from miniframework.routing.source import Source


class Told(NamedTuple):
    """What a class passed on to its base: the path with the prefix of its router, the endpoint, and the other
    words; `make` gives a Route of the class, with what the class has set in it.
    """

    path: str
    endpoint: Callable[..., Any]
    words: dict[str, Any]
    make: Callable[..., Route]


def has_own_init(kind: Callable[..., Route] | None) -> TypeGuard[type[Route]]:
    """Tell whether what makes a route is a class that, or what it derives from, says how one is made."""
    if not isinstance(kind, type) or APIRoute not in kind.__mro__:
        return False
    return any("__init__" in vars(base) for base in kind.__mro__[: kind.__mro__.index(APIRoute)])


def tell(
    kind: type[Route],
    words: Mapping[str, Any],
    converters: Mapping[str, Converter],
    source: Source,
) -> Told:
    """Call the class as FastAPI does, with the path first, and give what it made of the words. Raises
    PatternError, RegistrationError where it never calls its base, and what the class raises.
    """
    above: type[_Asked] = type(kind.__name__, (kind, _Asked), {})  # so that `super()` of the class is _Asked
    asked = object.__new__(above)
    asked.reading = converters, source
    given = dict(words)
    type(asked).__init__(asked, given.pop("path"), **given)
    noted = dict(vars(asked))
    if "words" not in noted:
        raise RegistrationError(
            where=source,
            problem=f"route class {kind.__qualname__}: its __init__ does not call that of APIRoute",
            way_out="call super().__init__(path, endpoint, **words) in it",
        )
    path, passed_on = asked.path, noted.pop("words")
    del noted["reading"]

    def make(**fields: Any) -> Route:
        route = object.__new__(kind)
        Route.__init__(route, **fields)
        for name, value in noted.items():
            object.__setattr__(route, name, value)
        return route

    return Told(path, asked.endpoint, passed_on, make)


class _Asked(APIRoute):
    """Stands between a route class and APIRoute while that is asked: whatever is set in it stays."""

    words: dict[str, Any]
    reading: tuple[Mapping[str, Converter], Source]

    def __init__(self, path: str, endpoint: Callable[..., Any], **words: Any) -> None:
        converters, source = self.reading
        known = {
            "pattern": parse_pattern(path or "/", converters, source),
            "endpoint": endpoint,
            "methods": frozenset(words.get("methods") or ("GET",)),
            "name": words.get("name") or name_of(endpoint),
            "words": words,
        }
        for name, value in known.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if "words" in self.__dict__ and isinstance(getattr(type(self), name, None), property):
            self.words[name] = value  # as `self.operation_id = ...` behind `super().__init__(...)`
        else:
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        said = self.__dict__.get("words", {})
        if name not in said:
            problem = f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(problem, name=name, obj=self)
        return said[name]
