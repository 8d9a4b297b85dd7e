"""What a request carries, where FastAPI and Starlette have it.

`URL`, `URLPath`, `FormData` and `UploadFile` are imported when they are first asked for: they are dear, and
headers alone need none of them.
"""

import importlib
from typing import TYPE_CHECKING, Any

from miniframework.header_text import encode_header as encode_header
from miniframework.http.address import Address as Address
from miniframework.http.headers import Headers as Headers
from miniframework.http.headers import HeadersView as HeadersView
from miniframework.http.headers import MutableHeaders as MutableHeaders
from miniframework.http.headers import MutableHeadersView as MutableHeadersView
from miniframework.http.headers import view_headers as view_headers
from miniframework.http.multi_dict import ImmutableMultiDict as ImmutableMultiDict
from miniframework.http.query_params import QueryParams as QueryParams
from miniframework.http.query_params import split_query as split_query
from miniframework.http.state import State as State

if TYPE_CHECKING:
    from miniframework.http.form import FormData as FormData
    from miniframework.http.upload import UploadFile as UploadFile
    from miniframework.http.url import PATH_SAFE as PATH_SAFE
    from miniframework.http.url import URL as URL
    from miniframework.http.url import URLPath as URLPath

__all__ = [
    "URL",
    "Address",
    "FormData",
    "Headers",
    "ImmutableMultiDict",
    "MutableHeaders",
    "QueryParams",
    "State",
    "URLPath",
    "UploadFile",
]

_DEAR = {
    "FormData": "http.form",
    "PATH_SAFE": "http.url",
    "URL": "http.url",
    "URLPath": "http.url",
    "UploadFile": "http.upload",
}


def __getattr__(name: str) -> Any:
    if name not in _DEAR:
        raise AttributeError(f"module 'miniframework.datastructures' has no attribute {name!r}")
    return getattr(importlib.import_module(f"miniframework.{_DEAR[name]}"), name)
