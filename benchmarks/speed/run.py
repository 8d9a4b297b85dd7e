"""Race the framework against its peers: `python benchmarks/speed/run.py [--rounds N]`.

Makes an environment of its own beside this file (`.venv/`) with the peers of requirements.txt. Every peer
runs in a process of its own, one at work at a time, in a new random order each round; CPU time of the
process, medians of the rounds, ratios as medians of each round's ratios. Writes results.json; exit 1 when a
target is missed.
"""

import argparse
import json
import random
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from environment import make_environment, with_paths  # noqa: E402  # the folder above is no package
from report import report, targets  # noqa: E402
from scenarios import FEATURES, SCENARIOS  # noqa: E402

RESULTS = HERE / "results.json"
OURS = "miniframework"
PEERS = (OURS, "raw", "falcon", "blacksheep", "starlette", "litestar", "fastapi", "sanic", "quart")


class Peer:
    """A worker process."""

    def __init__(self, python: Path, name: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [python, HERE / "worker.py", name],
            cwd=HERE,
            env=with_paths(HERE),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def time(self, what: str, seconds: float) -> float:
        """Microseconds a request. Raises SystemExit when the worker ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, seconds]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended while measuring {what!r}")
        return float(json.loads(line))

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


def race(peers: list[Peer], rounds: int, seconds: float) -> dict[str, Any]:
    """Medians in microseconds, each peer's time as a multiple of ours, and what each feature adds to ours."""
    times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    added: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds):
        for what in SCENARIOS:
            for peer in random.sample(peers, len(peers)):
                times[what][peer.name].append(peer.time(what, seconds))
        for what in FEATURES:
            added[what].append(peers[0].time(what, 2 * seconds))
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return {
        "us": {what: {who: round(median(one), 3) for who, one in of.items()} for what, of in times.items()},
        "ratio": {
            what: {
                who: round(median(a / b for a, b in zip(one, times[what][OURS], strict=True)), 2)
                for who, one in times[what].items()
            }
            for what in SCENARIOS
        },
        "added": {what: round(median(of), 3) for what, of in added.items()},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.2, help="CPU time of one measurement")
    parser.add_argument("--only", nargs="*", help="these peers beside miniframework")
    options = parser.parse_args()
    python = make_environment(HERE)
    wanted = PEERS if options.only is None else (OURS, *options.only)
    peers = [Peer(python, name) for name in wanted]
    results = race(peers, options.rounds, options.seconds)
    for peer in peers:
        peer.end()
    print(report(results))
    if options.only is None:
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0 if all(met for _, met in targets(results)) else 1


if __name__ == "__main__":
    sys.exit(main())
