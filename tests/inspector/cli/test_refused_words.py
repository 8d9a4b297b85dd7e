"""A stdout or stderr that takes nothing, as on a full disk, gives no traceback and no other exit code."""

import io
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.cli.announcing import announce
from inspector.cli.terminal import say
from tests.inspector.cli.shell import ROOT

LONGEST_S = 60.0


def full(*arguments: str, stream: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command with one of its streams in a file that may hold no byte."""
    with (folder / "full").open("w") as file:
        return subprocess.run(
            [sys.executable, "-m", "inspector", *arguments],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
            text=True,
            timeout=LONGEST_S,
            check=False,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: file},
        )


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["completion", "fish"]])
def test_a_help_text_that_nobody_takes_ends_with_2_and_one_line(tmp_path: Path, arguments: list[str]) -> None:
    done = full(*arguments, stream="stdout", folder=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "inspector: standard output cannot be written: File too large\n",
    )


@pytest.mark.parametrize("arguments", [["routes", "nothing_there:app"], ["routes", "--nope"], []])
def test_a_command_ends_with_2_where_nobody_takes_what_was_wrong(
    tmp_path: Path, arguments: list[str]
) -> None:
    assert full(*arguments, stream="stderr", folder=tmp_path).returncode == 2


def test_what_stderr_refuses_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Refusing())
    say("reloading: shop.py changed")


def test_where_the_dashboard_is_is_told_on_stderr_where_stdout_takes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Refusing())
    announce("dashboard http://127.0.0.1:8765/#token=abc")
    assert "dashboard http://127.0.0.1:8765/#token=abc" in capsys.readouterr().err


class Refusing(io.StringIO):
    """A stream whose reader is gone."""

    def flush(self) -> None:
        raise BrokenPipeError
