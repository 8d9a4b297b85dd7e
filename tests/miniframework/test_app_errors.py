import asyncio
import traceback
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel

from miniframework import (
    App,
    BackgroundTasks,
    Body,
    Depends,
    Form,
    HTTPException,
    JSONResponse,
    PlainTextResponse,
    Request,
    RequestValidationError,
    Response,
    Router,
    StreamingResponse,
    WebSocket,
)
from miniframework.background import BackgroundTask
from miniframework.errors import EncodeError, RegistrationError
from miniframework.exception_handlers import http_exception_handler, request_validation_exception_handler
from miniframework.middleware.base import CallNext
from miniframework.responses import FileResponse
from miniframework.testing import SocketRefused, TestClient
from miniframework.types import Receive, Scope, Send
from tests.miniframework.asgi_driver import Wire, call, http_scope

JSON_TYPE = {"content-type": "application/json"}
QUIET = {"raise_server_exceptions": False}


class Item(BaseModel):
    a: int


class TeapotError(Exception):
    pass


class SmallTeapotError(TeapotError):
    pass


def failing(error: BaseException, **options: Any) -> App:
    app = App(**options)

    @app.get("/")
    async def fail() -> None:
        raise error

    return app


def test_an_http_exception_is_an_answer_with_its_headers() -> None:
    answer = TestClient(failing(HTTPException(401, {"why": ["x"]}, {"WWW-Authenticate": "Basic"}))).get("/")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Basic"
    assert answer.json() == {"detail": {"why": ["x"]}}


def test_an_http_exception_without_a_detail_gives_the_phrase() -> None:
    assert TestClient(failing(HTTPException(410))).get("/").json() == {"detail": "Gone"}


def test_an_http_exception_without_content_has_no_body() -> None:
    assert TestClient(failing(HTTPException(304))).get("/").content == b""


def test_an_unexpected_exception_is_answered_500_and_then_raised_for_the_server_to_log() -> None:
    error = RuntimeError("secret detail")

    async def main() -> None:
        wire = Wire()
        with pytest.raises(RuntimeError) as caught:
            await failing(error)(http_scope(), wire.receive, wire.send)
        assert caught.value is error
        assert (wire.status, wire.body) == (500, b"Internal Server Error")
        assert len(wire.sent) == 2

    asyncio.run(main())


def test_the_same_holds_with_middleware_around() -> None:
    app = failing(ZeroDivisionError())

    @app.middleware("http")
    async def around(request: Request, call_next: Any) -> Any:
        return await call_next(request)

    assert TestClient(app, **QUIET).get("/").text == "Internal Server Error"
    with pytest.raises(ZeroDivisionError):
        TestClient(app).get("/")


def test_debug_shows_the_traceback() -> None:
    answer = TestClient(failing(RuntimeError("why"), debug=True), **QUIET).get("/")
    assert answer.status_code == 500
    assert "RuntimeError: why" in answer.text
    assert "test_app_errors.py" in answer.text


@pytest.mark.parametrize("key", [Exception, 500], ids=["of Exception", "of 500"])
def test_debug_shows_the_traceback_in_the_place_of_what_a_handler_of_all_answers(key: Any) -> None:
    app = failing(RuntimeError("why"), debug=True)
    app.add_exception_handler(key, lambda request, error: PlainTextResponse("sorry", 503))
    answer = TestClient(app, **QUIET).get("/")
    assert answer.status_code == 500
    assert "RuntimeError: why" in answer.text
    app.debug = False
    assert TestClient(app, **QUIET).get("/").text == "sorry"


def test_a_value_json_cannot_hold_is_a_500_that_says_so() -> None:
    app = App()
    app.get("/")(lambda: {"x": object()})
    with pytest.raises(EncodeError, match="cannot be written as JSON"):
        TestClient(app).get("/")


