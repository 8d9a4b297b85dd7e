"""An application looked at from outside: its routes, its router's verdicts, our explanation beside them."""

from inspector.inspection.attached import Attached, attach
from inspector.inspection.errors import RouterFailedError, RoutesUnknownError

__all__ = ["Attached", "RouterFailedError", "RoutesUnknownError", "attach"]
