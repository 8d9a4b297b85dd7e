"""What a route class may do: give a request of its own, read the body before, give no response."""

import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from miniframework import App, Body, Depends, Request, Response, Router, StreamingResponse, UploadFile
from miniframework.responses import FileResponse
from miniframework.routing import APIRoute
from miniframework.testing import TestClient

Handler = Callable[[Request], Awaitable[Any]]


class Book(BaseModel):
    pages: int


class Packed(Request):
    async def body(self) -> bytes:
        return zlib.decompress(await super().body())


class Doubled(Request):
    async def json(self) -> Any:
        book = json.loads((await self.body()).removeprefix(b"book "))
        return {"pages": book["pages"] * 2}


def make_client(around: Callable[[Handler, Request], Awaitable[Any]]) -> TestClient:
    """Give a client of routes whose class calls `around` with the original handler and the request."""

    class Own(APIRoute):
        def get_route_handler(self) -> Handler:
            original = super().get_route_handler()

            async def handle(request: Request) -> Response:
                response: Response = await around(original, request)
                return response

            return handle

    router = Router(route_class=Own)

    @router.post("/books")
    async def add(book: Book) -> Book:
        return book

    @router.post("/raw")
    async def keep(book: Annotated[dict[str, Any], Body()], _: Annotated[None, Depends(lambda: None)]) -> Any:
        return book

    @router.get("/file")
    async def send_missing() -> FileResponse:
        return FileResponse("no such file")

    app = App()
    app.include_router(router)
    return TestClient(app, raise_server_exceptions=False)


async def unpack(original: Handler, request: Request) -> Any:
    return await original(Packed(request.scope, request.receive))


async def double(original: Handler, request: Request) -> Any:
    return await original(Doubled(request.scope, request.receive))


@pytest.mark.parametrize("path", ["/books", "/raw"])
@pytest.mark.parametrize(
    ("around", "sent", "expected"),
    [
        pytest.param(unpack, zlib.compress(b'{"pages": 3}'), {"pages": 3}, id="its body"),
        pytest.param(double, b'{"pages": 3}', {"pages": 6}, id="its json"),
        pytest.param(double, b'book {"pages": 3}', {"pages": 6}, id="its json of what is none"),
    ],
)
def test_a_request_of_a_route_class_reads_the_body_its_own_way(
    around: Callable[[Handler, Request], Awaitable[Any]], sent: bytes, expected: Any, path: str
) -> None:
    answer = make_client(around).post(path, content=sent, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (200, expected)


def test_what_its_json_cannot_decode_is_a_problem_of_the_body() -> None:
    answer = make_client(double).post(
        "/books", content=b"book [", headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422
    assert [(one["type"], one["loc"]) for one in answer.json()["detail"]] == [("json_invalid", ["body", 1])]


async def stream_before(original: Handler, request: Request) -> Any:
    async for _ in request.stream():
        pass
    return await original(request)


@pytest.mark.parametrize(
    ("around", "sent"),
    [
        pytest.param(unpack, b"not packed", id="its body fails"),
        pytest.param(double, b'{"no": 1}', id="its json fails"),
        pytest.param(stream_before, b'{"pages": 3}', id="streamed before"),
    ],
)
def test_a_body_that_cannot_be_read_is_answered_with_400(
    around: Callable[[Handler, Request], Awaitable[Any]], sent: bytes
) -> None:
    answer = make_client(around).post("/books", content=sent, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (400, {"detail": "There was an error parsing the body"})


async def forget(original: Handler, request: Request) -> Any:
    await original(request)


async def pass_on(original: Handler, request: Request) -> Any:
    return await original(request)


@pytest.mark.parametrize(
    ("around", "method", "path"),
    [
        pytest.param(forget, "POST", "/books", id="no response"),
        pytest.param(pass_on, "GET", "/file", id="a file that is not there"),
    ],
)
def test_a_response_that_cannot_be_sent_is_answered_with_500(
    around: Callable[[Handler, Request], Awaitable[Any]], method: str, path: str
) -> None:
    answer = make_client(around).request(method, path, json={"pages": 3} if method == "POST" else None)
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")


def test_what_fails_after_the_response_began_goes_to_the_server() -> None:
    answers: list[Any] = []

    async def stream_badly(original: Handler, request: Request) -> Any:
        async def pieces() -> AsyncIterator[str]:
            yield "one"
            raise ZeroDivisionError

        return StreamingResponse(pieces())

    client = make_client(stream_badly)

    @client.app.exception_handler(ZeroDivisionError)
    async def handle(request: Request, error: Exception) -> Response:
        answers.append(error)
        return Response("handled")

    with pytest.raises(RuntimeError, match="response already started") as caught:
        TestClient(client.app).get("/file")
    assert (type(caught.value.__cause__), answers) == (ZeroDivisionError, [])


def test_a_form_that_the_class_reads_is_closed_after_the_response() -> None:
    files: list[UploadFile] = []

    async def read(original: Handler, request: Request) -> Any:
        form = await request.form()
        files.append(form["book"])
        return Response(str(await form["book"].read()))

    answer = make_client(read).post("/books", files={"book": ("a.txt", b"x" * 2)})
    assert (answer.text, files[0].file.closed) == ("b'xx'", True)
