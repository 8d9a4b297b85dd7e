"""What a fork of the warm Python says of itself is what a new Python says."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import warm

PROBE = """
import json, os, sys
import other
told = [os.getcwd(), sorted(os.environ.items()), sys.path, sys.argv, __name__, __file__, other.NAME]
told += [sys.stdin.read(), sys.stdout.isatty(), sys.stdout.encoding, sys.stderr.errors]
print(json.dumps(told))
print("words", file=sys.stderr)
"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(("/nowhere", str(Path(__file__).parents[1])))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "probe.py").write_text(PROBE, encoding="utf-8")
    (tmp_path / "other.py").write_text("NAME = 'first'\n", encoding="utf-8")
    return tmp_path


def test_folder_environment_path_arguments_and_streams_are_those_of_a_new_python(folder: Path) -> None:
    forked = warm.run("-m", "probe", "a", "--b", folder=folder, environment=ENVIRONMENT)
    anew = warm.run_anew("-m", "probe", "a", "--b", folder=folder, environment=ENVIRONMENT)
    assert (forked.returncode, forked.stdout, forked.stderr) == (anew.returncode, anew.stdout, anew.stderr)
    assert forked.stderr == "words\n"


def test_a_file_is_run_as_by_a_new_python_with_the_options_and_modules_that_were_asked_for(
    folder: Path,
) -> None:
    file = folder / "told.py"
    file.write_text(PROBE.replace("[os.getcwd()", "[sys.flags.no_site, os.getcwd()"), encoding="utf-8")
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    python = warm.WarmPython("json", options=["-S"], environment=ENVIRONMENT)
    forked = warm.run(
        str(file), "a", folder=elsewhere, environment=ENVIRONMENT, stdin_text="grüße", python=python
    )
    python.close()
    anew = subprocess.run(
        [sys.executable, "-S", str(file), "a"],
        cwd=elsewhere,
        env=ENVIRONMENT,
        input="grüße",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (forked.returncode, forked.stdout, forked.stderr) == (anew.returncode, anew.stdout, anew.stderr)
    assert json.loads(forked.stdout)[0] == 1


@pytest.mark.parametrize(
    "code",
    [
        "raise SystemExit",
        "raise SystemExit(3)",
        "raise SystemExit('in words')",
        "import atexit; atexit.register(print, 'at the end')",
        "import os; os._exit(7)",
        "import os; os.kill(os.getpid(), 9)",
        "import signal; signal.raise_signal(signal.SIGTERM)",
        "import threading; threading.Thread(target=print, args=['in a thread']).start()",
    ],
)
def test_it_ends_as_a_new_python_does(folder: Path, code: str) -> None:
    forked = warm.run("-c", code, folder=folder, environment=ENVIRONMENT)
    anew = warm.run_anew("-c", code, folder=folder, environment=ENVIRONMENT)
    assert (forked.returncode, forked.stdout, forked.stderr) == (anew.returncode, anew.stdout, anew.stderr)


def test_a_module_of_one_program_is_not_that_of_the_next(folder: Path) -> None:
    said = []
    for text in ("NAME = 'first'\n", "NAME = 'other'\n"):
        (folder / "other.py").write_text(text, encoding="utf-8")
        done = warm.run("-c", "import other; print(other.NAME)", folder=folder, environment=ENVIRONMENT)
        said.append(done.stdout.strip())
    assert said == ["first", "other"]


def test_a_started_program_is_waited_for_signalled_and_read(folder: Path) -> None:
    code = "import time; print('up', flush=True); time.sleep(60)"
    process = warm.start("-c", code, folder=folder, environment=ENVIRONMENT)
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        assert process.stdout.readline() == "up\n"
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0)
        process.terminate()
        assert process.wait(warm.ENDED_WITHIN_S) == -signal.SIGTERM
        assert process.stdout.read() == ""
    process.kill()  # of what has ended: nothing
