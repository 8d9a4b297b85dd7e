"""What Route Inspector raises: one root, so that a caller can catch all of it by one name."""

from pathlib import Path


class InspectorError(Exception):
    """Anything Route Inspector itself finds wrong; never raised into the inspected application."""


class JournalError(InspectorError):
    """The journal cannot be read or written; `path` is its file, None for one in memory."""

    def __init__(self, message: str, *, path: Path | None = None) -> None:
        self.path = path
        super().__init__(message if path is None else f"{path}: {message}")


class JournalVersionError(JournalError):
    """The journal's file was written by a newer Route Inspector; nothing in it was touched."""

    def __init__(self, *, path: Path, found: int, known: int) -> None:
        self.found = found
        self.known = known
        super().__init__(
            f"journal format {found!r} is newer than {known!r}, the newest this version knows; "
            "upgrade route-inspector, or name another file for the journal",
            path=path,
        )


class JournalPermissionError(JournalError):
    """The journal's file is not safe to hold traffic: a link, another user's, or readable by others."""


class JournalReadOnlyError(JournalError):
    """The journal is a recording that is only looked at."""

    def __init__(self, path: Path) -> None:
        super().__init__("was opened to be looked at; nothing in it is changed", path=path)


class JournalFullError(JournalError):
    """As many exchanges are pinned as a journal keeps; `pinned` says how many."""

    def __init__(self, pinned: int) -> None:
        self.pinned = pinned
        super().__init__(f"{pinned} exchanges are pinned already; unpin one first")


class CodecError(InspectorError):
    """A stored or received document is not an exchange; names the place and the value."""
