"""What is said wrong is refused where it is said, in words: the value, the place, the way out."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import pytest

from miniframework import App, BackgroundTasks, Depends, HTTPException, Query, Request, Router, WebSocket
from miniframework.background import BackgroundTask
from miniframework.errors import DependencyError, OptionError, RegistrationError, RouteError
from miniframework.middleware import Middleware
from miniframework.middleware.cors import CORSMiddleware
from miniframework.middleware.gzip import GZipMiddleware
from miniframework.middleware.sessions import SessionMiddleware
from miniframework.middleware.trustedhost import TrustedHostMiddleware
from miniframework.testing import TestClient
from tests.miniframework.test_app_registration import line_of_caller


def endpoint() -> None: ...


def takes_a_websocket(socket: WebSocket) -> None: ...


def takes_a_request(request: Request) -> None: ...


def takes_query_as_a_type(q: Query) -> None: ...  # type: ignore[valid-type]  # the mistake


def takes_depends_as_a_type(db: Depends(endpoint)) -> None: ...  # type: ignore[valid-type]  # the mistake


DECLARED: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "a decorator without brackets": (
        lambda app: app.get(endpoint),
        "the path of a route is <function endpoint at ",
        "put the path behind it, as in @app.get('/items')",
    ),
    "a WebSocket decorator without brackets": (
        lambda app: app.websocket(endpoint),
        "the path of a route is <function endpoint at ",
        "put the path behind it, as in @app.get('/items')",
    ),
    "a path that is a number": (
        lambda app: app.add_api_route(5, endpoint),
        "the path of a route is 5, which is no text",
        "put the path behind it, as in @app.get('/items')",
    ),
    "a method that is a number": (
        lambda app: app.api_route("/x", methods=[1])(endpoint),
        "route '/x': methods has 1, which is no text",
        "write names, as in ['GET', 'POST']",
    ),
    "two methods in one text": (
        lambda app: app.api_route("/x", methods=["GET,POST"])(endpoint),
        "route '/x': methods has 'GET,POST', which is no method",
        "write one name each, as in ['GET', 'POST']",
    ),
    "a converter before its name": (
        lambda app: app.get("/x/{int:number}")(endpoint),
        "path '/x/{int:number}': unknown converter 'number' (known: float, int, path, str, uuid)",
        "the name stands first: write {number:int}",
    ),
    "a response class that is a word": (
        lambda app: app.get("/x", response_class="html")(endpoint),
        "route '/x': response_class is 'html', which is no class of responses",
        "write a class, as in response_class=HTMLResponse",
    ),
    "a response class that is a type of values": (
        lambda app: app.get("/x", response_class=dict)(endpoint),
        "route '/x': response_class is <class 'dict'>, which is no class of responses",
        "write a class, as in response_class=HTMLResponse",
    ),
    "an exception handler without brackets": (
        lambda app: app.exception_handler(endpoint),
        "exception handler for <function endpoint at ",
        "as in exception_handler(404) or exception_handler(ValueError)",
    ),
    "a WebSocket in a function for HTTP": (
        lambda app: app.get("/x")(takes_a_websocket),
        "takes_a_websocket(): parameter 'socket': an HTTP route has no WebSocket",
        "take a Request, or declare it with @app.websocket",
    ),
    "a request in a function for WebSockets": (
        lambda app: app.websocket("/x")(takes_a_request),
        "takes_a_request(): parameter 'request': a WebSocket route has no Request",
        "take a WebSocket, or declare it with @app.get",
    ),
    "a marker in the place of the type": (
        lambda app: app.get("/x")(takes_query_as_a_type),
        "takes_query_as_a_type(): parameter 'q': Query is no type",
        "write Annotated[str, Query()] with the type it should have",
    ),
    "a dependency in the place of the type": (
        lambda app: app.get("/x")(takes_depends_as_a_type),
        "takes_depends_as_a_type(): parameter 'db': Depends() is no type",
        "write Annotated[str, Depends()] with the type it should have",
    ),
    "a status of two digits": (
        lambda app: app.get("/x", status_code=99)(endpoint),
        "route '/x': status_code is 99, which is no status",
        "write a number of three digits, as 201",
    ),
    "a status that is a word": (
        lambda app: app.get("/x", status_code="created")(endpoint),
        "route '/x': status_code is 'created', which is no status",
        "write a number of three digits, as 201",
    ),
    "a tag in the place of tags": (
        lambda app: app.get("/x", tags="books")(endpoint),
        "route '/x': tags is the text 'books'",
        "write a list, as in ['books']",
    ),
    "a dependency in the place of a list": (
        lambda app: app.get("/x", dependencies=Depends(endpoint))(endpoint),
        "dependencies is Depends(",
        "write dependencies=[Depends(check_token)]",
    ),
    "responses in a list": (
        lambda app: app.get("/x", responses=[404])(endpoint),
        "route '/x': responses is [404], which has no statuses",
        "write a dict, as in {404: {'description': 'No such item'}}",
    ),
    "a host with a scheme": (
        lambda app: app.host("http://api.example.com", App()),
        "host 'http://api.example.com' is no name",
        "write the name alone, without scheme and path: 'api.example.com'",
    ),
    "no host": (
        lambda app: app.host("", App()),
        "host '' is no name",
        "write the name alone, without scheme and path: 'api.example.com'",
    ),
    "a handler that is no function": (
        lambda app: app.add_exception_handler(404, "sorry"),
        "the exception handler for 404 is 'sorry', which cannot be called",
        "give it a function of the request and the exception",
    ),
    "an application below itself": (
        lambda app: app.mount("/v1", app),
        "mount('/v1') would put the application below itself",
        "mount it in one direction only",
    ),
    "an application on a host of its own": (
        lambda app: app.host("api.example.com", app),
        "host('api.example.com') would put the application below itself",
        "mount it in one direction only",
    ),
}


@pytest.mark.parametrize(("declare", "problem", "way_out"), DECLARED.values(), ids=DECLARED)
def test_a_declaration_that_cannot_be_is_refused_where_it_stands(
    declare: Callable[[Any], Any], problem: str, way_out: str
) -> None:
    with pytest.raises(RegistrationError) as raised:
        declare(App())
    assert raised.value.problem.startswith(problem)
    assert raised.value.way_out == way_out
    assert str(raised.value.where).startswith(f"{__file__}:")


def test_a_circle_of_mounts_through_routers_and_hosts_is_refused_where_it_closes() -> None:
    first, second, third, router = App(), App(), App(), Router()
    router.mount("/second", second)
    first.include_router(router, prefix="/v1")
    second.host("third.example.com", third)
    with pytest.raises(RouteError) as raised:
        third.mount("/first", first)
    assert raised.value.where == f"{__file__}:{line_of_caller().rpartition(':')[2]}"
    third.mount("/other", App())
    assert third.routes[0].pattern.template == "/other"


def test_the_same_application_may_stand_at_two_places() -> None:
    outer, inner = App(), App()
    inner.get("/x")(lambda: 1)
    outer.mount("/a", inner)
    outer.mount("/b", inner)
    assert [TestClient(outer).get(path).json() for path in ("/a/x", "/b/x")] == [1, 1]


def test_the_port_of_a_host_does_not_count() -> None:
    app, api = App(), App()
    api.get("/")(lambda: "api")
    app.host("api.example.com:8000", api)
    assert TestClient(app).get("/", headers={"host": "api.example.com:3000"}).json() == "api"


async def state_of_a_number(app: App) -> AsyncIterator[int]:
    yield 5


def plain(app: App) -> int:
    return 1


@pytest.mark.parametrize(
    ("lifespan", "said"),
    [
        (5, "lifespan=5 cannot be called; give a function of the application with @asynccontextmanager"),
        (plain, "the lifespan plain gave 1; give a function of the application with @asynccontextmanager"),
        (state_of_a_number, "the lifespan state_of_a_number yielded 5; yield a dict, or nothing"),
    ],
    ids=["a number", "a plain function", "a state that is no dict"],
)
def test_a_lifespan_that_is_none_says_what_it_should_be(lifespan: Any, said: str) -> None:
    with pytest.raises(TypeError) as raised, TestClient(App(lifespan=lifespan)):
        pass
    assert str(raised.value).startswith(said)


def test_a_middleware_that_is_none_is_refused_when_it_is_added() -> None:
    with pytest.raises(TypeError, match="not 'gzip'"):
        App().add_middleware("gzip")  # type: ignore[arg-type]  # the mistake
    with pytest.raises(TypeError, match=r"write middleware=\[Middleware\(GZipMiddleware, \.\.\.\)\]"):
        App(middleware=[GZipMiddleware])  # type: ignore[list-item]  # the mistake


def test_wrong_options_of_a_middleware_name_it_and_never_tell_their_values() -> None:
    app = App(middleware=[Middleware(SessionMiddleware, secret_key="hunter2", colour="red")])
    with pytest.raises(TypeError) as raised:
        TestClient(app).get("/")
    assert raised.value.__notes__ == [
        "while making the middleware SessionMiddleware of these options: ['secret_key', 'colour']"
    ]


@pytest.mark.parametrize(
    ("middleware", "option"),
    [
        *[(CORSMiddleware, f"allow_{name}") for name in ("origins", "methods", "headers")],
        (CORSMiddleware, "expose_headers"),
        (TrustedHostMiddleware, "allowed_hosts"),
    ],
)
def test_a_text_in_the_place_of_a_list_of_words_is_refused(middleware: Any, option: str) -> None:
    with pytest.raises(OptionError, match=rf"{option}='x.example' is a text; write a list"):
        middleware(App(), **{option: "x.example"})
    middleware(App(), **{option: "*"})


def test_an_exception_without_its_status_says_where_the_status_stands() -> None:
    with pytest.raises(TypeError) as raised:
        HTTPException("no such book")  # type: ignore[arg-type]  # the mistake
    assert str(raised.value) == (
        "HTTPException('no such book'): the status comes first, a number; "
        "write HTTPException(404, 'Not Found')"
    )


def test_an_override_that_cannot_be_called_names_what_it_stands_for() -> None:
    app = App()

    @app.get("/")
    def read(value: Annotated[int, Depends(endpoint)]) -> None: ...

    app.dependency_overrides[endpoint] = 5  # type: ignore[assignment]  # the mistake
    with pytest.raises(DependencyError) as raised:
        TestClient(app).get("/")
    said = "dependency_overrides has 5 in the place of endpoint, which cannot be called"
    assert raised.value.problem == said
    assert raised.value.way_out == "give it a function: dependency_overrides[endpoint] = lambda: 5"
    assert str(raised.value.where).startswith(f"{__file__}:")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: App(titel="shop"), "App() has no option 'titel'; did you mean 'title'?"),
        (lambda: App(lifspan=None), "App() has no option 'lifspan'; did you mean 'lifespan'?"),
        (lambda: Router(tag=["x"]), "Router() has no option 'tag'; did you mean 'tags'?"),
        (lambda: Router(prefx="/v1"), "Router() has no option 'prefx'; did you mean 'prefix'?"),
        (
            lambda: App().include_router(Router(), tagz=["x"]),
            "include_router() has no option 'tagz'; did you mean 'tags'?",
        ),
    ],
    ids=["a description", "an application", "a documentation", "a router", "an include"],
)
def test_a_misspelt_option_is_told_the_one_that_is_near(make: Callable[[], Any], said: str) -> None:
    with pytest.raises(TypeError) as raised:
        make()
    assert str(raised.value).startswith(said)


def test_an_unknown_lifetime_of_a_dependency_is_refused() -> None:
    with pytest.raises(ValueError, match="is no scope; write 'function' or 'request'"):
        Depends(endpoint, scope="session")  # type: ignore[arg-type]  # the mistake


@pytest.mark.parametrize("add", [BackgroundTask, BackgroundTasks().add_task], ids=["alone", "a list"])
def test_a_background_task_that_is_no_function_is_refused_when_it_is_added(add: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match=r"a background task is a function, not None; give its arguments"):
        add(None)
