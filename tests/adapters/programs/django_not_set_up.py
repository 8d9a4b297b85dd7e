"""What the adapter says of a handler while there are no settings."""

import differences
from django.core.handlers.asgi import ASGIHandler

from inspector.adapters.detection import find_adapter
from inspector.errors import InspectorError


class Unready(ASGIHandler):
    def __init__(self) -> None:
        """The middleware is not loaded: that wants settings."""


try:
    find_adapter(Unready())
except InspectorError as error:
    differences.say(str(error))
