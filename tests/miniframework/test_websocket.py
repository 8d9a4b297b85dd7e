import asyncio
from typing import Annotated, Any

import pytest

from miniframework import App, Depends, HTTPException, Query, WebSocket, WebSocketDisconnect
from miniframework.testing import SocketRefused, TestClient
from miniframework.websockets import WebSocketClose
from tests.miniframework.asgi_driver import Wire, call, socket_scope

CONNECT = {"type": "websocket.connect"}
LEFT = {"type": "websocket.disconnect", "code": 1001, "reason": "away"}


def serve(endpoint: Any, path: str = "/ws") -> TestClient:
    app = App()
    app.websocket(path)(endpoint)
    return TestClient(app)


def test_text_bytes_and_json_go_both_ways() -> None:
    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept(subprotocol=websocket.subprotocols[1], headers={"X-A": "b"})
        await websocket.send_text((await websocket.receive_text()).upper())
        await websocket.send_bytes((await websocket.receive_bytes())[::-1])
        await websocket.send_json({"got": await websocket.receive_json()})
        await websocket.close(4000, "done")

    with serve(endpoint).websocket_connect("/ws", subprotocols=["a", "b"]) as session:
        assert session.accepted_subprotocol == "b"
        assert session.headers["x-a"] == "b"
        session.send_text("é")
        assert session.receive_text() == "É"
        session.send_bytes(b"abc")
        assert session.receive_bytes() == b"cba"
        session.send_json([1])
        assert session.receive_json() == {"got": [1]}
        with pytest.raises(WebSocketDisconnect) as caught:
            session.receive_text()
    assert (caught.value.code, caught.value.reason) == (4000, "done")


def test_parameters_and_dependencies_are_given_as_to_any_endpoint() -> None:
    async def user(token: Annotated[str, Query()]) -> str:
        return f"user of {token}"

    async def endpoint(websocket: WebSocket, room: int, who: Annotated[str, Depends(user)]) -> None:
        await websocket.accept()
        await websocket.send_json([room, who, websocket.path_params])

    with serve(endpoint, "/rooms/{room:int}").websocket_connect("/rooms/7?token=x") as session:
        assert session.receive_json() == [7, "user of x", {"room": 7}]


def test_iterating_ends_when_the_client_leaves() -> None:
    heard: list[str] = []

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        heard.extend([text async for text in websocket.iter_text()])
        heard.append("end")

    with serve(endpoint).websocket_connect("/ws") as session:
        session.send_text("a")
        session.send_text("b")
    assert heard == ["a", "b", "end"]


def test_messages_are_iterated_over_as_bytes_or_json() -> None:
    app = App()

    @app.websocket("/bytes")
    async def as_bytes(websocket: WebSocket) -> None:
        await websocket.accept()
        got.extend([one async for one in websocket.iter_bytes()])

    @app.websocket("/json")
    async def as_json(websocket: WebSocket) -> None:
        await websocket.accept()
        got.extend([one async for one in websocket.iter_json()])

    got: list[Any] = []
    with TestClient(app).websocket_connect("/bytes") as socket:
        socket.send_bytes(b"a")
        socket.send_bytes(b"")
    with TestClient(app).websocket_connect("/json") as socket:
        socket.send_json({"b": 1})
    assert got == [b"a", b"", {"b": 1}]


def test_a_message_that_no_server_may_send_now_is_said() -> None:
    app = App()

    @app.websocket("/")
    async def endpoint(websocket: WebSocket) -> None:
        await websocket.receive()
        await websocket.receive()

    with pytest.raises(RuntimeError, match=r"'websocket\.connect' to a client that is CONNECTED"):
        asyncio.run(call(app, socket_scope(), CONNECT, CONNECT))


def test_a_client_that_leaves_is_no_error_of_the_endpoint() -> None:
    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.receive_text()

    app = App()
    app.websocket("/ws")(endpoint)
    wire = asyncio.run(call(app, socket_scope("/ws"), CONNECT, LEFT))
    assert [message["type"] for message in wire.sent] == ["websocket.accept"]


def test_a_test_client_raises_the_disconnect_that_the_endpoint_did_not_catch() -> None:
    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.receive_text()

    with pytest.raises(WebSocketDisconnect) as caught, serve(endpoint).websocket_connect("/ws"):
        pass
    assert caught.value.code == 1000


def test_a_disconnect_tells_its_code_and_reason() -> None:
    async def main() -> None:
        wire = Wire([CONNECT, LEFT])
        websocket = WebSocket(socket_scope(), wire.receive, wire.send)
        await websocket.accept()
        with pytest.raises(WebSocketDisconnect) as caught:
            await websocket.receive_text()
        assert (caught.value.code, caught.value.reason) == (1001, "away")
        with pytest.raises(WebSocketDisconnect):
            await websocket.send_text("x")
        await websocket.close()
        assert [message["type"] for message in wire.sent] == ["websocket.accept"]

    asyncio.run(main())


