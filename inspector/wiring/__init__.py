"""Attaches the inspector to an application: the only place where all its parts are joined."""

from inspector.adapters.native.table import find_table
from inspector.wiring.wrapper import Inspector

__all__ = ["Inspector", "find_table"]
