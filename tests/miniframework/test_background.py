import functools
from collections.abc import Iterator
from typing import Annotated, Any

import pytest

from miniframework import (
    App,
    BackgroundTasks,
    Depends,
    PlainTextResponse,
    Request,
    Response,
    StreamingResponse,
)
from miniframework.background import BackgroundTask
from miniframework.http.connection import Connection
from miniframework.testing import TestClient


def test_tasks_of_the_endpoint_and_its_dependencies_run_in_order_after_the_response() -> None:
    log: list[Any] = []

    async def later(x: int, y: int = 2) -> None:
        log.append((x, y))

    def opened(tasks: BackgroundTasks) -> Iterator[None]:
        tasks.add_task(log.append, "of the dependency")
        yield
        log.append("closed")

    app = App()

    @app.get("/")
    def endpoint(tasks: BackgroundTasks, x: Annotated[None, Depends(opened)]) -> str:
        tasks.add_task(later, 1, y=3)
        log.append("called")
        return "sent"

    assert TestClient(app).get("/").json() == "sent"
    assert log == ["called", "of the dependency", (1, 3), "closed"]


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda task: Response(b"x", background=task), id="Response"),
        pytest.param(lambda task: PlainTextResponse("x", background=task), id="PlainTextResponse"),
        pytest.param(lambda task: StreamingResponse([b"x"], background=task), id="StreamingResponse"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_response_runs_its_task_when_it_was_sent(make: Any, method: str) -> None:
    log: list[str] = []
    app = App()

    @app.route("/", ["GET", "HEAD"])
    def endpoint() -> Response:
        response: Response = make(BackgroundTask(functools.partial(log.append, "ran")))
        return response

    TestClient(app).request(method, "/")
    assert log == ["ran"]


@pytest.mark.parametrize("own", [True, False], ids=["a task of its own", "none of its own"])
def test_a_returned_response_keeps_its_own_task_or_gets_the_injected_ones(own: bool) -> None:
    log: list[str] = []
    app = App()

    @app.get("/")
    def endpoint(tasks: BackgroundTasks) -> Response:
        tasks.add_task(log.append, "injected")
        return PlainTextResponse("x", background=BackgroundTask(log.append, "own") if own else None)

    TestClient(app).get("/")
    assert log == (["own"] if own else ["injected"])


def test_a_task_runs_once_behind_a_function_middleware() -> None:
    log: list[str] = []
    app = App()

    @app.middleware("http")
    async def around(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        return response

    @app.get("/")
    def endpoint(tasks: BackgroundTasks) -> None:
        tasks.add_task(log.append, "ran")

    TestClient(app).get("/")
    assert log == ["ran"]


def test_the_injected_response_gives_status_headers_and_cookies() -> None:
    def marks(response: Response) -> None:
        response.headers["x-dependency"] = "1"
        response.set_cookie("c", "v")

    app = App()

    @app.get("/", status_code=201)
    def endpoint(response: Response, x: Annotated[None, Depends(marks)], code: int = 0) -> dict[str, int]:
        response.status_code = code or response.status_code
        return {"a": 1}

    client = TestClient(app)
    response = client.get("/")
    assert (response.status_code, response.json(), response.headers["x-dependency"]) == (201, {"a": 1}, "1")
    assert response.headers["set-cookie"].startswith("c=v;")
    assert client.get("/?code=404").status_code == 404


def test_a_connection_is_injected_where_a_request_would_be() -> None:
    app = App()

    @app.get("/")
    async def endpoint(request: Request, connection: Connection) -> list[bool]:
        return [connection is request, connection.url.path == "/"]

    assert TestClient(app).get("/").json() == [True, True]
