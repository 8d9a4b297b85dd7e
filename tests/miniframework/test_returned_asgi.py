"""An endpoint may return a response of Starlette, or of a library built on it: it sends itself."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from miniframework import App, BackgroundTasks, Depends, JSONResponse, Request, Response, events
from miniframework.testing import TestClient
from miniframework.types import RawHeaders, Receive, Scope, Send
from tests.miniframework.both_ways import way as way
from tests.miniframework.test_story import Keeping


class Item(BaseModel):
    name: str


class Elsewhere:
    """A response of Starlette's shape, which knows nothing of ours."""

    media_type = "text/elsewhere"

    def __init__(
        self, content: Any = "", status_code: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status_code = status_code
        self.body = str(content).encode()
        self.background: Any = None
        given = {"content-length": str(len(self.body)), "content-type": self.media_type, **(headers or {})}
        self.raw_headers: RawHeaders = [(name.encode(), value.encode()) for name, value in given.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await send(start)
        await send({"type": "http.response.body", "body": self.body})
        if self.background is not None:
            await self.background()


class Streamed:
    """One that has no body before it is sent."""

    media_type = "text/streamed"

    def __init__(self, content: AsyncIterator[bytes], status_code: int = 200) -> None:
        self.content = content
        self.status_code = status_code
        self.raw_headers = [(b"content-type", self.media_type.encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await send(start)
        async for chunk in self.content:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


RETURNS: list[dict[str, Any]] = [
    {},
    {"response_model": None},
    {"response_model": Item},
    {"response_class": JSONResponse},
    {"response_class": Elsewhere},
    {"status_code": 202},
]


def make_app(options: dict[str, Any]) -> App:
    app = App()

    @app.get("/", **options)
    async def read():
        return Elsewhere("there", 201, {"x-by": "elsewhere"})

    return app


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("options", RETURNS, ids=str)
def test_it_is_sent_as_it_is_whatever_the_route_says(options: dict[str, Any]) -> None:
    client = TestClient(make_app(options))
    for _ in range(2):
        answer = client.get("/")
        assert (answer.status_code, answer.text, answer.headers["x-by"]) == (201, "there", "elsewhere")
    assert (client.head("/").status_code, client.head("/").text) == (201, "")


@pytest.mark.usefixtures("way")
def test_a_function_middleware_may_change_it() -> None:
    app = make_app({})

    @app.middleware("http")
    async def mark(request: Request, call_next: Any) -> Any:
        response = await call_next(request)
        response.headers["x-seen"] = str(response.status_code)
        return response

    answer = TestClient(app).get("/")
    assert (answer.status_code, answer.text, answer.headers["x-seen"]) == (201, "there", "201")


@pytest.mark.parametrize("options", RETURNS, ids=str)
def test_a_recording_tells_what_was_sent(options: dict[str, Any]) -> None:
    keeper, heard = Keeping(), list[events.Event]()
    kept, told = make_app(options), make_app(options)
    kept.bus.keep(keeper)
    told.bus.subscribe(heard.append)
    for app in (kept, told):
        TestClient(app).get("/")
    for said in (keeper.events(), heard):
        (start,) = (one for one in said if isinstance(one, events.ResponseStarted))
        (sent,) = (one for one in said if isinstance(one, events.ResponseBodySent))
        assert (start.status, dict(start.headers)[b"x-by"], sent.data) == (201, b"elsewhere", b"there")
        assert not any(isinstance(one, events.ResponseSerialised) for one in said)


@pytest.mark.usefixtures("way")
def test_tasks_are_left_to_it_and_dependencies_end_after_it() -> None:
    app, did = App(), list[str]()

    async def opened() -> AsyncIterator[int]:
        yield 1
        did.append("closed")

    @app.get("/")
    async def read(one: Annotated[int, Depends(opened)], response: Response, tasks: BackgroundTasks):
        response.headers["x-draft"] = "not its own"
        tasks.add_task(did.append, "task")
        return Elsewhere("there")

    answer = TestClient(app).get("/")
    assert (answer.text, did) == ("there", ["task", "closed"])
    assert "x-draft" not in answer.headers


def test_what_an_endpoint_class_is_called_for_is_sent() -> None:
    class Counted(Elsewhere):
        def __init__(self, start: int = 1) -> None:
            super().__init__(start, 429)

    app = App()
    app.get("/", response_model=None)(Counted)
    answer = TestClient(app).get("/?start=3")
    assert (answer.status_code, answer.text) == (429, "3")


@pytest.mark.usefixtures("way")
def test_its_class_may_be_the_type_that_is_returned() -> None:
    app = App()

    @app.get("/")
    def read() -> Elsewhere:
        return Elsewhere("there")

    assert TestClient(app).get("/").text == "there"
    assert app.routes[0].response_model is None
    assert app.openapi()["paths"]["/"]["get"]["responses"]["200"]["content"] == {
        "application/json": {"schema": {}}
    }


@pytest.mark.usefixtures("way")
def test_its_class_may_make_the_responses() -> None:
    app = App()

    @app.get("/", response_class=Elsewhere, status_code=203)
    def read(response: Response) -> str:
        response.headers["x-draft"] = "merged"
        return "there"

    answer = TestClient(app).get("/")
    assert (answer.status_code, answer.text, answer.headers["x-draft"]) == (203, "there", "merged")
    assert answer.headers["content-type"] == "text/elsewhere"


@pytest.mark.parametrize("with_keeper", [False, True])
def test_one_without_a_body_may_stream_what_a_generator_gives(with_keeper: bool) -> None:
    app = App()
    if with_keeper:
        app.bus.keep(Keeping())

    @app.get("/", response_class=Streamed)
    async def read():
        yield b"the"
        yield b"re"

    answer = TestClient(app).get("/")
    assert (answer.text, answer.headers["content-type"]) == ("there", "text/streamed")


def test_what_is_called_with_anything_else_is_written_by_its_attributes() -> None:
    class Greeter:
        def __init__(self) -> None:
            self.name = "Ada"

        async def __call__(self, name: str) -> str:
            return name

    app = App()
    app.get("/")(lambda: Greeter())
    assert TestClient(app).get("/").json() == {"name": "Ada"}
