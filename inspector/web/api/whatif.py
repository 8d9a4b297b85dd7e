"""What if: a table edited on trial, and what becomes of the recorded requests; no handler runs."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from inspector.analysis.check import check_table
from inspector.analysis.edits import BadEdit
from inspector.analysis.finding import Finding
from inspector.checking.errors import CheckFailedError
from inspector.checking.trial import try_edits
from inspector.journal.protocol import Journal
from inspector.web.answers import ApiError, answer_json
from inspector.web.tables import Tables
from miniframework import Response, Router
from miniframework.routing.table import RouteTable

_ROWS_ASKED = 10_000  # the journal's own limit
_KEPT = 8  # tables whose findings are remembered; one is edited again and again


class WhatIfApi:
    """Answers from the tables and the requests that the journal holds."""

    def __init__(self, journal: Journal, tables: Tables) -> None:
        self._journal = journal
        self._tables = tables
        self._lock = threading.Lock()
        self._findings: OrderedDict[str, Sequence[Finding]] = OrderedDict()

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.post("/api/whatif")(self.ask)
        return router

    def ask(self, body: dict[str, Any]) -> Response:
        """Apply edits to a table and answer what would be different."""
        table = self._tables.table(_read_fingerprint(body))
        _, rows = self._journal.rows(_ROWS_ASKED)
        try:
            found = try_edits(table, body.get("edits"), rows, find_findings=self._find_findings)
        except BadEdit as error:
            raise ApiError(400, "bad_edit", f"edit {error.number}: {error.problem}", error.way_out) from error
        except CheckFailedError as error:
            hint = (
                "The findings of the check name the slow patterns of the table; the edits may hold one too."
            )
            raise ApiError(503, "too_slow", str(error), hint) from error
        return answer_json(found)

    def _find_findings(self, table: RouteTable) -> Sequence[Finding]:
        with self._lock:
            if (known := self._findings.get(table.fingerprint)) is not None:
                self._findings.move_to_end(table.fingerprint)
                return known
        found = check_table(table)
        with self._lock:
            self._findings[table.fingerprint] = found
            while len(self._findings) > _KEPT:
                self._findings.popitem(last=False)
        return found


def _read_fingerprint(body: Mapping[str, Any]) -> str | None:
    fingerprint = body.get("table")
    if fingerprint is None or isinstance(fingerprint, str):
        return fingerprint
    hint = "Send its fingerprint, or null for the newest."
    raise ApiError(400, "bad_body", f"table is {repr(fingerprint)[:80]}", hint)
