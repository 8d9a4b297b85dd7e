"""An application that makes its routes when it is started, when it is called first, or while it serves."""

import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from inspector import Inspector
from inspector.journal.memory import MemoryJournal
from inspector.wiring import parts
from inspector.wiring.asking import NotAsked, RouterQuestions
from inspector.wiring.finding import ServedRouting
from inspector.wiring.foreign_routing import ForeignRouting
from miniframework import App
from miniframework.testing import TestClient
from miniframework.types import Receive, Scope, Send
from tests.inspector.inspection.test_recording import Recorded
from tests.inspector.inspection.tiny_framework import TinyAdapter, TinyApp, listed
from tests.inspector.web.serving import DEADLINE_S

BASE_URL = "http://127.0.0.1:8000"


class Made:
    """Makes the application behind it when it is called first, with or without a lifespan."""

    def __init__(self) -> None:
        self.kept: App | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.kept is None:
            self.kept = App(openapi_url=None)
            self.kept.get("/hello/{name}", name="hello")(lambda name: name)
        await self.kept(scope, receive, send)


def eventually(look: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + DEADLINE_S
    while not (seen := look()):
        assert time.monotonic() < deadline, "it never came"
    return seen


def finished(journal: MemoryJournal) -> list[dict[str, Any]]:
    return [row for row in journal.rows(100)[1] if row["state"] == "complete"]


@pytest.mark.parametrize(
    "with_lifespan", [True, False], ids=["when it is started", "when it is called first"]
)
def test_an_application_that_makes_itself_late_is_recorded_with_its_routes(with_lifespan: bool) -> None:
    journal = MemoryJournal()
    client = TestClient(Inspector(Made(), journal=journal), base_url=BASE_URL)
    if with_lifespan:
        with client:
            assert client.get("/hello/ann").status_code == 200
    else:
        assert client.get("/hello/ann").status_code == 200
    [row] = eventually(lambda: finished(journal))
    assert (row["routing"], row["route"]["name"], row["params"][0][:2]) == (
        "matched",
        "hello",
        ["name", "ann"],
    )


def test_its_table_is_told_once_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_LOOK_S", 0.01)
    monkeypatch.setattr(parts, "_SETTLED_AFTER", 1)
    journal = MemoryJournal()
    app = Made()
    with TestClient(Inspector(app, journal=journal), base_url=BASE_URL) as client:
        client.get("/hello/ann")
        [first] = eventually(lambda: [one for one in journal.status() if one.fidelity])
        assert (first.recording, first.framework, first.fidelity) == ("full", "miniframework", "1 of 1 agree")
        assert app.kept is not None
        app.kept.get("/bye/{name}")(lambda name: name)
        [then] = eventually(lambda: [one for one in journal.status() if one.fidelity == "2 of 2 agree"])
    table = journal.table(then.table or "")
    assert table is not None
    assert [route["path"] for route in table["routes"]] == ["/hello/{name}", "/bye/{name}"]
    assert then.table != first.table


def test_routes_that_the_lifespan_adds_are_in_the_first_table() -> None:
    @asynccontextmanager
    async def life(app: App) -> Any:
        app.get("/late")(lambda: "late")
        yield

    journal = MemoryJournal()
    with TestClient(Inspector(App(openapi_url=None, lifespan=life), journal=journal), base_url=BASE_URL):
        [status] = eventually(journal.status)
        table = journal.table(status.table or "")
    assert table is not None
    assert [route["path"] for route in table["routes"]] == ["/late"]


def test_a_question_that_came_too_early_is_answered_later() -> None:
    app = Made()
    questions = RouterQuestions(app)
    with pytest.raises(NotAsked):
        questions.ask("GET", "/hello/ann")
    app.kept = App(openapi_url=None)
    app.kept.get("/hello/{name}")(lambda name: name)
    assert questions.ask("GET", "/hello/ann")["outcome"] == "match"


def test_an_unknown_application_is_looked_into_now_and_then_only() -> None:
    now = [0.0]
    app = Made()
    routing = ServedRouting(app, clock=lambda: now[0])
    app.kept = App(openapi_url=None)
    assert routing.find() is None, "it was looked into just now"
    now[0] = 0.2
    found = routing.find()
    assert found is not None
    assert routing.find() is found


def test_an_application_of_ours_needs_no_reader() -> None:
    assert ServedRouting(App()).reader is None


def test_the_routes_are_read_anew_for_a_small_share_of_the_time() -> None:
    adapter, now = Slow(), [0.0]
    adapter.clock = now
    routing = ForeignRouting(adapter, clock=lambda: now[0])
    first = routing.look_when_due()
    read = adapter.read
    for _ in range(100_000):
        now[0] += 0.1
        assert routing.look_when_due() is first
    assert 0 < (adapter.read - read) * adapter.takes_s <= now[0] / 200


def test_a_route_that_is_met_all_the_time_and_never_found_costs_little() -> None:
    adapter, now = Slow(), [0.0]
    adapter.clock = now
    routing = ForeignRouting(adapter, clock=lambda: now[0])
    never = listed("/never")
    for _ in range(10_000):
        now[0] += 0.1
        assert routing.locate((never,)) is None
    assert adapter.read * adapter.takes_s < now[0] / 20


class Slow(TinyAdapter):
    """Takes a while to read its routes."""

    clock: list[float]
    takes_s = 0.05

    def __init__(self) -> None:
        super().__init__(routes_listed=(listed("/a"),))
        self.read = 0

    def routes(self) -> Any:
        self.read += 1
        self.clock[0] += self.takes_s
        return super().routes()


def test_a_route_of_another_framework_is_known_with_the_first_request_that_it_takes() -> None:
    adapter = Named(routes_listed=(listed("/a"),))
    recorded = Recorded(adapter, TinyApp(adapter))
    assert recorded.call("/a").steps[0].template == "/a"
    adapter.routes_listed += (listed("/b"),)
    assert recorded.call("/b").steps[0].template == "/b"


class Named(TinyAdapter):
    """Finds in a scope what it knew of when its routes were read last."""

    known: tuple[Any, ...] = ()

    def routes(self) -> Any:
        self.known = self.routes_listed
        return self.known

    def find_taken(self, scope: Any) -> Any:
        way = scope.get("route", ())
        return way if set(map(id, way)) <= set(map(id, self.known)) else ()
