"""What if: a table edited on trial, and what becomes of the recorded requests; no handler runs."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from inspector.analysis.check import check_table
from inspector.analysis.edits import BadEdit
from inspector.checking.errors import CheckFailedError
from inspector.checking.trial import is_safe, try_edits
from inspector.journal.protocol import MOST_EXCHANGES, Journal
from inspector.web.answers import ApiError, answer_json
from inspector.web.tables import Tables
from miniframework import Response, Router
from miniframework.routing.table import RouteTable

_KEPT = 8  # tables of which something is remembered; one is edited again and again

Answer = TypeVar("Answer")


class WhatIfApi:
    """Answers from the tables and the requests that the journal holds."""

    def __init__(self, journal: Journal, tables: Tables) -> None:
        self._journal = journal
        self._tables = tables
        self._findings = _Known(check_table)
        self._safe = _Known(is_safe)

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.post("/api/whatif")(self.ask)
        return router

    def ask(self, body: dict[str, Any]) -> Response:
        """Apply edits to a table and answer what would be different."""
        table = self._tables.table(_read_fingerprint(body))
        _, rows = self._journal.rows(MOST_EXCHANGES)
        try:
            found = try_edits(
                table,
                body.get("edits"),
                rows,
                requests_only=_read_requests_only(body),
                find_findings=self._findings.of,
                is_table_safe=self._safe.of,
            )
        except BadEdit as error:
            raise ApiError(400, "bad_edit", f"edit {error.number}: {error.problem}", error.way_out) from error
        except CheckFailedError as error:
            hint = (
                "The findings of the check name the slow patterns of the table; the edits may hold one too."
            )
            raise ApiError(503, "too_slow", str(error), hint) from error
        return answer_json(found)


class _Known(Generic[Answer]):
    """What is worked out of a table, remembered for the tables asked about last."""

    def __init__(self, work_out: Callable[[RouteTable], Answer]) -> None:
        self._work_out = work_out
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def of(self, table: RouteTable) -> Answer:
        """Give the answer for a table."""
        with self._lock:
            if table.fingerprint in self._answers:
                self._answers.move_to_end(table.fingerprint)
                return self._answers[table.fingerprint]
        answer = self._work_out(table)
        with self._lock:
            self._answers[table.fingerprint] = answer
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return answer


def _read_requests_only(body: Mapping[str, Any]) -> bool:
    wanted = body.get("requests_only", False)
    if isinstance(wanted, bool):
        return wanted
    hint = "Send true to have the recorded requests asked again and nothing proved, or leave it out."
    raise ApiError(400, "bad_body", f"requests_only is {repr(wanted)[:80]}", hint)


def _read_fingerprint(body: Mapping[str, Any]) -> str | None:
    fingerprint = body.get("table")
    if fingerprint is None or isinstance(fingerprint, str):
        return fingerprint
    hint = "Send its fingerprint, or null for the newest."
    raise ApiError(400, "bad_body", f"table is {repr(fingerprint)[:80]}", hint)
