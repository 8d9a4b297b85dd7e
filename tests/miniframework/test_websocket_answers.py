"""What becomes of an exception in a WebSocket endpoint, and of calls out of order."""

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import pytest

from miniframework import (
    App,
    BackgroundTasks,
    Depends,
    HTTPException,
    JSONResponse,
    Query,
    Request,
    RequestValidationError,
    Response,
    Router,
    StreamingResponse,
    WebSocket,
    WebSocketDisconnect,
    WebSocketException,
)
from miniframework.errors import ParameterError
from miniframework.http.connection import Connection
from miniframework.http.exceptions import WebSocketRequestValidationError
from miniframework.http.file import FileResponse
from miniframework.testclient import TestClient, WebSocketDenialResponse
from miniframework.websockets import WebSocketState
from tests.miniframework.asgi_driver import Wire, call, socket_scope

CONNECT = {"type": "websocket.connect"}
LEFT = {"type": "websocket.disconnect", "code": 1001, "reason": "away"}


class Odd(Exception): ...


def serve(endpoint: Any, path: str = "/ws", **options: Any) -> TestClient:
    app = App(**options)
    app.websocket(path)(endpoint)
    return TestClient(app)


def closing_of(client: TestClient, url: str = "/ws") -> tuple[int, str]:
    """Open the connection and give how it was closed or refused."""
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect(url) as session:
        session.receive_text()
    return caught.value.code, caught.value.reason


@pytest.mark.parametrize("accepts", [True, False])
def test_a_web_socket_exception_closes_with_its_code_and_reason(accepts: bool) -> None:
    async def endpoint(websocket: WebSocket) -> None:
        if accepts:
            await websocket.accept()
        raise WebSocketException(code=4003, reason="not today")

    assert closing_of(serve(endpoint)) == (4003, "not today")


def test_a_reason_is_cut_to_what_a_close_frame_holds() -> None:
    async def endpoint(websocket: WebSocket) -> None:
        raise WebSocketException(4000, "é" * 100)

    assert closing_of(serve(endpoint)) == (4000, "é" * 61)


def test_a_dependency_can_refuse_and_sees_what_the_endpoint_raised() -> None:
    seen: list[str] = []

    async def guard(token: Annotated[str | None, Query()] = None) -> AsyncIterator[str]:
        if token is None:
            raise WebSocketException(1008, "no token")
        try:
            yield token
        except Odd:
            seen.append("odd")
            raise
        finally:
            seen.append("closed")

    async def endpoint(websocket: WebSocket, token: Annotated[str, Depends(guard)]) -> None:
        await websocket.accept()
        raise Odd

    client = serve(endpoint)
    assert closing_of(client) == (1008, "no token")
    with pytest.raises(Odd), client.websocket_connect("/ws?token=x"):
        pass
    assert seen == ["odd", "closed"]


@pytest.mark.parametrize("is_async", [True, False])
def test_an_exception_handler_is_given_the_web_socket(is_async: bool) -> None:
    async def close(websocket: WebSocket, error: Odd) -> None:
        await websocket.close(4001, repr(error))

    def refuse(websocket: WebSocket, error: Odd) -> JSONResponse:
        return JSONResponse({"odd": websocket.url.path}, 409)

    async def endpoint(websocket: WebSocket) -> None:
        raise Odd

    client = serve(endpoint, exception_handlers={Odd: close if is_async else refuse})
    if is_async:
        assert closing_of(client) == (4001, "Odd()")
    else:
        with pytest.raises(WebSocketDenialResponse) as caught, client.websocket_connect("/ws"):
            pass
        assert (caught.value.status_code, caught.value.json()) == (409, {"odd": "/ws"})


def test_an_http_exception_after_the_accept_closes_with_1008() -> None:
    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        raise HTTPException(403, "members only")

    assert closing_of(serve(endpoint)) == (1008, "403: members only")


def test_a_parameter_problem_has_an_exception_and_a_handler_of_its_own() -> None:
    app, heard = App(), []

    @app.exception_handler(RequestValidationError)
    async def never(websocket: WebSocket, error: Exception) -> None:
        heard.append("the one for HTTP")

    @app.exception_handler(WebSocketRequestValidationError)
    async def close(websocket: WebSocket, error: WebSocketRequestValidationError) -> None:
        await websocket.close(4002, str(error.errors()[0]["loc"]))

    @app.websocket("/ws")
    async def endpoint(websocket: WebSocket, n: int) -> None: ...

    assert closing_of(TestClient(app), "/ws?n=x") == (4002, "('query', 'n')")
    assert heard == []


def test_what_a_dependency_cleans_up_after_sees_the_problem_of_a_handshake() -> None:
    app, seen = App(), list[type]()

    async def session() -> AsyncIterator[int]:
        try:
            yield 1
        except Exception as error:
            seen.append(type(error))
            raise

    @app.websocket("/ws")
    async def endpoint(websocket: WebSocket, n: int, s: Annotated[int, Depends(session)]) -> None: ...

    assert closing_of(TestClient(app), "/ws?n=x")[0] == 1008
    assert seen == [WebSocketRequestValidationError]


