"""Parameters and dependencies, where FastAPI has their functions."""

from miniframework.dependencies.depends import Depends, Security
from miniframework.params.markers import Body, Cookie, File, Form, Header, Path, Query

__all__ = ["Body", "Cookie", "Depends", "File", "Form", "Header", "Path", "Query", "Security"]
