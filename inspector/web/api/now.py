"""Where a recorded request would go now, edited or not; no handler runs."""

import asyncio
from typing import Any

from inspector.journal.protocol import Document, Journal
from inspector.model import Exchange
from inspector.replay.edit import RequestEdit, parse_edit
from inspector.replay.refusal import ReplayRefused
from inspector.web.answers import ApiError, answer_json
from inspector.web.api.commands import CommandDesk
from inspector.web.api.exchanges import find_exchange
from inspector.web.now import NowQuestion, answer_now, ask_now, not_asked
from inspector.web.tables import Tables
from miniframework import Response, Router

_SOON_S = 3.0  # a page shows it beside what is typed; what the table says is there at once


class NowApi:
    """Asks the router with all that was recorded of a request, and the table where no process serves."""

    def __init__(self, journal: Journal, tables: Tables, desk: CommandDesk) -> None:
        self._journal = journal
        self._tables = tables
        self._desk = desk

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.post("/api/exchanges/{exchange_id}/now")(self.tell)
        return router

    async def tell(self, exchange_id: str, body: dict[str, Any]) -> Response:
        """Answer what would become of an exchange with `edit`, which is as that of a replay.

        `router` is the verdict of the router itself, null where it could not be asked. Of an edit that cannot
        be sent the answer says why not.
        """
        exchange = await asyncio.to_thread(find_exchange, self._journal, exchange_id)
        document = body.get("edit") or {}
        if not isinstance(document, dict):
            raise ApiError(400, "bad_body", "edit is no object", 'Send {"edit": {…}}.')
        try:
            edit = parse_edit(document)
        except ReplayRefused as refused:  # it is half typed
            return answer_json(not_asked(refused.refusal))
        question = await asyncio.to_thread(self._question, exchange, edit)
        verdict = None if question.is_hidden else await self._ask(exchange, document, question)
        return answer_json(await asyncio.to_thread(answer_now, self._tables, question, verdict))

    def _question(self, exchange: Exchange, edit: RequestEdit) -> NowQuestion:
        return ask_now(exchange, edit, self._tables.snapshot(None))

    async def _ask(self, exchange: Exchange, edit: Document, question: NowQuestion) -> Document | None:
        """The router's verdict, None where nobody serves, or its framework is not known."""
        body = {"of": exchange.id, "edit": edit, "routed": question.routed}
        try:
            async with asyncio.timeout(_SOON_S):
                answer = await self._desk.order("explain", body, rather=exchange.worker)
        except (ApiError, TimeoutError):
            return None
        return answer.body if answer.ok else None
