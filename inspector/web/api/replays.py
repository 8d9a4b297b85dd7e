"""Replays: asked of the process that serves the application, and the difference they make."""

import asyncio
import uuid
from typing import Any

from inspector.journal.protocol import Command, Journal
from inspector.replay.difference import compare_exchanges
from inspector.web.answers import ApiError, answer_json, error_json, require_text
from inspector.web.api.exchanges import find_exchange
from miniframework import Request, Response, Router

# The serving process answers once the replay has begun; it claims a command within 50 ms.
_ANSWER_WITHIN_S = 10.0


class ReplaysApi:
    """Puts commands into the journal and waits for the answers of the serving process."""

    def __init__(self, journal: Journal, *, answer_within_s: float = _ANSWER_WITHIN_S) -> None:
        self._journal = journal
        self._answer_within_s = answer_within_s

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.post("/api/replays")(self.replay)
        router.get("/api/difference")(self.difference)
        return router

    async def replay(self, body: dict[str, Any]) -> Response:
        """Run a recorded request again, edited or not; answer the new exchange's id, or why not."""
        order = read_order(body)
        await asyncio.to_thread(find_exchange, self._journal, order["of"])
        self._require_running(await asyncio.to_thread(self._journal.status))
        command = Command(id=uuid.uuid4().hex, body=order)
        await asyncio.to_thread(self._journal.submit, command)
        answer = await self._journal.wait_answer(command.id, self._answer_within_s)
        if answer is None:
            raise _not_running(f"no serving process answered within {self._answer_within_s:g} s")
        if answer.ok:
            return answer_json(answer.body, 201)
        refusal = answer.body
        return answer_json(error_json(refusal["code"], refusal["message"], refusal["hint"]), 409)

    def difference(self, request: Request) -> Response:
        """Answer what differs between two exchanges, layer by layer."""
        left = find_exchange(self._journal, require_text(request, "left"))
        right = find_exchange(self._journal, require_text(request, "right"))
        return answer_json(compare_exchanges(left, right).to_dict())

    def _require_running(self, statuses: list[Any]) -> None:
        if not any(status.state == "running" for status in statuses):
            raise _not_running("the application is not running")


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


def _not_running(message: str) -> ApiError:
    hint = "Start it, or wait for its reload: a replay runs in the process that serves the application."
    return ApiError(409, "not_running", message, hint)
