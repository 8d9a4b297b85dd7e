"""A repair as a change of the files that declare the routes."""

import difflib
import os
import re
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path

from inspector.analysis.repair import Move
from inspector.analysis.statement_moves import CannotMoveError, LineMove, move_statements
from inspector.cli.terminal import StartRefused
from miniframework.records import dataclass

# Not str.splitlines, which also ends lines where neither Python nor git does.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """One file before and after; `encoding` is how it is written."""

    path: str
    encoding: str
    old: str
    new: str

    @property
    def name(self) -> str:
        """Its path from this folder."""
        return Path(os.path.relpath(self.path)).as_posix()


class CannotPatchError(Exception):
    """A move that no change of the files makes; `move` is the one, the text says why."""

    def __init__(self, move: Move, why: str) -> None:
        super().__init__(why)
        self.move = move


def patch_files(moves: Sequence[Move]) -> list[ChangedFile]:
    """The files with the moves made. Raises CannotPatchError."""
    by_file: dict[str, list[tuple[Move, LineMove]]] = {}
    for move in moves:
        here, there = move.unit.source, move.anchor.source
        if here is None or there is None:
            raise CannotPatchError(move, "it is not known where they are declared")
        if "site-packages" in Path(here.file).parts:
            raise CannotPatchError(move, f"{here.file} belongs to an installed package")
        if here.file != there.file:
            raise CannotPatchError(move, "they are declared in different files")
        step = LineMove(here.line, there.line, move.above)
        by_file.setdefault(here.file, []).append((move, step))
    return [_changed(file, steps) for file, steps in by_file.items()]


def diff_text(files: Sequence[ChangedFile]) -> str:
    """The changes as `git apply` and `patch -p1` take them, run in this folder."""
    return "".join(line for file in files for line in _diff_lines(file))


def write_files(files: Sequence[ChangedFile]) -> None:
    """Put the new texts in place: all, or none when one cannot be written. Raises StartRefused."""
    for at, file in enumerate(files):
        try:
            _replace(file, file.new)
        except OSError as error:
            for written in files[:at]:
                _replace(written, written.old)
            raise StartRefused(f"{file.name!r} cannot be written: {error.strerror}") from error


def _replace(file: ChangedFile, text: str) -> None:
    """A reader sees the old text or the new one, never a part."""
    place = Path(os.path.realpath(file.path))
    beside = place.with_name(f".{place.name}.inspector")
    try:
        beside.write_bytes(text.encode(file.encoding))
        beside.chmod(place.stat().st_mode & 0o7777)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def _changed(file: str, steps: Sequence[tuple[Move, LineMove]]) -> ChangedFile:
    try:
        raw = Path(file).read_bytes()
        with Path(file).open("rb") as opened:
            encoding, _ = tokenize.detect_encoding(opened.readline)
        old = raw.decode(encoding)
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        raise CannotPatchError(steps[0][0], f"{file} cannot be read: {error}") from error
    try:
        new = move_statements(old, [step for _, step in steps])
    except CannotMoveError as error:
        raise CannotPatchError(_guilty(old, steps), str(error)) from error
    except SyntaxError as error:
        raise CannotPatchError(steps[0][0], f"{file} is not Python: {error.msg}") from error
    return ChangedFile(path=file, encoding=encoding, old=old, new=new)


def _guilty(text: str, steps: Sequence[tuple[Move, LineMove]]) -> Move:
    """The first move that cannot be made even alone, else the first of all."""
    for move, step in steps:
        try:
            move_statements(text, [step])
        except CannotMoveError:
            return move
    return steps[0][0]


def _diff_lines(file: ChangedFile) -> Iterator[str]:
    old, new = (_LINE.findall(text) for text in (file.old, file.new))
    for line in difflib.unified_diff(old, new, f"a/{file.name}", f"b/{file.name}"):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
