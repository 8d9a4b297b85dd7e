"""Requests and what they can raise, where FastAPI and Starlette have them."""

from miniframework.http.connection import Connection as HTTPConnection
from miniframework.http.exceptions import ClientDisconnect
from miniframework.http.request import Request

__all__ = ["ClientDisconnect", "HTTPConnection", "Request"]
