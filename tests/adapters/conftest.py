"""Programs of other frameworks, run in environments that hold nothing but what `environments.toml` pins."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import dev
from tests import warm

ROOT = Path(__file__).parent.parent.parent
PROGRAMS = Path(__file__).parent / "programs"

# Whose programs are many: for them the framework is imported once, and each is a fork. By the first word of
# an environment's name. A Python of their own is cheaper for the others, of which there are one or two each.
IMPORTED_ONCE = {
    "django": ("django.conf.urls.i18n", "django.core.asgi", "django.middleware.common", "django.urls"),
    "fastapi": ("fastapi",),
    "quart": ("quart",),
    "starlette": ("starlette.applications", "starlette.staticfiles"),
}
# A program imports a framework and asks it some thousand times; a busy machine takes its time.
DEADLINE_S = 100.0
# A module's tests go through its environments one by one; more would only hold memory.
KEPT_PYTHONS = 3

RunProgram = Callable[..., Any]
Done = subprocess.CompletedProcess[str]


class Environments:
    """Runs programs; for the environments of late there is a Python that has imported much, and forks."""

    def __init__(self) -> None:
        self._pythons: dict[str, warm.WarmPython] = {}

    def run(self, environment: str, program: str, *arguments: str, stdin: Any = None) -> Any:
        """Return what the program printed, read as JSON."""
        run = self._run_fork if environment.partition("-")[0] in IMPORTED_ONCE else _run_anew
        done = run(environment, [str(PROGRAMS / f"{program}.py"), *arguments], json.dumps(stdin))
        if done.returncode != 0:
            pytest.fail(f"{program}.py in {environment} ended with {done.returncode}:\n{done.stderr}")
        return json.loads(done.stdout)

    def _run_fork(self, environment: str, command: list[str], stdin: str) -> Done:
        variables = _variables(environment)
        python = self._pythons.pop(environment, None)
        if python is None:
            modules = ("inspector.inspection", *IMPORTED_ONCE[environment.partition("-")[0]])
            python = warm.WarmPython(*modules, options=["-S"], environment=variables)
        self._pythons[environment] = python  # the newest is the last
        if len(self._pythons) > KEPT_PYTHONS:
            self._pythons.pop(next(iter(self._pythons))).close()
        return warm.run(*command, folder=Path.cwd(), environment=variables, stdin_text=stdin, python=python)

    def close(self) -> None:
        """End them all."""
        for python in self._pythons.values():
            python.close()


def _run_anew(environment: str, command: list[str], stdin: str) -> Done:
    return subprocess.run(
        [sys.executable, "-S", *command],
        env=_variables(environment),
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=DEADLINE_S,
        check=False,
    )


@pytest.fixture(scope="session")
def run_program() -> Iterator[RunProgram]:
    """`run_program(environment, program, *arguments)`: what a program printed as JSON.

    It runs with `-S`: this checkout and the packages of its environment can be imported, nothing of .venv.
    A `stdin` is handed over as JSON. The test fails with the program's words when it does not end with 0.
    """
    environments = Environments()
    yield environments.run
    environments.close()


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
