"""What an endpoint asks of a request, told by the process that serves it."""

from inspector.web.answers import answer_json, parse_number, require_text
from inspector.web.api.commands import CommandDesk, answer_refusal
from inspector.web.api.regex import read_indexes
from miniframework import Request, Response, Router

_MAX_INDEX = 10**6


class PlanApi:
    """Asks for the plan of a route and the code made of it; no handler runs."""

    def __init__(self, desk: CommandDesk) -> None:
        self._desk = desk

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.get("/api/plan")(self.show)
        return router

    async def show(self, request: Request) -> Response:
        """Answer the parameters, the dependencies and the compiled code of a route of the table in force."""
        require_text(request, "index")
        where = {
            "table": require_text(request, "table"),
            "mounts": read_indexes(request.query_params.get("mounts", "")),
            "index": parse_number(request, "index", 0, at_most=_MAX_INDEX),
        }
        answer = await self._desk.order("plan", where)
        return answer_json(answer.body) if answer.ok else answer_refusal(answer.body)
