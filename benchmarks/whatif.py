"""What a what-if and a reload cost: edits, recorded requests asked again, entries paired, URL space compared.

`python benchmarks/whatif.py [SIZE ...]` prints the best of three passes in CPU milliseconds of this process,
for tables of so many routes and 10,000 recorded requests, each of another path.
"""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from inspector.analysis.edits import parse_edits
from inspector.analysis.recorded import RecordedRequest, RecordedRequests
from inspector.analysis.rematch import AskedTable, rematch
from inspector.analysis.table_changes import find_changes
from inspector.analysis.table_diff import compare_tables
from inspector.analysis.table_edit import edit_table
from inspector.analysis.whatif import what_if
from inspector.checking.trial import is_safe
from miniframework.routing.endpoints import StoredEndpoint
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Route, Source
from miniframework.routing.table import RouteTable

_REQUESTS = 10_000
_SHAPES = ("", "/{thing_id:int}", "/{thing_id}/parts", "/{thing_id}/parts/{part:int}")


def make_table(size: int) -> RouteTable:
    """Collections, items, parts of items."""
    return RouteTable(
        [
            Route(
                pattern=parse_pattern(f"/api/v1/things{number // 4}{_SHAPES[number % 4]}"),
                methods=frozenset({"GET"}),
                endpoint=StoredEndpoint(name=f"api:route{number}"),
                name=f"route{number}",
                source=Source(file="api.py", line=number + 1),
            )
            for number in range(size)
        ]
    )


def make_requests(size: int) -> RecordedRequests:
    chance = random.Random(size)
    paths = [
        f"/api/v1/things{chance.randrange(size // 4)}/{number}{chance.choice(('', '/parts', '/parts/1'))}"
        for number in range(_REQUESTS)
    ]
    requests = (
        RecordedRequest(id=path, method="GET", path=path, asked=path, started=number)
        for number, path in enumerate(paths)
    )
    return RecordedRequests(requests=tuple(requests), unasked={})


def best_ms(run: Callable[[], object], passes: int = 3) -> float:
    took = []
    for _ in range(passes):
        start = time.process_time()
        run()
        took.append(time.process_time() - start)
    return min(took) * 1_000


def main(sizes: list[int]) -> None:
    print("routes     safe?     edit  rematch    pairs  regions  what-if whole")
    edits = parse_edits(
        [
            {"op": "move", "route": "8", "before": "2"},
            {"op": "pattern", "route": "6", "path": "/api/v1/{thing}/{thing_id:int}"},
        ]
    )
    for size in sizes:
        table, recorded = make_table(size), make_requests(size)
        edited = edit_table(table, edits)
        runs: tuple[Callable[[], object], ...] = (
            lambda table=table: is_safe(table),
            lambda table=table: edit_table(table, edits),
            lambda table=table, edited=edited, recorded=recorded: rematch(
                AskedTable(table), AskedTable(edited.table), edited.origins, recorded.requests
            ),
            lambda table=table, edited=edited: find_changes(table, edited.table),
            lambda table=table, edited=edited: compare_tables(table, edited.table),
            lambda table=table, recorded=recorded: what_if(table, edits, recorded).to_dict(),
        )
        print(f"{size:6}  " + " ".join(f"{best_ms(run):8.1f}" for run in runs))


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [100, 1_000, 10_000])
