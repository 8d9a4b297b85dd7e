"""Replays: asked of the process that serves the application, and the difference they make."""

import asyncio
from collections.abc import Callable
from typing import Any

from inspector.journal.protocol import Journal
from inspector.model import Exchange
from inspector.replay.difference import Difference, compare_exchanges
from inspector.web.answers import ApiError, answer_json, require_text
from inspector.web.api.commands import CommandDesk, answer_refusal
from inspector.web.api.exchanges import find_exchange
from miniframework import Request, Response, Router

Settle = Callable[[Exchange, Exchange], Difference]


class ReplaysApi:
    """Has replays run where the request was served: that process alone knows what redaction took out.

    `settle` compares by what is kept of a pinned exchange, too.
    """

    def __init__(self, journal: Journal, desk: CommandDesk, *, settle: Settle = compare_exchanges) -> None:
        self._journal = journal
        self._desk = desk
        self._settle = settle

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.post("/api/replays")(self.replay)
        router.get("/api/difference")(self.difference)
        return router

    async def replay(self, body: dict[str, Any]) -> Response:
        """Run a recorded request again, edited or not; answer the new exchange's id, or why not."""
        order = read_order(body)
        exchange = await asyncio.to_thread(find_exchange, self._journal, order["of"])
        answer = await self._desk.order("replay", order, rather=exchange.worker)
        return answer_json(answer.body, 201) if answer.ok else answer_refusal(answer.body)

    def difference(self, request: Request) -> Response:
        """Answer what differs between two exchanges, layer by layer."""
        left = find_exchange(self._journal, require_text(request, "left"))
        right = find_exchange(self._journal, require_text(request, "right"))
        return answer_json(self._settle(left, right).to_dict())


def read_order(body: dict[str, Any]) -> dict[str, Any]:
    """Return `of`, `edit` and `confirm` as a replay command holds them. Raises ApiError for anything else."""
    match body:
        case {"of": str(exchange_id)}:
            pass
        case _:
            raise ApiError(400, "bad_body", "the body names no exchange to replay", 'Send {"of": id}.')
    edit, confirm = body.get("edit") or {}, body.get("confirm", False)
    if not isinstance(edit, dict) or not isinstance(confirm, bool):
        raise ApiError(
            400,
            "bad_body",
            "edit is no object, or confirm is not true or false",
            'Send {"of", "edit", "confirm"}.',
        )
    return {"of": exchange_id, "edit": edit, "confirm": confirm}