@pytest.mark.parametrize("subprotocol", ["a\r\nset-cookie: evil=1", "a\nb", "a\x00", "日本"])
def test_a_subprotocol_cannot_split_the_header_that_it_becomes(subprotocol: str) -> None:
    app = App()

    @app.websocket("/")
    async def choose(websocket: WebSocket) -> None:
        await websocket.accept(subprotocol=subprotocol)

    with pytest.raises(ValueError, match=r"header 'sec-websocket-protocol'|latin-1"):
        asyncio.run(call(app, socket_scope("/"), {"type": "websocket.connect"}))


def test_a_denial_is_a_whole_response_streamed_ones_too() -> None:
    async def endpoint(websocket: WebSocket) -> None:
        async def content() -> AsyncIterator[str]:
            yield "no "
            yield "way"

        await websocket.send_denial_response(StreamingResponse(content(), 402, {"X-Way": "out"}))

    with pytest.raises(WebSocketDenialResponse) as caught, serve(endpoint).websocket_connect("/ws"):
        pass
    refused = caught.value
    assert (refused.status_code, refused.text, refused.headers["x-way"]) == (402, "no way", "out")
    assert isinstance(refused, WebSocketDisconnect)


def test_a_file_can_be_the_denial(tmp_path: Path) -> None:
    (tmp_path / "why.txt").write_text("closed for today", encoding="utf-8")

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.send_denial_response(FileResponse(tmp_path / "why.txt", status_code=503))

    with pytest.raises(WebSocketDenialResponse) as caught, serve(endpoint).websocket_connect("/ws"):
        pass
    assert (caught.value.status_code, caught.value.text) == (503, "closed for today")


def test_a_denial_that_the_server_cannot_send_says_what_to_do() -> None:
    async def endpoint(websocket: WebSocket) -> None:
        with pytest.raises(RuntimeError, match=r"use close\(\)"):
            await websocket.send_denial_response(JSONResponse({}))

    app = App()
    app.websocket("/ws")(endpoint)
    wire = asyncio.run(call(app, socket_scope("/ws"), CONNECT))
    assert [one["type"] for one in wire.sent] == ["websocket.close"]


def test_raw_messages_come_and_go_as_asgi_has_them_and_the_states_follow() -> None:
    states: list[tuple[str, str]] = []

    async def main() -> None:
        wire = Wire([CONNECT, {"type": "websocket.receive", "text": "a"}, LEFT])
        websocket = WebSocket(socket_scope(), wire.receive, wire.send)

        def note() -> None:
            states.append((websocket.client_state.name, websocket.application_state.name))

        note()
        assert await websocket.receive() == CONNECT
        await websocket.send({"type": "websocket.accept"})
        note()
        assert (await websocket.receive())["text"] == "a"
        assert await websocket.receive() == LEFT
        note()
        with pytest.raises(RuntimeError, match="once a disconnect message has been received"):
            await websocket.receive()

    asyncio.run(main())
    assert states == [("CONNECTING",) * 2, ("CONNECTED",) * 2, ("DISCONNECTED", "CONNECTED")]


CLOSED: dict[str, Any] = {
    'Cannot call "send" once a close message has been sent': lambda one: one.send_text("x"),
    'Need to call "accept" first': lambda one: one.receive_text(),
    'Cannot call "send" once a close message': lambda one: one.close(),
}


@pytest.mark.parametrize("said", CLOSED)
def test_a_call_after_the_own_close_is_a_mistake(said: str) -> None:
    async def main() -> None:
        wire = Wire([CONNECT])
        websocket = WebSocket(socket_scope(), wire.receive, wire.send)
        await websocket.accept()
        await websocket.close()
        assert websocket.application_state is WebSocketState.DISCONNECTED
        with pytest.raises(RuntimeError, match=said):
            await CLOSED[said](websocket)
        assert [one["type"] for one in wire.sent] == ["websocket.accept", "websocket.close"]

    asyncio.run(main())


@pytest.mark.parametrize("mode", ["text", "binary"])
def test_json_goes_as_text_or_binary(mode: Any) -> None:
    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept(headers=[(b"x-raw", b"1")])
        await websocket.send_json({"got": await websocket.receive_json(mode)}, mode)
        with pytest.raises(RuntimeError, match='"text" or "binary"'):
            await websocket.send_json(1, mode="other")  # type: ignore[arg-type]

    with serve(endpoint).websocket_connect("/ws") as session:
        assert session.extra_headers == [(b"x-raw", b"1")]
        session.send_json(["é"], mode)
        assert session.receive_json(mode) == {"got": ["é"]}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (WebSocket.receive_text, {"bytes": b"1"}),
        (WebSocket.receive_bytes, {"text": "1"}),
        (WebSocket.receive_json, {"bytes": b"1", "text": None}),
        (lambda one: one.receive_json("binary"), {"text": "1", "bytes": None}),
    ],
    ids=["text", "bytes", "json", "binary json"],
)
def test_the_other_kind_of_message_is_no_quiet_surprise(call: Any, message: dict[str, Any]) -> None:
    async def main() -> None:
        wire = Wire([CONNECT, {"type": "websocket.receive", **message}])
        websocket = WebSocket(socket_scope(), wire.receive, wire.send)
        await websocket.accept()
        with pytest.raises(KeyError) as caught:
            await call(websocket)
        assert "the other kind of message" in caught.value.__notes__[0]

    asyncio.run(main())


