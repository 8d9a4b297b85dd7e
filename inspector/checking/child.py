"""The child process: reads a table and its suspects from stdin, writes a line for everything it found out.

It may hang in a pattern at any time, and is killed then; so it writes what it knows at once.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from inspector.analysis.confirm import find_taker
from inspector.analysis.redos.attack import Attack
from inspector.checking.child_process import read_order
from inspector.checking.proof import find_growing, prove
from miniframework.routing.table import RouteTable

# Slow is a look-up of 0.1 s of CPU time, a hundred thousand times a usual one.
SLOW_S = 0.1
# Characters of a path that every server lets through. Source: RFC 9112 section 3 (8,000 octets at least).
LONGEST_PATH = 8_000
_FIRST_REPEATS = 4
# A quarter more each time; one more where that took so many times as long, as an exponential pattern does.
_GROWTH = 4
_STEEP = 4

LookUp = Callable[[str], object]


def main() -> None:
    """Do what stdin says."""
    order = read_order()
    table = RouteTable.from_snapshot(order["table"])
    for place, targets in enumerate(order["suspects"]):
        _say({"suspect": place, "slow": _first_slow(table, targets)})
    _say({"findings": [finding.to_dict() for finding in prove(table, order["document"])]})
    _say({"growing": [finding.to_dict() for finding in find_growing(table)]})


def _first_slow(table: RouteTable, targets: list[dict[str, Any]]) -> dict[str, Any] | None:
    for target in targets:
        for stored in target["attacks"]:
            loops = tuple((loop, on) for loop, on in stored["loops"])
            attack = Attack(start=stored["start"], loops=loops, end=stored["end"])
            took = grow(partial(find_taker, table, target["method"]), attack)
            if took is not None:
                path = attack.path(took[-1][0])
                rows = [(len(attack.path(repeats)), seconds) for repeats, seconds in took]
                return {"number": target["number"], "path": path, "took": rows}
    return None


def grow(look_up: LookUp, attack: Attack) -> list[tuple[int, float]] | None:
    """Repeat more and more until a look-up of the path is slow: (repeats, CPU seconds); None when none is."""
    look_up(attack.path(1))  # what is made on first use is not measured
    took: list[tuple[int, float]] = []
    repeats = _FIRST_REPEATS
    while len(path := attack.path(repeats)) <= LONGEST_PATH:
        seconds = _time(look_up, path)
        if seconds >= SLOW_S:
            # Once more: what else the machine did then is not the pattern's fault.
            seconds = min(seconds, _time(look_up, path))
        took.append((repeats, seconds))
        if seconds >= SLOW_S:
            return took
        is_steep = len(took) > 1 and seconds > _STEEP * took[-2][1]
        repeats += 1 if is_steep else max(1, repeats // _GROWTH)
    return None


def _time(look_up: LookUp, path: str) -> float:
    started = time.process_time()
    look_up(path)
    return time.process_time() - started


def _say(words: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()
