"""An application looked at from outside: its routes, its router's verdicts, our explanation beside them."""

from inspector.inspection.attached import Attached, attach
from inspector.inspection.errors import RoutesUnknownError

__all__ = ["Attached", "RoutesUnknownError", "attach"]
