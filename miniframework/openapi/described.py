"""A route as its documentation sees it."""

import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field
from enum import Enum
from typing import Any, Protocol

from miniframework.answering.answer import Answer
from miniframework.answering.decision import build_answer
from miniframework.background import BackgroundTasks
from miniframework.declarations.declaration import Documented, HttpDeclaration
from miniframework.declarations.documentation import Documentation
from miniframework.http.connection import Connection
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.params.field import ParameterPlan
from miniframework.params.plan import plan_parameters
from miniframework.records import dataclass
from miniframework.routing.converters import BUILT_IN
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Route

# What a route is given beside what it asks of a request.
_GIVEN = (Request, Connection, Response, BackgroundTasks)
_EXPRESSION = re.compile(r"\{\$[^}]*\}")


@dataclass(slots=True, kw_only=True, eq=False)
class DescribedRoute:
    """A route with everything its documentation is made of; `generate_unique_id_function` gets one.

    `path_format` is the path without converters, `methods` are in alphabetical order and without an implied
    HEAD. `unique_id` is the `operation_id` that was given, or what the function makes.
    """

    path: str
    path_format: str
    methods: tuple[str, ...]
    name: str
    endpoint: Callable[..., Any]
    declared: HttpDeclaration
    documentation: Documentation
    plan: ParameterPlan
    answer: Answer
    unique_id: str = field(init=False)

    def __post_init__(self) -> None:
        make_id = self.documentation.generate_unique_id_function or generate_unique_id
        self.unique_id = self.operation_id or make_id(self)

    @property
    def operation_id(self) -> str | None:
        """The id that was given."""
        return self.documentation.operation_id

    @property
    def tags(self) -> list[str | Enum]:
        """All tags, those of outer routers first."""
        return list(self.documentation.tags)

    @property
    def summary(self) -> str:
        """One line: given, or made of the name."""
        return self.documentation.summary or self.name.replace("_", " ").title()

    @property
    def description(self) -> str:
        """Given, or the docstring; up to a form feed, after which notes for colleagues may stand."""
        text = self.documentation.description or inspect.cleandoc(self.endpoint.__doc__ or "")
        return text.split("\f")[0].strip()

    @property
    def responses(self) -> Mapping[int | str, Mapping[str, Any]]:
        """The additional responses by status."""
        return self.documentation.responses


class Named(Protocol):
    """What an id is made of: a described route has it, and one of a table."""

    @property
    def name(self) -> str:
        """The name."""

    @property
    def path_format(self) -> str:
        """The path without converters."""

    @property
    def methods(self) -> Collection[str]:
        """The methods."""


def generate_unique_id(route: Named) -> str:
    """Make an id of a route's name, path and first method, as FastAPI does."""
    return re.sub(r"\W", "_", f"{route.name}{route.path_format}") + f"_{min(route.methods).lower()}"


def describe_routes(routes: Sequence[object]) -> list[DescribedRoute]:
    """Give the HTTP routes among `routes` that are to be described: of a table, or of a Router."""
    described = []
    for route in routes:
        documented = route.documented if isinstance(route, Route) else None
        if isinstance(route, Route) and isinstance(documented, Documented):
            described.append(describe_route(route, documented))
        elif isinstance(route, HttpDeclaration):
            described.append(_describe_declared(route))
    return [one for one in described if one.documentation.include_in_schema]


def describe_route(route: Route, documented: Documented) -> DescribedRoute:
    """Describe a route of a table."""
    return DescribedRoute(
        path=route.pattern.template,
        path_format=route.path_format,
        methods=tuple(sorted(route.declared_methods)),
        name=route.name,
        endpoint=route.endpoint,
        declared=documented.declared,
        documentation=documented.documentation,
        plan=documented.plans.plain,
        answer=documented.answer,
    )


def _describe_declared(declared: HttpDeclaration) -> DescribedRoute:
    """Describe a route that nobody serves: of a webhook, or a callback, whose path may hold expressions."""
    plain = "/" + _EXPRESSION.sub("expression", declared.path).lstrip("/")
    pattern = parse_pattern(plain, BUILT_IN, declared.source)
    return DescribedRoute(
        path=declared.path,
        path_format=declared.path,
        methods=tuple(sorted(declared.methods)),
        name=declared.name,
        endpoint=declared.endpoint,
        declared=declared,
        documentation=declared.documentation,
        plan=plan_parameters(
            declared.endpoint,
            pattern,
            source=declared.source,
            special=_GIVEN,
            dependencies=declared.dependencies,
        ),
        answer=build_answer(declared.endpoint, declared.answers),
    )
