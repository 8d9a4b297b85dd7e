"""What an OpenAPI document says there is: one operation for each path and method.

Source: OpenAPI Specification 3.1.1, sections 4.8.8 (paths), 4.8.9 (path item), 4.8.5 (servers).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from inspector.errors import InspectorError
from miniframework.records import dataclass

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_HOLE = re.compile(r"\{([^{}]*)\}")
_UUID = "00000000-0000-4000-8000-000000000000"
_BY_FORMAT = {"uuid": _UUID, "date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z"}
_BY_TYPE = {"integer": "1", "number": "1", "boolean": "true"}


class DocumentError(InspectorError):
    """What should be an OpenAPI document is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One documented operation; `prefixes` may stand before its path, `sample` fills its parameters in."""

    path: str
    method: str
    operation_id: str
    summary: str
    prefixes: tuple[str, ...]
    sample: str

    def is_named(self, name: str) -> bool:
        """Whether it speaks of a function of this name, as FastAPI derives `operationId` and `summary`."""
        spoken = name.replace("_", " ").lower()
        is_meant = self.operation_id == name or self.operation_id.startswith(f"{name}_")
        return is_meant or self.summary.lower() == spoken


def read_operations(document: Mapping[str, Any]) -> list[Operation]:
    """Every operation in the order of the document. Raises DocumentError."""
    paths = document.get("paths") if isinstance(document, Mapping) else None
    if not isinstance(paths, Mapping):
        raise DocumentError("it has no 'paths', so it is no OpenAPI document")
    prefixes = tuple(dict.fromkeys(("", *_prefixes(document.get("servers")))))
    return [
        Operation(
            path=path,
            method=method.upper(),
            operation_id=str(item[method].get("operationId", "")),
            summary=str(item[method].get("summary", "")),
            prefixes=prefixes,
            sample=_sample(path, [*_list(item, "parameters"), *_list(item[method], "parameters")]),
        )
        for path, item in paths.items()
        if isinstance(item, Mapping)
        for method in _METHODS
        if isinstance(item.get(method), Mapping)
    ]


def shape_of(path: str) -> str:
    """A documented path without the names of its parameters."""
    return _HOLE.sub("{}", path)


def _prefixes(servers: Any) -> Iterator[str]:
    for server in servers if isinstance(servers, list) else ():
        url = server.get("url") if isinstance(server, Mapping) else None
        if isinstance(url, str) and "{" not in url:
            yield urlsplit(url).path.rstrip("/")


def _sample(path: str, parameters: list[Any]) -> str:
    schemas = {
        str(one.get("name")): one
        for one in parameters
        if isinstance(one, Mapping) and one.get("in") == "path"
    }
    return _HOLE.sub(lambda found: _value(schemas.get(found[1], {})), path)


def _value(parameter: Mapping[str, Any]) -> str:
    """A text for a parameter: its own example, else what its type allows."""
    schema = parameter.get("schema")
    schema = schema if isinstance(schema, Mapping) else {}
    for own in (parameter.get("example"), schema.get("example"), *_list(schema, "enum")):
        if isinstance(own, str | int | float) and "/" not in (text := str(own)) and text:
            return text
    by_format = _BY_FORMAT.get(str(schema.get("format")))
    return by_format or _BY_TYPE.get(str(schema.get("type")), "a")


def _list(owner: Mapping[str, Any], key: str) -> list[Any]:
    found = owner.get(key)
    return found if isinstance(found, list) else []
