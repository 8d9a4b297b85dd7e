"""The sentence names the step that settled a request: a dependency, a model, a middleware, a converter."""

import dataclasses
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path as FilePath
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from inspector.model import State
from inspector.panels.answer import answer_exchange
from inspector.panels.timeline import timeline_panel
from miniframework import (
    App,
    Depends,
    HTTPException,
    JSONResponse,
    Path,
    Query,
    RedirectResponse,
    Request,
    Response,
    StreamingResponse,
    WebSocket,
    WebSocketException,
)
from miniframework.security import APIKeyHeader
from miniframework.staticfiles import StaticFiles
from miniframework.types import ASGIApp, Receive, Scope, Send

Record = Callable[..., Any]
ROOT = FilePath(__file__).parent


class SoldOut(Exception):
    """What a handler of the application answers."""


class Item(BaseModel):
    name: str


class Filters(BaseModel):
    limit: int = Field(10, le=100)


class StripsVersion:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/v1/"):
            scope = {**scope, "path": scope["path"].removeprefix("/v1")}
        await self.app(scope, receive, send)


def find_book() -> None:
    raise SoldOut("emma")


def connect() -> None:
    raise OSError("no database\n\nThe server said:\n  nothing")


def refuse_guest() -> None:
    raise HTTPException(403, "not you")


def make_app() -> App:
    app = App()
    app.add_middleware(StripsVersion)

    @app.exception_handler(SoldOut)
    async def answer_sold_out(request: Request, error: Exception) -> Response:
        return JSONResponse({"sold_out": str(error)}, 409)

    @app.get("/key")
    async def key(key: Annotated[str, Depends(APIKeyHeader(name="x-key"))]) -> str:
        return key

    @app.get("/sold", dependencies=[Depends(find_book)])
    async def sold() -> None: ...

    @app.get("/gone")
    async def gone() -> None:
        raise SoldOut("emma")

    @app.get("/stored", dependencies=[Depends(connect)])
    async def stored() -> None: ...

    @app.get("/misfit", response_model=Item)
    async def misfit() -> Any:
        return {"title": "Emma"}

    @app.get("/breaks")
    async def breaks() -> StreamingResponse:
        async def content() -> AsyncIterator[str]:
            yield "one"
            raise ValueError("no more")

        return StreamingResponse(content())

    @app.get("/parsed")
    async def parsed() -> None:
        json.loads("{")

    @app.get("/moved")
    async def moved() -> Response:
        return RedirectResponse("/books/8")

    @app.get("/items/{item_id}/{kind}")
    async def item(item_id: Annotated[int, Path(ge=1)], kind: int) -> None: ...

    @app.get("/find")
    async def find(filters: Annotated[Filters, Query()]) -> None: ...

    @app.get("/books/{book_id}")
    async def book(book_id: int) -> None: ...

    @app.get("/books/7")
    async def seven() -> None: ...

    @app.websocket("/denied")
    async def denied(websocket: WebSocket) -> None:
        await websocket.send_denial_response(JSONResponse({"sorry": True}, 451))

    @app.websocket("/policy")
    async def policy(websocket: WebSocket) -> None:
        raise WebSocketException(1008, "members only")

    @app.websocket("/broken")
    async def broken(websocket: WebSocket) -> None:
        await websocket.accept()
        raise ValueError("no more")

    app.mount("/static", StaticFiles(directory=ROOT))
    app.frontend("/front", directory=ROOT)

    @app.websocket("/guarded", dependencies=[Depends(refuse_guest)])
    async def guarded(websocket: WebSocket) -> None: ...

    return app


CASES = {
    "a dependency that refuses": (
        "/key",
        ["401 before key (", "the dependency APIKeyHeader answered, “Not authenticated”"],
    ),
    "a dependency whose exception has a handler": (
        "/sold",
        [
            "409 before sold (",
            "the dependency find_book raised SoldOut, which the exception handler answer_sold_out answered",
        ],
    ),
    "an endpoint whose exception has a handler": (
        "/gone",
        ["409: gone (", "raised SoldOut: emma", "and the exception handler answer_sold_out answered 409"],
    ),
    "a dependency that fails, in its first words": (
        "/stored",
        ["500: the dependency connect of stored (", "raised OSError: no database, at test_answer_steps.py:"],
    ),
    "an answer that is not of its model": (
        "/misfit",
        ["500: what misfit (", "returned does not fit its response model: name: field required"],
    ),
    "a stream that breaks": (
        "/breaks",
        ["200, then broken off: the response had begun when ValueError: no more was raised", "after breaks"],
    ),
    "a number beyond its bound": (
        "/items/0/1",
        ["422: the path parameter item_id got “0”: input should be greater than or equal to 1."],
    ),
    "a text beside a number": (
        "/items/1/x",
        ["422: the path parameter kind must be int, got “x”: ", "wants int: {kind:int} lets routing decide."],
    ),
    "a field of a model": (
        "/find?limit=500",
        ["422: the query parameter limit got “500”: input should be less than or equal to 100."],
    ),
    "a redirect of the handler's own": (
        "/moved",
        ["307: moved (", "sends the client to /books/8; route ", "took it."],
    ),
    "an exception of a library, at the line that called it": (
        "/parsed",
        ["500: parsed (", "raised JSONDecodeError", ", at test_answer_steps.py:"],
    ),
    "a file that is not there": (
        "/static/none.txt",
        ["404 from inside mount ", "/static: it took the request, and StaticFiles found no file “none.txt”."],
    ),
    "a file": (
        f"/static/{__name__.rpartition('.')[2]}.py",
        ["200 from inside mount ", "StaticFiles answered for the file “test_answer_steps.py”."],
    ),
    "a file of a front end": (
        "/front/conftest.py",
        [
            "200: Frontend.respond (test_answer_steps.py:",
            "/front/{path:path}, took it under a condition, ",
            ": no route takes the path, with or without a slash at its end.",
        ],
    ),
    "the route of the path that is suggested": (
        "/bok/8",
        ["404: no route takes /bok/8; the nearest is route ", "/books/{book_id}: ", "Did you mean /books/8?"],
    ),
    "a path that a middleware changed": (
        "/v1/books/8",
        ["200: book (", "The routes were asked for /books/8: a middleware had changed the path."],
    ),
}


