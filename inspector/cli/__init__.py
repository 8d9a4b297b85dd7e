"""The command `inspector`."""

from inspector.cli.main import main

__all__ = ["main"]
