"""The route table: in the order tried, asked about a path typed by hand, its patterns taken apart."""

from typing import Literal

from inspector.analysis.regex_view import view_regex
from inspector.journal.protocol import Document, Journal
from inspector.panels.answer_routing import answer_routing
from inspector.web.answers import ApiError, answer_json, parse_number, require_text
from inspector.web.hits import count_hits
from inspector.web.tables import Tables
from miniframework import Request, Response, Router

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
        router.get("/api/regex")(self.show_regex)
        return router

    def show(self, request: Request) -> Response:
        """Answer a table, the newest unless `table` names one, and how often its routes were taken."""
        snapshot = self._tables.snapshot(request.query_params.get("table"))
        _, rows = self._journal.rows(_ROWS_COUNTED)
        return answer_json({"table": snapshot, **count_hits(snapshot, rows)})

    def explain(self, request: Request) -> Response:
        """Answer every route's verdict on `method` and `path`; the method WEBSOCKET asks for a handshake."""
        method = require_text(request, "method")
        path = _read_path(require_text(request, "path"))
        protocol: Literal["http", "websocket"] = "http"
        if method.upper() == "WEBSOCKET":
            protocol, method = "websocket", "GET"
        table = self._tables.table(request.query_params.get("table"))
        explanation = table.explain(protocol, method, path)
        answer = answer_routing(explanation, self._tables.snapshot(table.fingerprint))
        return answer_json({**explanation.to_dict(), "answer": answer})

    def show_regex(self, request: Request) -> Response:
        """Answer the parse tree of a route's pattern, and how far `text` gets in it."""
        snapshot = self._tables.snapshot(request.query_params.get("table"))
        for mount in _read_indexes(request.query_params.get("mounts", "")):
            inner = _route_at(snapshot, mount)["table"]
            if inner is None:
                raise ApiError(404, "no_table", f"what is mounted by route {mount + 1} is not known")
            snapshot = inner
        require_text(request, "index")
        index = parse_number(request, "index", 0, at_most=_MAX_INDEX)
        text = request.query_params.get("text")
        route = _route_at(snapshot, index)
        return answer_json(view_regex(route, None if text is None else text[:_MAX_PATH]))


def _route_at(snapshot: Document, index: int) -> Document:
    routes: list[Document] = snapshot["routes"]
    if index >= len(routes):
        raise ApiError(404, "not_found", f"no route {index + 1} (the table has {len(routes)})")
    return routes[index]


def _read_indexes(text: str) -> list[int]:
    parts = [part for part in text.split(",") if part]
    if not all(part.isascii() and part.isdigit() and len(part) < 7 for part in parts):
        raise ApiError(400, "bad_parameter", f"mounts is {text[:40]!r}, not indexes with commas between them")
    return [int(part) for part in parts]


def _read_path(path: str) -> str:
    if len(path) > _MAX_PATH:
        raise ApiError(400, "bad_parameter", f"path is longer than {_MAX_PATH} characters")
    return path
