"""What each reload changed: in the table itself, in URL space, and for the requests recorded before it."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any

from inspector.analysis.errors import TooLargeError
from inspector.analysis.recorded import RecordedRequest, read_requests
from inspector.analysis.rematch import AskedTable, describe_moved, rematch
from inspector.analysis.table_changes import TableChanges, find_changes
from inspector.analysis.table_diff import Change, compare_tables
from inspector.checking.trial import is_safe
from inspector.journal.protocol import MOST_EXCHANGES, Journal, TableServed
from inspector.web.answers import ApiError, answer_json, parse_number
from inspector.web.tables import Tables
from miniframework import Request, Response, Router
from miniframework.records import dataclass
from miniframework.routing.table import RouteTable

_MOST_RELOADS = 20
_MOST_REQUESTS = 200
_MOST_ENTRIES = 500  # of a kind in one reload: a line added on top of a file moves every route of it
# A regex that runs too long would hold up everything else in this process, the application too when embedded.
_TOO_SLOW = (
    "a pattern may be too slow to match with, so no request was tried; `inspector diff` compares the tables"
)
_TIMES_READ = 200  # more than a journal keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    """What is different between two tables, whatever was recorded."""

    changes: TableChanges
    regions: Sequence[Change]
    failed: str | None


class ReloadsApi:
    """Answers from the tables that were served one after the other."""

    def __init__(self, journal: Journal, tables: Tables) -> None:
        self._journal = journal
        self._tables = tables
        self._lock = threading.Lock()
        self._differences: OrderedDict[tuple[str, str], _Difference] = OrderedDict()

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.get("/api/reloads")(self.show)
        return router

    def show(self, request: Request) -> Response:
        """Answer the last `limit` reloads that came up with another table, the newest first."""
        limit = parse_number(request, "limit", _MOST_RELOADS, at_most=_MOST_RELOADS)
        served = self._journal.tables_served(_TIMES_READ)
        _, rows = self._journal.rows(MOST_EXCHANGES)
        requests = read_requests(rows).requests
        asked: dict[str, AskedTable] = {}
        reloads: list[dict[str, Any]] = []
        for before, after in _pairs(served):
            if len(reloads) == limit:
                break
            tables = [self._find(fingerprint, asked) for fingerprint in (before, after.table)]
            old, new = tables
            if old is not None and new is not None:
                reloads.append(self._describe(after, old, new, requests))
        return answer_json({"reloads": reloads})

    def _find(self, fingerprint: str, asked: dict[str, AskedTable]) -> AskedTable | None:
        """Find a table, None for one that the journal has let go."""
        if fingerprint not in asked:
            try:
                asked[fingerprint] = AskedTable(self._tables.table(fingerprint))
            except ApiError:
                return None
        return asked[fingerprint]

    def _describe(
        self, served: TableServed, old: AskedTable, new: AskedTable, requests: Sequence[RecordedRequest]
    ) -> dict[str, Any]:
        at = served.at_unix_ns / 1e6
        difference = self._compare(old.table, new.table)
        changes = difference.changes
        earlier = (request for request in requests if request.started < at)
        is_tried = changes.can_reroute and difference.failed is not _TOO_SLOW
        moved = rematch(old, new, changes.origins, earlier) if is_tried else []
        return {
            "at": at,
            "generation": served.generation,
            "old": old.table.fingerprint,
            "new": new.table.fingerprint,
            **changes.to_dict(_MOST_ENTRIES),
            "requests": [describe_moved(one, old, new) for one in moved[:_MOST_REQUESTS]],
            "requests_total": len(moved),
            "regions": [change.to_dict() for change in difference.regions],
            "failed": difference.failed,
        }

    def _compare(self, old: RouteTable, new: RouteTable) -> _Difference:
        key = old.fingerprint, new.fingerprint
        with self._lock:
            if key in self._differences:
                self._differences.move_to_end(key)
                return self._differences[key]
        found = _find_difference(old, new)
        with self._lock:
            self._differences[key] = found
            while len(self._differences) > _MOST_RELOADS:
                self._differences.popitem(last=False)
        return found


def _pairs(served: Sequence[TableServed]) -> Iterator[tuple[str, TableServed]]:
    """Yield, newest first, what was served and the table that the same application served before."""
    for index in range(len(served) - 1, 0, -1):
        after = served[index]
        before = next((one.table for one in reversed(served[:index]) if one.target == after.target), None)
        if before is not None:
            yield before, after


def _find_difference(old: RouteTable, new: RouteTable) -> _Difference:
    changes = find_changes(old, new)
    regions: Sequence[Change] = ()
    failed = None
    if changes.can_reroute and not is_safe(old, new):
        failed = _TOO_SLOW
    elif changes.can_reroute:
        try:
            regions = compare_tables(old, new)
        except TooLargeError as error:
            failed = str(error)
    return _Difference(changes=changes, regions=regions, failed=failed)
