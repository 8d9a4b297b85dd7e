"""Whether a process of this machine is still there."""

import os


def is_alive(pid: int) -> bool:
    """Say whether a process has this id; another user's counts, too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
