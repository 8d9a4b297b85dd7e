"""Subclasses of App and Router that change how routes are declared, as FastAPI's users write them."""

from collections.abc import Callable
from typing import Any

import pytest

from miniframework import (
    App,
    HTTPException,
    PlainTextResponse,
    Request,
    RequestValidationError,
    Response,
    Router,
)
from miniframework.routing import APIRoute, APIRouter
from miniframework.routing.source import Source
from miniframework.testing import TestClient
from miniframework.types import DecoratedCallable


class Tagging(Router):
    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().add_api_route(path, endpoint, **{**options, "tags": ["forced"]})


class BothSlashes(APIRouter):
    def api_route(
        self, path: str, *, include_in_schema: bool = True, **options: Any
    ) -> Callable[[DecoratedCallable], DecoratedCallable]:
        add = super().api_route(path.rstrip("/"), include_in_schema=include_in_schema, **options)
        add_other = super().api_route(path.rstrip("/") + "/", include_in_schema=False, **options)

        def declare(endpoint: DecoratedCallable) -> DecoratedCallable:
            add_other(endpoint)
            return add(endpoint)

        return declare


class Versioned(App):
    def include_router(self, router: Router, prefix: str = "", **options: Any) -> None:
        super().include_router(router, "/v1" + prefix, **options)

    def get(self, path: str, **options: Any) -> Callable[[DecoratedCallable], DecoratedCallable]:
        return super().get("/got" + path, **options)


def answer() -> str:
    return "here"


VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@pytest.mark.parametrize("verb", VERBS)
def test_every_way_to_declare_passes_through_an_overridden_add_api_route(verb: str) -> None:
    router = Tagging()
    getattr(router, verb)("/x")(answer)
    (declared,) = router.routes
    assert declared.tags == ["forced"]


def test_a_route_declared_by_any_other_name_passes_through_it_too() -> None:
    router = Tagging()
    router.route("/a")(answer)
    router.api_route("/b", methods=["PUT"])(answer)
    router.add_route("/c", ["POST"], answer)
    assert [(one.path, sorted(one.methods), one.tags) for one in router.routes] == [
        ("/a", ["GET"], ["forced"]),
        ("/b", ["PUT"], ["forced"]),
        ("/c", ["POST"], ["forced"]),
    ]


def test_an_overridden_api_route_declares_two() -> None:
    app, router = App(), BothSlashes(prefix="/r")
    router.get("/b")(answer)
    app.include_router(router)
    client = TestClient(app, follow_redirects=False)
    assert [client.get(path).status_code for path in ("/r/b", "/r/b/")] == [200, 200]
    assert list(app.openapi()["paths"]) == ["/r/b"]


@pytest.mark.parametrize("kind", [Router, Tagging, BothSlashes])
def test_a_route_is_told_by_its_own_line_whatever_class_its_router_is_of(kind: type[Router]) -> None:
    router = kind()

    @router.get("/x")
    def here() -> None: ...

    lines = {one.source for one in router.routes}
    assert lines == {Source(file=__file__, line=here.__code__.co_firstlineno)}


def test_an_application_may_override_how_it_includes_and_declares() -> None:
    app, router = Versioned(openapi_url=None), Router(prefix="/p")
    router.get("/x")(answer)
    app.include_router(router)
    app.get("/g")(answer)
    assert [one.path for one in app.routes] == ["/v1/p/x", "/got/g"]


def test_whether_slashes_are_redirected_is_said_to_the_application_or_its_router() -> None:
    app = App(openapi_url=None)
    app.get("/x/")(answer)
    app.router.redirect_slashes = False
    assert TestClient(app).get("/x").status_code == 404
    assert (app.redirect_slashes, App(redirect_slashes=False).router.redirect_slashes) == (False, False)


def test_a_route_tells_what_was_said_of_it() -> None:
    app, router = App(openapi_url=None), Router(prefix="/p", tags=["outer"], deprecated=True)

    @router.get("/x/{at:int}", status_code=201, tags=["inner"], responses={404: {"description": "none"}})
    def named(at: int) -> list[int]:
        """Says where.
        \f
        Not to be told.
        """
        return [at]

    app.include_router(router)
    (route,) = app.routes
    assert isinstance(route, APIRoute)
    assert (route.tags, route.deprecated, route.status_code) == (["outer", "inner"], True, 201)
    assert (route.summary, route.description, route.operation_id) == (None, "Says where.", None)
    assert (route.response_model, list(route.responses)) == (list[int], [404])
    assert (route.path_format, route.unique_id) == ("/p/x/{at}", "named_p_x__at__get")
    assert route.path_regex.fullmatch("/p/x/7")
    (declared,) = router.routes
    assert (declared.tags, declared.include_in_schema) == (["outer", "inner"], True)


def test_what_fastapis_users_give_by_name_is_taken() -> None:
    app, seen = App(openapi_url=None), list[str]()

    class Named(APIRoute):
        def get_route_handler(self) -> Any:
            seen.append(self.path)
            return super().get_route_handler()

    class Plain:
        def __init__(self, app: Any, word: str) -> None:
            self.app = app
            seen.append(word)

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await self.app(scope, receive, send)

    @app.middleware(middleware_type="http")
    async def mark(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers["x-mark"] = "1"
        return response

    @app.exception_handler(exc_class_or_status_code=418)
    def short(request: Request, error: HTTPException) -> Response:
        return PlainTextResponse("stout", 418)

    def refuse() -> None:
        raise RequestValidationError(errors=[{"loc": ("query", "q"), "msg": "no", "type": "mine"}])

    def teapot() -> None:
        raise HTTPException(status_code=418)

    app.add_exception_handler(exc_class_or_status_code=ValueError, handler=short)
    app.add_middleware(middleware_class=Plain, word="made")
    app.add_api_route(path="/no", endpoint=refuse, route_class_override=Named)
    app.add_api_route(path="/tea", endpoint=teapot)
    client = TestClient(app=app)
    told = client.get("/no")
    assert (told.status_code, told.json()["detail"][0]["type"], told.headers["x-mark"]) == (422, "mine", "1")
    assert client.get("/tea").text == "stout"
    assert (seen, app.user_middleware[0].cls) == (["/no", "made"], Plain)
