"""What was said of all routes of a router, to be read under FastAPI's names."""

from collections.abc import Mapping
from typing import Any

from miniframework.declarations.declaration import Dependencies
from miniframework.declarations.documentation import Documentation
from miniframework.http.limits import Limits
from miniframework.http.response import Response


class SharedWords:
    """What a router says of each of its routes; of `documentation` the words one by one."""

    prefix: str
    dependencies: Dependencies
    default_response_class: type[Response] | None
    limits: Limits
    documentation: Documentation

    @property
    def tags(self) -> list[Any]:
        """The tags that were given to this router, in a new list."""
        return list(self.documentation.tags)

    @property
    def deprecated(self) -> bool | None:
        """Whether all its routes were said to be deprecated."""
        return self.documentation.deprecated

    @property
    def include_in_schema(self) -> bool:
        """Whether the documentation describes its routes."""
        return self.documentation.include_in_schema

    @property
    def responses(self) -> Mapping[int | str, Mapping[str, Any]]:
        """The additional responses of all its routes, by status."""
        return self.documentation.responses

    @property
    def callbacks(self) -> list[Any]:
        """The routes of others that all its routes are said to call, in a new list."""
        return list(self.documentation.callbacks)

    @property
    def max_body_size(self) -> int | None:
        """The most bytes that the body of a request may have, if that was said of this router."""
        return self.limits.max_body_size
