"""Django under ASGI: its URLconf as the resolver walks it, and what the resolver says to a request."""

from typing import Any

from inspector.adapters.adapter import Adapter
from inspector.adapters.django.handler import DjangoAdapter

__all__ = ["adapt"]


def adapt(app: Any) -> Adapter:
    """Return the adapter of an `ASGIHandler`. Raises InspectorError when Django is not set up."""
    return DjangoAdapter(app)
