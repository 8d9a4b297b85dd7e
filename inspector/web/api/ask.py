"""The framework's own verdict: its router is asked in the process that serves it."""

import re

from inspector.web.answers import ApiError, answer_json, require_text
from inspector.web.api.commands import CommandDesk, answer_refusal
from miniframework import Request, Response, Router

_MAX_PATH = 4_096  # servers refuse longer request lines
_RAW_PATH = re.compile(r"/[!-~]*")
_HOST = re.compile(r"[!-~]{1,255}")


class AskApi:
    """Asks the real router where a request would go; no handler runs."""

    def __init__(self, desk: CommandDesk) -> None:
        self._desk = desk

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.get("/api/ask")(self.ask)
        return router

    async def ask(self, request: Request) -> Response:
        """Answer where `method` and `raw_path`, percent-encoded, would go; WEBSOCKET asks for a handshake.

        `host` is the Host header of the question; with `brief` our explanation is left out.
        """
        method, raw_path = require_text(request, "method"), require_text(request, "raw_path")
        if len(raw_path) > _MAX_PATH or not _RAW_PATH.fullmatch(raw_path):
            raise ApiError(
                400,
                "bad_parameter",
                f"raw_path is {raw_path[:40]!r}, not a percent-encoded path (at most {_MAX_PATH} long)",
                "Begin it with a slash; as part of the query it is encoded once more: %20 becomes %2520.",
            )
        host = request.query_params.get("host") or None
        if host is not None and not _HOST.fullmatch(host):
            raise ApiError(
                400, "bad_parameter", f"host is {host[:40]!r}, not a host", "Write it as in a Host header."
            )
        question = {"method": method, "raw_path": raw_path, "host": host}
        is_brief = request.query_params.get("brief") is not None
        answer = await self._desk.order("explain", {**question, "brief": is_brief})
        return answer_json(answer.body) if answer.ok else answer_refusal(answer.body)
