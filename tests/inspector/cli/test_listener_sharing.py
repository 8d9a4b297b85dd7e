"""The listening socket reaches a serving process that can inherit no descriptor."""

import contextlib
import os
import socket

import pytest

from inspector.cli.listener_sharing import shared_line, take_shared

WITH_LINE_ENDS = bytes(range(256))  # what is handed over is binary


class Listener:
    """Meets what Windows's sockets have beside the others'."""

    def share(self, pid: int) -> bytes:
        return WITH_LINE_ENDS + str(pid).encode()


def taken_from(written: bytes, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(socket, "fromshare", lambda shared: shared, raising=False)
    reading, writing = os.pipe()
    os.write(writing, written)
    os.close(writing)
    try:
        return take_shared(reading)
    finally:
        assert os.read(reading, 100) == b"".join(written.split(b"\n")[1:])
        os.close(reading)


def test_what_is_shared_arrives_and_nothing_more_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    line = shared_line(Listener(), 4711)  # type: ignore[arg-type]  # as on Windows
    assert line.count(b"\n") == 1
    assert taken_from(line + b"later", monkeypatch) == WITH_LINE_ENDS + b"4711"


def test_a_command_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.suppress(OSError), pytest.raises(EOFError, match="the command ended before"):
        taken_from(b"AAAA", monkeypatch)
