"""The HTTP route of an application: FastAPI's `APIRoute`."""

from abc import ABCMeta
from dataclasses import replace
from typing import Any

from miniframework.answering.options import AnswerOptions
from miniframework.declarations.declaration import HttpDeclaration, MountDeclaration, SocketDeclaration
from miniframework.declarations.documentation import DOCS_OPTIONS, LISTS, Documentation
from miniframework.declarations.route_words import RouteWords
from miniframework.http.limits import Limits
from miniframework.http.response import Response
from miniframework.routing import written
from miniframework.routing.route import Route


class _Kind(ABCMeta):
    """What makes a route for a list of `APIRoute("/", home)`; an entry of a table is made of other words."""

    def __call__(cls, *said: Any, **words: Any) -> Any:
        if said or "path" in words:
            return written.WrittenAPIRoute(*said, route_class_override=cls, **words)
        return super().__call__(**words)


class APIRoute(Route, RouteWords, metaclass=_Kind):
    """A route of an application's table, with what was said of it where it was declared. With a path and an
    endpoint it is one for the list of `App(routes=[...])`.

    A `route_class` derives from it and gives its own `get_route_handler`. What documents it may still be set,
    as in `route.operation_id = route.name`, until the document is made; what routing looks at may not.
    """

    __slots__ = ()

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a word of the documentation. Raises FrozenInstanceError for anything else."""
        if name not in DOCS_OPTIONS:
            super().__setattr__(name, value)
        said = replace(self.documented.documentation, **{name: tuple(value) if name in LISTS else value})
        object.__setattr__(self, "documented", replace(self.documented, documentation=said))

    @property
    def _said(self) -> tuple[Documentation, AnswerOptions, Any]:
        return self.documented.documentation, self.documented.declared.answers, self.endpoint

    @property
    def _own_limits(self) -> Limits:
        declared: HttpDeclaration = self.documented.declared
        return declared.limits

    @property
    def unique_id(self) -> str:
        """The operation id, given or made."""
        from miniframework.openapi.described import describe_route  # most programs never ask

        return describe_route(self, self.documented).unique_id

    @property
    def response_class(self) -> type[Response]:
        """The class of its responses."""
        made: type[Response] = self.documented.answer.response_class
        return made

    @property
    def dependencies(self) -> list[Any]:
        """What is called before its endpoint's own dependencies, as it was given to it and its router."""
        return list(self.documented.declared.dependencies)


# The routes of a router, too, are known by these classes.
APIRoute.register(HttpDeclaration)
APIRoute.register(written.WrittenAPIRoute)
written.Route.register(HttpDeclaration)
written.APIWebSocketRoute.register(SocketDeclaration)
written.Mount.register(MountDeclaration)
