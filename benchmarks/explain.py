"""What explaining costs: every route's verdict and reasons for one path, their words, the nearest routes; and
what is asked while a path is typed: fifty verdicts with all that is said beside them, and the funnel.

`python benchmarks/explain.py [SIZE ...]` prints the best of several passes in CPU time of this process, and
each as a multiple of asking every route's bare regex in turn, which is what a linear router does for a miss.
Trust the multiples: the milliseconds are those of the machine.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from miniframework.routing.explaining.advice import find_advice
from miniframework.routing.explaining.funnel import find_funnel
from miniframework.routing.explanation import Verdict
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Route, Source
from miniframework.routing.table import RouteTable

PASSES = 9
NOUNS = (
    "users",
    "orders",
    "items",
    "teams",
    "projects",
    "reports",
    "invoices",
    "files",
    "comments",
    "tags",
    "events",
    "jobs",
)
ACTIONS = ("me", "latest", "search", "export", "archive", "restore", "status", "settings")
CONVERTERS = ("", "", ":int", ":int", ":uuid", ":str")
# What is typed: a hit, two that are nearly right, a wrong method, a slash, nothing near.
PATHS = (
    ("GET", "hit"),
    ("GET", "literal"),
    ("GET", "converter"),
    ("TRACE", "hit"),
    ("GET", "slash"),
    ("GET", "nothing"),
)


def templates() -> Iterator[tuple[str, tuple[str, ...]]]:
    """An endless REST-like API, the same every time: collections in services, with items and actions."""
    chance = random.Random(7)
    service = 0
    while True:
        service += 1
        for first in chance.sample(NOUNS, 4):
            base = f"/api/v{chance.randint(1, 3)}/service{service}/{first}"
            if chance.random() < 0.4:
                second = chance.choice([noun for noun in NOUNS if noun != first])
                base += f"/{{{first}_id{chance.choice(CONVERTERS)}}}/{second}"
            item = f"{base}/{{id{chance.choice(CONVERTERS)}}}"
            yield from ((base, ("GET",)), (base, ("POST",)))
            yield from ((f"{base}/{action}", ("GET",)) for action in chance.sample(ACTIONS, 2))
            yield from ((item, ("GET",)), (item, ("PUT", "PATCH")), (item, ("DELETE",)))


def make_table(size: int) -> RouteTable:
    def endpoint() -> None: ...

    found = templates()
    return RouteTable(
        [
            Route(
                pattern=parse_pattern(template),
                methods=frozenset(methods),
                endpoint=endpoint,
                name="endpoint",
                source=Source(file="api.py", line=number),
            )
            for number, (template, methods) in zip(range(size), found, strict=False)
        ]
    )


def paths_of(table: RouteTable) -> dict[str, str]:
    """One path of each kind, made from a route of the middle of the table."""
    middle = next(
        entry.pattern
        for entry in table.entries[len(table.entries) // 2 :]
        if entry.pattern.parameters and entry.pattern.template.endswith(":int}")
    )
    hit = "".join(getattr(part, "text", "42") for part in middle.parts)
    return {
        "hit": hit,
        "literal": hit.replace("/service", "/servise"),
        "converter": hit.rpartition("/")[0] + "/42x",
        "slash": hit + "/",
        "nothing": "/favicon.ico",
    }


def best_ms(call: Callable[[], object]) -> float:
    """Milliseconds of CPU time of the best pass."""
    best = float("inf")
    for _ in range(PASSES):
        begun = time.process_time_ns()
        call()
        best = min(best, time.process_time_ns() - begun)
    return best / 1e6


def measure(size: int) -> None:
    table = make_table(size)
    regexes = [entry.pattern.regex for entry in table.entries]
    paths = paths_of(table)
    begun = time.process_time_ns()
    every_verdict(table, "GET", paths["hit"])
    cold = (time.process_time_ns() - begun) / 1e6
    print(f"{size:,} routes; the first explanation {cold:.1f} ms")
    columns = ("verdicts", "and words", "all as JSON", "nearest", "fifty as JSON", "funnel")
    print(f"  {'asked':16} {'scan':>7}  {' '.join(column.rjust(15) for column in columns)}")
    for method, kind in PATHS:
        path = paths[kind]
        scan = best_ms(lambda path=path: [regex.fullmatch(path) for regex in regexes])
        steps: tuple[Callable[[], object], ...] = (
            lambda path=path, method=method: every_verdict(table, method, path),
            lambda path=path, method=method: read_words(table, method, path),
            lambda path=path, method=method: json.dumps(table.explain("http", method, path).to_dict()),
            lambda path=path, method=method: find_advice(table, ("http", method, path)),
            lambda path=path, method=method: json.dumps(table.explain("http", method, path).to_dict(50)),
            lambda path=path, method=method: find_funnel(table, "http", method, path),
        )
        cells = [f"{ms:7.2f} ms {ms / scan:3.0f}x" for ms in map(best_ms, steps)]
        print(f"  {method:5} {kind:10} {scan:5.2f} ms {' '.join(cell.rjust(15) for cell in cells)}")


def every_verdict(table: RouteTable, method: str, path: str) -> list[Verdict]:
    """All of them made: an explanation makes a verdict only when somebody looks at it."""
    return list(table.explain("http", method, path).verdicts)


def read_words(table: RouteTable, method: str, path: str) -> int:
    """Every reason in words, as a page that shows every route would read them."""
    verdicts = table.explain("http", method, path).verdicts
    return sum(len(reason.message) for verdict in verdicts for reason in verdict.judgement.reasons)


if __name__ == "__main__":
    for asked in [int(text) for text in sys.argv[1:]] or [100, 1_000, 10_000]:
        measure(asked)
