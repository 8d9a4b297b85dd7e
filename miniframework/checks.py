"""What a declaration must be before it is taken: each check names the line, the value and the way out."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from miniframework.declarations import (
    HttpDeclaration,
    MountDeclaration,
    RouteOptions,
    SocketDeclaration,
)
from miniframework.dependencies.depends import DependsMarker
from miniframework.errors import RouteError
from miniframework.params.response_model import DEFAULT_OPTIONS, ResponseModel
from miniframework.routing.duplicates import is_head_only, say_repetition
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.source import Source

# What the documentation lists answers by. Source: OpenAPI 3.1, Responses Object.
_STATUS = re.compile(r"default|[1-5]XX|[0-9]+", re.IGNORECASE)

Leaf = HttpDeclaration | SocketDeclaration | MountDeclaration


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
                where=None if entry.source is None else str(entry.source),
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


def check_prefix(prefix: str, source: Source) -> str:
    """Give the prefix of an include or a router back. Raises RouteError."""
    if prefix and (not prefix.startswith("/") or prefix.endswith("/")):
        tidy = "/" + prefix.strip("/") if prefix.strip("/") else ""
        raise RouteError(
            where=str(source),
            problem=f"prefix {prefix!r} must begin with '/' and not end with one",
            way_out=f"write {tidy!r}",
        )
    return prefix


def check_options(options: Mapping[str, object], path: str, source: Source) -> None:
    """Raise RouteError for a word that says nothing about a route."""
    known = RouteOptions.__annotations__
    for name in options:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            raise RouteError(
                where=str(source),
                problem=f"route {path!r} has no option {name!r}",
                way_out=f"did you mean {near[0]!r}?" if near else f"it has: {', '.join(known)}",
            )


def check_methods(path: str, methods: Iterable[str], source: Source) -> frozenset[str]:
    """Give the methods as a set. Raises RouteError for a text, whose letters they would be."""
    if isinstance(methods, str):
        raise RouteError(
            where=str(source),
            problem=f"route {path!r}: methods is the text {methods!r}",
            way_out=f"write a list, as in [{methods!r}]",
        )
    return frozenset(methods)


def check_dependencies(dependencies: Iterable[object] | None, source: Source) -> tuple[DependsMarker, ...]:
    """Give a list of `Depends(...)` as a tuple. Raises RouteError for anything else in it."""
    checked = []
    for one in dependencies or ():
        if not isinstance(one, DependsMarker):
            raise RouteError(
                where=str(source),
                problem=f"dependencies has {one!r:.100}, which is no Depends",
                way_out="write dependencies=[Depends(check_token)]",
            )
        checked.append(one)
    return tuple(checked)


def check_responses(
    responses: Mapping[int | str, Mapping[str, Any]],
    endpoint: Callable[..., Any],
    path: str,
    source: Source,
) -> None:
    """Raise RouteError for an answer without a status, and for a model that no answer can be written with."""
    for status, response in responses.items():
        if not _STATUS.fullmatch(str(int(status) if isinstance(status, int) else status)):
            raise RouteError(
                where=str(source),
                problem=f"route {path!r}: responses has {status!r}, which is no status",
                way_out="write a number, 'default', or a range as '4XX'",
            )
        if (model := response.get("model")) is None:
            continue
        try:
            ResponseModel(model, DEFAULT_OPTIONS, endpoint)
        except ValueError as error:
            raise RouteError(
                where=str(source),
                problem=f"route {path!r}: the model of responses[{status!r}] is none: {error}",
                way_out="give a pydantic model or a type that can be written as JSON",
            ) from error


def check_endpoint(endpoint: object, path: str, source: Source) -> None:
    """Raise RouteError for what cannot be called, or would not answer."""
    if not callable(endpoint):
        raise RouteError(
            where=str(source),
            problem=f"route {path!r}: {endpoint!r:.100} cannot be called",
            way_out="give it a function",
        )
