"""One parameter to take from a request: from where, under which name, turned into what."""

import copy
from collections.abc import Callable, Hashable, Mapping
from enum import StrEnum
from typing import Any

from pydantic_core import SchemaValidator

from miniframework.dependencies.graph import Dependency
from miniframework.events import ParameterSource
from miniframework.params.marker import REQUIRED, Marker
from miniframework.records import dataclass
from miniframework.routing.converters import Converter
from miniframework.routing.source import Source

_SHAREABLE = (str, int, float, bool, bytes, complex, type(None), StrEnum)


class BodyUse(StrEnum):
    """What a parameter takes from the body."""

    NOTHING = "nothing"
    KEY = "key"  # its name's key of a JSON object
    WHOLE = "whole"
    KEY_OR_WHOLE = "key or whole"  # its key, else all of it (unannotated, by the tutorial's rule)


class BodyKind(StrEnum):
    """As what the body of a request is read."""

    NONE = "none"
    JSON = "json"
    FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One field of a model that is made of several names.

    `choices` are pairs of a name in the request (headers in lower case) and the model's word for it, the
    preferred pair first. `hidden` are names that are never handed on as something the model does not know.
    """

    choices: tuple[tuple[str, str], ...]
    many: bool
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gathering:
    """How a model is made of query parameters, headers, cookies or form fields.

    `may_be_absent`: without any of `own_names` the whole model did not come. `shown` turns the model's word
    in a problem's location into the name in the request. `file_names`: those whose files are wanted as bytes.
    A union of models has no members but `branches`, a gathering for each.
    """

    members: tuple[Member, ...]
    own_names: frozenset[str]
    may_be_absent: bool
    takes_others: bool
    shown: Mapping[str, str]
    file_names: frozenset[str] = frozenset()
    branches: tuple["Gathering", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """A parameter's place in the request and its way to a value.

    `aliases` are its names there, the preferred one first, and `keys` the same as they are looked up (headers
    in lower case). `body_use` besides a source other than body: what it takes from the body when the source
    has nothing (the tutorial's rule). `many`: every value of a repeated name. `gathering`: a model made of
    several names. `reads_file`: the content of an uploaded file is wanted. `any_text`: text needs no
    validation; `is_text`: declared as text, whatever a converter makes. `marker`, `annotation` and `metadata`
    (what else stood in `Annotated`, the marker before its item `marked_at`) are what its author wrote, for
    the documentation.
    """

    name: str
    aliases: tuple[str, ...]
    keys: tuple[str, ...]
    source: ParameterSource
    body_use: BodyUse
    many: bool
    gathering: Gathering | None
    reads_file: bool
    any_text: bool
    is_text: bool
    validator: SchemaValidator
    validates_default: bool
    converter: Converter | None
    converter_name: str
    declared_type: str
    default: object
    default_factory: Callable[[], object] | None
    marker: Marker | None
    annotation: Any
    metadata: tuple[object, ...] = ()
    marked_at: int = 0

    @property
    def alias(self) -> str:
        """Its name in the request."""
        return self.aliases[0]

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
    """What one callable is given: `fields` of the request, `special` objects (Request) and `scopes` by
    parameter. `name` and `source` are the callable's own.
    """

    name: str
    source: Source | None
    fields: tuple[Field, ...]
    special: tuple[tuple[str, type], ...]
    scopes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def asked_by(self) -> str:
        """Who asks for the fields, as `common_parameters books.py:12`."""
        return self.name if self.source is None else f"{self.name} {self.source.short}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParameterPlan:
    """What an endpoint and everything it depends on ask of a request, worked out once at registration.

    `body_kind`: as what the body must be read first. `file_keys`: the form's fields whose files are wanted as
    bytes. `wants`: the special types asked for anywhere; make no other. `needs_request`: one of them is a
    view on the request, or the body is to be read. `any_type_is_json`: a body is JSON whatever its content
    type says (the tutorial's rule); `untyped_is_json`: and so is one without any. `cleans_up`: something
    follows a dependency's `yield`.
    """

    endpoint: CallPlan
    dependencies: tuple[Dependency, ...]
    dependency_calls: tuple[tuple[Hashable, CallPlan], ...]
    body_kind: BodyKind
    file_keys: frozenset[str]
    any_type_is_json: bool
    untyped_is_json: bool
    wants: frozenset[type]
    needs_request: bool
    cleans_up: bool

    @property
    def needs_body(self) -> bool:
        """Whether the body must be read first."""
        return self.body_kind is not BodyKind.NONE

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the endpoint and of its dependencies, in the order in which they are bound."""
        return tuple(field for call in self.calls for field in call.fields)

    @property
    def calls(self) -> tuple[CallPlan, ...]:
        """What each dependency is given, and the endpoint last."""
        return *(call for _, call in self.dependency_calls), self.endpoint
