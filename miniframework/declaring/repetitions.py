"""Entries that repeat earlier ones, and so could never be called."""

from miniframework.declarations.declaration import HttpDeclaration, Leaf, MountDeclaration, SocketDeclaration
from miniframework.errors import RouteError
from miniframework.routing.duplicates import is_head_only, say_repetition
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Entry, Mount, Route, SocketRoute


class Repetitions:
    """Refuses an entry that repeats an earlier one, and so could never be called."""

    def __init__(self) -> None:
        self._alike: dict[type, dict[str, tuple[Entry, ...]]] = {}

    def note(self, entry: Entry) -> None:
        """Remember `entry`."""
        alike, path = self._alike.setdefault(type(entry), {}), entry.pattern.regex_text
        alike[path] = (*alike.get(path, ()), entry)

    def refuse(self, entry: Entry) -> None:
        """Raise RouteError if `entry` repeats one that was noted."""
        earlier = self._alike.get(type(entry), {}).get(entry.pattern.regex_text, ())
        # The table puts a route for HEAD before the GET route of its path.
        before = tuple(one for one in earlier if is_head_only(one)) if is_head_only(entry) else earlier
        if (said := say_repetition(before, entry)) is not None:
            raise RouteError(
                where=entry.source,
                problem=said,
                way_out="the first one wins always, so this one would never be called: "
                "remove one of them or give one another path",
            )


def bare_entry(declaration: Leaf, pattern: PathPattern) -> Entry:
    """Give the entry a declaration will become, without anything that could run."""
    match declaration:
        case HttpDeclaration(methods=methods, endpoint=endpoint, name=name, source=source):
            return Route(pattern=pattern, methods=methods, endpoint=endpoint, name=name, source=source)
        case SocketDeclaration(endpoint=endpoint, name=name, source=source):
            return SocketRoute(pattern=pattern, endpoint=endpoint, name=name, source=source)
        case MountDeclaration(app=app, name=name, source=source):
            return Mount(pattern=pattern, app=app, name=name, source=source)