def test_a_coroutine_that_was_not_awaited_names_its_function_and_the_endpoint() -> None:
    app = App()

    async def load() -> int:
        return 1

    forgotten = load()

    @app.get("/")
    async def read() -> Any:
        return {"x": forgotten}

    with pytest.raises(EncodeError) as raised:
        TestClient(app).get("/")
    forgotten.close()
    assert "load() was never awaited: write await before its call" in str(raised.value)
    (note,) = raised.value.__notes__
    assert note.startswith("returned by read (")
    assert f"{__file__}:{read.__code__.co_firstlineno}" in note


def test_handlers_are_found_by_class_along_the_mro_and_by_status() -> None:
    async def by_class(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"path": request.url.path, "error": type(error).__name__}, 418)

    def by_status(request: Request, error: HTTPException) -> PlainTextResponse:
        return PlainTextResponse(f"nothing here: {error.detail}", 404)

    handlers: Any = {TeapotError: by_class, 404: by_status}
    answer = TestClient(failing(SmallTeapotError(), exception_handlers=handlers)).get("/")
    assert (answer.status_code, answer.json()) == (418, {"path": "/", "error": "SmallTeapotError"})
    client = TestClient(failing(HTTPException(404, "inside"), exception_handlers=handlers))
    assert client.get("/").text == "nothing here: inside"
    assert client.get("/outside").text == "nothing here: Not Found"


def test_a_405_goes_to_its_handler_with_the_allow_header() -> None:
    app = failing(ValueError())

    @app.exception_handler(HTTPException)
    async def any_http(request: Request, error: HTTPException) -> PlainTextResponse:
        return PlainTextResponse("mine", error.status_code, error.headers)

    answer = TestClient(app).post("/")
    assert (answer.status_code, answer.text, answer.headers["allow"]) == (405, "mine", "GET, HEAD")


def test_validation_problems_can_be_answered_otherwise() -> None:
    app = App()

    @app.get("/{n}")
    async def number(n: int) -> int:
        return n

    @app.exception_handler(RequestValidationError)
    async def mine(request: Request, error: RequestValidationError) -> PlainTextResponse:
        return PlainTextResponse(str(error), 400)

    answer = TestClient(app).get("/x")
    assert answer.status_code == 400
    assert answer.text.startswith("1 validation error:\n  {")


@pytest.mark.parametrize("way", ["compiled", "reference"])
@pytest.mark.parametrize(
    ("sent", "loc", "body"),
    [
        ({"url": "/7"}, ("body", "a"), None),
        ({"url": "/7", "json": {"a": "x"}}, ("body", "a"), {"a": "x"}),
        ({"url": "/7", "json": [1]}, ("body", "a"), [1]),
        ({"url": "/x", "json": {"a": 1}}, ("path", "n"), {"a": 1}),
        ({"url": "/7", "content": b"{no", "headers": JSON_TYPE}, ("body", 1), "{no"),
        ({"url": "/form/7", "data": {"b": ["1", "2"], "c": "x"}}, ("body", "a"), {"b": ["1", "2"], "c": "x"}),
    ],
    ids=["none", "JSON", "a list", "a wrong path", "broken JSON", "a form"],
)
def test_a_handler_of_problems_sees_where_they_are_and_what_came(
    sent: dict[str, Any], loc: Any, body: Any, way: str
) -> None:
    app = App()
    seen: list[RequestValidationError] = []

    @app.post("/{n}")
    async def take(n: int, a: Annotated[int, Body(embed=True)]) -> None: ...

    @app.post("/form/{n}")
    async def take_form(n: int, a: Annotated[int, Form()]) -> None: ...

    @app.exception_handler(RequestValidationError)
    async def mine(request: Request, error: RequestValidationError) -> Response:
        seen.append(error)
        return await request_validation_exception_handler(request, error)

    if way == "reference":
        app.bus.subscribe(lambda event: None)
    answer = TestClient(app).post(**sent)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == list(seen[0].errors()[0]["loc"])
    assert (seen[0].errors()[0]["loc"], seen[0].body) == (loc, body)


