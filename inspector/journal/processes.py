"""Whether a process of this machine is still there."""

import os
import socket
from dataclasses import replace

from inspector.journal.protocol import AppStatus


def is_alive(pid: int) -> bool:
    """Say whether a process has this id; another user's counts, too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def as_it_is(status: AppStatus) -> AppStatus:
    """Return the status of a process, stopped where it is one of this host that is no more.

    One that was killed could not say so itself.
    """
    worker = status.worker
    if status.has_ended or worker.host != socket.gethostname() or is_alive(worker.pid):
        return status
    return replace(status, state="stopped", error=status.error or "it ended without a word, as when killed")
