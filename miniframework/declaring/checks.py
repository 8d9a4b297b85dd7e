"""What a declaration must be before it is taken: each check names the line, the value and the way out."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

from miniframework.call_fit import find_misfit
from miniframework.declarations.declaration import (
    HttpDeclaration,
    Leaf,
    MountDeclaration,
    RouteOptions,
    SocketDeclaration,
)
from miniframework.dependencies.depends import DependsMarker
from miniframework.errors import RouteError
from miniframework.misspelt import did_you_mean
from miniframework.params.response_model import DEFAULT_OPTIONS, ResponseModel
from miniframework.routing.duplicates import is_head_only, say_repetition
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.source import Source, find_caller

# What the documentation lists answers by. Source: OpenAPI 3.1, Responses Object.
_STATUS = re.compile(r"default|[1-5]XX|[0-9]+", re.IGNORECASE)
# A token. Source: RFC 9110 sections 9.1 and 5.6.2.
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


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


def check_prefix(prefix: str, source: Source) -> str:
    """Give the prefix of an include or a router back. Raises RouteError."""
    if prefix and (not prefix.startswith("/") or prefix.endswith("/")):
        tidy = "/" + prefix.strip("/") if prefix.strip("/") else ""
        raise RouteError(
            where=source,
            problem=f"prefix {prefix!r} must begin with '/' and not end with one",
            way_out=f"write {tidy!r}",
        )
    return prefix


def check_path(path: object) -> None:
    """Raise RouteError for a path that is no text, as the function is in `@app.get` without brackets."""
    if not isinstance(path, str):
        raise RouteError(
            where=find_caller(),
            problem=f"the path of a route is {path!r:.100}, which is no text",
            way_out="put the path behind it, as in @app.get('/items')",
        )


def sort_arguments(
    path: str,
    positional: tuple[Any, Any],
    methods: Iterable[str] | None,
    function: Callable[..., Any] | None,
) -> tuple[Callable[..., Any], Iterable[str] | None]:
    """Give the function and the methods that `add_route` got in either order. Raises RouteError."""
    for one in positional:
        if callable(one):
            function = one
        elif one is not None:
            methods = one
    if function is None:
        raise RouteError(
            where=find_caller(),
            problem=f"add_route({path!r}) has no handler",
            way_out="as in add_route('/items', ['GET'], list_items)",
        )
    return function, methods


def check_mounted(app: object, path: str, source: Source) -> None:
    """Raise RouteError for what cannot be mounted."""
    if misfit := find_misfit(app, ("scope", "receive", "send")):
        raise RouteError(
            where=source,
            problem=f"mount({path!r}) got what is no ASGI application: {misfit}",
            way_out="give something that is called with (scope, receive, send); an application of WSGI goes "
            "into WSGIMiddleware(...)",
        )


def refuse_no_router(given: object, source: Source) -> NoReturn:
    """Raise RouteError for what cannot be included."""
    raise RouteError(
        where=source,
        problem=f"include_router({given!r:.100}) takes a Router",
        way_out="an application is mounted: app.mount(path, other_app)",
    )


def refuse_itself(source: Source) -> NoReturn:
    """Raise RouteError for a router inside itself."""
    raise RouteError(
        where=source,
        problem="the router would include itself",
        way_out="include or mount it in one direction only",
    )


def check_options(options: Mapping[str, object], path: str, source: Source) -> None:
    """Raise RouteError for a word that says nothing about a route, and for what no word can say."""
    known = RouteOptions.__annotations__
    for name in options:
        if name not in known:
            raise RouteError(
                where=source,
                problem=f"route {path!r} has no option {name!r}",
                way_out=did_you_mean(name, known) or f"it has: {', '.join(known)}",
            )
    if isinstance(tags := options.get("tags"), str):
        raise RouteError(
            where=source,
            problem=f"route {path!r}: tags is the text {tags!r}",
            way_out=f"write a list, as in [{tags!r}]",
        )
    if (responses := options.get("responses")) and not isinstance(responses, Mapping):
        raise RouteError(
            where=source,
            problem=f"route {path!r}: responses is {responses!r:.100}, which has no statuses",
            way_out="write a dict, as in {404: {'description': 'No such item'}}",
        )
    if (status := options.get("status_code")) is not None:
        _check_status(status, path, source)
    if (response_class := options.get("response_class")) is not None:
        _check_response_class(response_class, path, source)


def _check_status(status: object, path: str, source: Source) -> None:
    # Three digits, whatever they mean. Source: RFC 9110 section 15.
    if not re.fullmatch("[1-9][0-9][0-9]", str(_to_number(status))):
        raise RouteError(
            where=source,
            problem=f"route {path!r}: status_code is {status!r:.100}, which is no status",
            way_out="write a number of three digits, as 201",
        )


def _check_response_class(given: object, path: str, source: Source) -> None:
    # Another framework's serves too: it is only called, and asked for its media type.
    if not (isinstance(given, type) and hasattr(given, "media_type")):
        raise RouteError(
            where=source,
            problem=f"route {path!r}: response_class is {given!r:.100}, which is no class of responses",
            way_out="write a class, as in response_class=HTMLResponse",
        )


def _to_number(status: object) -> object:
    return int(status) if isinstance(status, int) else status  # of an enum the number


def check_methods(path: str, methods: Iterable[str], source: Source) -> frozenset[str]:
    """Give the methods as a set. Raises RouteError for a text, whose letters they would be, and for what
    else is no list of texts.
    """
    if isinstance(methods, str):
        raise RouteError(
            where=source,
            problem=f"route {path!r}: methods is the text {methods!r}",
            way_out=f"write a list, as in [{methods!r}]",
        )
    given = frozenset(methods)
    if wrong := [one for one in given if not isinstance(one, str)]:
        raise RouteError(
            where=source,
            problem=f"route {path!r}: methods has {wrong[0]!r:.100}, which is no text",
            way_out="write names, as in ['GET', 'POST']",
        )
    if wrong := sorted(one for one in given if not _METHOD.fullmatch(one)):
        raise RouteError(
            where=source,
            problem=f"route {path!r}: methods has {wrong[0]!r:.100}, which is no method",
            way_out="write one name each, as in ['GET', 'POST']",
        )
    return given


def check_dependencies(dependencies: Iterable[object] | None, source: Source) -> tuple[DependsMarker, ...]:
    """Give a list of `Depends(...)` as a tuple. Raises RouteError for anything else."""
    if isinstance(dependencies, DependsMarker) or callable(dependencies):
        raise RouteError(
            where=source,
            problem=f"dependencies is {dependencies!r:.100}, which is no list",
            way_out="write dependencies=[Depends(check_token)]",
        )
    checked = []
    for one in dependencies or ():
        if not isinstance(one, DependsMarker):
            raise RouteError(
                where=source,
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
        if not _STATUS.fullmatch(str(_to_number(status))):
            raise RouteError(
                where=source,
                problem=f"route {path!r}: responses has {status!r}, which is no status",
                way_out="write a number, 'default', or a range as '4XX'",
            )
        if (model := response.get("model")) is None:
            continue
        try:
            ResponseModel(model, DEFAULT_OPTIONS, endpoint)
        except ValueError as error:
            raise RouteError(
                where=source,
                problem=f"route {path!r}: the model of responses[{status!r}] is none: {error}",
                way_out="give a pydantic model or a type that can be written as JSON",
            ) from error


def check_endpoint(endpoint: object, path: object, source: Source) -> None:
    """Raise RouteError for what cannot be called, or would not answer, and for a path that is no text."""
    if not isinstance(path, str):
        check_path(path)
    if not callable(endpoint):
        raise RouteError(
            where=source,
            problem=f"route {path!r}: {endpoint!r:.100} cannot be called",
            way_out="give it a function",
        )