def test_a_clients_close_frame_does_not_tell_where_our_code_stands() -> None:
    async def endpoint(websocket: WebSocket, n: int) -> None:
        await websocket.accept()

    with pytest.raises(WebSocketDisconnect) as caught, serve(endpoint).websocket_connect("/ws?n=x"):
        pass
    assert caught.value.reason.startswith("query.n: ")
    assert ".py" not in caught.value.reason
    assert "endpoint" not in caught.value.reason


def test_the_codes_default_to_a_normal_closure() -> None:
    assert (WebSocketDisconnect().code, WebSocketDisconnect().reason) == (1000, "")
    assert repr(WebSocketException(1008)) == "WebSocketException(code=1008, reason='')"


def test_a_route_is_declared_under_each_of_its_names() -> None:
    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(websocket.scope["route"].name)

    app, router = App(), Router(prefix="/r")
    app.websocket_route("/a", name="first")(endpoint)
    app.add_websocket_route("/b", endpoint)
    app.add_websocket_route(path="/b2", route=endpoint, name="second")
    router.add_api_websocket_route("/c", endpoint, name="third")
    app.include_router(router)
    names = []
    for path in ("/a", "/b", "/b2", "/r/c"):
        with TestClient(app).websocket_connect(path) as session:
            names.append(session.receive_text())
    assert names == ["first", "endpoint", "second", "third"]


def test_a_decorator_that_asks_for_both_protocols_is_given_what_there_is() -> None:
    def told_of_it(endpoint: Any) -> Any:
        async def given(**values: Any) -> Any:
            return await endpoint(values)

        asked = {"request": Request, "websocket": WebSocket}
        by_name = inspect.Parameter.KEYWORD_ONLY
        added = [inspect.Parameter(name, by_name, annotation=kind) for name, kind in asked.items()]
        given.__signature__ = inspect.Signature(added)  # type: ignore[attr-defined]  # as decorators do
        return given

    async def page(values: dict[str, Any]) -> list[str]:
        return list(values)

    async def talk(values: dict[str, Any]) -> None:
        await values["websocket"].accept()
        await values["websocket"].send_json(list(values))

    app = App()
    app.get("/page")(told_of_it(page))
    app.websocket("/ws")(told_of_it(talk))
    assert TestClient(app).get("/page").json() == ["request"]
    with TestClient(app).websocket_connect("/ws") as session:
        assert session.receive_json() == ["websocket"]


def test_a_decorator_that_wraps_what_asks_for_the_other_protocol_is_refused() -> None:
    def wrap(endpoint: Any) -> Any:
        @functools.wraps(endpoint)
        async def wrapped(**values: Any) -> Any:
            return await endpoint(**values)

        return wrapped

    async def talk(websocket: WebSocket) -> None: ...

    with pytest.raises(ParameterError, match="an HTTP route has no WebSocket"):
        App().get("/page")(wrap(talk))


def test_a_dependency_serves_both_protocols_and_is_given_what_there_is() -> None:
    async def kinds(request: Request = None, websocket: WebSocket = None) -> list[str]:  # type: ignore[assignment]
        return [type(request).__name__, type(websocket).__name__]

    async def both(tasks: BackgroundTasks, response: Response, connection: Connection) -> str:
        tasks.add_task(done.append, connection.url.path)
        response.headers["x-kind"] = connection.scope["type"]
        return connection.url.path

    app, done = App(), list[str]()

    @app.get("/page")
    async def page(a: Annotated[list[str], Depends(kinds)], b: Annotated[str, Depends(both)]) -> list[Any]:
        return [a, b]

    @app.websocket("/ws")
    async def talk(
        websocket: WebSocket, a: Annotated[list[str], Depends(kinds)], b: Annotated[str, Depends(both)]
    ) -> None:
        await websocket.accept()
        await websocket.send_json([a, b])

    client = TestClient(app)
    answer = client.get("/page")
    assert (answer.json(), answer.headers["x-kind"]) == ([["Request", "NoneType"], "/page"], "http")
    with client.websocket_connect("/ws") as session:
        assert session.receive_json() == [["NoneType", "WebSocket"], "/ws"]
        assert session.receive() == {"type": "websocket.close", "code": 1000, "reason": ""}
    assert done == ["/page", "/ws"]