@pytest.mark.parametrize("way", ["compiled", "reference"])
def test_a_handler_of_problems_is_given_what_a_validator_raised(way: str) -> None:
    def refuse(number: int) -> int:
        raise ValueError("never")

    app = App()
    seen: list[dict[str, Any]] = []

    @app.get("/")
    async def never(n: Annotated[int, AfterValidator(refuse)]) -> None: ...

    @app.exception_handler(RequestValidationError)
    async def mine(request: Request, error: RequestValidationError) -> Response:
        seen.extend(error.errors())
        return await request_validation_exception_handler(request, error)

    if way == "reference":
        app.bus.subscribe(lambda event: None)
    (told,) = TestClient(app).get("/?n=1").json()["detail"]
    assert (told["ctx"], told["msg"]) == ({"error": {}}, "Value error, never")
    assert repr(seen[0]["ctx"]["error"]) == "ValueError('never')"


class UnfitError(ValueError):
    def __init__(self, **known: Any) -> None:
        super().__init__("unfit")
        vars(self).update(known)


@pytest.mark.parametrize(
    "known", [{"code": 7, "allowed": {"x"}}, {"lock": object()}], ids=["plain", "no JSON"]
)
def test_the_attributes_of_what_a_validator_raised_are_told_if_json_can_hold_them(known: Any) -> None:
    def refuse(number: int) -> int:
        raise UnfitError(**known)

    app = App()

    @app.get("/")
    async def never(n: Annotated[int, AfterValidator(refuse)]) -> None: ...

    answer = TestClient(app).get("/?n=1")
    told = {"code": 7, "allowed": ["x"]} if "code" in known else {}
    assert (answer.status_code, answer.json()["detail"][0]["ctx"]) == (422, {"error": told})


@pytest.mark.parametrize("way", ["compiled", "reference"])
def test_what_is_no_object_is_told_alike_on_both_ways(way: str) -> None:
    app = App()

    @app.post("/")
    async def take(item: Item) -> None: ...

    if way == "reference":
        app.bus.subscribe(lambda event: None)
    assert TestClient(app).post("/", json=[1]).json()["detail"] == [
        {
            "type": "model_attributes_type",
            "loc": ["body"],
            "msg": "Input should be a valid dictionary or object to extract fields from",
            "input": [1],
        }
    ]


def test_a_handler_of_ones_own_may_leave_the_answer_to_the_default_one() -> None:
    app = failing(HTTPException(418, {"why": "tea"}, {"x-a": "b"}))

    @app.exception_handler(HTTPException)
    async def mine(request: Request, error: HTTPException) -> Response:
        return await http_exception_handler(request, error)

    answer = TestClient(app).get("/")
    assert (answer.status_code, answer.headers["x-a"]) == (418, "b")
    assert answer.json() == {"detail": {"why": "tea"}}


