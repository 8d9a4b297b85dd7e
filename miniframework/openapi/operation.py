"""The Operation Object of a route. Source: OpenAPI 3.1, Operation Object."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from miniframework.openapi.asked import read_asked
from miniframework.openapi.bodies import describe_body
from miniframework.openapi.constants import METHODS_WITH_BODY
from miniframework.openapi.described import DescribedRoute, describe_routes
from miniframework.openapi.merging import lay_over
from miniframework.openapi.parameters import Parameter, describe_parameters
from miniframework.openapi.responses import Responses
from miniframework.openapi.schemas import Documented, Schema, Schemas


class Operation:
    """One route, read; the operations of its methods differ only in whether they have a body."""

    def __init__(self, route: DescribedRoute) -> None:
        self.route = route
        asked = read_asked(route.plan)
        self._refuses = bool(asked.parameters or asked.bodies)
        self._parameters = [one for field in asked.parameters for one in describe_parameters(field)]
        self._body = describe_body(asked.bodies, route.unique_id)
        self._schemes = asked.schemes
        self._responses = Responses(route)
        self._callbacks = [Operation(one) for one in describe_routes(route.documentation.callbacks)]

    @property
    def callbacks(self) -> Sequence["Operation"]:
        """The operations of others that it is said to call."""
        return self._callbacks

    @property
    def bodies(self) -> list[Documented]:
        """The body of a request, if it has one."""
        return [] if self._body is None else [self._body.described]

    @property
    def answers(self) -> list[Documented]:
        """The bodies of its responses that have a schema."""
        return self._responses.described

    @property
    def parameters(self) -> list[Documented]:
        """What comes in the path, the query, the headers and the cookies."""
        return [one.described for one in self._parameters]

    def walk(self) -> Iterator["Operation"]:
        """Give the operations of the callbacks, each after its own, and then this one."""
        for callback in self._callbacks:
            yield from callback.walk()
        yield self

    @property
    def refuses(self) -> bool:
        """Whether the document says that a request, or one to a callback, can fail validation."""
        own = self._refuses and not self._responses.covers_refusal
        return own or any(one.refuses for one in self._callbacks)

    def write_path_item(self, schemas: Schemas) -> Schema:
        """Give the Path Item Object: an operation for each method."""
        return {method.lower(): self._write(method, schemas) for method in self.route.methods}

    def security_schemes(self) -> Schema:
        """Give the Security Scheme Objects by name."""
        return {scheme.scheme_name: _dump(scheme.model) for scheme, _ in self._schemes}

    def _write(self, method: str, schemas: Schemas) -> Schema:
        route, said = self.route, self.route.documentation
        written: Schema = {"tags": route.tags} if said.tags else {}
        written["summary"] = route.summary
        if route.description:
            written["description"] = route.description
        written["operationId"] = route.unique_id
        if said.deprecated:
            written["deprecated"] = said.deprecated
        if self._schemes:
            written["security"] = self._write_security()
        if self._parameters:
            written["parameters"] = self._write_parameters(schemas)
        if self._body is not None and method in METHODS_WITH_BODY:
            written["requestBody"] = self._body.write(schemas)
        if said.callbacks:
            written["callbacks"] = {
                one.route.name: {one.route.path: one.write_path_item(schemas)} for one in self._callbacks
            }
        written["responses"] = self._responses.write(schemas, may_refuse=self._refuses)
        if said.openapi_extra:
            lay_over(written, said.openapi_extra)
        return written

    def _write_parameters(self, schemas: Schemas) -> list[Schema]:
        """Write each name once: where it is required, if it is so anywhere, else as it was said last."""
        written: dict[tuple[str, str], Parameter] = {(one.place, one.name): one for one in self._parameters}
        written |= {(one.place, one.name): one for one in self._parameters if one.required}
        return [one.write(schemas) for one in written.values()]

    def _write_security(self) -> list[dict[str, list[str]]]:
        """Write each scheme once, with all scopes asked of it."""
        asked: dict[str, dict[str, None]] = {}
        for scheme, scopes in self._schemes:
            asked.setdefault(scheme.scheme_name, {}).update(dict.fromkeys(scopes))
        return [{name: list(scopes)} for name, scopes in asked.items()]


def list_described(operations: Sequence[Operation]) -> list[Documented]:
    """Every value in the operations that has a schema: those of callbacks, all bodies, all responses, then
    all parameters.

    Of two that pydantic cannot tell apart the first gives the schema, and this is FastAPI's order.
    """
    return [
        *(one for operation in operations for one in list_described(operation.callbacks)),
        *(one for operation in operations for one in operation.bodies),
        *(one for operation in operations for one in operation.answers),
        *(one for operation in operations for one in operation.parameters),
    ]


def _dump(model: Any) -> Any:
    if isinstance(model, BaseModel):
        return model.model_dump(by_alias=True, exclude_none=True, mode="json")
    return model
