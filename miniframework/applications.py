"""The application, where FastAPI has its own."""

from miniframework.app import App

__all__ = ["App"]
