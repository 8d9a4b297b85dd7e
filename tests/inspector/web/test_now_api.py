"""What a recorded request would get now: all that was recorded of it counts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from inspector import Inspector
from inspector.journal.memory import MemoryJournal
from inspector.replay.edit import RequestEdit
from inspector.web.now import ask_now
from miniframework import App
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Receive, Scope, Send
from tests.inspector.web.serving import make_exchange, wait_until_told
from tests.inspector.web.test_api import Desk

HOST = "http://127.0.0.1:8000"


def make_native() -> App:
    api, app = App(openapi_url=None), App(openapi_url=None)

    @api.get("/things/{n:int}")
    def get_thing(n: int) -> int:
        return n

    @app.get("/books/{n:int}")
    def get_book(n: int) -> int:
        return n

    app.host("api.example.org", api)
    return app


@pytest.fixture
def desk(serve: Callable[[ASGIApp], Desk]) -> Desk:
    return serve(make_native())


@pytest.fixture
def serve() -> Iterator[Callable[[ASGIApp], Desk]]:
    opened: list[Iterator[Desk]] = []

    def open_desk(app: ASGIApp) -> Desk:
        opened.append(_desk(app))
        return next(opened[-1])

    yield open_desk
    for one in opened:
        next(one, None)


def _desk(app: Any) -> Iterator[Desk]:
    journal = MemoryJournal()
    inspector = Inspector(app, journal=journal)
    with TestClient(inspector, base_url=HOST) as client:
        wait_until_told(journal)
        yield Desk(client, app, inspector, journal)


def record(desk: Desk, method: str, path: str, **headers: str) -> str:
    """Send a request, and return the id under which it is recorded."""
    return desk.record(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})


def now(desk: Desk, exchange_id: str, **edit: Any) -> Any:
    return desk.post(f"api/exchanges/{exchange_id}/now", {"edit": edit}, 200)


def test_a_request_for_a_host_is_asked_for_that_host(desk: Desk) -> None:
    of = record(desk, "GET", "/things/7", host="api.example.org")
    told = now(desk, of)
    assert (told["fate"], told["host"]) == ("taken", "api.example.org")
    assert told["router"]["route"]["number"] == "1.1"
    assert "takes it with n = 7" in told["answer"]


def test_another_host_in_the_edit_is_another_question(desk: Desk) -> None:
    of = record(desk, "GET", "/things/7", host="api.example.org")
    told = now(desk, of, headers=[["host", "www.example.org"]])
    assert told["fate"] == "missed"
    assert told["answer"].startswith("Not found: no route takes /things/7")


def test_a_method_and_a_path_that_are_typed_count(desk: Desk) -> None:
    of = record(desk, "GET", "/books/7")
    assert now(desk, of, path="/books/sev%65n?full=1")["fate"] == "missed"
    assert now(desk, of, method="POST")["answer"].startswith("Method not allowed: ")
    assert now(desk, of, path="/books/8")["answer"].endswith("takes it with n = 8.")


def test_a_path_that_cannot_be_sent_says_so(desk: Desk) -> None:
    told = now(desk, record(desk, "GET", "/books/7"), path="books/7")
    assert told["fate"] == "unknown"
    assert "does not start with a slash" in told["answer"]


def test_a_handshake_is_asked_as_a_handshake(serve: Callable[[ASGIApp], Desk]) -> None:
    app = App(openapi_url=None)
    app.get("/room")(lambda: "")

    desk = serve(app)
    with pytest.raises(Exception, match="403"), desk.client.websocket_connect("/room"):
        pass
    record(desk, "GET", "/elsewhere")  # by when the handshake is recorded, too
    [of] = [row["id"] for row in desk.journal.rows(5)[1] if row["kind"] == "websocket"]
    assert "has this path over HTTP" in now(desk, of)["answer"]


def test_what_a_middleware_made_of_the_path_is_asked(serve: Callable[[ASGIApp], Desk]) -> None:
    app = make_native()

    class Unversioned:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                scope = {**scope, "path": scope["path"].removeprefix("/v1")}
            await self.app(scope, receive, send)

    app.add_middleware(Unversioned)
    desk = serve(app)
    of = record(desk, "GET", "/v1/books/7")
    told = now(desk, of)
    assert told["fate"] == "taken"
    assert told["answer"].endswith("A middleware had made /books/7 of its path.")
    other = now(desk, of, path="/v1/books/8")
    assert other["fate"] == "unknown"
    assert "what it makes of this one is not known. As it stands: Not found" in other["answer"]


def test_a_secret_in_the_path_is_neither_asked_nor_told(serve: Callable[[ASGIApp], Desk]) -> None:
    app = App(openapi_url=None)
    app.get("/reset/{token}")(lambda token: token)
    desk = serve(app)
    secret = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLXRoaXM"
    of = record(desk, "GET", f"/reset/{secret}")
    told = now(desk, of)
    assert (told["fate"], told["router"]) == ("unknown", None)
    assert secret not in str(told)


def test_the_root_path_of_the_server_is_taken_off() -> None:
    recorded = make_exchange(1)
    scope = replace(recorded.scope, path="/shop/items/1", raw_path="/shop/items/1", root_path="/shop")
    table = make_native().table.snapshot()
    for edit, path in (
        (RequestEdit(), "/items/1"),
        (RequestEdit(target="/shop/items/2?x=/shop"), "/items/2"),
        (RequestEdit(target="/elsewhere"), "/elsewhere"),
    ):
        question = ask_now(replace(recorded, scope=scope), edit, table)
        assert question.asked == ("http", "GET", path)
        assert (question.routed, question.is_remade) == (None, False)
