"""A limit of bodies as a middleware, a route's and a mount's own."""

from collections.abc import Iterator
from typing import Any

import pytest

from miniframework import App, Middleware, PlainTextResponse, Request
from miniframework.errors import RegistrationError
from miniframework.http.limits import BodyTooLarge
from miniframework.middleware.body_limit import RequestBodyLimitMiddleware
from miniframework.routing import Mount, Route
from miniframework.testing import TestClient
from miniframework.types import Receive, Scope, Send


async def read(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    await (await read(Request(scope, receive)))(scope, receive, send)


@pytest.fixture
def client() -> TestClient:
    inner = [Route("/", read, methods=["POST"])]
    return TestClient(
        App(
            routes=[
                Route("/", read, methods=["POST"]),
                Route("/more", read, methods=["POST"], max_body_size=20),
                Route("/less", read, methods=["POST"], max_body_size=2),
                Mount("/mount", routes=inner, max_body_size=20),
                Mount("/bare", bare),
            ],
            middleware=[Middleware(RequestBodyLimitMiddleware, max_body_size=10)],
        )
    )


def in_pieces(size: int) -> Iterator[bytes]:
    for _ in range(size):
        yield b"x"


@pytest.mark.parametrize(
    ("path", "most"), [("/", 10), ("/more", 20), ("/less", 2), ("/mount/", 20), ("/bare/", 10)]
)
def test_what_stands_further_in_says_how_much_is_taken(client: TestClient, path: str, most: int) -> None:
    assert client.post(path, content=b"x" * most).text == str(most)
    assert client.post(path, content=in_pieces(most)).text == str(most)
    for content in (b"x" * (most + 1), in_pieces(most + 1)):
        refused = client.post(path, content=content)
        assert refused.status_code == 413
        assert "Content Too Large" in refused.text


def test_what_no_application_answers_is_answered_as_text() -> None:
    refused = TestClient(RequestBodyLimitMiddleware(bare, 3)).post("/", content=b"long")
    assert (refused.status_code, refused.text) == (413, "Content Too Large")


def test_a_limit_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(RegistrationError, match="max_body_size is -1"):
        RequestBodyLimitMiddleware(bare, -1)


def test_too_much_behind_the_start_of_a_response_is_raised() -> None:
    async def begins(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await Request(scope, receive).body()

    with pytest.raises(BodyTooLarge):
        TestClient(RequestBodyLimitMiddleware(begins, 3)).post("/", content=in_pieces(9))


@pytest.mark.parametrize("around", [{}, {"middleware": [Middleware(RequestBodyLimitMiddleware, 3)]}])
def test_too_much_behind_the_start_of_a_routes_response_is_raised(around: Any) -> None:
    class Begins:
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await Request(scope, receive).body()

    app = App(routes=[Route("/", Begins(), methods=["POST"], max_body_size=3, **around)])
    with pytest.raises(RuntimeError, match="already started") as caught:
        TestClient(app).post("/", content=in_pieces(9))
    assert isinstance(caught.value.__cause__, BodyTooLarge)


def test_an_application_says_what_it_takes() -> None:
    assert App(max_body_size=10).max_body_size == 10
    assert App().max_body_size is None


def test_a_middleware_may_be_given_by_the_name_cls() -> None:
    made = Middleware(cls=RequestBodyLimitMiddleware, max_body_size=10)
    assert (made.cls, made.kwargs) == (RequestBodyLimitMiddleware, {"max_body_size": 10})
    app = App(routes=[Route("/", read, methods=["POST"])], middleware=[made])
    assert TestClient(app).post("/", content=b"x" * 11).status_code == 413
