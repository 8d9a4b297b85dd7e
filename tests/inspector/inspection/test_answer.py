"""The sentence on a foreign exchange claims no step that nobody saw."""

import contextlib
import json

from inspector.model import Exchange
from inspector.panels.answer import answer_exchange
from miniframework.routing.table import RouteTable
from miniframework.types import Receive, Scope, Send
from tests.inspector.inspection.test_recording import ROUTES, Recorded
from tests.inspector.inspection.tiny_framework import TinyAdapter

PROBLEM = {
    "detail": [{"type": "int_parsing", "loc": ["path", "user"], "msg": "Input should be a valid integer"}]
}


def answer_to(status: int, document: object, *, raises: bool = False) -> str:
    adapter = TinyAdapter(routes_listed=ROUTES)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = ROUTES[:1]
        if raises:
            raise RuntimeError("broken")
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(document).encode()})

    recorded = Recorded(adapter, app)
    with contextlib.suppress(RuntimeError):
        recorded.call("/users/me")
    recorded.recorder.flush()
    exchange = recorded.newest()
    return say(recorded, exchange)


def say(recorded: Recorded, exchange: Exchange) -> str:
    [step] = exchange.steps
    snapshot = recorded.journal.table(step.table)
    assert snapshot is not None
    explanation = RouteTable.from_snapshot(snapshot).explain("http", exchange.scope.method, step.path)
    return answer_exchange(exchange, explanation, snapshot)


def test_an_answer_is_said_to_come_from_the_endpoint() -> None:
    assert answer_to(200, {}).startswith("200: users_{user} answered; route 1, /users/{user}, took it")


def test_whether_a_refusal_came_from_the_endpoint_is_not_claimed() -> None:
    told = answer_to(403, {"detail": "not yours"})
    assert told.startswith("403 from users_{user} or from what stands before it, “not yours”; route 1")


def test_the_first_problem_of_a_422_is_quoted() -> None:
    assert "“path.user: Input should be a valid integer”" in answer_to(422, PROBLEM)


def test_an_exception_is_not_said_to_have_come_before_the_endpoint() -> None:
    told = answer_to(0, None, raises=True)
    assert told.startswith("500: users_{user}, or what stands before it, raised RuntimeError: broken")
