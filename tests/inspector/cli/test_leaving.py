"""A thread that the application started does not keep a command from its end."""

import subprocess
import sys
from pathlib import Path

import pytest

from inspector.cli import table_process
from inspector.cli.apps import AppTarget
from tests.inspector.cli.shell import ROOT

WAITS = """
import threading
from miniframework import App
app = App()
threading.Thread(target=threading.Event().wait, name="poller").start()
"""
POOLED = """
from concurrent.futures import ThreadPoolExecutor
from miniframework import App
app = App()
pool = ThreadPoolExecutor(2)
pool.submit(int).result()
"""
LONGEST_S = 60.0  # it would take for ever


def run(folder: Path, source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "shop.py").write_text(source, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "inspector", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "printed"),
    [
        (("explain", "shop:app", "GET", "/nobody"), 0, "404 Not Found"),
        (("routes", "shop:nobody"), 2, ""),
    ],
    ids=["what it says is out", "and its exit code"],
)
def test_a_thread_of_the_application_is_not_waited_for(
    tmp_path: Path, arguments: tuple[str, ...], code: int, printed: str
) -> None:
    done = run(tmp_path, WAITS, *arguments)
    assert (done.returncode, printed in done.stdout) == (code, True)
    assert "the application started a thread that goes on ('poller'); it is not waited for" in done.stderr


def test_the_idle_threads_of_a_pool_end_by_themselves(tmp_path: Path) -> None:
    done = run(tmp_path, POOLED, "routes", "shop:app")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_table_that_is_read_in_another_process_comes_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_process, "_LONGEST_S", LONGEST_S)
    (tmp_path / "shop.py").write_text(WAITS, encoding="utf-8")
    found = table_process.import_elsewhere(AppTarget(text="shop:app", app_dir=str(tmp_path)))
    assert [route["path"] for route in found.snapshot["routes"]][:1] == ["/openapi.json"]
