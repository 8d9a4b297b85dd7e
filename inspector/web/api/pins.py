"""Pins: exchanges that retention leaves alone."""

from inspector.errors import JournalFullError
from inspector.journal.protocol import Journal
from inspector.web.answers import ApiError, answer_json
from inspector.web.api.exchanges import no_exchange
from miniframework import Response, Router


class PinsApi:
    """Pins and unpins; a row says whether its exchange is pinned."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.post("/api/exchanges/{exchange_id}/pin")(self.pin)
        return router

    def pin(self, exchange_id: str, body: dict[str, object]) -> Response:
        """Exempt an exchange from retention, or no longer."""
        pinned = body.get("pinned")
        if not isinstance(pinned, bool):
            message = f"pinned is {str(pinned)[:40]!r}, not true or false"
            raise ApiError(400, "bad_body", message, 'Send {"pinned": true}.')
        try:
            is_held = self._journal.pin(exchange_id, pinned=pinned)
        except JournalFullError as full:
            raise ApiError(409, "too_many_pinned", str(full), "Unpin what is no longer needed.") from full
        if not is_held:
            raise no_exchange(exchange_id)
        return answer_json({"id": exchange_id, "pinned": pinned})
