"""Route tables rebuilt from the journal, so that what was recorded is explained by the table of its time."""

import re
import threading
from collections import OrderedDict
from dataclasses import replace

from inspector.analysis.doubts import refuse_doubted
from inspector.analysis.rematch import TableAnswer, ask_table
from inspector.journal.protocol import Document, Journal
from inspector.model import Exchange, Routing
from inspector.panels.answer_host import Around, find_host_entry
from inspector.web.answers import ApiError
from inspector.web.host_tables import for_host, host_of
from miniframework.errors import MiniframeworkError
from miniframework.http.url import strip_root_path
from miniframework.records import dataclass
from miniframework.routing.explanation import Explanation
from miniframework.routing.match import MatchOutcome
from miniframework.routing.table import RouteTable

# What reading a table raises that nobody wrote: a recording may come from anybody.
_DAMAGED = (MiniframeworkError, re.error, TypeError, ValueError, LookupError, AttributeError, ArithmeticError)
_KEEP = 16  # tables in memory; each reload with a changed route makes one
_KEEP_ROUTES = 40_000  # of all of them but the newest; a route and its snapshot take about 5 kB


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What a table says to an exchange, and that table's snapshot; `around` where it is a host's own."""

    explanation: Explanation
    snapshot: Document
    around: Around | None = None


class Tables:
    """Finds route tables by fingerprint. Safe to use from several threads."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._rebuilding = threading.Lock()  # who asks for a table that is being rebuilt waits for it
        self._rebuilt: OrderedDict[str, tuple[RouteTable, Document]] = OrderedDict()

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
        with self._lock:
            rebuilt = self._rebuilt.get(wanted)
        if rebuilt is not None:
            return rebuilt[1]
        if snapshot := self._journal.table(wanted):
            return snapshot
        raise ApiError(
            404, "no_table", f"no route table {wanted!r} is held", "It is older than what the journal keeps."
        )

    def table(self, fingerprint: str | None) -> RouteTable:
        """Return a table that explains as the original does, and is ready to. Raises ApiError when it is not
        known."""
        wanted = fingerprint or self.newest()
        rebuilt = self._find(wanted)
        if rebuilt is None:
            with self._rebuilding:
                rebuilt = self._find(wanted) or self._rebuild(wanted)
        return rebuilt

    def _find(self, wanted: str | None) -> RouteTable | None:
        with self._lock:
            if wanted is None or wanted not in self._rebuilt:
                return None
            self._rebuilt.move_to_end(wanted)
            return self._rebuilt[wanted][0]

    def _rebuild(self, wanted: str | None) -> RouteTable:
        snapshot = self.snapshot(wanted)
        return self._keep(snapshot["fingerprint"], snapshot)

    def _keep(self, name: str, snapshot: Document) -> RouteTable:
        table = _read(name, snapshot)
        with self._lock:
            self._rebuilt[name] = table, snapshot
            while len(self._rebuilt) > _KEEP or (len(self._rebuilt) > 1 and self._routes() > _KEEP_ROUTES):
                self._rebuilt.popitem(last=False)
        return table

    def _routes(self) -> int:
        """How many routes are kept beside those of the newest table."""
        return sum(len(table.entries) for table, _ in list(self._rebuilt.values())[:-1])

    def explain(self, exchange: Exchange) -> Explained | None:
        """Return why the exchange landed where it did, None when its table is not known.

        A request that was answered before any table was asked is explained by the newest one.
        """
        scope = exchange.scope
        wanted, path = (exchange.steps[0].table, exchange.steps[0].path) if exchange.steps else (None, None)
        if path is None:
            path = strip_root_path({"path": scope.path, "root_path": scope.root_path})
        try:
            snapshot, table = self.for_host(wanted, host_of(exchange))
        except ApiError:
            return None
        question = scope.type, scope.method, path
        table = refuse_doubted(
            table, question, lambda tried: _is_recorded(ask_table(tried, question), exchange)
        )
        said = replace(table.explain(*question), table=snapshot["fingerprint"])
        return Explained(explanation=said, snapshot=snapshot, around=self._find_around(exchange, path))

    def for_host(self, fingerprint: str | None, host: str) -> tuple[Document, RouteTable]:
        """Return a table as it is for a host, and its snapshot; without a fingerprint of the newest one.

        Raises ApiError when it is not known.
        """
        snapshot = self.snapshot(fingerprint)
        named = snapshot["fingerprint"]
        with self._lock:
            known = self._rebuilt.get(f"{named} {host}")
        if known is not None:
            return known[1], known[0]
        its_own = for_host(snapshot, host)
        if its_own is snapshot:
            return snapshot, self.table(named)
        return its_own, self._keep(f"{named} {host}", its_own)

    def _find_around(self, exchange: Exchange, path: str) -> Around | None:
        """The newest table, where what answered is what it has for a host; None for what is no host's."""
        newest = self.newest()
        if newest is None or not exchange.steps or exchange.steps[0].table == newest:
            return None
        try:
            snapshot = self.snapshot(newest)
            found = find_host_entry(snapshot, exchange.steps[0].table)
            if found is None:
                return None
            said = self.table(newest).explain(exchange.scope.type, exchange.scope.method, path)
        except ApiError:
            return None
        return Around(entry=found[0], host=found[1], explanation=said, table=snapshot)


def _is_recorded(answer: TableAnswer, exchange: Exchange) -> bool:
    """Whether a table says what became of an exchange, as far as that is known."""
    if exchange.routing is Routing.MATCHED:
        taken = [step.index for step in exchange.steps if step.index is not None]
        return answer.number == ".".join(str(index + 1) for index in taken)
    return exchange.routing is not Routing.NOT_FOUND or answer.outcome is MatchOutcome.NOT_FOUND


def _read(name: str, snapshot: Document) -> RouteTable:
    try:
        table = RouteTable.from_snapshot(snapshot)
        table.prepare()
    except _DAMAGED as error:
        message = f"the recorded route table {name!r} cannot be read: {error}"
        hint = "The recording is damaged, or another version made it; record anew."
        raise ApiError(503, "damaged_table", message, hint) from error
    return table
