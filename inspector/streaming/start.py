"""Where a viewer begins: at the number it has already, or with a snapshot; one pure decision."""

from inspector.journal.protocol import Bounds
from inspector.streaming.messages import Hello
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after `cursor`: everything after it is still held."""

    cursor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """Send a snapshot; before it say that the log is another one (`reset`, with the reason), if it is.

    `missed_after` is the number after which changes are gone that this viewer never saw, if some are.
    """

    reset: str | None = None
    missed_after: int | None = None


def decide_start(hello: Hello, bounds: Bounds) -> Resume | Fresh:
    """Say how a viewer that greets like this begins in a journal with these bounds."""
    if hello.log is None:
        return Fresh()
    if hello.log != bounds.log:
        return Fresh(reset="another_log")
    if hello.cursor is None:
        return Fresh()
    if not 0 <= hello.cursor <= bounds.head:
        return Fresh(reset="unknown_cursor")
    if hello.cursor < bounds.tail - 1:
        return Fresh(missed_after=hello.cursor)
    return Resume(hello.cursor)
