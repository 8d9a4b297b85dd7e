"""Ends a command though a thread that the application started when it was imported goes on."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator

from inspector.cli.terminal import escape_controls, say

_GRACE_S = 2.0  # for a thread that is about to end; those of an idle pool end when they are told to


@contextlib.contextmanager
def leaving_threads_behind() -> Iterator[None]:
    """End the process with the exit code of the block; a thread that is no daemon holds it up for 2 s only.

    What nobody holds up ends as ever. Else what was written is out, and what waits for the end is not called.
    """
    code: int | str | None = 1
    try:
        yield
        code = 0
    except SystemExit as end:
        code = end.code
        raise
    finally:
        if _left():
            number = code if isinstance(code, int) else int(code is not None)
            threading.Thread(target=_end, args=(number,), name="inspector leaving", daemon=True).start()


def _end(code: int) -> None:
    deadline = time.monotonic() + _GRACE_S
    while left := _left():
        left[0].join(max(0.0, deadline - time.monotonic()))
        if time.monotonic() >= deadline:
            break
    else:
        return
    names = ", ".join(repr(escape_controls(one.name)) for one in left[:3])
    say(f"inspector: the application started a thread that goes on ({names}); it is not waited for")
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody reads it any more, or it is closed
            stream.flush()
    os._exit(code)


def _left() -> list[threading.Thread]:
    """Those that the interpreter waits for at its end."""
    main = threading.main_thread()
    return [one for one in threading.enumerate() if not one.daemon and one is not main]
