"""What cannot be inspected."""

from inspector.errors import InspectorError


class RoutesUnknownError(InspectorError):
    """The routes of an application cannot be read, only its requests recorded. `kind` is its class."""

    def __init__(self, app: object) -> None:
        named = app if hasattr(app, "__qualname__") else type(app)
        self.kind = f"{getattr(named, '__module__', '?')}.{named.__qualname__}"
        super().__init__(
            f"the routes of {self.kind!r} cannot be read: it is of no framework known here, nor wraps one;"
            " requests only: they can be recorded, by inspector.Inspector around it or by inspector run"
        )
