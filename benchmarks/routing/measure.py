"""Build every router from every table, check its answers, then time them side by side.

CPU time of the process, best of many short passes; the passes of all routers take turns, so that what else
the machine does falls on all of them alike. Trust ratios, not digits.
"""

import gc
import json
import platform
import signal
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from contenders import CONTENDERS, Ask, Build, by_template, miniframework
from routes import Line, github, synthetic
from traffic import Asked, make_traffic

OURS = "miniframework"
SIZES = (10, 100, 1_000, 10_000)
REQUESTS = 400

# A pass of a scan through 10,000 routes takes seconds: such a router gets fewer requests and passes.
PASS_NS = 4_000_000
BUDGET_NS = 250_000_000

# Some peers need minutes for ten thousand routes; what is not built in this time is left out, and said.
BUILD_LIMIT_S = 20


def measure(tables: dict[str, list[Line]]) -> dict[str, Any]:
    """Everything, as JSON-able values; times in nanoseconds a look-up."""
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "versions": {name: version(package) for name, package in PACKAGES.items()},
        "one_dict_lookup": measure_dict(),
        "tables": {name: measure_table(name, table) for name, table in tables.items()},
    }


PACKAGES = {
    "starlette": "starlette",
    "fastapi": "fastapi",
    "falcon": "falcon",
    "litestar": "litestar",
    "blacksheep": "blacksheep",
    "sanic-routing": "sanic-routing",
    "werkzeug": "werkzeug",
    "matchit (Rust)": "python-matchit",
}


def measure_table(name: str, table: list[Line]) -> dict[str, Any]:
    traffic = make_traffic(table, REQUESTS)
    asks: dict[str, Ask] = {}
    built: dict[str, float] = {}
    wrong: dict[str, str] = {}
    for contender, build in CONTENDERS.items():
        say(f"{name}: building {contender}")
        try:
            asks[contender], built[contender] = timed_build(build, table)
        except Exception as error:  # noqa: BLE001  # a peer that refuses a table is a finding
            wrong[contender] = f"is left out: {type(error).__name__}: {str(error)[:120]}"
            continue
        mistakes = [one for one in traffic["mixed"][:100] if asks[contender](*one[:2]) != one.answer]
        if mistakes:
            wrong[contender] = f"{len(mistakes)} of 100 answers differ, first {mistakes[0]}"
    if OURS in wrong:
        raise SystemExit(f"{name}: {OURS} {wrong[OURS]}")
    times = {kind: race(asks, requests) for kind, requests in traffic.items() if requests}
    return {
        "routes": len(table),
        "paths": len(by_template(table)),
        "lookup_ns": {kind: {who: round(ns) for who, ns in one.items()} for kind, one in times.items()},
        "build_s": {who: round(seconds, 4) for who, seconds in built.items()},
        "differs": wrong,
    }


def timed_build(build: Build, table: list[Line]) -> tuple[Ask, float]:
    gc.collect()
    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, BUILD_LIMIT_S)
    try:
        start = time.process_time()
        ask = build(table)
        return ask, time.process_time() - start
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def give_up(number: int, frame: object) -> None:
    raise TimeoutError(f"not built within {BUILD_LIMIT_S} s")


def race(asks: dict[str, Ask], requests: list[Asked]) -> dict[str, float]:
    """The best pass of each, taking turns; a slow one runs fewer requests, and leaves when its time is up."""
    plain = [one[:2] for one in requests]
    parts = {who: fitting(ask, plain) for who, ask in asks.items()}
    best = dict.fromkeys(asks, float("inf"))
    spent = dict.fromkeys(asks, 0)
    while waiting := [who for who in asks if spent[who] < BUDGET_NS]:
        for who in waiting:
            took = one_pass(asks[who], parts[who])
            spent[who] += took
            best[who] = min(best[who], took / len(parts[who]))
    return best


def fitting(ask: Ask, requests: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """As many of the requests as fit into one pass, at least 40."""
    one_pass(ask, requests[:40])
    once = one_pass(ask, requests[:40]) / 40
    return requests[: max(40, int(PASS_NS / max(once, 1)))]


def one_pass(ask: Ask, requests: list[tuple[str, str]]) -> int:
    clock = time.process_time_ns
    start = clock()
    for method, path in requests:
        ask(method, path)
    return clock() - start


def measure_dict() -> dict[str, float]:
    """A static path against one look-up in a dict of as many entries, called directly, loop taken off."""
    from miniframework.routing.pattern import parse_pattern
    from miniframework.routing.route import Route
    from miniframework.routing.table import RouteTable

    table = synthetic(1_000)
    fixed = [line for line in table if "{" not in line.template]
    match = RouteTable(
        [
            Route(
                pattern=parse_pattern(line.template),
                methods=frozenset((line.method,)),
                endpoint=miniframework,
                name="",
            )
            for line in table
        ]
    ).match
    of_path = {line.template: line.index for line in fixed}.get
    of_both = {(line.method, line.template): line.index for line in fixed}.get
    keys = [(line.method, line.template) for line in fixed]
    loops: dict[str, Callable[[], int]] = {
        "loop": lambda: timed_loop(keys),
        "dict[path]": lambda: timed_path(of_path, keys),
        "dict[method, path]": lambda: timed_both(of_both, keys),
        "RouteTable.match": lambda: timed_match(match, keys),
    }
    best = dict.fromkeys(loops, float("inf"))
    for _ in range(2_000):
        for name, loop in loops.items():
            best[name] = min(best[name], loop() / len(keys))
    return {name: round(ns - best["loop"], 1) for name, ns in best.items() if name != "loop"}


def timed_loop(keys: list[tuple[str, str]]) -> int:
    start = time.process_time_ns()
    for _method, _path in keys:
        pass
    return time.process_time_ns() - start


def timed_path(get: Callable[[str], Any], keys: list[tuple[str, str]]) -> int:
    start = time.process_time_ns()
    for _method, path in keys:
        get(path)
    return time.process_time_ns() - start


def timed_both(get: Callable[[tuple[str, str]], Any], keys: list[tuple[str, str]]) -> int:
    start = time.process_time_ns()
    for method, path in keys:
        get((method, path))
    return time.process_time_ns() - start


def timed_match(match: Callable[[Any, str, str], Any], keys: list[tuple[str, str]]) -> int:
    start = time.process_time_ns()
    for method, path in keys:
        match("http", method, path)
    return time.process_time_ns() - start


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(target: str, *sizes: str) -> None:
    wanted = tuple(map(int, sizes)) or SIZES
    tables = {f"synthetic {size:,}": synthetic(size) for size in wanted}
    tables["GitHub REST"] = github()
    results = measure(tables)
    Path(target).write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
