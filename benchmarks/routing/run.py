"""Race the router against its peers: `python benchmarks/routing/run.py [SIZE ...]`.

Makes an environment of its own beside this file (`.venv/`), installs the peers of requirements.txt into it,
measures everything in one process, prints the tables and writes results.json. Exit 1 when a target is missed.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from environment import make_environment, with_paths  # noqa: E402  # the folder above is no package
from report import report, targets  # noqa: E402

RESULTS = HERE / "results.json"


def main() -> int:
    python = make_environment(HERE)
    command = [python, HERE / "measure.py", RESULTS, *sys.argv[1:]]
    subprocess.run(command, check=True, cwd=HERE, env=with_paths(HERE))
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    print(report(results))
    return 0 if all(met for _, met in targets(results)) else 1


if __name__ == "__main__":
    sys.exit(main())
