"""The listening socket on its way to a serving process where no descriptor can be inherited, as on Windows.

It goes through the pipe at the process's stdin, as one line of base64, the way `multiprocessing` sends one.
"""

import base64
import os
import socket
from typing import Any, cast

_MOST_BYTES = 4096  # a WSAPROTOCOL_INFOW has 628, which are 840 in base64


def shared_line(listener: socket.socket, pid: int) -> bytes:
    """Return the line that gives the listener to the process with this id, once."""
    # Only there on Windows, where typing knows it, too.
    return base64.b64encode(cast(Any, listener).share(pid)) + b"\n"


def take_shared(descriptor: int) -> socket.socket:
    """Read the line of the command from a descriptor, and nothing after it; return the listener.

    Raises EOFError where the command is gone before it has written the line.
    """
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(descriptor, 1)
        if not byte or len(line) > _MOST_BYTES:
            raise EOFError("the command ended before it handed over the listening socket")
        line += byte
    return cast(socket.socket, cast(Any, socket).fromshare(base64.b64decode(line)))
