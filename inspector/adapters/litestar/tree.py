"""Litestar's routes in the order in which its router decides, with what the tree leaves to each of them.

Paths without parameters are looked up whole, then mounts are tried as prefixes, then the tree is walked a
segment at a time: literal text before the parameter, and never back. All routes that have a parameter at one
place of the tree share it:

- where one of them is a `path`, it takes all the rest, and the routes that go on behind it are never reached;
- of two routes that differ in the names or types of their parameters only, the one declared last has it, as
  of two WebSocket routes with one path.

What order cannot say: a literal segment that fits is never left again, so `/users/{name:str}/posts` is 404
for /users/me/posts beside `/users/me/{id:int}`. `Rules.backtracks` is False for that.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from inspector.adapters.litestar.types import REST, make_converter, type_word
from miniframework.records import dataclass
from miniframework.routing.foreign.tree import NOTHING
from miniframework.routing.parts import Literal, Parameter, Part

# Of the places of the tree along a route: the text of a literal segment, None for a parameter.
Places = tuple[str | None, ...]


@dataclass(frozen=True)
class LitestarTree:
    """The routes of one application, as `app.routes` holds them now."""

    routes: Sequence[Any]

    def in_order(self) -> list[Any]:
        """The routes as they are tried: whole paths, mounts, then the tree depth first.

        Whole paths stand by their text: nothing depends on their order, and Litestar has the paths of one
        handler or router in another one at each start.
        """
        numbered = sorted(enumerate(self.routes), key=lambda item: _rank(item[1], item[0]))
        return [route for _, route in numbered]

    def parts_of(self, route: Any, methods: frozenset[str]) -> tuple[Part, ...]:
        """What the tree leaves to the route for these methods, as parts of `route.path`."""
        found: list[Part] = []
        for part in self._parts(route, self._decider(route, methods)):
            if isinstance(part, Literal) and found and isinstance(before := found[-1], Literal):
                found[-1] = Literal(text=before.text + part.text, start=before.start, end=part.end)
            else:
                found.append(part)
        return tuple(found)

    def _parts(self, route: Any, decider: Any) -> Iterator[Part]:
        at = 0
        deciding = iter(part for part in decider.path_components if not isinstance(part, str))
        for number, component in enumerate(route.path_components):
            text = "/" + (component if isinstance(component, str) else "")
            yield Literal(text=text, start=at, end=at + len(text))
            at += len(text)
            if not isinstance(component, str):
                definition = next(deciding)
                regex = self._regex(route, definition, number)
                end = at + len(component.full) + len("{}")
                yield Parameter(
                    name=component.name,
                    converter_name=type_word(component),
                    converter=make_converter(definition, regex),
                    start=at,
                    end=end,
                )
                at = end
        if not route.path_components:
            yield Literal(text="/", start=0, end=1)

    def _regex(self, route: Any, definition: Any, number: int) -> str | None:
        """Where the place says otherwise than the type: all the rest, or nothing ever."""
        places = _places(route)
        if places[: number + 1] not in self._takers_of_the_rest:
            return None
        if number + 1 < len(places):
            return NOTHING  # what goes on behind it
        return REST if definition.parser is None else NOTHING  # the text begins with a slash: no number does

    @cached_property
    def _takers_of_the_rest(self) -> frozenset[Places]:
        """Places where a `path` takes all the rest."""
        return frozenset(
            _places(route)[: number + 1]
            for route in self.routes
            if not _is_mount(route)
            for number, component in enumerate(route.path_components)
            if not isinstance(component, str) and type_word(component) == "path"
        )

    def _decider(self, route: Any, methods: frozenset[str]) -> Any:
        """The route whose types count: the last one declared at this place for all of the methods."""
        if not route.path_parameters:
            return route
        places = _places(route)
        same = [other for other in self.routes if _places(other) == places and methods <= _methods(other)]
        return same[-1] if same else route


def _rank(route: Any, number: int) -> tuple[Any, ...]:
    """Of several routes at one path the one declared last is tried."""
    if _is_mount(route):
        return (1, route.path)
    if not route.path_parameters:
        return (0, route.path, -number)
    return (2, [(place is None, place or "") for place in _places(route)], -number)


def _places(route: Any) -> Places:
    return tuple(component if isinstance(component, str) else None for component in route.path_components)


def _methods(route: Any) -> frozenset[str]:
    """As keys of the tree: the HTTP methods, "websocket" or "asgi"."""
    return frozenset(map(method_name, route.methods)) or frozenset({str(route.scope_type.value)})


def method_name(method: Any) -> str:
    """The name of a method, which Litestar keeps as a member of its enum or as text."""
    return str(getattr(method, "value", method))


def _is_mount(route: Any) -> bool:
    return bool(getattr(getattr(route, "route_handler", None), "is_mount", False))
