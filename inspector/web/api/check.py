"""What the check finds in a recorded route table."""

import threading
import time
from collections import OrderedDict

from inspector.analysis.errors import TooLargeError
from inspector.checking.errors import CheckFailedError
from inspector.checking.whole import check_whole
from inspector.journal.protocol import Document
from inspector.web.answers import answer_json
from inspector.web.tables import Tables
from miniframework import Request, Response, Router
from miniframework.routing.table import RouteTable

_KEEP = 16  # answers in memory; each reload with a changed route makes one


class CheckApi:
    """Checks each table once, in a thread of its own; whoever asks meanwhile waits for the same answer."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Document] = OrderedDict()

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.get("/api/check")(self.show)
        return router

    def show(self, request: Request) -> Response:
        """Answer what is wrong with a table, the newest unless `table` names one."""
        table = self._tables.table(request.query_params.get("table"))
        with self._lock:
            known = self._known.get(table.fingerprint)
            if known is None:
                known = self._known[table.fingerprint] = _check(table)
                while len(self._known) > _KEEP:
                    self._known.popitem(last=False)
        return answer_json(known)


def _check(table: RouteTable) -> Document:
    started = time.perf_counter()
    failed, findings = None, []
    try:
        findings = check_whole(table)
    except (TooLargeError, CheckFailedError) as error:
        failed = str(error)
    return {
        "table": table.fingerprint,
        "findings": [finding.to_dict() for finding in findings],
        "took_ms": round((time.perf_counter() - started) * 1_000, 1),
        "failed": failed,
    }
