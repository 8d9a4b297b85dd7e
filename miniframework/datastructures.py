"""What a request carries, where FastAPI and Starlette have it.

What is dear (`URL`, `FormData` and so on) is imported when it is first asked for: headers need none of it.
"""

import importlib
from typing import TYPE_CHECKING, Any

from miniframework.http.address import Address
from miniframework.http.headers import Headers, MutableHeaders
from miniframework.http.multi_dict import ImmutableMultiDict
from miniframework.http.query_params import QueryParams
from miniframework.http.state import State

if TYPE_CHECKING:
    from miniframework.config_values import CommaSeparatedStrings as CommaSeparatedStrings
    from miniframework.config_values import Secret as Secret
    from miniframework.http.form import FormData as FormData
    from miniframework.http.upload import UploadFile as UploadFile
    from miniframework.http.url import URL as URL
    from miniframework.http.url import URLPath as URLPath

__all__ = [
    "URL",
    "Address",
    "CommaSeparatedStrings",
    "FormData",
    "Headers",
    "ImmutableMultiDict",
    "MutableHeaders",
    "QueryParams",
    "Secret",
    "State",
    "URLPath",
    "UploadFile",
]

_DEAR = {
    "CommaSeparatedStrings": "config_values",
    "FormData": "http.form",
    "Secret": "config_values",
    "URL": "http.url",
    "URLPath": "http.url",
    "UploadFile": "http.upload",
}


def __getattr__(name: str) -> Any:
    if name not in _DEAR:
        raise AttributeError(f"module 'miniframework.datastructures' has no attribute {name!r}")
    return getattr(importlib.import_module(f"miniframework.{_DEAR[name]}"), name)
