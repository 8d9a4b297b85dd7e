"""The route table: in the order tried, asked about a path typed by hand."""

from dataclasses import replace

from inspector.journal.protocol import Journal
from inspector.panels.answer_routing import answer_routing
from inspector.panels.refusal import find_refusal
from inspector.panels.specificity import say_by_specificity
from inspector.web.answers import ApiError, answer_json, parse_number, require_text
from inspector.web.hits import count_hits
from inspector.web.host_tables import host_name
from inspector.web.tables import Tables
from miniframework import Request, Response, Router
from miniframework.routing.explaining.funnel import find_funnel
from miniframework.routing.match import Protocol_

_ROWS_COUNTED = 10_000  # the journal's own limit
_MAX_PATH = 4_096  # a path typed by hand; servers refuse longer request lines
_MAX_INDEX = 1_000_000


class RoutesApi:
    """Answers from the snapshots of tables that the journal holds."""

    def __init__(self, journal: Journal, tables: Tables) -> None:
        self._journal = journal
        self._tables = tables

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.get("/api/routes")(self.show)
        router.get("/api/explain")(self.explain)
        router.get("/api/funnel")(self.funnel)
        return router

    def show(self, request: Request) -> Response:
        """Answer a table, the newest unless `table` names one, and how often its routes were taken.

        It is made ready here, so that the first path that is typed is answered as fast as the next.
        """
        fingerprint = request.query_params.get("table")
        self._tables.table(fingerprint)
        snapshot = self._tables.snapshot(fingerprint)
        _, rows = self._journal.rows(_ROWS_COUNTED)
        return answer_json({"table": snapshot, **count_hits(snapshot, rows)})

    def explain(self, request: Request) -> Response:
        """Answer every route's verdict on `method` and `path`; the method WEBSOCKET asks for a handshake.

        `host` is the Host header of the question, for routes that are for some hosts only. With
        `limit`, at most so many verdicts, those to look at first; the others are counted.
        """
        protocol, method = _read_method(require_text(request, "method"))
        path = _read_path(require_text(request, "path"))
        has_limit = request.query_params.get("limit") is not None
        limit = parse_number(request, "limit", 0, at_most=_MAX_INDEX) if has_limit else None
        host = host_name(request.query_params.get("host") or "")
        snapshot, table = self._tables.for_host(request.query_params.get("table"), host)
        explanation = replace(table.explain(protocol, method, path), table=snapshot["fingerprint"])
        refusal = find_refusal(explanation)
        return answer_json(
            {
                **explanation.to_dict(limit),
                "refusal": None if refusal is None else refusal.to_dict(),
                "answer": answer_routing(explanation, snapshot),
                "specificity": say_by_specificity(explanation, snapshot),
            }
        )

    def funnel(self, request: Request) -> Response:
        """Answer how many routes are left after each character of `path`, and how it may go on.

        Without a method, routes of every HTTP method count.
        """
        protocol: Protocol_ = "http"
        method = request.query_params.get("method") or None
        if method is not None:
            protocol, method = _read_method(method)
        path = _read_path(require_text(request, "path"))
        table = self._tables.table(request.query_params.get("table"))
        found = find_funnel(table, protocol, method, path)
        return answer_json(
            {
                "table": table.fingerprint,
                "path": path,
                "steps": [{"at": at, "viable": count} for at, count in enumerate(found.viable)],
                "blind": found.blind,
                "next": {"at": found.at, "words": found.words, "completions": list(found.completions)},
            }
        )


def _read_method(method: str) -> tuple[Protocol_, str]:
    return ("websocket", "GET") if method.upper() == "WEBSOCKET" else ("http", method)


def _read_path(path: str) -> str:
    if len(path) > _MAX_PATH:
        raise ApiError(400, "bad_parameter", f"path is longer than {_MAX_PATH} characters")
    return path
