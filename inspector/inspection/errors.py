"""What cannot be inspected."""

import sysconfig
import traceback
from pathlib import Path

from inspector.errors import InspectorError
from miniframework.call_fit import would_take

# The code of Python, of packages and of ours: the user's mistake stands in none of it.
_NOT_THE_USERS = (Path(sysconfig.get_path("stdlib")), Path(__file__).parent.parent)
_PACKAGES = {"site-packages", "dist-packages"}


class RoutesUnknownError(InspectorError):
    """The routes of an application cannot be read, at most its requests recorded. `kind` is its class."""

    def __init__(self, app: object) -> None:
        named = app if hasattr(app, "__qualname__") else type(app)
        self.kind = f"{getattr(named, '__module__', '?')}.{named.__qualname__}"
        super().__init__(
            f"the routes of {self.kind!r} cannot be read: it is of no framework known here, nor wraps one;"
            f" {_what_is_left(app)}"
        )


class RouterFailedError(InspectorError):
    """The framework itself failed when its routes were read or its router was asked; its error is the cause.

    `framework` is its name, `reason` the class and the text of what it raised, `place` the file and line of
    the user's code in which that was, None where no code of the user's ran.
    """

    def __init__(self, framework: str, cause: Exception) -> None:
        self.framework = framework
        self.reason = ": ".join(filter(None, (_name_of(type(cause)), " ".join(str(cause).split()))))
        self.place = _place_of(cause)
        at = "" if self.place is None else f"{self.place}: "
        super().__init__(
            f"{at}{framework} failed when its routes were read: {self.reason.rstrip('.')}; mend what it says"
            " (if it serves the application all the same, that is a mistake of Route Inspector's)"
        )


def _what_is_left(app: object) -> str:
    if callable(app) and would_take(app, ("scope", "receive", "send")):
        return "requests only: they can be recorded, by inspector.Inspector around it or by inspector run"
    return (
        "nor is it an ASGI application, which takes (scope, receive, send): its requests cannot be recorded"
    )


def _name_of(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _place_of(error: Exception) -> str | None:
    frames = reversed(traceback.extract_tb(error.__traceback__))
    return next((f"{one.filename}:{one.lineno}" for one in frames if _is_the_users(one.filename)), None)


def _is_the_users(filename: str) -> bool:
    file = Path(filename)
    is_code_of_others = any(map(file.is_relative_to, _NOT_THE_USERS)) or _PACKAGES & set(file.parts)
    return not (is_code_of_others or filename.startswith("<"))
