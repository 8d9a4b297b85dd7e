"""Exceptions, where FastAPI and Starlette have them."""

from miniframework.errors import DependencyError as DependencyScopeError
from miniframework.errors import DeprecatedWord as FastAPIDeprecationWarning
from miniframework.errors import RegistrationError as PydanticV1NotSupportedError
from miniframework.errors import UsageError as FastAPIError
from miniframework.http.exceptions import (
    HTTPException,
    RequestValidationError,
    ResponseValidationError,
    ValidationException,
    WebSocketException,
    WebSocketRequestValidationError,
)

# What the framework itself raises for a 404 or 405 is the class that handlers raise.
StarletteHTTPException = HTTPException

__all__ = [
    "DependencyScopeError",
    "FastAPIDeprecationWarning",
    "FastAPIError",
    "HTTPException",
    "PydanticV1NotSupportedError",
    "RequestValidationError",
    "ResponseValidationError",
    "StarletteHTTPException",
    "ValidationException",
    "WebSocketException",
    "WebSocketRequestValidationError",
]
