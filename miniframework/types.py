"""The ASGI contract in six names.

Source: ASGI specification 3.0, https://asgi.readthedocs.io/en/latest/specs/main.html
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
RawHeaders = list[tuple[bytes, bytes]]
# FastAPI's name, for those who override `api_route`.
DecoratedCallable = TypeVar("DecoratedCallable", bound=Callable[..., Any])
