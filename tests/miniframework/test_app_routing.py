import asyncio
import threading
from contextvars import ContextVar
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from miniframework import App, Depends, HTMLResponse, HTTPException, Query, Request, Response, Router
from miniframework.testing import TestClient
from tests.miniframework.asgi_driver import call, http_scope

WHO: ContextVar[str] = ContextVar("WHO", default="nobody")


class Item(BaseModel):
    name: str
    price: float


def make_app() -> App:
    app = App()

    @app.get("/")
    async def root() -> dict[str, str]:
        return {"message": "hello"}

    @app.get("/items/{item_id:int}")
    async def get_item(item_id: int, q: str | None = None) -> dict[str, Any]:
        return {"item_id": item_id, "q": q}

    @app.put("/items/{name}")
    async def put_item(name: str) -> str:
        return name

    @app.post("/items", status_code=201)
    def post_item(item: Item) -> Item:
        return item

    @app.delete("/items/{item_id:int}", status_code=204)
    async def delete_item(item_id: int) -> None:
        return None

    @app.get("/page", response_class=HTMLResponse)
    def page() -> str:
        return "<h1>é</h1>"

    return app


@pytest.fixture
def client() -> TestClient:
    return TestClient(make_app(), follow_redirects=False)


def test_values_are_bound_converted_and_answered_as_json(client: TestClient) -> None:
    answer = client.get("/items/42?q=x")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {"item_id": 42, "q": "x"}
    assert client.post("/items", json={"name": "Apple", "price": "1.99"}).json() == {
        "name": "Apple",
        "price": 1.99,
    }
    assert client.post("/items", json={"name": "Apple", "price": 1}).status_code == 201
    assert client.get("/page").text == "<h1>é</h1>"
    deleted = client.delete("/items/1")
    assert (deleted.status_code, deleted.content) == (204, b"")


def test_nothing_there_is_404_json(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


def test_a_wrong_method_is_405_and_allow_names_every_method_of_the_path(client: TestClient) -> None:
    answer = client.patch("/items/7")
    assert (answer.status_code, answer.json()) == (405, {"detail": "Method Not Allowed"})
    assert answer.headers["allow"] == "DELETE, GET, HEAD, PUT"
    assert client.get("/items/seven").headers["allow"] == "PUT"


def test_head_is_get_without_the_body(client: TestClient) -> None:
    get, head = client.get("/items/42"), client.head("/items/42")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.content))


def test_a_missing_slash_is_a_307_that_keeps_the_query(client: TestClient) -> None:
    answer = client.get("/items/42/?q=a%20b")
    assert (answer.status_code, answer.headers["location"]) == (307, "/items/42?q=a%20b")


def test_a_redirect_of_a_double_slash_stays_on_the_host() -> None:
    app = App()

    @app.get("/{anything:path}/end")
    async def end(anything: str) -> str:
        return anything

    async def main() -> list[tuple[bytes, bytes]]:
        return (await call(app, http_scope("//evil.example/end/", raw_path=b"//evil.example/end/"))).headers

    assert dict(asyncio.run(main()))[b"location"] == b"/.//evil.example/end"


def test_redirects_can_be_switched_off() -> None:
    app = App(redirect_slashes=False)
    app.add_route("/a", ["GET"], lambda: "a")
    assert TestClient(app).get("/a/").status_code == 404


def test_every_problem_of_a_request_is_told_at_once(client: TestClient) -> None:
    answer = client.post("/items", json={"price": "dear"})
    assert answer.status_code == 422
    assert [problem["loc"] for problem in answer.json()["detail"]] == [["body", "name"], ["body", "price"]]


def test_a_converter_that_refuses_its_text_is_a_422_not_the_next_route() -> None:
    class Even:
        name, regex = "even", "[0-9]+"

        def convert(self, text: str) -> int:
            if int(text) % 2:
                raise ValueError("odd")
            return int(text)

        def format(self, value: int) -> str:
            return str(value)

    app = App(converters={"even": Even()})

    @app.get("/{n:even}")
    async def even(n: int) -> int:
        return n

    @app.get("/{n}")
    async def anything(n: str) -> str:
        return n

    client = TestClient(app)
    assert client.get("/4").json() == 4
    answer = client.get("/5")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["path", "n"]
    assert client.get("/x").json() == "x"


def test_a_plain_function_runs_in_a_thread_that_sees_the_context() -> None:
    app, seen = App(), {}

    @app.middleware("http")
    async def who(request: Request, call_next: Any) -> Response:
        WHO.set("me")
        return await call_next(request)

    @app.get("/sync")
    def sync() -> None:
        seen["sync"] = (threading.current_thread() is threading.main_thread(), WHO.get())

    @app.get("/async")
    async def on_loop() -> None:
        seen["async"] = threading.current_thread().name

    async def main() -> None:
        await call(app, http_scope("/sync"))
        await call(app, http_scope("/async"))

    asyncio.run(main())
    assert seen == {"sync": (False, "me"), "async": threading.main_thread().name}


def test_a_handler_gets_the_request_and_a_draft_of_the_response() -> None:
    app = App()

    @app.post("/echo")
    async def echo(request: Request, response: Response) -> dict[str, Any]:
        response.status_code = 202
        response.set_cookie("a", "1")
        response.headers["x-a"] = "b"
        return {"body": (await request.body()).decode(), "url": str(request.url)}

    answer = TestClient(app).post("/echo", content=b"raw")
    assert answer.status_code == 202
    assert answer.headers["x-a"] == "b"
    assert answer.headers["set-cookie"].startswith("a=1")
    assert answer.json() == {"body": "raw", "url": "http://testserver/echo"}
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_handler_can_read_the_body_again_after_its_parameters_took_it() -> None:
    app = App()

    @app.post("/")
    async def twice(item: Item, request: Request) -> int:
        return len(await request.body())

    body = b'{"name": "x", "price": 1}'
    answer = TestClient(app).post("/", content=body, headers={"content-type": "application/json"})
    assert answer.json() == len(body)


