"""Route tables rebuilt from the journal, so that what was recorded is explained by the table of its time."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

from inspector.journal.protocol import Document, Journal
from inspector.model import Exchange
from inspector.web.answers import ApiError
from miniframework.http.url import strip_root_path
from miniframework.routing.explanation import Explanation
from miniframework.routing.table import RouteTable

_KEEP = 16  # tables in memory; each reload with a changed route makes one


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What a table says to an exchange, and that table's snapshot."""

    explanation: Explanation
    snapshot: Document


class Tables:
    """Finds route tables by fingerprint. Safe to use from several threads."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._rebuilt: OrderedDict[str, RouteTable] = OrderedDict()

    def newest(self) -> str | None:
        """Return the fingerprint of the table that a serving process last reported, None when none has."""
        return next((status.table for status in reversed(self._journal.status()) if status.table), None)

    def snapshot(self, fingerprint: str | None) -> Document:
        """Return a table's snapshot, the newest without a fingerprint. Raises ApiError when there is none."""
        wanted = fingerprint or self.newest()
        if wanted is None:
            raise ApiError(
                404,
                "no_table",
                "no route table is known yet",
                "Only the requests of this application are recorded, or it has not started yet.",
            )
        if snapshot := self._journal.table(wanted):
            return snapshot
        raise ApiError(
            404, "no_table", f"no route table {wanted!r} is held", "It is older than what the journal keeps."
        )

    def table(self, fingerprint: str | None) -> RouteTable:
        """Return a table that explains as the original does. Raises ApiError when it is not known."""
        wanted = fingerprint or self.newest()
        with self._lock:
            if wanted is not None and wanted in self._rebuilt:
                self._rebuilt.move_to_end(wanted)
                return self._rebuilt[wanted]
        table = RouteTable.from_snapshot(self.snapshot(wanted))
        with self._lock:
            self._rebuilt[table.fingerprint] = table
            while len(self._rebuilt) > _KEEP:
                self._rebuilt.popitem(last=False)
        return table

    def explain(self, exchange: Exchange) -> Explained | None:
        """Return why the exchange landed where it did, None when its table is not known.

        A request that was answered before any table was asked is explained by the newest one.
        """
        scope = exchange.scope
        wanted, path = (exchange.steps[0].table, exchange.steps[0].path) if exchange.steps else (None, None)
        if path is None:
            path = strip_root_path({"path": scope.path, "root_path": scope.root_path})
        try:
            snapshot, table = self.snapshot(wanted), self.table(wanted)
        except ApiError:
            return None
        protocol: Literal["http", "websocket"] = scope.type
        return Explained(explanation=table.explain(protocol, scope.method, path), snapshot=snapshot)
