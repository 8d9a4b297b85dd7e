"""How often a recording took each route of a table, which may be another one than the recorded one by now."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from inspector.cli.flat_routes import FlatRoute
from inspector.cli.ladder import Document
from inspector.cli.terminal import StartRefused
from inspector.errors import JournalError
from inspector.journal.protocol import MOST_EXCHANGES
from inspector.journal.recorded_exchanges import read_recorded_rows
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteHits:
    """Requests by the number of the route that took them.

    `requests` were read; `elsewhere` of them were taken by a route that is not in the table (any more).
    A mount counts what was taken inside it.
    """

    by_number: dict[str, int]
    requests: int
    elsewhere: int


def read_hits(routes: Sequence[FlatRoute], recording: Path) -> RouteHits:
    """Count the newest 10,000 requests of a recording. Raises StartRefused when it cannot be read."""
    try:
        rows = read_recorded_rows(recording, MOST_EXCHANGES)
    except JournalError as error:
        raise StartRefused(f"the recording cannot be used: {error}") from error
    return count_hits(routes, rows)


def count_hits(routes: Sequence[FlatRoute], rows: Iterable[Document]) -> RouteHits:
    """Count rows of a journal. Pure.

    A row of this very table names its route by index; one of another table by path, name and method.
    """
    by_index = {(one.fingerprint, one.path, one.route["index"]): one.number for one in routes}
    by_name: dict[tuple[str, str | None], list[FlatRoute]] = {}
    for one in routes:
        by_name.setdefault((one.path, one.route["name"]), []).append(one)
    hits: Counter[str] = Counter()
    requests = elsewhere = 0
    for row in rows:
        requests += 1
        if (taken := row["route"]) is None:
            continue
        number = by_index.get((taken["table"], taken["path"], taken["index"]))
        if number is None:
            named = by_name.get((taken["path"], taken["name"]), ())
            number = next((one.number for one in named if one.takes(row["method"])), None)
        if number is None:
            elsewhere += 1
            continue
        hits.update(_with_mounts(number))
    return RouteHits(by_number=dict(hits), requests=requests, elsewhere=elsewhere)


def _with_mounts(number: str) -> Iterable[str]:
    """The route's number, and those of the mounts it stands in: `30.2` and `30`."""
    steps = number.split(".")
    return (".".join(steps[:count]) for count in range(1, len(steps) + 1))
