"""Middleware: ASGI classes as they are, and functions with `call_next`."""

from miniframework.middleware.stack import Middleware as Middleware

__all__ = ["Middleware"]
