"""Asks a child process to check a table whose patterns may hang, and to measure how slow they are."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from inspector.analysis.finding import Finding
from inspector.analysis.redos.report import SlowRun
from inspector.analysis.redos.suspects import Suspects
from inspector.checking.child_process import last_words, run_child
from inspector.checking.errors import CheckFailedError
from inspector.checking.proof import find_growing
from miniframework.routing.table import RouteTable

# A table of 10,000 routes is proven in some 3 s, a suspect measured in less than one.
DEADLINE_S = 30.0

Runs = dict[int, SlowRun | None]


def measure(
    table: RouteTable,
    suspects: Suspects,
    document: Mapping[str, Any] | None = None,
    *,
    deadline_s: float = DEADLINE_S,
) -> tuple[list[Finding], Runs]:
    """What the child proved, and for the place of each suspect that it tried the slow run, or None.

    Raises CheckFailedError when no proof came in time.
    """
    order = {
        "table": table.snapshot(),
        "document": document,
        "suspects": [[asdict(target) for target in suspect.targets] for suspect in suspects.found],
    }
    proven: list[Finding] | None = None
    growing: list[Finding] | None = None
    runs: Runs = {}
    for said in _ask_child(order, deadline_s):
        match said:
            case {"findings": findings}:
                proven = list(map(Finding.from_dict, findings))
            case {"growing": findings}:
                growing = list(map(Finding.from_dict, findings))
            case {"suspect": place, "slow": None}:
                runs[place] = None
            case {"suspect": place, "slow": slow}:
                runs[place] = SlowRun(
                    number=slow["number"],
                    path=slow["path"],
                    took=tuple((length, seconds) for length, seconds in slow["took"]),
                )
    if proven is None:
        raise CheckFailedError(f"no proof came in {deadline_s:g} s; a pattern of it may be too slow")
    return [*proven, *(find_growing(table, counted=False) if growing is None else growing)], runs


def _ask_child(order: Mapping[str, Any], deadline_s: float) -> Iterator[dict[str, Any]]:
    """Yield what the child said, as far as it came. Raises CheckFailedError when it broke."""
    try:
        done = run_child("inspector.checking.child", order, deadline_s)
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
    else:
        said = done.stdout
        if done.returncode > 0:
            raise CheckFailedError(f"the measuring process failed: {last_words(done)}")
    # A line that was cut off when the time was over is no news.
    yield from (json.loads(line) for line in said.splitlines(keepends=True) if line.endswith(b"\n"))
