"""What is said about routes for their documentation; no request is answered by it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from enum import Enum
from typing import Any, TypedDict

from miniframework.misspelt import did_you_mean
from miniframework.records import dataclass


class SharedDocsOptions(TypedDict, total=False):
    """What a router or an include says about all its routes.

    `tags`, `responses` and `callbacks` are put before those of what is inside; one `deprecated` or
    `include_in_schema=False` on the way counts; of the `generate_unique_id_function`s the innermost does.
    """

    tags: Sequence[str | Enum] | None
    responses: Mapping[int | str, Mapping[str, Any]] | None
    callbacks: Sequence[Any] | None
    deprecated: bool | None
    include_in_schema: bool
    generate_unique_id_function: Callable[[Any], str] | None


class DocsOptions(SharedDocsOptions, total=False):
    """What the documentation says about one route; in Markdown where the standard allows it.

    `summary` is by default made of the function's name and `description` its docstring, up to a form feed.
    `responses` are more answers by status, each an OpenAPI Response Object whose `model` becomes its schema.
    `callbacks` are the routes of a Router that nobody serves here. `openapi_extra` is laid over all that.
    """

    summary: str | None
    description: str | None
    response_description: str
    operation_id: str | None
    openapi_extra: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Documentation:
    """The options as they were given: of a route, of a router, or of an include."""

    tags: tuple[str | Enum, ...] = ()
    responses: Mapping[int | str, Mapping[str, Any]] = field(default_factory=dict)
    callbacks: tuple[Any, ...] = ()
    deprecated: bool | None = None
    include_in_schema: bool = True
    generate_unique_id_function: Callable[[Any], str] | None = None
    summary: str | None = None
    description: str | None = None
    response_description: str = "Successful Response"
    operation_id: str | None = None
    openapi_extra: Mapping[str, Any] | None = None

    def around(self, inner: "Documentation") -> "Documentation":
        """Give what holds for something inside, which says `inner` about itself."""
        if self is UNDOCUMENTED:
            return inner
        return Documentation(
            tags=self.tags + inner.tags,
            responses={**self.responses, **inner.responses},
            callbacks=self.callbacks + inner.callbacks,
            deprecated=inner.deprecated or self.deprecated,
            include_in_schema=inner.include_in_schema and self.include_in_schema,
            generate_unique_id_function=inner.generate_unique_id_function or self.generate_unique_id_function,
            summary=inner.summary,
            description=inner.description,
            response_description=inner.response_description,
            operation_id=inner.operation_id,
            openapi_extra=inner.openapi_extra,
        )


# Nothing was said: shared by all routes of which that is true.
UNDOCUMENTED = Documentation()
DOCS_OPTIONS = frozenset((*SharedDocsOptions.__annotations__, *DocsOptions.__annotations__))
LISTS = frozenset(("tags", "callbacks"))  # those of them that are one


def say_near(name: str, words: Iterable[str], function: Callable[..., Any]) -> str:
    """Give the word or the keyword of `function` that `name` is near to, as the end of a message; "" when
    there is none.
    """
    known = [*words, *(getattr(function, "__kwdefaults__", None) or ())]
    near = did_you_mean(name, known)
    return f"; {near}" if near else ""


def read_documentation(options: Mapping[str, Any]) -> Documentation:
    """Take the documentation out of a route's, a router's or an include's options."""
    given = {name: value for name, value in options.items() if name in DOCS_OPTIONS and value is not None}
    for name in LISTS & given.keys():
        given[name] = tuple(given[name])
    return Documentation(**given) if given else UNDOCUMENTED


def read_shared(asked: Callable[..., Any], options: Mapping[str, Any]) -> Documentation:
    """Read what `asked` (Router's `__init__`, include_router) was told of all its routes. Raises TypeError
    for a word it does not know.
    """
    unknown = [name for name in options if name not in SharedDocsOptions.__annotations__]
    if unknown:
        known = SharedDocsOptions.__annotations__
        name = asked.__qualname__.removesuffix(".__init__").rpartition(".")[2]
        hint = say_near(unknown[0], known, asked) or f" (for the documentation it has: {', '.join(known)})"
        raise TypeError(f"{name}() has no option {unknown[0]!r}{hint}")
    return read_documentation(options)
