"""Routing as FastAPI's tutorial shows it, and where it is decided otherwise."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from miniframework import App, Body, Depends, HTTPException, JSONResponse, Request, Response, Router
from miniframework.errors import RegistrationError, RouteError, UrlError
from miniframework.exceptions import RequestValidationError
from miniframework.routing import APIRoute, NoMatchFound
from miniframework.routing.explanation import verdict_message
from miniframework.testclient import TestClient

RouteHandler = Callable[[Any], Awaitable[Any]]


def head(response: Response) -> None:
    response.headers["x-by"] = "head"


def get() -> str:
    return "get"


@pytest.mark.parametrize("head_first", [False, True])
def test_an_explicit_head_answers_in_the_place_of_the_implied_one(head_first: bool) -> None:
    app = App(openapi_url=None)
    declare = [lambda: app.get("/x")(get), lambda: app.get("/{any}")(get), lambda: app.head("/x")(head)]
    for one in reversed(declare) if head_first else declare:
        one()
    client = TestClient(app)
    assert client.get("/x").json() == "get"
    assert client.head("/x").headers["x-by"] == "head"
    assert "x-by" not in client.head("/y").headers
    assert [sorted(route.methods) for route in app.routes if route.path == "/x"] == [  # type: ignore[union-attr]
        ["HEAD"],
        ["GET", "HEAD"],
    ]


def test_an_explicit_head_that_comes_twice_is_refused() -> None:
    app = App()
    app.get("/x")(get)
    app.head("/x")(head)
    with pytest.raises(RouteError, match="already declared"):
        app.head("/x")(head)
    with pytest.raises(RouteError, match="already declared"):
        app.get("/x")(get)


def test_the_explicit_head_of_an_included_router_counts_too() -> None:
    app, router = App(), Router()
    app.get("/p/x")(get)
    router.head("/x")(head)
    app.include_router(router, prefix="/p")
    assert TestClient(app).head("/p/x").headers["x-by"] == "head"


def test_a_route_is_added_without_a_decorator() -> None:
    app, router = App(), Router()
    app.add_api_route("/get", get)
    router.add_api_route("/put", get, methods=["PUT"], status_code=201, name="putting")
    app.include_router(router, prefix="/p")
    client = TestClient(app)
    assert client.get("/get").json() == "get"
    assert client.put("/p/put").status_code == 201
    assert client.get("/p/put").headers["allow"] == "PUT"
    assert app.url_path_for("putting") == "/p/put"


def test_an_unknown_name_is_the_error_that_starlettes_users_expect() -> None:
    with pytest.raises(NoMatchFound):
        App().url_path_for("nothing")


def test_every_http_route_is_an_apiroute_and_says_its_path() -> None:
    app = App(openapi_url=None)
    app.get("/a/{b}")(get)
    app.mount("/m", App())
    assert [(isinstance(one, APIRoute), one.path) for one in app.routes] == [(True, "/a/{b}"), (False, "/m")]


class Timed(APIRoute):
    def get_route_handler(self) -> RouteHandler:
        original = super().get_route_handler()

        async def handle(request: Request) -> Any:
            response = await original(request)
            response.headers["x-timed"] = self.name
            return response

        return handle


def test_a_route_class_wraps_the_routes_of_its_router_only() -> None:
    app, router = App(), Router(route_class=Timed)
    app.get("/plain")(get)
    router.get("/timed")(get)
    app.include_router(router)
    client = TestClient(app)
    assert "x-timed" not in client.get("/plain").headers
    assert client.get("/timed").headers["x-timed"] == "get"


class Explaining(APIRoute):
    def get_route_handler(self) -> RouteHandler:
        original = super().get_route_handler()

        async def handle(request: Request) -> Any:
            try:
                return await original(request)
            except RequestValidationError as error:
                raise HTTPException(422, [len(error.errors()), (await request.body()).decode()]) from error

        return handle


def test_a_route_class_sees_the_problems_of_the_parameters() -> None:
    app = App()
    app.router.route_class = Explaining

    @app.post("/")
    def total(numbers: list[int] = Body()) -> int:  # noqa: B008  # FastAPI's default style
        return sum(numbers)

    client = TestClient(app)
    assert client.post("/", json=[1, 2]).json() == 3
    assert client.post("/", json="x").json() == {"detail": [1, '"x"']}


class GzipRequest(Request):
    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            self._body = gzip.decompress(await super().body())
        return self._body


class GzipRoute(APIRoute):
    def get_route_handler(self) -> RouteHandler:
        original = super().get_route_handler()

        async def handle(request: Request) -> Any:
            return await original(GzipRequest(request.scope, request.receive))

        return handle


def test_a_route_class_may_give_a_request_class_of_its_own() -> None:
    app = App()
    app.router.route_class = GzipRoute

    @app.post("/")
    def total(request: Request, numbers: list[int] = Body()) -> list[Any]:  # noqa: B008  # FastAPI's default style
        return [type(request).__name__, sum(numbers)]

    content = gzip.compress(b"[1, 2, 3]")
    answer = TestClient(app).post("/", content=content, headers={"content-type": "application/json"})
    assert answer.json() == ["GzipRequest", 6]


def test_dependencies_of_a_wrapped_route_see_its_exception_and_clean_up_after_the_response() -> None:
    app, story = App(), list[str]()
    app.router.route_class = Timed

    async def session() -> Any:
        try:
            yield "session"
        except LookupError:
            story.append("saw it")
            raise
        finally:
            story.append("closed")

    @app.get("/{word}")
    def read(word: str, session: str = Depends(session)) -> str:
        if word == "bad":
            raise LookupError(word)
        return session

    app.add_exception_handler(LookupError, lambda request, error: JSONResponse({"lost": str(error)}, 404))
    client = TestClient(app)
    assert client.get("/good").json() == "session"
    assert client.get("/bad").json() == {"lost": "bad"}
    assert story == ["closed", "saw it", "closed"]


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("shop.example.com", ["tenant", {"tenant": "shop"}]),
        ("SHOP.example.com:8080", ["tenant", {"tenant": "shop"}]),
        ("api.example.com", ["api", {}]),
        ("a.b.example.org", "main"),
        ("testserver", "main"),
    ],
)
def test_a_host_chooses_the_application(host: str, answer: object) -> None:
    app, api, tenant = App(), App(), App()
    app.get("/")(lambda: "main")
    api.get("/")(lambda: ["api", {}])

    @tenant.get("/")
    def named(request: Request) -> list[Any]:
        return ["tenant", request.path_params]

    app.host("api.example.com", api, name="api")
    app.host("{tenant}.example.com", tenant)
    assert TestClient(app).get("/", headers={"host": host}).json() == answer


def test_a_host_stands_first_in_the_table_and_says_what_it_wants() -> None:
    app, api = App(openapi_url=None), App(openapi_url=None)
    app.get("/items/{item_id}", name="item")(get)
    api.get("/", name="root")(get)
    assert [entry.name for entry in app.table.entries] == ["item"]
    app.host("api.example.com", api, name="api")
    explanation = app.table.explain("http", "GET", "/items/7")
    assert explanation.winner == 1
    refused = explanation.verdicts[0]
    assert verdict_message(refused) == "only on a condition: host api.example.com"
    assert app.table.entries[0].inner_table() is api.table  # type: ignore[union-attr]
    assert TestClient(app).get("/items/7").json() == "get"
    assert app.url_path_for("item", item_id=7) == "/items/7"
    with pytest.raises(UrlError):
        app.url_path_for("api:root")


def test_what_is_appended_to_the_lists_of_a_router_is_done_at_the_start_and_the_end() -> None:
    app, router, story = App(on_startup=[lambda: story.append("first")]), Router(), list[str]()
    app.include_router(router)
    app.router.on_startup.append(lambda: story.append("up"))
    app.router.on_shutdown.append(lambda: story.append("down"))
    router.on_startup.append(lambda: story.append("inner up"))
    with TestClient(app):
        assert story == ["first", "up", "inner up"]
    assert story[3:] == ["down"]


def test_the_lifespan_context_of_the_router_is_there_for_tests() -> None:
    story: list[str] = []
    app = App(on_startup=[lambda: story.append("up")], on_shutdown=[lambda: story.append("down")])

    async def use() -> None:
        async with app.router.lifespan_context(app):
            assert story == ["up"]

    asyncio.run(use())
    assert story == ["up", "down"]


def test_the_innermost_router_says_whether_a_body_needs_a_content_type() -> None:
    app = App(strict_content_type=False)
    strict, lax = Router(prefix="/strict", strict_content_type=True), Router(strict_content_type=False)

    async def take(item: dict[str, int]) -> dict[str, int]:
        return item

    for router in (app.router, strict, lax):
        router.post("/item")(take)
    strict.include_router(lax, prefix="/lax")
    app.include_router(strict)
    client = TestClient(app)
    paths = ("/item", "/strict/item", "/strict/lax/item")
    assert [client.post(path, content=b'{"a": 1}').status_code for path in paths] == [200, 422, 200]


def test_a_handler_for_500_does_not_answer_what_was_raised_as_500() -> None:
    app = App()

    def answer(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"unexpected": type(error).__name__}, 500)

    app.add_exception_handler(500, answer)
    assert app.exception_handlers[Exception] is answer

    @app.get("/{word}")
    def fail(word: str) -> None:
        raise HTTPException(500, word) if word == "meant" else KeyError(word)

    client = TestClient(app, raise_server_exceptions=False)
    assert client.get("/meant").json() == {"detail": "meant"}
    assert client.get("/else").json() == {"unexpected": "KeyError"}


def get_now() -> str:
    return "now"


class Wrapping(APIRoute):
    """As those who inject something write one: it changes what it was told, and keeps something."""

    def __init__(self, path: str, endpoint: Any, **words: Any) -> None:
        async def twice() -> Any:
            return [endpoint(), endpoint()]

        super().__init__(path, twice, **{"status_code": 201, **words})
        self.told = [self.path, sorted(self.methods), self.status_code, self.endpoint is twice]


@pytest.mark.parametrize("prefix", ["", "/in"])
def test_a_route_class_may_change_what_a_route_is_made_of(prefix: str) -> None:
    app, router = App(openapi_url=None), Router(prefix=prefix, route_class=Wrapping)
    router.get("/x", summary="two of them")(get_now)
    router.post("/y", status_code=202)(get_now)
    app.include_router(router, prefix="/p")
    app.include_router(router, prefix="/again")
    client = TestClient(app)
    for outer in ("/p", "/again"):
        answer = client.get(f"{outer}{prefix}/x")
        assert (answer.status_code, answer.json()) == (201, ["now", "now"])
        assert client.post(f"{outer}{prefix}/y").status_code == 202
    route: Any = app.routes[0]
    assert isinstance(route, Wrapping)
    assert (route.path, route.summary, route.status_code) == (f"/p{prefix}/x", "two of them", 201)
    assert route.told == [f"{prefix}/x", ["GET"], 201, True]


def test_a_route_class_may_pass_on_whatever_it_is_given() -> None:
    class Passing(Timed):
        def __init__(self, *given: Any, **words: Any) -> None:
            super().__init__(*given, **words)
            self.own = "kept"
            self.operation_id = f"{self.name}_of_{self.path[1:]}"

    app = App(openapi_url=None)
    app.router.add_api_route("/x", get_now, methods=["PUT"], route_class_override=Passing)
    route: Any = app.routes[0]
    assert (route.own, sorted(route.methods), route.endpoint) == ("kept", ["PUT"], get_now)
    assert route.operation_id == "get_now_of_x"
    assert TestClient(app).put("/x").headers["x-timed"] == "get_now"


def test_a_route_class_that_never_calls_its_base_is_refused() -> None:
    class Forgetful(APIRoute):
        def __init__(self, path: str, **words: Any) -> None: ...

    with pytest.raises(RegistrationError, match=r"Forgetful: its __init__ does not call that of APIRoute"):
        Router(route_class=Forgetful).get("/x")(get_now)