@pytest.mark.parametrize("key", [Exception, 500])
def test_the_last_handler_answers_and_the_exception_is_still_raised(key: Any) -> None:
    app = failing(ValueError("x"))

    @app.exception_handler(key)
    def last(request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse(f"sorry: {error}", 500)

    assert TestClient(app, **QUIET).get("/").text == "sorry: x"
    with pytest.raises(ValueError, match="x"):
        TestClient(app).get("/")


def test_an_http_exception_of_a_handler_is_answered_too() -> None:
    def refuse(request: Request, error: Exception) -> Response:
        raise HTTPException(410, "gone for good")

    def fail() -> None:
        raise LookupError

    app = App(exception_handlers={LookupError: refuse})
    app.get("/")(fail)
    answer = TestClient(app).get("/")
    assert (answer.status_code, answer.json()) == (410, {"detail": "gone for good"})


class BrokenPotError(Exception):
    pass


def app_with_handlers_that_raise() -> App:
    app = App()

    @app.exception_handler(TeapotError)
    async def break_it(request: Any, error: Exception) -> None:
        raise BrokenPotError("in pieces")

    @app.exception_handler(BrokenPotError)
    async def sweep(request: Any, error: Exception) -> JSONResponse:
        if str(error) == "in pieces":
            return JSONResponse({"swept": str(error)}, 410)
        raise BrokenPotError("again")

    @app.get("/{what}")
    async def fail(what: str) -> None:
        raise TeapotError if what == "pot" else BrokenPotError(what)

    @app.websocket("/pot")
    async def fail_on_socket(websocket: WebSocket) -> None:
        raise TeapotError

    return app


def test_what_a_handler_raises_is_answered_by_the_handler_meant_for_it() -> None:
    client = TestClient(app_with_handlers_that_raise())
    answer = client.get("/pot")
    assert (answer.status_code, answer.json()) == (410, {"swept": "in pieces"})
    with pytest.raises(SocketRefused) as refused, client.websocket_connect("/pot"):
        pass
    assert refused.value.status_code == 410


def test_a_handler_that_keeps_failing_is_a_failure_of_the_server() -> None:
    answer = TestClient(app_with_handlers_that_raise(), **QUIET).get("/cup")
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")


def test_a_handler_that_returns_no_response_is_named() -> None:
    app = failing(TeapotError())
    app.exception_handler(TeapotError)(lambda request, error: "text")
    with pytest.raises(TypeError, match="return a Response"):
        TestClient(app).get("/")


@pytest.mark.parametrize("with_middleware", [False, True])
def test_a_handler_for_what_fails_after_the_start_comes_too_late(with_middleware: bool) -> None:
    app, error = App(), TeapotError()

    async def content() -> Any:
        yield b"x"
        raise error

    @app.get("/")
    async def stream() -> StreamingResponse:
        return StreamingResponse(content())

    @app.exception_handler(TeapotError)
    async def too_late(request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse("too late")

    if with_middleware:

        @app.middleware("http")
        async def around(request: Request, call_next: Any) -> Any:
            return await call_next(request)

    async def main() -> None:
        wire = Wire()
        with pytest.raises(RuntimeError, match="response already started") as caught:
            await app(http_scope(), wire.receive, wire.send)
        assert caught.value.__cause__ is error
        assert [message.get("body") for message in wire.sent] == [None, b"x"]

    asyncio.run(main())


@pytest.mark.parametrize("with_middleware", [False, True])
def test_the_handler_for_everything_hears_of_what_fails_after_the_response(with_middleware: bool) -> None:
    app, heard = App(), []
    app.add_exception_handler(Exception, lambda request, error: heard.append(str(error)))
    app.add_exception_handler(TeapotError, lambda request, error: PlainTextResponse("tea"))
    failures: dict[str, Exception] = {"/a": ValueError("of the task"), "/b": TeapotError()}

    async def fail(path: str) -> None:
        raise failures[path]

    @app.get("/{which}")
    async def later(request: Request, tasks: BackgroundTasks) -> str:
        tasks.add_task(fail, request.url.path)
        return "done"

    if with_middleware:

        @app.middleware("http")
        async def around(request: Request, call_next: Any) -> Any:
            return await call_next(request)

    client = TestClient(app, **QUIET)
    assert [client.get(path).json() for path in failures] == ["done", "done"]
    assert heard == ["of the task", "Caught handled exception, but response already started."]


@pytest.mark.parametrize("cleans_up", [False, True])
def test_a_response_that_fails_before_its_start_is_answered(cleans_up: bool) -> None:
    app = App()

    async def opened() -> AsyncIterator[None]:
        yield

    async def file() -> FileResponse:
        return FileResponse("gone.txt")

    app.get("/", dependencies=[Depends(opened)] if cleans_up else [])(file)
    app.get("/typed")(lambda: Refusing())
    app.add_exception_handler(Exception, lambda request, error: PlainTextResponse(str(error), 500))
    app.add_exception_handler(TeapotError, lambda request, error: PlainTextResponse("tea", 418))
    client = TestClient(app, raise_server_exceptions=False)
    answer = client.get("/")
    assert (answer.status_code, answer.text) == (500, "File at path gone.txt does not exist.")
    assert (client.get("/typed").status_code, client.get("/typed").text) == (418, "tea")


class Refusing(PlainTextResponse):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise TeapotError


def test_a_client_that_leaves_while_sending_its_body_is_no_server_error() -> None:
    app = App()

    @app.post("/")
    async def read(request: Request) -> int:
        return len(await request.body())

    wire = asyncio.run(call(app, http_scope(method="POST"), {"type": "http.disconnect"}))
    assert wire.status == 400


def test_cancellation_is_not_answered() -> None:
    async def main() -> None:
        wire = Wire()
        with pytest.raises(asyncio.CancelledError):
            await failing(asyncio.CancelledError())(http_scope(), wire.receive, wire.send)
        assert wire.sent == []

    asyncio.run(main())


@pytest.mark.parametrize("status", [200, 307, 404, 599])
def test_a_handler_may_be_for_any_status(status: int) -> None:
    app = App(exception_handlers={status: lambda request, error: PlainTextResponse("by status", status)})

    @app.get("/")
    async def fail() -> None:
        raise HTTPException(status)

    answer = TestClient(app, follow_redirects=False).get("/")
    assert (answer.status_code, answer.text) == (status, "by status")


class Banner:
    """A response of another framework: an ASGI application, and no `Response` of ours."""

    status_code = 429

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"x-by", b"banner")]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": b"banner"})