def test_a_send_that_the_server_refuses_means_the_client_is_gone() -> None:
    async def main() -> None:
        wire = Wire([CONNECT])
        sent = []

        async def send(message: Any) -> None:
            if message["type"] == "websocket.send":
                raise OSError("gone")
            sent.append(message)

        websocket = WebSocket(socket_scope(), wire.receive, send)
        await websocket.accept()
        with pytest.raises(WebSocketDisconnect):
            await websocket.send_text("x")
        assert not websocket.is_accepted

    asyncio.run(main())


def test_calls_out_of_order_say_what_was_expected() -> None:
    async def main() -> None:
        wire = Wire([CONNECT])
        websocket = WebSocket(socket_scope(), wire.receive, wire.send)
        with pytest.raises(RuntimeError, match=r'"websocket.accept", "websocket.close" or'):
            await websocket.send_text("x")
        await websocket.accept()
        with pytest.raises(RuntimeError, match=r'"websocket.send" or "websocket.close", but'):
            await websocket.accept()

    asyncio.run(main())


def test_an_endpoint_that_returns_leaves_nothing_open() -> None:
    async def accepts(websocket: WebSocket) -> None:
        await websocket.accept()

    async def refuses(websocket: WebSocket) -> None:
        return

    with serve(accepts).websocket_connect("/ws") as session, pytest.raises(WebSocketDisconnect) as caught:
        session.receive_text()
    assert caught.value.code == 1000
    with pytest.raises(SocketRefused), serve(refuses).websocket_connect("/ws"):
        pass


@pytest.mark.parametrize("path", ["/nowhere", "/ws/", "/page"])
def test_a_handshake_that_no_route_takes_is_refused(path: str) -> None:
    async def endpoint(websocket: WebSocket) -> None: ...

    app = App()
    app.websocket("/ws")(endpoint)
    app.get("/page")(lambda: "page")
    wire = asyncio.run(call(app, socket_scope(path), CONNECT))
    assert wire.sent == [{"type": "websocket.close", "code": 1000, "reason": ""}]


def test_an_http_exception_before_the_accept_denies_with_its_status() -> None:
    async def endpoint(websocket: WebSocket) -> None:
        raise HTTPException(401, "who are you?", {"WWW-Authenticate": "Bearer"})

    with pytest.raises(SocketRefused) as caught, serve(endpoint).websocket_connect("/ws"):
        pass
    assert caught.value.response.status_code == 401
    assert caught.value.response.json() == {"detail": "who are you?"}
    assert caught.value.response.headers["www-authenticate"] == "Bearer"


def test_without_the_servers_support_a_denial_is_a_plain_refusal() -> None:
    async def endpoint(websocket: WebSocket) -> None:
        raise HTTPException(401)

    app = App()
    app.websocket("/ws")(endpoint)
    wire = asyncio.run(call(app, socket_scope("/ws"), CONNECT))
    assert [message["type"] for message in wire.sent] == ["websocket.close"]


def test_a_parameter_problem_refuses_with_1008_and_the_reason() -> None:
    async def endpoint(websocket: WebSocket, n: int) -> None: ...

    app = App()
    app.websocket("/ws/{n}")(endpoint)
    wire = asyncio.run(call(app, socket_scope("/ws/x"), CONNECT))
    assert wire.sent[0]["code"] == 1008
    assert wire.sent[0]["reason"].startswith("path.n: Input should be a valid integer")
    assert len(wire.sent[0]["reason"].encode()) <= 123


def test_an_unexpected_exception_goes_to_the_server() -> None:
    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), serve(endpoint).websocket_connect("/ws") as session:
        session.receive_text()


def test_an_application_can_be_one_that_closes() -> None:
    app = App()
    app.mount("/closed", WebSocketClose(4001, "moved"))
    with pytest.raises(WebSocketDisconnect) as caught, TestClient(app).websocket_connect("/closed/x"):
        pass
    assert (caught.value.code, caught.value.reason) == (4001, "moved")


def test_a_plain_function_may_return_what_serves_the_connection() -> None:
    async def serve_it(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("served")
        await websocket.close()

    def endpoint(websocket: WebSocket) -> Any:
        return serve_it(websocket)

    with serve(endpoint).websocket_connect("/ws") as session:
        assert session.receive_text() == "served"


def test_a_disconnect_is_written_as_it_was_made() -> None:
    assert str(WebSocketDisconnect()) == ""
    assert (str(WebSocketDisconnect(1001)), repr(WebSocketDisconnect(4000, "r"))) == (
        "1001",
        "WebSocketDisconnect(4000, 'r')",
    )
    assert (WebSocketDisconnect().code, WebSocketDisconnect(1001).reason) == (1000, "")
