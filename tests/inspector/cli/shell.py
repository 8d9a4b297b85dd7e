"""The command `inspector`, called as from a shell, and repositories made for it."""

import os
import subprocess
from pathlib import Path

from tests import warm

ROOT = Path(__file__).parent.parent.parent.parent
_WHO = {
    "GIT_AUTHOR_NAME": "someone",
    "GIT_AUTHOR_EMAIL": "someone@example.org",
    "GIT_COMMITTER_NAME": "someone",
    "GIT_COMMITTER_EMAIL": "someone@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def inspector(
    *arguments: str, folder: Path = ROOT, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """What the command says in a folder, in a fork of a Python that has imported the product."""
    return warm.run("-m", "inspector", *arguments, folder=folder, environment=_variables(environment or {}))


def started_inspector(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The same in a Python of its own, as a user starts it: once for each command."""
    return warm.run_anew("-m", "inspector", *arguments, folder=folder, environment=_variables({}))


def _variables(more: dict[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("INSPECTOR")}
    return {**inherited, "PYTHONPATH": str(ROOT), **more}


def git(folder: Path, *arguments: str, text: str | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**environment, **_WHO},
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit(folder: Path, **modules: str) -> None:
    """Write these modules and commit everything there is; makes the repository when there is none."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "a step")
