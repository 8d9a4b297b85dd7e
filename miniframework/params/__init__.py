"""From an endpoint's signature to its arguments: planned at registration, bound for each request.

FastAPI's module of the same name has classes of markers; they are found here when they are asked for.
"""

import importlib
from typing import Any

_KINDS = ("Body", "Cookie", "Depends", "File", "Form", "Header", "Param", "Path", "Query", "Security")


def __getattr__(name: str) -> Any:
    if name in _KINDS:
        return getattr(importlib.import_module("miniframework.params.kinds"), name)
    if name == "ParamTypes":
        return importlib.import_module("miniframework.params.marker").ParamTypes
    raise AttributeError(f"module 'miniframework.params' has no attribute {name!r}")
