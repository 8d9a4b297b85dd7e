"""Whether a process is still there, as each system is asked."""

import os
import subprocess
import sys

import pytest

from inspector.journal.processes import is_alive, runs_on_windows


class Kernel:
    """Windows with one process, 42, that has a handle."""

    def __init__(self, *, state: int = 0x102, reason: int = 87) -> None:
        self.state, self.reason = state, reason
        self.open: set[int] = set()

    def OpenProcess(self, access: int, inherit: bool, pid: int) -> int | None:
        if pid != 42:
            return None
        self.open.add(7)
        return 7

    def WaitForSingleObject(self, handle: int, wait_ms: int) -> int:
        assert wait_ms == 0
        return self.state

    def CloseHandle(self, handle: int) -> int:
        self.open.remove(handle)
        return 1

    def last_error(self) -> int:
        return self.reason


def test_a_process_is_there_until_it_has_ended() -> None:
    assert is_alive(os.getpid())
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert not is_alive(process.pid)


@pytest.mark.parametrize(
    ("kernel", "pid", "runs"),
    [
        pytest.param(Kernel(), 42, True, id="runs"),
        pytest.param(Kernel(state=0), 42, False, id="has ended, and somebody holds a handle"),
        pytest.param(Kernel(), 43, False, id="no such process"),
        pytest.param(Kernel(reason=5), 43, True, id="another user's"),
    ],
)
def test_windows_is_asked_without_a_signal(kernel: Kernel, pid: int, runs: bool) -> None:
    assert runs_on_windows(pid, kernel) is runs
    assert not kernel.open
