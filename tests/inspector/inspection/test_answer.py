"""The sentence on a foreign exchange claims no step that nobody saw."""

import contextlib
import dataclasses
import json

import pytest

from inspector.adapters.adapter import HostRule
from inspector.model import Exchange
from inspector.panels.answer import answer_exchange
from inspector.web.tables import Tables
from miniframework.routing.table import RouteTable
from miniframework.types import Receive, Scope, Send
from tests.inspector.inspection.test_recording import ROUTES, Recorded
from tests.inspector.inspection.tiny_framework import TinyAdapter, listed, mounted

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


def test_the_problems_of_a_422_are_read_from_the_answer() -> None:
    told = answer_to(422, PROBLEM)
    assert told.startswith(
        "422 before users_{user} ran, as the answer says: the path parameter user got “me”: input should be a"
        " valid integer."
    )


@pytest.mark.parametrize("detail", ["too much", [], [{"loc": "path", "msg": 1}], [7]])
def test_a_422_of_another_kind_may_be_the_endpoints(detail: object) -> None:
    assert answer_to(422, {"detail": detail}).startswith(
        "422 from users_{user} or from what stands before it"
    )


SHOP = HostRule(regex=r"shop\.example", sample="shop.example")
HOSTED = mounted("", listed("/offers"), condition="host shop.example", host=SHOP)


@pytest.mark.parametrize(
    ("path", "found", "expected"),
    [
        ("/offers", True, "mount 1, host shop.example, passed it on, and its route 1, /offers, took it"),
        ("/ann", False, "inside the mount host shop.example (route 1) no route takes /ann"),
    ],
)
def test_what_is_served_for_a_host_is_explained_for_that_host(path: str, found: bool, expected: str) -> None:
    adapter = TinyAdapter(routes_listed=(HOSTED, listed("/{user}")))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if found:
            scope["route"] = (HOSTED, *(HOSTED.inner or ()))
        await send({"type": "http.response.start", "status": 200 if found else 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    recorded = Recorded(adapter, app)
    exchange = recorded.call(path, headers=[(b"host", b"shop.example:8000")])
    explained = Tables(recorded.journal).explain(exchange)
    assert explained is not None
    assert expected in answer_exchange(exchange, explained.explanation, explained.snapshot)
    elsewhere = dataclasses.replace(exchange, scope=dataclasses.replace(exchange.scope, headers=()))
    explained = Tables(recorded.journal).explain(elsewhere)
    assert explained is not None
    said = answer_exchange(elsewhere, explained.explanation, explained.snapshot)
    assert "says the application's own router. The picture of its routes" in said


def test_an_exception_is_not_said_to_have_come_before_the_endpoint() -> None:
    told = answer_to(0, None, raises=True)
    assert told.startswith("500: users_{user}, or what stands before it, raised RuntimeError: broken")