@pytest.mark.parametrize("kind", [TeapotError, Exception])
@pytest.mark.parametrize("with_middleware", [False, True])
def test_a_handler_may_answer_with_another_frameworks_response(
    kind: type[Exception], with_middleware: bool
) -> None:
    app = failing(TeapotError())
    app.exception_handler(kind)(lambda request, error: Banner())
    if with_middleware:

        @app.middleware("http")
        async def mark(request: Request, call_next: Any) -> Any:
            response = await call_next(request)
            response.headers["x-seen"] = str(response.status_code)
            return response

    answer = TestClient(app, **QUIET).get("/")
    assert (answer.status_code, answer.text, answer.headers["x-by"]) == (429, "banner", "banner")
    assert ("x-seen" in answer.headers) is (with_middleware and kind is TeapotError)


def test_a_dependency_may_be_a_class_whose_objects_are_awaited() -> None:
    class Counted(Banner):
        def __init__(self, start: int = 1) -> None:
            self.start = start

    app = App()

    @app.get("/")
    def read(made: Annotated[Counted, Depends()]) -> int:
        return made.start

    assert TestClient(app).get("/?start=3").json() == 3


def test_a_handler_that_is_put_among_the_others_is_registered() -> None:
    app = failing(TeapotError())
    app.exception_handlers[404] = lambda request, error: PlainTextResponse("not here", 404)
    app.exception_handlers.update({TeapotError: lambda request, error: PlainTextResponse("tea", 418)})
    client = TestClient(app)
    assert (client.get("/nowhere").text, client.get("/").text) == ("not here", "tea")
    assert {404, TeapotError, HTTPException} <= app.exception_handlers.keys()
    assert len(app.exception_handlers) == len(list(app.exception_handlers))


def test_what_is_put_among_the_handlers_is_checked_and_stays() -> None:
    app = App()
    with pytest.raises(RegistrationError, match="exception handler for 'x': no exception class"):
        app.exception_handlers["x"] = lambda request, error: None  # type: ignore[index]  # as a mistake is
    with pytest.raises(RegistrationError, match="cannot be taken away; register another in its place"):
        app.exception_handlers.pop(HTTPException)


@pytest.mark.parametrize("is_recorded", [False, True])
def test_an_exception_that_is_raised_again_and_again_does_not_keep_what_it_passed(is_recorded: bool) -> None:
    """A recorded one keeps it for who reads the recording."""
    shared = HTTPException(401)
    app = failing(shared)
    if is_recorded:
        app.bus.subscribe(lambda event: None)
    TestClient(app).get("/")
    assert (shared.__traceback__ is None) is not is_recorded


