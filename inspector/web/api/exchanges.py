"""The recorded exchanges: the rows of the list, one whole, its bodies, its explanation."""

from inspector.journal.codec import encode_exchange
from inspector.journal.protocol import Journal
from inspector.journal.rows import exchange_row
from inspector.model import Body, Exchange, HttpExchange
from inspector.panels.answer import answer_exchange
from inspector.panels.detail import exchange_detail
from inspector.panels.view import build_panels
from inspector.web.answers import ApiError, answer_json, parse_number
from inspector.web.tables import Tables
from miniframework import Request, Response, Router

MAX_ROWS = 2_000  # what a page begins with; more is asked for in steps
_SIDES = ("request", "response")


class ExchangesApi:
    """Reads the journal; its one write empties it."""

    def __init__(self, journal: Journal, tables: Tables) -> None:
        self._journal = journal
        self._tables = tables

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.get("/api/exchanges")(self.list_rows)
        router.get("/api/exchanges/{exchange_id}")(self.show)
        router.get("/api/exchanges/{exchange_id}/body/{side}")(self.download_body)
        router.get("/api/exchanges/{exchange_id}/explanation")(self.explain)
        router.get("/api/exchanges/{exchange_id}/record")(self.record)
        router.post("/api/clear")(self.clear)
        return router

    def list_rows(self, request: Request) -> Response:
        """Answer the newest rows; with `after`, those changed after that number, which fills a gap."""
        limit = parse_number(request, "limit", MAX_ROWS, at_most=MAX_ROWS)
        if "after" not in request.query_params:
            head, rows = self._journal.rows(limit)
            return answer_json({"rows": rows, "head": head})
        after = parse_number(request, "after", 0, at_most=2**63 - 1)
        changes = self._journal.read_after(after, limit)
        rows = [change.row for change in changes if change.row is not None]
        return answer_json({"rows": rows, "head": changes[-1].seq if changes else after})

    def show(self, exchange_id: str) -> Response:
        """Answer one exchange whole, with everything its panels show."""
        exchange = self._find(exchange_id)
        explained = self._tables.explain(exchange)
        explanation, table = (explained.explanation, explained.snapshot) if explained else (None, None)
        detail = exchange_detail(exchange, exchange_row(exchange, 0))
        panels = build_panels(exchange, explanation, table, explained.around if explained else None)
        return answer_json({"exchange": detail, "panels": panels})

    def record(self, exchange_id: str) -> Response:
        """Answer one exchange as the journal holds it, for programs: `inspector.journal.codec` reads it."""
        return answer_json(encode_exchange(self._find(exchange_id)))

    def download_body(self, exchange_id: str, side: str) -> Response:
        """Answer what was kept of a body, as bytes to save: nothing recorded is rendered on our origin."""
        exchange = self._find(exchange_id)
        body = find_body(exchange, side)
        disposition = f'attachment; filename="{side}-body.bin"'
        return Response(
            body.data,
            headers={"content-disposition": disposition, "x-inspector-complete": str(body.complete).lower()},
            media_type="application/octet-stream",
        )

    def explain(self, exchange_id: str) -> Response:
        """Answer every route's verdict, by the table of the time of recording, and one plain sentence."""
        exchange = self._find(exchange_id)
        explained = self._tables.explain(exchange)
        if explained is None:
            raise ApiError(
                404,
                "no_table",
                "the route table that was asked for this request is not known",
                "The application's routing cannot be seen, or its table is no longer in the journal.",
            )
        answer = answer_exchange(exchange, explained.explanation, explained.snapshot, explained.around)
        return answer_json({**explained.explanation.to_dict(), "answer": answer})

    def clear(self, body: dict[str, object]) -> Response:
        """Forget every exchange; answer the id of the log that begins."""
        self._journal.clear()
        return answer_json({"log": self._journal.bounds().log})

    def _find(self, exchange_id: str) -> Exchange:
        return find_exchange(self._journal, exchange_id)


def find_exchange(journal: Journal, exchange_id: str) -> Exchange:
    """Return an exchange. Raises ApiError when the journal does not hold it."""
    if exchange := journal.exchange(exchange_id):
        return exchange
    raise no_exchange(exchange_id)


def no_exchange(exchange_id: str) -> ApiError:
    """Return the error that the journal does not hold an exchange."""
    return ApiError(
        404,
        "not_found",
        f"no exchange {exchange_id[:80]!r}",
        "It may have been dropped by retention; reload the list.",
    )


def find_body(exchange: Exchange, side: str) -> Body:
    """Return the body of a side. Raises ApiError for a side that the exchange has not."""
    if side not in _SIDES:
        raise ApiError(404, "not_found", f"no side {side[:40]!r} (known: {', '.join(_SIDES)})")
    if side == "response":
        return exchange.response_body
    return exchange.request_body if isinstance(exchange, HttpExchange) else Body()
