"""One parameter to take from a request: from where, under which name, turned into what."""

import copy
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic_core import SchemaValidator

from miniframework.dependencies.graph import Dependency
from miniframework.events import ParameterSource
from miniframework.params.markers import REQUIRED
from miniframework.routing.converters import Converter

_SHAREABLE = (str, int, float, bool, bytes, complex, type(None), StrEnum)


class BodyUse(StrEnum):
    """What a parameter takes from the body."""

    NOTHING = "nothing"
    KEY = "key"  # its name's key of a JSON object
    WHOLE = "whole"
    KEY_OR_WHOLE = "key or whole"  # its key, else all of it (unannotated, by the tutorial's rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One name that a model of query, header or cookie parameters takes; `key` is the model's word for it."""

    name: str
    key: str
    many: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """A parameter's place in the request and its way to a value.

    `alias` is its name there. `body_use` besides a source other than body: what it takes from the body when
    the source has nothing (the tutorial's rule). `many`: every value of a repeated name. `members`: a model
    made of several names. `any_text`: text needs no validation; `is_text`: declared as text, whatever a
    converter makes.
    """

    name: str
    alias: str
    source: ParameterSource
    body_use: BodyUse
    many: bool
    members: tuple[Member, ...]
    any_text: bool
    is_text: bool
    validator: SchemaValidator
    converter: Converter | None
    converter_name: str
    declared_type: str
    default: object
    default_factory: Callable[[], object] | None

    @property
    def required(self) -> bool:
        """Whether there is no default."""
        return self.default is REQUIRED and self.default_factory is None

    def make_default(self) -> object:
        """Give the default, a copy of its own for each request when it could be changed."""
        if self.default_factory is not None:
            return self.default_factory()
        return self.default if isinstance(self.default, _SHAREABLE) else copy.deepcopy(self.default)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CallPlan:
    """What one callable is given: `fields` of the request, `special` objects (Request) by parameter."""

    fields: tuple[Field, ...]
    special: tuple[tuple[str, type], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParameterPlan:
    """What an endpoint and everything it depends on ask of a request, worked out once at registration.

    `needs_body`: the body must be read first. `wants`: the special types asked for anywhere; make no other.
    `any_type_is_json`: a body is JSON whatever its content type says (the tutorial's rule).
    """

    endpoint: CallPlan
    dependencies: tuple[Dependency, ...]
    dependency_calls: tuple[tuple[Hashable, CallPlan], ...]
    needs_body: bool
    any_type_is_json: bool
    wants: frozenset[type]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the endpoint and of its dependencies, in the order in which they are bound."""
        calls: list[Any] = [plan for _, plan in self.dependency_calls]
        return tuple(field for plan in (*calls, self.endpoint) for field in plan.fields)
