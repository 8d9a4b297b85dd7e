"""What is said of a route beside its path: each check names the line, the value and the way out."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from miniframework.declarations.declaration import RouteOptions
from miniframework.dependencies.depends import DependsMarker
from miniframework.errors import RouteError
from miniframework.misspelt import did_you_mean
from miniframework.params.response_model import DEFAULT_OPTIONS, ResponseModel
from miniframework.routing.source import Source

# What the documentation lists answers by. Source: OpenAPI 3.1, Responses Object.
_STATUS = re.compile(r"default|[1-5]XX|[0-9]+", re.IGNORECASE)
# A token. Source: RFC 9110 sections 9.1 and 5.6.2.
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


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
