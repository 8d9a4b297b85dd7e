"""Attaches the inspector to an application: the only place where all its parts are joined."""

from inspector.attach.finding import find_table
from inspector.attach.wrapper import Inspector

__all__ = ["Inspector", "find_table"]
