import inspect
from collections.abc import Callable
from typing import Any

import pytest

from miniframework import App, PlainTextResponse, Request, Router
from miniframework.errors import (
    ParameterError,
    PatternError,
    RegistrationError,
    RouteError,
    UrlError,
)


async def endpoint() -> None: ...


def line_of_caller(back: int = 1) -> str:
    frame = inspect.stack()[1]
    return f"{__file__}:{frame.lineno - back}"


def test_a_route_knows_the_line_of_its_decorator() -> None:
    app = App(openapi_url=None)

    @app.get(
        "/x",
        name="x",
    )
    async def handler() -> None: ...

    here = line_of_caller(6)
    app.add_route("/y", ["GET"], handler)
    there = line_of_caller()
    assert [str(entry.source) for entry in app.table.entries] == [here, there]


def test_an_include_knows_its_line_and_so_do_mounts_and_sockets() -> None:
    app, router = App(openapi_url=None), Router()
    router.websocket("/ws")(endpoint)
    socket_line = line_of_caller()
    app.include_router(router, prefix="/a")
    include_line = line_of_caller()
    app.mount("/m", App(openapi_url=None))
    mount_line = line_of_caller()
    socket, mount = app.table.entries
    assert str(socket.source) == socket_line
    assert [str(include.source) for include in socket.includes] == [include_line]
    assert str(mount.source) == mount_line


def declare_unknown_converter(app: Any) -> None:
    app.get("/users/{id:itn}")(endpoint)


def declare_twice(app: Any) -> None:
    app.get("/x/{a}")(endpoint)
    app.route("/x/{a}", ["POST", "GET"])(endpoint)


def declare_open_brace(app: Any) -> None:
    app.get("/x/{a")(endpoint)


def declare_no_slash(app: Any) -> None:
    app.get("x")(endpoint)


def declare_no_methods(app: Any) -> None:
    app.route("/x", [])(endpoint)


def declare_text_methods(app: Any) -> None:
    app.route("/x", "GET")(endpoint)


def declare_no_function(app: Any) -> None:
    app.get("/x")("not a function")


def declare_no_handler(app: Any) -> None:
    app.add_route("/x", ["GET"])


def declare_unwritable_answer(app: Any) -> None:
    @app.get("/x")
    def answer() -> PlainTextResponse | dict[str, int]:
        return {}


def declare_model_without_body(app: Any) -> None:
    @app.get("/x", status_code=204)
    def answer() -> dict[str, int]:
        return {}


def declare_generator_of_text(app: Any) -> None:
    @app.get("/x", response_class=PlainTextResponse)
    def answer() -> Any:
        yield "text"


def declare_unknown_answer(app: Any) -> None:
    @app.get("/x")
    def answer() -> "Nobody":  # type: ignore[name-defined]  # noqa: F821  # that is the mistake
        return {}


def declare_unknown_option(app: Any) -> None:
    app.get("/x", responce_model=int)(endpoint)


def declare_prefix_with_slash(app: Any) -> None:
    app.include_router(Router(), prefix="/x/")


def declare_app_as_router(app: Any) -> None:
    app.include_router(App())


def declare_itself(app: Any) -> None:
    app.include_router(app.router)


def declare_mount_of_nothing(app: Any) -> None:
    app.mount("/x", None)


def declare_body_on_socket(app: Any) -> None:
    @app.websocket("/x")
    async def socket(body: dict[str, int]) -> None: ...


def declare_status_handler(app: Any) -> None:
    app.exception_handler(1000)(endpoint)


def declare_socket_middleware(app: Any) -> None:
    app.middleware("websocket")(endpoint)


@pytest.mark.parametrize(
    ("declare", "kind", "said"),
    [
        (declare_unknown_converter, PatternError, "did you mean 'int'?"),
        (declare_twice, RouteError, "already declared at"),
        (declare_open_brace, PatternError, "never closed"),
        (declare_no_slash, PatternError, "does not start with '/'"),
        (declare_no_methods, RouteError, "no method"),
        (declare_text_methods, RouteError, "['GET']"),
        (declare_no_function, RouteError, "'not a function' cannot be called"),
        (declare_no_handler, RouteError, "has no handler"),
        (declare_unwritable_answer, RouteError, "response_model=None to check nothing"),
        (declare_model_without_body, RouteError, "status 204 has no body"),
        (declare_generator_of_text, RouteError, "PlainTextResponse takes its content whole"),
        (declare_unknown_answer, RouteError, "name 'Nobody' is not defined"),
        (declare_unknown_option, RouteError, "did you mean 'response_model'?"),
        (declare_prefix_with_slash, RouteError, "write '/x'"),
        (declare_app_as_router, RouteError, "app.mount(path, other_app)"),
        (declare_itself, RouteError, "include itself"),
        (declare_mount_of_nothing, RouteError, "no ASGI application"),
        (declare_body_on_socket, ParameterError, "a WebSocket handshake has not"),
        (declare_status_handler, RegistrationError, "100 to 599"),
        (declare_socket_middleware, RegistrationError, "ASGI class"),
    ],
)
def test_a_mistake_is_raised_where_it_is_written_with_the_way_out(
    declare: Any, kind: type[Exception], said: str
) -> None:
    app = App()
    with pytest.raises(kind) as caught:
        declare(app)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{__file__}:")