@pytest.mark.parametrize("with_middleware", [False, True])
def test_an_exception_has_its_traceback_until_what_answers_it_was_sent(with_middleware: bool) -> None:
    shared, seen = TeapotError(), list[str]()
    app = failing(shared)

    @app.exception_handler(TeapotError)
    async def answer(request: Request, error: TeapotError) -> Response:
        look = BackgroundTask(lambda: seen.append("".join(traceback.format_exception(error))))
        return PlainTextResponse("tea", 418, background=look)

    if with_middleware:

        @app.middleware("http")
        async def pass_on(request: Request, call_next: CallNext) -> Response:
            return await call_next(request)

    client = TestClient(app)
    assert [client.get("/").text for _ in range(2)] == ["tea", "tea"]
    assert [text.count("in fail") for text in seen] == [1, 1]
    assert shared.__traceback__ is None


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nowhere"), ("POST", "/here"), ("GET", "/mounted")],
    ids=["404", "405", "mount"],
)
@pytest.mark.parametrize("with_middleware", [False, True])
def test_what_a_handler_raises_for_what_no_route_raised_is_not_answered(
    with_middleware: bool, method: str, path: str
) -> None:
    called: list[str] = []

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        raise HTTPException(404)

    def fail(request: Request, error: HTTPException) -> Response:
        called.append("status")
        raise KeyError(error.status_code)

    def answer(request: Request, error: KeyError) -> Response:
        called.append("class")
        return Response(b"answered")

    app = App(exception_handlers={404: fail, 405: fail, KeyError: answer})
    app.get("/here")(lambda: 1)
    app.mount("/mounted", mounted)
    if with_middleware:
        app.middleware("http")(pass_on)
    response = TestClient(app, raise_server_exceptions=False).request(method, path)
    assert (response.status_code, called) == (500, ["status"])


async def pass_on(request: Request, call_next: CallNext) -> Response:
    return await call_next(request)


def test_what_a_handler_raises_for_a_mounted_websocket_is_not_answered() -> None:
    called: list[int] = []

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        raise KeyError(1)

    def fail(websocket: WebSocket, error: KeyError) -> None:
        called.append(error.args[0])
        raise KeyError(2)

    app = App(exception_handlers={KeyError: fail})
    app.mount("/mounted", mounted)
    with pytest.raises(KeyError, match="2"), TestClient(app).websocket_connect("/mounted/x"):
        pass
    assert called == [1]


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_handlers_are_asked_twice_also_below_mounts(depth: int) -> None:
    called: list[int] = []

    def fail(request: Request, error: KeyError) -> Response:
        called.append(error.args[0])
        raise KeyError(error.args[0] + 1)

    @(router := Router()).get("/x")
    def start() -> None:
        raise KeyError(1)

    for _ in range(depth):
        outer = Router()
        outer.mount("/m", router)
        router = outer
    app = App(exception_handlers={KeyError: fail})
    app.mount("", router)
    response = TestClient(app, raise_server_exceptions=False).get("/m" * depth + "/x")
    assert (response.status_code, called) == (500, [1, 2])


def test_what_a_handler_of_a_mounted_application_raises_twice_is_answered_around_it() -> None:
    def fail(websocket: WebSocket, error: KeyError) -> None:
        raise KeyError(error.args[0] + 1)

    inner = App(exception_handlers={KeyError: fail})
    seen: list[int] = []

    @inner.websocket("/x")
    async def start(websocket: WebSocket) -> None:
        raise KeyError(1)

    async def close(websocket: WebSocket, error: KeyError) -> None:
        seen.append(error.args[0])
        await websocket.close(4000)

    app = App(exception_handlers={KeyError: close})
    app.mount("/m", inner)
    with pytest.raises(SocketRefused), TestClient(app).websocket_connect("/m/x"):
        pass
    assert seen == [3]
