"""Where something was declared."""

import sys
from pathlib import PurePath

from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A line of the user's program; `str()` gives `file.py:12`, which editors and terminals can open."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def short(self) -> str:
        """The same without the directories, for a sentence."""
        return f"{PurePath(self.file).name}:{self.line}"


def find_caller() -> Source:
    """Give the line outside this package that is calling into it; for a decorator, the decorator's line."""
    frame = sys._getframe(1)
    while frame.f_globals.get("__name__", "").startswith("miniframework.") and frame.f_back is not None:
        frame = frame.f_back
    return Source(file=frame.f_code.co_filename, line=frame.f_lineno)
