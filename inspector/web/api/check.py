"""What the check finds in a recorded route table."""

import asyncio
import threading
import time
from collections import OrderedDict

from inspector.checking.errors import CheckFailedError
from inspector.checking.whole import check_whole
from inspector.journal.protocol import Document
from inspector.web.answers import ApiError, answer_json
from inspector.web.api.commands import CommandDesk
from inspector.web.tables import Tables
from miniframework import Request, Response, Router
from miniframework.routing.table import ForeignTable, RouteTable

_TRIED_UNASKED = 300  # routes; more cost the process that serves them a good part of a second
_KEEP = 16  # answers in memory; each reload with a changed route makes one


class CheckApi:
    """Checks each table once, in a thread of its own; whoever asks meanwhile waits for the same answer.

    Of another framework's table that is served now every claim is tried on its own router, in the process
    that serves it; else `confirmed` is False, and the findings are those of our picture alone.
    """

    def __init__(self, tables: Tables, desk: CommandDesk) -> None:
        self._tables = tables
        self._desk = desk
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Document] = OrderedDict()

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.get("/api/check")(self.show)
        return router

    async def show(self, request: Request) -> Response:
        """Answer what is wrong with a table, the newest unless `table` names one.

        With `tried` the claims about a large table of another framework are tried on its router, too.
        """
        table = await asyncio.to_thread(self._tables.table, request.query_params.get("table"))
        known = self._known.get(table.fingerprint)
        is_wanted = "tried" in request.query_params or len(table.entries) <= _TRIED_UNASKED
        if is_wanted and (known is None or not known["confirmed"]):
            known = await self._confirmed(table) or known
        return answer_json(known or await asyncio.to_thread(self._check, table))

    async def _confirmed(self, table: RouteTable) -> Document | None:
        """What the check finds with the router; None where it is not asked, or is of another table by now."""
        if not has_foreign_routes(table):
            return None
        started = time.perf_counter()
        try:
            answer = await self._desk.order("check", {})
        except ApiError:  # nobody serves it, or it takes too long
            return None
        if not answer.ok or answer.body["table"] != table.fingerprint:
            return None
        return self._keep(table, answer.body["findings"], started, confirmed=True)

    def _check(self, table: RouteTable) -> Document:
        with self._lock:
            known = self._known.get(table.fingerprint)
            if known is not None:
                return known
            started = time.perf_counter()
            try:
                findings = [finding.to_dict() for finding in check_whole(table)]
            except CheckFailedError as error:
                return self._keep(table, [], started, confirmed=False, failed=str(error))
            return self._keep(table, findings, started, confirmed=not has_foreign_routes(table))

    def _keep(
        self,
        table: RouteTable,
        findings: list[Document],
        started: float,
        *,
        confirmed: bool,
        failed: str | None = None,
    ) -> Document:
        known = self._known[table.fingerprint] = {
            "table": table.fingerprint,
            "findings": findings,
            "took_ms": round((time.perf_counter() - started) * 1_000, 1),
            "failed": failed,
            "confirmed": confirmed,
        }
        while len(self._known) > _KEEP:
            self._known.popitem(last=False)
        return known


def has_foreign_routes(table: RouteTable) -> bool:
    """Whether another framework's router decides about any of the routes."""
    if isinstance(table, ForeignTable):
        return True
    inner = map(table.inside, table.entries)
    return any(one is not None and has_foreign_routes(one) for one in inner)
