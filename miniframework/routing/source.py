"""Where something was declared."""

from dataclasses import dataclass
from pathlib import PurePath


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
