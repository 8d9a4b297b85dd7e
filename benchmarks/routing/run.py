"""Race the router against its peers: `python benchmarks/routing/run.py [SIZE ...]`.

Makes an environment of its own beside this file (`.venv/`), installs the peers of requirements.txt into it,
measures everything in one process, prints the tables and writes results.json. Exit 1 when a target is missed.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from report import report, targets

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ENVIRONMENT = HERE / ".venv"
RESULTS = HERE / "results.json"


def make_environment() -> Path:
    """The Python that has the peers of requirements.txt."""
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = (HERE / "requirements.txt").read_text(encoding="utf-8")
    stamp = ENVIRONMENT / "installed.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"], check=True, cwd=HERE
        )
        stamp.write_text(wanted, encoding="utf-8")
    return python


def main() -> int:
    python = make_environment()
    paths = os.pathsep.join((str(HERE), str(ROOT)))
    subprocess.run(
        [python, HERE / "measure.py", RESULTS, *sys.argv[1:]],
        check=True,
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": paths},
    )
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    print(report(results))
    return 0 if all(met for _, met in targets(results)) else 1


if __name__ == "__main__":
    sys.exit(main())