def test_dependencies_are_given_and_cleaned_up_after_the_response() -> None:
    app, story = App(), []

    async def database() -> Any:
        story.append("open")
        try:
            yield "db"
        finally:
            story.append("close")

    @app.get("/")
    async def use(db: Annotated[str, Depends(database)]) -> Response:
        class Told(Response):
            async def __call__(self, *args: Any) -> None:
                await super().__call__(*args)
                story.append("sent")

        story.append(f"used {db}")
        return Told(b"x")

    @app.get("/fails")
    async def fails(db: Annotated[str, Depends(database)]) -> None:
        raise HTTPException(418)

    client = TestClient(app)
    assert client.get("/").text == "x"
    assert story == ["open", "used db", "sent", "close"]
    story.clear()
    assert client.get("/fails").status_code == 418
    assert story == ["open", "close"]


def test_first_declared_wins_across_included_routers_and_later_additions_count() -> None:
    app, early, late = App(openapi_url=None), Router(), Router(prefix="/late")

    @early.get("/{name}")
    async def by_name(name: str) -> str:
        return f"name {name}"

    app.include_router(early, prefix="/users")
    app.include_router(late, prefix="/v1")
    client = TestClient(app)
    assert client.get("/users/me").json() == "name me"

    @app.get("/users/me")
    async def me() -> str:
        return "me"

    @early.get("/{name}/posts")
    async def posts(name: str) -> str:
        return f"posts of {name}"

    @late.get("")
    async def at_the_prefix() -> str:
        return "late"

    assert client.get("/users/me").json() == "name me", "it stands first, for it was declared first"
    assert client.get("/users/me/posts").json() == "posts of me"
    assert client.get("/v1/late").json() == "late"
    assert [entry.pattern.template for entry in app.table.entries] == [
        "/users/{name}",
        "/users/{name}/posts",
        "/v1/late",
        "/users/me",
    ]


def test_a_prefix_may_have_parameters_and_a_router_may_be_included_twice_and_nested() -> None:
    app, outer, inner = App(), Router(), Router()

    @inner.get("/items/{item}")
    async def show(tenant: str, item: int) -> list[object]:
        return [tenant, item]

    outer.include_router(inner, prefix="/{tenant}")
    app.include_router(outer, prefix="/a")
    app.include_router(outer, prefix="/b")
    client = TestClient(app)
    assert client.get("/a/acme/items/3").json() == ["acme", 3]
    assert client.get("/b/acme/items/4").json() == ["acme", 4]
    entry = app.table.entries[0]
    assert [include.prefix for include in entry.includes] == ["/a", "/{tenant}"]


def test_every_decorator_declares_its_method() -> None:
    app = App()
    for method in ("get", "put", "post", "patch", "delete", "head", "options", "trace"):
        getattr(app, method)(f"/{method}")(lambda: Response(b"ok"))
    client = TestClient(app)
    for method in ("get", "put", "post", "patch", "delete", "head", "options", "trace"):
        assert client.request(method.upper(), f"/{method}").status_code == 200
        assert client.request("QUERY", f"/{method}").status_code == 405
    app.api_route("/many", methods=["LOCK", "unlock"])(lambda: Response(b"ok"))
    assert client.request("UNLOCK", "/many").status_code == 200


@pytest.mark.parametrize(
    "declare",
    [
        lambda router, f: router.add_route("/x", ["POST"], f),
        lambda router, f: router.add_route("/x", f, ["POST"]),
        lambda router, f: router.add_route("/x", f, methods=["POST"]),
        lambda router, f: router.add_route("/x", methods=["POST"], handler=f),
        lambda router, f: router.add_route("/x", endpoint=f, methods={"POST"}),
        lambda router, f: router.add_route("/x", route=f, methods={"POST"}),
        lambda router, f: router.route("/x", ["POST"])(f),
    ],
)
def test_a_route_can_be_added_in_the_tutorials_order_and_in_starlettes(declare: Any) -> None:
    for of in (lambda app: app, lambda app: app.router):
        app = App()
        declare(of(app), lambda: "x")
        assert TestClient(app).post("/x").json() == "x"
        assert app.table.entries[0].methods == {"POST"}


def test_names_become_paths_again() -> None:
    app = make_app()

    @app.get("/here/{a}")
    async def here(request: Request, a: str) -> list[str]:
        return [str(request.url_for("here", a="x y/z"[:3])), str(request.base_url)]

    assert app.url_for("get_item", item_id=7) == "/items/7"
    assert TestClient(app).get("/here/1").json() == ["http://testserver/here/x%20y", "http://testserver/"]
    rooted = TestClient(app, root_path="/api").get("/api/here/1").json()
    assert rooted == ["http://testserver/api/here/x%20y", "http://testserver/api/"]


def test_one_query_list_and_an_alias_reach_the_handler() -> None:
    app = App()

    @app.get("/")
    async def search(tag: Annotated[list[str], Query(alias="t")]) -> list[str]:
        return tag

    assert TestClient(app).get("/?t=a&t=b").json() == ["a", "b"]


@pytest.mark.parametrize("path", ["", "*", "a", "http://x/y", "//", "/%00", "/\n"])
def test_odd_paths_are_answered_404_and_nothing_breaks(path: str) -> None:
    assert asyncio.run(call(make_app(), http_scope(path))).status in (404, 307)


def test_a_scope_type_from_the_future_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'webtransport'"):
        asyncio.run(call(make_app(), {"type": "webtransport"}))
