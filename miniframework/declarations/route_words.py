"""What was said of a route, under the names by which FastAPI's users ask for it."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import Enum
from typing import Any

from miniframework.answering.options import AnswerOptions
from miniframework.declarations.documentation import Documentation
from miniframework.http.limits import Limits
from miniframework.http.response import Response
from miniframework.http.sendable import is_sendable_class
from miniframework.params.signature import read_return
from miniframework.params.written import EMPTY


def _model_option(name: str) -> Any:
    """What was said of which fields of the returned value go out."""
    return property(lambda self: getattr(self._said[1].model_options, name))


class RouteWords(ABC):
    """The words of a route: of `documentation` with those of the routers around it, of `answers`, and of the
    limits of bodies.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def _said(self) -> tuple[Documentation, AnswerOptions, Any]:
        """The documentation, the answers, and the endpoint."""

    @property
    @abstractmethod
    def _own_limits(self) -> Limits:
        """How much of a body it was said to take, by itself or by the router it was declared on."""

    @property
    def tags(self) -> list[str | Enum]:
        """All tags, those of outer routers first."""
        return list(self._said[0].tags)

    @property
    def summary(self) -> str | None:
        """One line, if it was given."""
        return self._said[0].summary

    @property
    def description(self) -> str:
        """Given, or the docstring up to a form feed."""
        documentation, _, endpoint = self._said
        text = documentation.description or inspect.cleandoc(endpoint.__doc__ or "")
        return text.split("\f")[0].strip()

    @property
    def operation_id(self) -> str | None:
        """The id that was given."""
        return self._said[0].operation_id

    @property
    def deprecated(self) -> bool | None:
        """Whether this or something around it was said to be deprecated."""
        return self._said[0].deprecated

    @property
    def include_in_schema(self) -> bool:
        """Whether the documentation describes it."""
        return self._said[0].include_in_schema

    @property
    def responses(self) -> Mapping[int | str, Mapping[str, Any]]:
        """The additional responses by status."""
        return self._said[0].responses

    @property
    def response_description(self) -> str:
        """What the documentation says of its own response."""
        return self._said[0].response_description

    @property
    def openapi_extra(self) -> Mapping[str, Any] | None:
        """What is laid over its operation."""
        return self._said[0].openapi_extra

    @property
    def response_model(self) -> Any:
        """The type that returned values are checked against; None for none."""
        _, answers, endpoint = self._said
        if answers.response_model is not EMPTY:
            return answers.response_model
        returned = read_return(endpoint)
        return None if returned is EMPTY or is_sendable_class(returned) else returned

    @property
    def status_code(self) -> int | None:
        """The status that was given for its responses."""
        return self._said[1].status_code

    @property
    def response_class(self) -> type[Response]:
        """The class of its responses, as far as it is known here."""
        return self._said[1].class_or_json

    @property
    def max_body_size(self) -> int | None:
        """The most bytes of a body, if that was said of it."""
        return self._own_limits.max_body_size

    @property
    def form_limits(self) -> dict[str, int] | None:
        """How much of a form, if that was said of it."""
        return dict(self._own_limits.form) or None

    @property
    def callbacks(self) -> list[Any]:
        """The routes of others that it is said to call."""
        return list(self._said[0].callbacks)

    response_model_include = _model_option("include")
    response_model_exclude = _model_option("exclude")
    response_model_by_alias = _model_option("by_alias")
    response_model_exclude_unset = _model_option("exclude_unset")
    response_model_exclude_defaults = _model_option("exclude_defaults")
    response_model_exclude_none = _model_option("exclude_none")
