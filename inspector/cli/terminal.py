"""What the command line writes: words on stderr, data on stdout or in a file, nothing that moves the cursor.

A path, a header or a traceback may hold escape sequences that retitle a window or hide a line, so every text
that did not come from us is escaped before it is written.
"""

import contextlib
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click

# C0, DEL, C1, the line and paragraph separators, the bidirectional controls, and lone surrogates.
_CONTROLS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_KEPT_IN_BLOCKS = "\n\t"


def escape_controls(text: str) -> str:
    r"""Return one line of text with every control character spelled out, as `\x1b` or `\u202e`."""
    return _CONTROLS.sub(_spell, text)


def escape_block(text: str) -> str:
    """Return text of several lines with every control character but newline and tab spelled out."""
    return _CONTROLS.sub(lambda found: found[0] if found[0] in _KEPT_IN_BLOCKS else _spell(found), text)


def last_lines(text: str, count: int = 16) -> str:
    """Return the end of a traceback, where the cause stands, and say when lines before it are left out."""
    lines = text.splitlines()
    left_out = len(lines) - count
    return text if left_out <= 0 else "\n".join([f"... {left_out} lines before", *lines[left_out:]])


def has_colour(stream: IO[str] | None) -> bool:
    """Whether to colour what goes to this stream: a terminal, and nobody said NO_COLOR.

    Source: https://no-color.org
    """
    if stream is None:  # a shell can close it before the command starts
        return False
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


def spell_out_what_cannot_be_encoded() -> None:
    """Let both streams write what their encoding lacks as `\\u2192`: an arrow must not end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Write words for people to stderr; where that takes nothing, as a full disk, there is nobody to tell."""
    with contextlib.suppress(OSError):
        click.echo(text, err=True, color=has_colour(sys.stderr))


def give(text: str) -> None:
    """Write data to stdout. Raises StartRefused when that takes nothing, as a full disk."""
    with writing_out():
        click.echo(text, color=has_colour(sys.stdout))


def write_file(file: Path, content: str | bytes) -> None:
    """Write data to a file that an option names. Raises StartRefused when it cannot be written."""
    try:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise StartRefused(f"{str(file)!r} cannot be written: {error.strerror}") from error


@contextlib.contextmanager
def writing_out() -> Iterator[None]:
    """Turn what stdout refuses into StartRefused; that nobody reads it any more ends the command quietly."""
    try:
        yield
    except BrokenPipeError:
        raise  # click's own business
    except OSError as error:
        _lead_nowhere(sys.stdout)
        raise _refused(error) from error


@contextlib.contextmanager
def ending_as_told() -> Iterator[None]:
    """End the process with 2 and without a traceback where click's own words are refused.

    click knows of a reader that went away, but not of a stdout that takes no help text, nor of a stderr that
    takes no word of what was wrong.
    """
    try:
        yield
    except OSError as error:
        if not _is_of_echo(error):
            raise
        _refused(error).show()
        sys.exit(StartRefused.exit_code)
    finally:
        let_go_of_refused_words()


def _is_of_echo(error: OSError) -> bool:
    """Whether a stream of ours refused it, and no file."""
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    return innermost is not None and innermost.tb_frame.f_code is click.echo.__code__


def _refused(error: OSError) -> "StartRefused":
    return StartRefused(f"standard output cannot be written: {error.strerror}")


def let_go_of_refused_words() -> None:
    """Drop what stdout and stderr hold and nobody takes: at its end Python would exit with 120 for it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            _lead_nowhere(stream)


def _lead_nowhere(stream: IO[str]) -> None:
    """Have what the stream holds written to nowhere; else it is refused once more when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class StartRefused(click.ClickException):
    """The command cannot start; the user can mend it. Exit code 2, no traceback of ours.

    `message` says what is wrong, `ways_out` what to do; `detail`, a traceback of the user's code, stands
    between them.
    """

    exit_code = 2

    def __init__(self, message: str, *ways_out: str, detail: str = "") -> None:
        super().__init__(message)
        self.ways_out = ways_out
        self.detail = detail

    def show(self, file: IO[str] | None = None) -> None:
        """Write the message, the detail and the ways out to stderr."""
        say(click.style("inspector: ", fg="red", bold=True) + escape_block(self.message))
        if self.detail:
            say(click.style(escape_block(self.detail.rstrip("\n")), dim=True))
        for way_out in self.ways_out:
            say(f"  → {escape_block(way_out)}")


def _spell(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
