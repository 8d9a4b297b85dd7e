"""A traceback cut where it leaves the application's own code for that of libraries, and comes back."""

import re
from pathlib import Path, PurePath
from typing import Any

from miniframework import records
from miniframework.records import dataclass

# In a group of exceptions a bar stands in front.
_FRAME = re.compile(r'[ \t|]*File "([^"\n]+)", line (\d+)')
_LIBRARY = re.compile(
    r"[/\\](?:site|dist)-packages[/\\]|[/\\]lib[/\\]python3\.\d+[/\\]|^<frozen |^<a compiled "
)
# What stands between two exceptions of a traceback. Source: Python's traceback module.
_HANDLED = "\nDuring handling of the above exception, another exception occurred:\n"
_CAUSED = "\nThe above exception was the direct cause of the following exception:\n"
# An exception as the last line of its traceback, also of one in a group, which stands behind a bar.
_RAISED = re.compile(r"^[ |]*(?:\w+\.)*([A-Z]\w*(?:: .*)?)$", re.MULTILINE)
_INSPECTOR = Path(__file__).parents[1]
_OURS = (str(Path(records.__file__).parent), str(_INSPECTOR))
_DEMO = str(_INSPECTOR / "demo")  # an application like those of users


@dataclass(frozen=True, slots=True, kw_only=True)
class TracebackPart:
    """Lines of a traceback: of the application's own code, or `frames` of libraries one after the other."""

    text: str
    frames: int  # 0: not of libraries


def split_traceback(text: str) -> tuple[TracebackPart, ...]:
    """Return the parts in order; together they are the whole text."""
    parts: list[TracebackPart] = []
    is_library = False
    for line in text.splitlines(keepends=True):
        found = _FRAME.match(line)
        is_library = _is_library(found[1]) if found else is_library and line[:1].isspace()
        if parts and bool(parts[-1].frames) == is_library:
            last = parts.pop()
            frames = last.frames + (found is not None and is_library)
            parts.append(TracebackPart(text=last.text + line, frames=frames))
        else:
            parts.append(TracebackPart(text=line, frames=int(is_library)))
    return tuple(parts)


def find_place(text: str) -> str | None:
    """Return `app.py:12`: the last frame in the application's own code or template, or else the last of all.

    None for a traceback without frames.
    """
    frames = [(found[1], found[2]) for line in text.splitlines() if (found := _FRAME.match(line))]
    own = [(file, line) for file, line in frames if not _is_library(file)]
    if not frames:
        return None
    file, line = (own or frames)[-1]
    return f"{PurePath(file).name}:{line}"


def find_cause(text: str) -> str | None:
    """Return `OSError: cable pulled, at app.py:9`: the exception with which it began, of those that were
    raised one from the other. None where the last one was raised from none.
    """
    cause = text.rpartition(_HANDLED)[2].partition(_CAUSED)
    if not cause[1]:
        return None
    raised = _RAISED.findall(cause[0])
    if not raised:
        return None
    place = find_place(cause[0])
    return f"{raised[-1]}, at {place}" if place else str(raised[-1])


def traceback_view(text: str) -> list[dict[str, Any]]:
    """Return the parts as plain values."""
    return [{"text": part.text, "frames": part.frames} for part in split_traceback(text)]


def _is_library(file: str) -> bool:
    if file.startswith(_OURS):
        return not file.startswith(_DEMO)
    return _LIBRARY.search(file) is not None
