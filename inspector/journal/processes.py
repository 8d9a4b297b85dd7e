"""Whether a process of this machine is still there."""

import os
import socket
from dataclasses import replace
from typing import Any, Protocol, cast

from inspector.journal.protocol import AppStatus

# Source: https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocess
_SYNCHRONIZE = 0x0010_0000
_STILL_RUNS = 0x102  # WAIT_TIMEOUT
_NO_RIGHT = 5  # ERROR_ACCESS_DENIED


class Kernel32(Protocol):
    """What is asked of Windows."""

    def OpenProcess(self, access: int, inherit: bool, pid: int) -> int | None:
        """Give a handle, none when there is no such process or no right to it."""

    def WaitForSingleObject(self, handle: int, wait_ms: int) -> int:
        """Say whether the process has ended."""

    def CloseHandle(self, handle: int) -> int:
        """Give the handle back."""

    def last_error(self) -> int:
        """Give the reason why there was no handle."""


def is_alive(pid: int) -> bool:
    """Say whether a process has this id; another user's counts, too."""
    if os.name == "nt":
        return runs_on_windows(pid, _kernel32())  # os.kill would send it Ctrl-C
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def runs_on_windows(pid: int, kernel: Kernel32) -> bool:
    """Say whether Windows has a process with this id that has not ended."""
    handle = kernel.OpenProcess(_SYNCHRONIZE, False, pid)
    if not handle:
        return kernel.last_error() == _NO_RIGHT
    try:
        return kernel.WaitForSingleObject(handle, 0) == _STILL_RUNS
    finally:
        kernel.CloseHandle(handle)


def as_it_is(status: AppStatus) -> AppStatus:
    """Return the status of a process, stopped where it is one of this host that is no more.

    One that was killed could not say so itself.
    """
    worker = status.worker
    if status.has_ended or worker.host != socket.gethostname() or is_alive(worker.pid):
        return status
    return replace(status, state="stopped", error=status.error or "it ended without a word, as when killed")


def _kernel32() -> Kernel32:
    import ctypes  # a Python may be built without it, where nothing but Windows needs it

    windows = cast(Any, ctypes)  # typing knows these on Windows only
    kernel = windows.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = ctypes.c_void_p
    kernel.OpenProcess.argtypes = (ctypes.c_uint32, ctypes.c_int, ctypes.c_uint32)
    kernel.WaitForSingleObject.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    kernel.CloseHandle.argtypes = (ctypes.c_void_p,)
    kernel.last_error = windows.get_last_error
    return cast(Kernel32, kernel)
