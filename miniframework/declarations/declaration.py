"""What was written on a router, before it is known under which prefixes it will be served."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from miniframework.answering.answer import Answer
from miniframework.answering.options import UNSAID, AnswerOptions, AnswerWords
from miniframework.declarations.documentation import UNDOCUMENTED, DocsOptions, Documentation
from miniframework.declarations.route_words import RouteWords
from miniframework.dependencies.depends import DependsMarker
from miniframework.http.limits import UNLIMITED, Limits, LimitWords
from miniframework.http.response import Response
from miniframework.lifespan import LifeEvents
from miniframework.params.plans import Plans
from miniframework.records import dataclass
from miniframework.routing.converters import Converter
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Route
from miniframework.routing.source import Source

Dependencies = tuple[DependsMarker, ...]


class RouteOptions(DocsOptions, AnswerWords, LimitWords, total=False):
    """What can be said about a route beside its path and methods.

    `name` is for url_for (by default the function's); `dependencies` are called before the endpoint's own;
    `route_class_override` comes before the router's `route_class`.
    """

    name: str | None
    dependencies: Sequence[Any] | None
    route_class_override: type[Route] | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HttpDeclaration(RouteWords):
    """A route as declared; `path` includes its router's own prefix, `pattern` is what it says there. With a
    `condition`, in words, the path alone does not lead to it. An endpoint that `is_asgi` is called with
    scope, receive and send; `middleware` is around it alone. `route_class` makes the route of its fields.
    """

    path: str
    methods: frozenset[str]
    endpoint: Callable[..., Any]
    name: str
    source: Source
    route_class: Callable[..., Route] | None = None
    strict_content_type: bool | None = None
    answers: AnswerOptions = UNSAID
    dependencies: Dependencies = ()
    documentation: Documentation = UNDOCUMENTED
    limits: Limits = UNLIMITED
    pattern: PathPattern | None = None
    condition: str | None = None
    is_asgi: bool = False
    middleware: Sequence[Any] = ()

    @property
    def _said(self) -> tuple[Documentation, AnswerOptions, Any]:
        return self.documentation, self.answers, self.endpoint

    @property
    def _own_limits(self) -> Limits:
        return self.limits

    @property
    def path_format(self) -> str:
        """The path without converters; what is only described has none."""
        return self.path if self.pattern is None else self.pattern.path_format


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SocketDeclaration:
    """A WebSocket route as declared."""

    path: str
    endpoint: Callable[..., Any]
    name: str
    source: Source
    dependencies: Dependencies = ()
    is_asgi: bool = False
    middleware: Sequence[Any] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MountDeclaration:
    """An application, or a router, mounted below a path, written without the slash at its end."""

    path: str
    app: Any
    name: str
    source: Source
    limits: Limits = UNLIMITED
    middleware: Sequence[Any] = ()


class Included(Protocol):
    """A router inside another one: what is declared there, and what holds for it."""

    @property
    def declarations(self) -> Sequence["Declaration"]:
        """What was declared up to now, in order."""

    @property
    def converters(self) -> Mapping[str, Converter]:
        """What its paths are read with."""

    @property
    def lives(self) -> list[LifeEvents]:
        """What is to be done at the start, in order."""

    def watch(self, watcher: "Watcher") -> None:
        """Tell `watcher` of every declaration made there from now on."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IncludeDeclaration:
    """Another router, whose declarations of now and later count as if they stood here below `prefix`.

    `dependencies` are those of the including router and of the include; the included one has its own.
    `default_response_class` is for the routes that have none from further in.
    """

    prefix: str
    router: Included
    source: Source
    dependencies: Dependencies = ()
    documentation: Documentation = UNDOCUMENTED
    default_response_class: type[Response] | None = None
    strict_content_type: bool | None = None
    limits: Limits = UNLIMITED


@dataclass(frozen=True, slots=True, eq=False)
class Documented:
    """What a route's documentation is made of: how it was declared, what was said of it on the way to the
    table, what it asks of a request, and how it answers.
    """

    declared: HttpDeclaration
    documentation: Documentation
    plans: Plans
    answer: Answer


# What is an entry of the table by itself.
Leaf = HttpDeclaration | SocketDeclaration | MountDeclaration
Declaration = Leaf | IncludeDeclaration
# The includes on the way to a declaration, the outermost first.
Chain = tuple[IncludeDeclaration, ...]
# Told of each declaration, and of the includes on the way to it.
Watcher = Callable[[Chain, Declaration], None]