@pytest.mark.parametrize(("target", "expected"), CASES.values(), ids=CASES)
def test_the_step_that_settled_it_is_named(record: Record, target: str, expected: list[str]) -> None:
    said = record(make_app(), "GET", target).answer
    place = -1
    for part in expected:
        found = said.find(part, place + 1)
        assert found > place, f"{part!r} is missing, or out of order, in {said!r}"
        place = found
    assert "\n" not in said


@pytest.mark.parametrize("target", ["/items/0/1", "/books/7"])
def test_a_converter_that_would_take_the_text_too_is_not_advised(record: Record, target: str) -> None:
    assert ":int}" not in record(make_app(), "GET", target).answer


def test_what_is_suggested_below_a_mount_at_the_root_is_a_path(record: Record) -> None:
    inner, app = App(openapi_url=None), App(openapi_url=None)
    inner.get("/orders")(lambda: None)
    app.mount("/", inner)
    said = record(app, "GET", "/ordrs").answer
    assert "404: inside the mount / (route 1) no route takes /ordrs" in said
    assert said.endswith(" Did you mean /orders?")
    assert "is sent to" not in said
    assert "takes /orders." in record(app, "GET", "/orders/").answer


def test_a_method_that_files_do_not_answer_is_theirs_to_refuse(record: Record) -> None:
    said = record(make_app(), "POST", "/static/none.txt").answer
    assert "StaticFiles answers to GET and HEAD only, not to POST." in said


def test_a_stream_that_the_client_left_says_so(record: Record) -> None:
    seen = record(make_app(), "GET", "/books/8")
    left = dataclasses.replace(seen.exchange, state=State.DISCONNECTED)
    said = answer_exchange(left, seen.explanation, seen.table)
    assert "answered, and the client left before it had ended; route " in said


def test_a_socket_that_broke_says_where(record: Record) -> None:
    said = record(make_app(), "GET", "/broken", websocket=True).answer
    assert "0 frames, ended by ValueError: no more, at test_answer_steps.py:" in said


SOCKETS = {
    "a response of its own": ("/denied", "451: denied (", "refused the handshake with a response of its own"),
    "an exception": (
        "/policy",
        "403: policy (",
        "raised WebSocketException: 1008: members only, at test_answer",
    ),
    "a dependency": ("/guarded", "403: the dependency refuse_guest of guarded (", "refused the handshake"),
}


@pytest.mark.parametrize(("target", "who", "how"), SOCKETS.values(), ids=SOCKETS)
def test_who_refused_a_handshake_and_how_is_named(record: Record, target: str, who: str, how: str) -> None:
    said = record(make_app(), "GET", target, websocket=True).answer
    assert said.startswith(who)
    assert how in said


def test_an_exception_of_the_framework_stands_in_the_timeline_by_its_name(record: Record) -> None:
    lines = timeline_panel(record(make_app(), "GET", "/key").exchange)
    raised = next(line for line in lines if line["kind"] == "DependencyRaised")
    assert raised["label"] == "APIKeyHeader: HTTPException"


def test_a_layer_ends_though_what_stood_in_it_was_never_told_to_end(record: Record) -> None:
    seen = record(make_app(), "GET", "/misfit").exchange
    kept = tuple(moment for moment in seen.timeline if moment.kind != "EndpointFinished")
    lines = timeline_panel(dataclasses.replace(seen, timeline=kept))
    layer = next(line for line in lines if line["kind"] == "MiddlewareEntered")
    left = next(line for line in lines if line["kind"] == "MiddlewareLeft")
    assert layer["lasted_ms"] is not None
    assert left["depth"] == layer["depth"]
