"""What proving costs: the check of whole tables, and the difference of two.

`python benchmarks/analysis.py [SIZE ...]` prints the best of three passes in CPU seconds of this process; the
first pass of a process also pays for parsing the converters. The tables are synthetic: services with
collections, items and actions, some of them in the wrong order, so that there is something to find.
"""

import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent))

from inspector.analysis.regions import map_space
from inspector.analysis.spots import lay_flat
from inspector.analysis.table_diff import compare_tables
from inspector.checking.whole import check_whole
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Route, Source
from miniframework.routing.table import RouteTable

Result = TypeVar("Result")
NOUNS = ("users", "orders", "items", "teams", "projects", "reports", "invoices", "files", "comments", "tags")
ACTIONS = ("me", "latest", "search", "export", "archive", "restore", "status", "settings", "batch", "count")
CONVERTERS = (":int", ":int", "", "", "", ":uuid", ":path")


def endpoint() -> None: ...


def templates(count: int, chance: random.Random) -> list[tuple[str, str]]:
    """Methods and templates of a REST API; one group in ten has its actions behind `{id}`."""
    made: list[tuple[str, str]] = []
    while len(made) < count:
        path = f"/api/v{chance.randint(1, 3)}/service{chance.randrange(max(1, count // 40))}"
        for noun in chance.sample(NOUNS, chance.choice((1, 1, 2, 2, 3))):
            path += f"/{noun}"
            if chance.random() < 0.6:
                path += f"/{{{noun}_id{path.count('{')}{chance.choice(CONVERTERS[:-1])}}}"
        made += [("GET", path), ("POST", path)]
        item = f"{path}/{{id{chance.choice(CONVERTERS)}}}"
        items = [("GET", item), ("PUT", item), ("DELETE", item)]
        actions = [("GET", f"{path}/{action}") for action in chance.sample(ACTIONS, 2)]
        made += items + actions if chance.random() < 0.1 else actions + items
        if chance.random() < 0.1:
            made.append(("GET", path + "/{name}.{ext}"))
    return list(dict.fromkeys(made))[:count]


def table_of(routes: list[tuple[str, str]]) -> RouteTable:
    entries = [
        Route(
            pattern=parse_pattern(template),
            methods=frozenset({method}),
            endpoint=endpoint,
            name=f"{method} {template}",
            source=Source(file="api.py", line=line),
        )
        for line, (method, template) in enumerate(routes, start=1)
    ]
    table = RouteTable.__new__(RouteTable)  # a generated table may repeat itself
    table._fill(entries, True)
    return table


def best(run: Callable[[], Result], passes: int = 3) -> tuple[float, Result]:
    took = []
    for _ in range(passes):
        start = time.process_time()
        result = run()
        took.append(time.process_time() - start)
    return min(took), result


def main(sizes: list[int]) -> None:
    print("routes  check s  regions  findings  diff s (shuffled)  changes")
    for size in sizes:
        chance = random.Random(size)
        routes = templates(size, chance)
        table = table_of(routes)
        checked, findings = best(partial(check_whole, table))
        shuffled = list(routes)
        chance.shuffle(shuffled)
        compared, changes = best(partial(compare_tables, table, table_of(shuffled)))
        regions = len(map_space(lay_flat(table)).regions)
        cells = f"{len(routes):6}  {checked:7.3f}  {regions:7}  {len(findings):8}"
        print(f"{cells}  {compared:17.3f}  {len(changes):7}")


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [100, 1_000, 10_000])
