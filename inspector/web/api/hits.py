"""How often the routes of a table were taken, apart from the table: asked again while requests come in."""

from inspector.journal.protocol import Journal
from inspector.web.answers import answer_json
from inspector.web.hits import count_hits
from inspector.web.tables import Tables
from miniframework import Request, Response, Router

_ROWS_COUNTED = 10_000  # the journal's own limit


class HitsApi:
    """Counts the newest requests of the journal."""

    def __init__(self, journal: Journal, tables: Tables) -> None:
        self._journal = journal
        self._tables = tables

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.get("/api/hits")(self.show)
        return router

    def show(self, request: Request) -> Response:
        """Answer hits by route, of the newest table unless `table` names one, and how many rows were read."""
        snapshot = self._tables.snapshot(request.query_params.get("table"))
        _, rows = self._journal.rows(_ROWS_COUNTED)
        return answer_json({**count_hits(snapshot, rows), "counted": len(rows)})
