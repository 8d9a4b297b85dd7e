"""Sockets the command listens on, bound before anything starts, so that a taken port is found out at once."""

import errno
import ipaddress
import os
import socket
from pathlib import Path

from inspector.cli.terminal import StartRefused

_BACKLOG = 2048  # uvicorn's default
# On Windows SO_REUSEADDR lets two programs listen on one port; nothing is needed there to bind it once more.
# Source: https://learn.microsoft.com/windows/win32/winsock/using-so-reuseaddr-and-so-exclusiveaddruse
_WHOSE_ADDRESS = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
_NO_RIGHT = {errno.EACCES, getattr(errno, "WSAEACCES", errno.EACCES)}


def bind(host: str, port: int, *, option: str, backlog: int = _BACKLOG) -> socket.socket:
    """Return a listening socket on `host:port`; port 0 lets the system choose.

    Raises StartRefused, naming `option` as the way out, when the port is taken or the address is not ours.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, OverflowError) as error:
        raise StartRefused(f"cannot listen on {host!r}, port {port}: {error}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, _WHOSE_ADDRESS, 1)
        listener.bind(address)
        listener.listen(backlog)
    except OSError as error:
        listener.close()
        raise _refusal(host, port, option, error) from error
    return listener


def bind_near(host: str, port: int) -> socket.socket:
    """Return a listening socket on `port`, or on any free one when that is taken."""
    try:
        return bind(host, port, option="")
    except StartRefused as refused:
        if not isinstance(refused.__cause__, OSError) or refused.__cause__.errno != errno.EADDRINUSE:
            raise
        return bind(host, 0, option="")


def bind_unix(path: str, *, backlog: int = _BACKLOG) -> socket.socket:
    """Return a listening UNIX socket; one that a server left behind and nobody answers on is replaced.

    Raises StartRefused when the path is in use or cannot be bound.
    """
    if not hasattr(socket, "AF_UNIX"):
        raise StartRefused(
            f"this Python has no UNIX sockets, so it cannot listen on {path!r}", "leave --uds out"
        )
    if os.path.exists(path) and not Path(path).is_socket():  # False, too, for a path that is too long
        raise StartRefused(
            f"{path!r} is there and is no UNIX socket", "name another place, or remove it: --uds PATH"
        )
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _remove_abandoned(path)
        listener.bind(path)
        listener.listen(backlog)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise StartRefused(
                f"the UNIX socket {path!r} is in use", "name another one: --uds PATH"
            ) from error
        raise StartRefused(f"cannot listen on the UNIX socket {path!r}: {error.strerror or error}") from error
    return listener


def _remove_abandoned(path: str) -> None:
    if not Path(path).is_socket():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knocking:
        try:
            knocking.connect(path)
        except ConnectionRefusedError:
            Path(path).unlink()


def take_inherited(descriptor: int) -> socket.socket:
    """Return the listening socket that this process was started with. Raises StartRefused for no socket."""
    try:
        listener = socket.socket(fileno=descriptor)
        is_listening = listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
    except OSError as error:
        raise StartRefused(f"--fd {descriptor} is no socket: {error.strerror or error}") from error
    if not is_listening:
        listener.listen(_BACKLOG)
    return listener


def url_of(listener: socket.socket, *, scheme: str = "http") -> str:
    """Return the `http://host:port` to open, or `unix:path`; of all interfaces, 127.0.0.1 is shown."""
    if listener.family not in (socket.AF_INET, socket.AF_INET6):
        return f"unix:{listener.getsockname()}"
    host, port = listener.getsockname()[:2]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"{scheme}://[{shown}]:{port}" if ":" in shown else f"{scheme}://{shown}:{port}"


def require_loopback(host: str) -> None:
    """Raise StartRefused unless the dashboard's host is an address of this machine alone.

    Only plain spellings pass: `0`, `0x7f.1` or full-width digits are read differently by different libraries.
    """
    try:
        is_loopback = host == "localhost" or (host.isascii() and ipaddress.ip_address(host).is_loopback)
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise StartRefused(
            f"the dashboard shows everything that is recorded, so it does not listen on {host!r}",
            "leave --dashboard-host out: it is 127.0.0.1",
            "from another machine: ssh -L 8765:127.0.0.1:8765 THIS-MACHINE, then open 127.0.0.1:8765 there",
        )


def _refusal(host: str, port: int, option: str, error: OSError) -> StartRefused:
    if error.errno == errno.EADDRINUSE:
        return StartRefused(
            f"port {port} on {host} is in use by another program",
            f"take another one: {option} {port + 1 if port < 65535 else port - 1}",
            f"or let the system choose: {option} 0",
        )
    if error.errno in _NO_RIGHT:
        return StartRefused(f"port {port} on {host} needs more rights than this user has", f"{option} 8000")
    return StartRefused(f"cannot listen on {host!r}, port {port}: {error.strerror or error}")
