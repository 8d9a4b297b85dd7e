"""Nothing that was recorded can move the cursor of the terminal it is shown in."""

import errno
import io
import logging
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.cli.logs import SafeFormatter
from inspector.cli.terminal import (
    StartRefused,
    escape_block,
    escape_controls,
    give,
    has_colour,
    last_lines,
)

DANGEROUS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/books/42", "/books/42"),
        ("/\x1b]0;owned\x07", "/\\x1b]0;owned\\x07"),
        ("a\nb\tc", "a\\x0ab\\x09c"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("\udc80", "\\udc80"),
        ("“ç” 書", "“ç” 書"),
    ],
)
def test_a_control_character_is_spelled_out(text: str, shown: str) -> None:
    assert escape_controls(text) == shown


@given(st.text(st.characters()))
def test_no_text_keeps_a_dangerous_character(text: str) -> None:
    assert not DANGEROUS.search(escape_controls(text))
    assert not DANGEROUS.search(escape_block(text))
    assert "\n" not in escape_controls(text)
    escape_block(text).encode()


def test_a_logged_traceback_is_escaped_but_keeps_its_lines() -> None:
    record = logging.LogRecord("uvicorn", logging.ERROR, "x.py", 1, "failed: %s\n  at x", ("\x1b[31m",), None)
    assert SafeFormatter().format(record) == "failed: \\x1b[31m\n  at x"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "stream", "coloured"),
    [
        ({}, Terminal(), True),
        ({"NO_COLOR": "1"}, Terminal(), False),
        ({"NO_COLOR": ""}, Terminal(), True),  # the convention: present and not empty
        ({"TERM": "dumb"}, Terminal(), False),
        ({}, io.StringIO(), False),
    ],
)
def test_colour_is_for_terminals_of_people_who_want_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], stream: io.StringIO, coloured: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_colour(stream) is coloured


def test_a_refusal_shows_message_detail_and_ways_out_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    refusal = StartRefused("no \x1b such app", "try\x07 this", detail="Traceback\n  line")
    refusal.show()
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        "inspector: no \\x1b such app",
        "Traceback",
        "  line",
        "  → try\\x07 this",
    ]
    assert refusal.exit_code == 2


def test_a_long_traceback_keeps_its_end_and_says_what_is_left_out() -> None:
    assert last_lines("1\n2\n3\n4", 2) == "... 2 lines before\n3\n4"
    assert last_lines("1\n2", 2) == "1\n2"


class FullDisk(io.FileIO):
    """A file that takes nothing, as /dev/full, until its descriptor leads to another one."""

    def write(self, data: Any) -> int:
        if os.fstat(self.fileno()).st_rdev != os.stat(os.devnull).st_rdev:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return len(data)


def test_a_stdout_that_takes_nothing_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with io.TextIOWrapper(io.BufferedWriter(FullDisk(tmp_path / "out", "w"))) as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(StartRefused, match="standard output cannot be written: No space left on device"):
            give("data")
        monkeypatch.undo()
        full.flush()  # as the interpreter does at its end


def test_a_stream_that_the_shell_closed_has_no_colour() -> None:
    assert not has_colour(None)