def test_a_mistake_on_an_included_router_is_raised_when_it_is_written_there() -> None:
    app, router = App(openapi_url=None), Router()
    app.include_router(router, prefix="/p")
    router.get("/x")(endpoint)
    with pytest.raises(RouteError, match="already declared"):
        router.get("/x")(endpoint)
    with pytest.raises(RouteError, match="already declared"):
        app.get("/p/x")(endpoint)
    assert len(app.table.entries) == 1, "what was refused leaves nothing behind"


def test_a_mistake_that_only_a_prefix_makes_is_raised_when_it_is_included() -> None:
    app, router = App(), Router()
    router.get("/{a}")(endpoint)
    with pytest.raises(PatternError, match="'a'"):
        app.include_router(router, prefix="/{a}")


def test_two_identical_routes_on_one_router_are_refused_before_it_is_included() -> None:
    router = Router()
    router.get("/x")(endpoint)
    with pytest.raises(RouteError, match="already declared"):
        router.get("/x")(endpoint)


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        pytest.param(
            lambda app: app.get("/x")(endpoint), "GET '/x' (endpoint) is", id="GET, not the HEAD with it"
        ),
        pytest.param(lambda app: app.head("/x")(endpoint), "HEAD '/x' (endpoint) is", id="HEAD alone"),
        pytest.param(
            lambda app: app.api_route("/x", methods=["PUT", "POST"])(endpoint),
            "POST, PUT '/x' (",
            id="two methods",
        ),
        pytest.param(
            lambda app: app.websocket("/x")(endpoint), "WebSocket '/x' (endpoint) is", id="WebSocket"
        ),
        pytest.param(lambda app: app.mount("/x", App()), "mount '/x' is", id="mount"),
        pytest.param(lambda app: app.mount("/x", App(), name="x"), "mount '/x' (x) is", id="named mount"),
    ],
)
def test_what_two_routes_would_both_take_is_said(declare: Callable[[App], Any], said: str) -> None:
    app = App()
    declare(app)
    with pytest.raises(RouteError) as caught:
        declare(app)
    assert f": {said}" in str(caught.value)


def test_different_methods_of_one_path_may_stand_apart() -> None:
    app = App(openapi_url=None)
    app.get("/x")(endpoint)
    app.post("/x")(endpoint)
    app.websocket("/x")(endpoint)
    assert len(app.table.entries) == 3


def test_a_routers_own_converter_works_below_an_application_that_does_not_know_it() -> None:
    class Isbn:
        name, regex = "isbn", "[0-9]{13}"

        def convert(self, text: str) -> str:
            return text

        def format(self, value: str) -> str:
            return value

    app, books = App(), Router(converters={"isbn": Isbn()})

    @books.get("/{isbn:isbn}")
    async def book(isbn: str) -> str:
        return isbn

    app.include_router(books, prefix="/books")
    assert app.url_for("book", isbn="9780000000000") == "/books/9780000000000"
    with pytest.raises(PatternError, match="unknown converter 'isbn'"):
        app.get("/{x:isbn}")(endpoint)
    app.add_converter("isbn", Isbn())
    app.get("/{x:isbn}")(endpoint)


def test_the_table_changes_only_when_something_was_declared() -> None:
    app = App(openapi_url=None)
    app.get("/a")(endpoint)
    first = app.table
    assert app.table is first
    app.get("/b")(endpoint)
    assert app.table is not first
    assert len(first.entries) == 1


def test_an_unknown_name_lists_the_known_ones() -> None:
    app = App(openapi_url=None)

    @app.get("/items/{item_id:int}")
    async def get_item(item_id: int) -> None: ...

    with pytest.raises(
        UrlError, match=r"no route is named 'get_itm' \(known: get_item\); did you mean 'get_item'"
    ):
        app.url_for("get_itm")
    with pytest.raises(UrlError, match="item_id"):
        app.url_for("get_item")
    with pytest.raises(UrlError, match="would not match"):
        app.url_for("get_item", item_id="x")


def test_the_request_is_given_by_name_too() -> None:
    app = App()

    @app.get("/")
    async def handler(request): ...  # type: ignore[no-untyped-def]

    assert Request in app.table.entries[0].handle._call.plan.wants


@pytest.mark.parametrize("declaring", [App, Router], ids=["application", "router that is included"])
def test_a_route_that_was_refused_can_be_declared_again(declaring: type[App] | type[Router]) -> None:
    app, declares = App(openapi_url=None), declaring()
    if isinstance(declares, Router):
        app.include_router(declares, prefix="/inner")

    async def wrong(one: object()) -> None: ...  # type: ignore[valid-type]

    async def right(one: int) -> None: ...

    with pytest.raises(ParameterError):
        declares.get("/x")(wrong)
    declares.get("/x")(right)
    with pytest.raises(RouteError, match="is already declared"):
        declares.get("/x")(right)
