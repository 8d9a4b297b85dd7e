"""Journals in files, for the tests of what only these can get wrong."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inspector.journal.protocol import JournalLimits
from inspector.journal.sqlite import SqliteJournal

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


@contextmanager
def opened(path: Path, limits: JournalLimits | None = None) -> Iterator[SqliteJournal]:
    journal = SqliteJournal(path, limits)
    try:
        yield journal
    finally:
        journal.close()


@contextmanager
def writer_process(path: Path, prefix: str, count: int, *rest: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(HERE / "writer_process.py"), str(path), prefix, str(count), *rest]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def modes(path: Path) -> set[int]:
    return {file.stat().st_mode & 0o777 for file in path.parent.glob(path.name + "*")}
