"""Programs of other frameworks, run in environments that hold nothing but what `environments.toml` pins."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dev

ROOT = Path(__file__).parent.parent.parent
PROGRAMS = Path(__file__).parent / "programs"

# A program imports a framework and asks it some thousand times; a busy machine takes its time.
DEADLINE_S = 100.0

RunProgram = Callable[..., Any]


@pytest.fixture(scope="session")
def run_program() -> RunProgram:
    """`run_program(environment, program, *arguments)`: what a program printed as JSON.

    It runs with `-S`: this checkout and the packages of its environment can be imported, nothing of .venv.
    A `stdin` is handed over as JSON. The test fails with the program's words when it does not end with 0.
    """
    return _run


def _run(environment: str, program: str, *arguments: str, stdin: Any = None) -> Any:
    done = subprocess.run(
        [sys.executable, "-S", str(PROGRAMS / f"{program}.py"), *arguments],
        env=_variables(environment),
        input=json.dumps(stdin),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=DEADLINE_S,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"{program}.py in {environment} ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def _variables(environment: str) -> dict[str, str]:
    folders = dev.framework_folders(environment)
    missing = [folder.name for folder in folders if not folder.exists()]
    if missing:
        pytest.fail(f"{environment}: {missing} not there; `python3 dev.py test` fetches what is missing")
    path = os.pathsep.join(map(str, (ROOT, PROGRAMS, *folders)))
    # Compiled once and not next to the sources: a large framework takes seconds to compile.
    bytecode = str(dev.FRAMEWORKS / "bytecode")
    return {
        **os.environ,
        "PYTHONPATH": path,
        "PYTHONPYCACHEPREFIX": bytecode,
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONIOENCODING": "utf-8",
    }
