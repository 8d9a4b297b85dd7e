"""Who a client is, told by a backend once a request: Starlette's way."""

from typing import Any

import pytest

from miniframework import App, Request, WebSocket, WebSocketDisconnect
from miniframework.authentication import (
    AuthCredentials,
    AuthenticationBackend,
    AuthenticationError,
    BaseUser,
    SimpleUser,
    requires,
)
from miniframework.errors import RegistrationError
from miniframework.middleware.authentication import AuthenticationMiddleware
from miniframework.requests import HTTPConnection
from miniframework.responses import JSONResponse
from miniframework.testing import TestClient


class ByHeader(AuthenticationBackend):
    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser] | None:
        name = conn.headers.get("x-user")
        if name is None:
            return None
        if name == "nobody":
            raise AuthenticationError("there is no such user")
        return AuthCredentials(["known", name]), SimpleUser(name)


def make_client(**options: Any) -> TestClient:
    app = App()
    app.add_middleware(AuthenticationMiddleware, backend=ByHeader(), **options)

    @app.get("/who")
    async def who(request: Request) -> list[Any]:
        user = request.user
        return [user.is_authenticated, user.display_name, user.identity, request.auth.scopes]

    @app.get("/mine/{number}")
    @requires("known")
    async def mine(number: int, request: Request, q: str = "none") -> list[Any]:
        return [request.user.display_name, number, q]

    @app.get("/hidden")
    @requires(["known", "ada"], status_code=404)
    def hidden(request: Request) -> str:
        return "seen"

    @app.get("/private")
    @requires("known", redirect="who")
    def private(request: Request) -> str:
        return "seen"

    @app.websocket("/talk")
    @requires("known")
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(websocket.user.display_name)
        await websocket.close()

    return TestClient(app)


@pytest.mark.parametrize(
    ("path", "user", "answer"),
    [
        ("/who", None, (200, [False, "", "", []])),
        ("/who", "ada", (200, [True, "ada", "ada", ["known", "ada"]])),
        ("/mine/7", None, (403, {"detail": "Forbidden"})),
        ("/mine/7?q=x", "bob", (200, ["bob", 7, "x"])),
        ("/hidden", "bob", (404, {"detail": "Not Found"})),
        ("/hidden", "ada", (200, "seen")),
    ],
)
def test_an_endpoint_sees_who_asks_and_is_called_for_whom_it_requires(
    path: str, user: str | None, answer: tuple[int, Any]
) -> None:
    response = make_client().get(path, headers={"x-user": user} if user else None)
    assert (response.status_code, response.json()) == answer


def test_who_may_not_is_sent_to_where_they_can_say_who_they_are() -> None:
    response = make_client().get("/private?a=1", follow_redirects=False)
    assert response.status_code == 303
    wanted = "http%3A%2F%2Ftestserver%2Fprivate%3Fa%3D1"
    assert response.headers["location"] == f"http://testserver/who?next={wanted}"


def test_a_websocket_is_served_or_closed() -> None:
    client = make_client()
    with client.websocket_connect("/talk", headers={"x-user": "ada"}) as opened:
        assert opened.receive_text() == "ada"
    for headers in (None, {"x-user": "nobody"}):
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/talk", headers=headers):
            pass


def test_what_the_backend_refuses_is_answered_with_400_or_as_one_says() -> None:
    headers = {"x-user": "nobody"}
    plain = make_client().get("/who", headers=headers)
    assert (plain.status_code, plain.text) == (400, "there is no such user")
    client = make_client(on_error=lambda conn, error: JSONResponse({"no": str(error)}, 401))
    answer = client.get("/who", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"no": "there is no such user"})


def test_an_endpoint_whose_user_cannot_be_seen_is_refused_at_its_line() -> None:
    said = r"test_authentication.py:\d+: requires\('known'\).*'request'"
    with pytest.raises(RegistrationError, match=said):

        @requires("known")
        async def blind(number: int) -> None: ...
