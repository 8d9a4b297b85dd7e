"""The logger of this package, where FastAPI has its own."""

import logging

logger = logging.getLogger("miniframework")

__all__ = ["logger"]
