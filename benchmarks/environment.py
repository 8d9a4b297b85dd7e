"""An environment with the peers of a benchmark, made beside it once."""

import os
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def make_environment(here: Path) -> Path:
    """The Python that has the packages of `here`/requirements.txt, in `here`/.venv."""
    environment, requirements = here / ".venv", here / "requirements.txt"
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = requirements.read_text(encoding="utf-8")
    stamp = environment / "installed.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(environment, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], check=True, cwd=here)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def with_paths(*folders: Path) -> dict[str, str]:
    """This process's environment variables, with `folders` and the checkout to import from."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (*folders, ROOT)))}
