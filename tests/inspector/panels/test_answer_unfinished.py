"""What is said where something is missing: an end, an answer, a table, a route behind a mount."""

from dataclasses import replace
from typing import Any

import pytest

from inspector.model import Parameter, SocketExchange, State
from inspector.panels.answer import answer_exchange, answer_routing
from inspector.panels.answer_elsewhere import say_elsewhere
from inspector.panels.detail import exchange_detail
from inspector.panels.hints import find_odd_path
from inspector.panels.request import request_panel
from inspector.panels.why import path_spans
from miniframework import App, WebSocket
from miniframework.types import Receive, Scope, Send
from tests.inspector.panels.conftest import Record, Seen


async def foreign(scope: Scope, receive: Receive, send: Send) -> None:
    """An application of which nothing is known; it refuses handshakes by returning."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def make_app() -> App:
    app = App(openapi_url=None)
    app.get("/books/{number:int}")(lambda number: number)
    app.post("/books")(lambda: None)
    app.get("/books")(lambda: None)

    @app.websocket("/ws/{room}")
    async def chat(websocket: WebSocket, room: str) -> None:
        await websocket.accept("chat")
        await websocket.send_text("hi")
        await websocket.close(3001, "so long")

    app.mount("/files", foreign)
    return app


def say(seen: Seen, **changes: Any) -> str:
    return answer_exchange(replace(seen.exchange, **changes), seen.explanation, seen.table)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("GET", "The Allow header sent says GET; the routes say GET, HEAD, POST."),
        ("", "The Allow header sent says nothing; the routes say GET, HEAD, POST."),
        ("get,HEAD , POST", None),
    ],
)
def test_an_allow_header_that_says_otherwise_is_told(record: Record, sent: str, said: str | None) -> None:
    answer = say(record(make_app(), "PUT", "/books"), response_headers=(("Allow", sent),))
    assert ("The Allow header sent" in answer) is (said is not None)
    assert said is None or answer.endswith(said)


def test_a_stream_that_goes_on_says_so(record: Record) -> None:
    said = say(record(make_app(), "GET", "/books"), state=State.STREAMING, duration_ns=None)
    assert said.startswith("200, still streaming: ")


def test_who_refused_before_the_endpoint_is_not_invented(record: Record) -> None:
    said = say(record(make_app(), "GET", "/books"), status=403, timeline=())
    assert "routing worked, a dependency or middleware answered" in said


def test_a_value_of_a_parameter_that_is_not_known_came_nowhere(record: Record) -> None:
    exchange = record(make_app(), "GET", "/books?page=1").exchange
    known = Parameter(
        name="page", alias="page", source="header", raw=None, declared_type="int", converter="int",
        value=None, value_type=None, default_used=False, problem="Field required",
    )  # fmt: skip
    problem = {"type": "missing", "loc": ["header", "page"]}
    assert say_elsewhere(problem, exchange) == ""
    assert "The query has page" in say_elsewhere(problem, replace(exchange, parameters=(known,)))


def test_what_stands_behind_an_unknown_mount_is_not_known() -> None:
    table = make_app().table
    said = answer_routing(table.explain("http", "GET", "/files/a.css"), table.snapshot())
    assert said == "Mount 5, /files, takes it; the routes of what is mounted there are not known here."


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("GET", "/books", "the endpoint answers: "),
        ("PUT", "/books", "allowed: GET, HEAD, POST."),
        ("POST", "/books/x", "no route takes /books/x"),
        ("PUT", "/books/7", "allowed: GET, HEAD."),
    ],
)
def test_without_the_table_the_sentence_says_what_the_explanation_knows(
    method: str, path: str, said: str
) -> None:
    assert said in answer_routing(make_app().table.explain("http", method, path), None)


SOCKETS: dict[str, tuple[dict[str, Any], str]] = {
    "closed": ({}, "1 frame, closed by the application with 3001, “so long”."),
    "still open": ({"closed_by": None, "duration_ns": None}, "1 frame, still open."),
    "ended": ({"closed_by": None}, "1 frame, ended without a close."),
    "not answered": (
        {"accepted": False, "status": None, "state": State.PENDING},
        "The handshake is not answered yet.",
    ),
    "wrong values": (
        {
            "accepted": False,
            "status": None,
            "problems": ({"type": "int_parsing", "loc": ["query", "n"], "msg": "Not a number"},),
        },
        "403: ",
    ),
}


@pytest.mark.parametrize(("changes", "said"), SOCKETS.values(), ids=SOCKETS)
def test_how_far_a_connection_came_is_said(record: Record, changes: dict[str, Any], said: str) -> None:
    seen = record(make_app(), "GET", "/ws/a", websocket=True)
    answer = say(seen, **changes)
    assert said in answer
    assert ("Not a number" in answer or "not a number" in answer) is bool(changes.get("problems"))


def test_a_handshake_that_an_unknown_application_refused_is_told_with_its_code(record: Record) -> None:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.close", "code": 4401, "reason": "who"})

    seen = record(refuse, "GET", "/x", websocket=True)
    assert seen.answer == "403: the application refused the handshake (code 4401, “who”)."


def test_the_head_of_a_connection_says_how_it_went(record: Record) -> None:
    exchange = record(make_app(), "GET", "/ws/a", websocket=True).exchange
    assert isinstance(exchange, SocketExchange)
    assert exchange_detail(exchange, {})["socket"] == {
        "accepted": True,
        "subprotocol": "chat",
        "closed_by": "application",
        "close_code": 3001,
        "close_reason": "so long",
        "frame_count": 1,
    }


@pytest.mark.parametrize(
    ("path", "raw_path", "hint"),
    [
        ("/a ", "/a%20", "The path begins or ends with a space."),
        ("/a b", "/a%20b", None),
        (
            "/a\n",
            "/a%0A",
            "The path holds an encoded line break (%0A), which a {name:path} parameter does not take.",
        ),
        ("/a//b", "/a//b", "The path holds an empty segment (“//”)."),
    ],
)
def test_what_is_odd_about_a_path_is_said(path: str, raw_path: str, hint: str | None) -> None:
    assert find_odd_path(path, raw_path) == hint


@pytest.mark.parametrize(
    ("client", "shown"),
    [
        (None, None),
        (("127.0.0.1", 50000), "127.0.0.1:50000"),
        (("::1", 50000), "[::1]:50000"),
        (("/run/app.sock", None), "/run/app.sock"),
    ],
)
def test_an_address_is_shown_as_it_is_written(
    record: Record, client: tuple[str, int | None] | None, shown: str | None
) -> None:
    exchange = record(make_app(), "GET", "/books").exchange
    view = request_panel(replace(exchange, scope=replace(exchange.scope, client=client)))
    assert view["client"] == shown


def test_a_parameter_whose_place_is_not_known_has_no_span(record: Record) -> None:
    exchange = record(make_app(), "GET", "/books/7").exchange
    (step,) = exchange.steps
    assert [span["text"] for span in path_spans(exchange, ())] == ["7"]
    for lost in (replace(step, path="/other"), replace(step, spans=())):
        assert path_spans(replace(exchange, steps=(lost,)), ()) == []
