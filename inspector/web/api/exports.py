"""Recorded requests in another tool's words."""

from inspector.exchange_files.export import FORMATS, export_one
from inspector.exchange_files.export_pytest import AppUnderTest
from inspector.exchange_files.export_request import ExportFormat, ExportRefused
from inspector.journal.protocol import Journal
from inspector.model import HttpExchange
from inspector.web.answers import ApiError, answer_json, require_text
from inspector.web.api.exchanges import find_exchange
from miniframework import Request, Response, Router


class ExportsApi:
    """Reads the journal. `is_importable`: what serving processes call their target, a test can import."""

    def __init__(self, journal: Journal, *, is_importable: bool) -> None:
        self._journal = journal
        self._is_importable = is_importable

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.get("/api/exchanges/{exchange_id}/export")(self.export)
        return router

    def export(self, request: Request, exchange_id: str) -> Response:
        """Answer one request in another tool's words; secrets stay redacted."""
        exchange = find_exchange(self._journal, exchange_id)
        form = _format(request)
        if form != "har" and not isinstance(exchange, HttpExchange):
            raise ApiError(
                409, "websocket", f"a WebSocket conversation cannot be written as {form}", "format=har can."
            )
        try:
            return answer_json({"text": export_one(exchange, form, self._app())})
        except ExportRefused as refused:
            raise ApiError(409, "not_exportable", refused.message, refused.way_out) from refused

    def _app(self) -> AppUnderTest:
        statuses = self._journal.status() if self._is_importable else []
        return AppUnderTest(text=statuses[-1].target if statuses else None)


def _format(request: Request) -> ExportFormat:
    wanted = require_text(request, "format")
    for known in FORMATS:
        if wanted == known:
            return known
    raise ApiError(400, "bad_parameter", f"format is {wanted[:40]!r}, not one of: {', '.join(FORMATS)}")
