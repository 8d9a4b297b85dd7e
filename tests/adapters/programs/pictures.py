"""Small applications whose routers do what no template says; for each whether our picture says the same."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import differences

import inspector


def litestar() -> Any:
    from litestar import Litestar, asgi, get, post

    async def nothing() -> None:
        return None

    async def bare(scope: Any, receive: Any, send: Any) -> None:
        return None

    async def deeper(scope: Any, receive: Any, send: Any) -> None:
        return None

    return Litestar(
        [
            get("/books/{book_id:int}")(nothing),
            post("/books")(nothing),
            get("/books/{book_id:int}/pages/{page:path}")(nothing),
            asgi("/old", is_mount=True)(bare),
            asgi("/old/deeper", is_mount=True)(deeper),
            asgi("/raw/{name:str}")(bare),
        ],
        openapi_config=None,
    )


def quart() -> Any:
    from quart import Quart

    async def view(**params: Any) -> str:
        return "ok"

    app = Quart(__name__, static_folder=None)
    app.add_url_rule("/", "index", view)
    app.add_url_rule("/books/<int:book_id>", "book", view)
    app.add_url_rule("/books/", "books", view, methods=["POST"])
    app.add_websocket("/talk", "talk", view)
    app.add_url_rule("/months/<int(min=1, max=12):month>", "month", view)
    app.add_url_rule("/months/<name>", "named", view)
    app.add_url_rule("/years/<int(fixed_digits=4):year>", "year", view)
    return app


def sanic() -> Any:
    from sanic import Sanic

    async def view(request: Any, **params: Any) -> None:
        return None

    app = Sanic("books", configure_logging=False)
    app.add_route(view, "/books/<number:int>", methods=["GET"], name="book")
    app.add_route(view, "/books/<number:int>", methods=["DELETE"], name="gone")
    app.add_route(view, "/books/<name:str>", methods=["GET", "PUT"], name="named")
    app.add_route(view, "/books/new", methods=["POST"], name="new")
    app.add_route(view, "/ads/<ad:int>", methods=["GET"], name="ad")
    app.add_route(view, "/ads/<action:int>", methods=["POST"], name="act")
    app.add_websocket_route(view, "/talk")
    app.add_route(view, "/", methods=["GET"], name="index")
    app.add_route(view, "/days/<day:ymd>", methods=["GET"], name="day")
    app.add_route(view, "/reports/<report=int:ext=csv>", methods=["GET"], name="report")
    app.add_route(view, "/reports/<name:str>", methods=["GET"], name="anyhow")
    return app


def falcon() -> Any:
    import falcon.asgi

    class Book:
        async def on_get(self, request: Any, response: Any, **params: Any) -> None: ...

    class New:
        async def on_post(self, request: Any, response: Any, **params: Any) -> None: ...

    class Talk:
        async def on_websocket(self, request: Any, socket: Any, **params: Any) -> None: ...

    async def rest(request: Any, response: Any, **params: Any) -> None: ...

    app = falcon.asgi.App()
    app.add_route("/books/{number:int}", Book())
    app.add_route("/books/new", New())
    app.add_route("/books/{number:int}/pages/{page}", Book())
    app.add_route('/days/{day:dt("%Y-%m-%d")}', Book())
    app.add_route("/files/{name}.{kind}", Book())
    app.add_route("/talk", Talk())
    app.add_sink(rest, "/books/old/")
    app.add_sink(rest, "/books/old|/old")
    app.add_sink(rest, "/books")
    return app


def blacksheep() -> Any:
    from blacksheep import Application, Router

    def view() -> None: ...

    app, inner = Application(router=Router()), Application(router=Router())
    for pattern in ("/", "/Users", "/users/{name}", "/files/*"):
        app.router.add("GET", pattern, view)
    for pattern in ("/", "/reports/{int:year}"):
        inner.router.add("GET", pattern, view)
    app.mount("/admin", inner)
    return app


def starlette() -> Any:
    from starlette.applications import Starlette
    from starlette.endpoints import HTTPEndpoint
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    class Book(HTTPEndpoint):
        async def get(self, request: Any) -> None: ...

    async def view(request: Any) -> None: ...

    files = StaticFiles(directory=".", check_dir=False)
    routes = [Route("/book", Book), Route("/a/{x}", view), Route("/a/new", view), Mount("/", files)]
    return Starlette(routes=routes)


def datasette() -> Any:
    from datasette.app import Datasette

    return Datasette(memory=True).app()


def datasette_below() -> Any:
    from datasette.app import Datasette

    return Datasette(memory=True, settings={"base_url": "/under/base/"}).app()


def django_in_debug_mode() -> Any:
    return django("django.middleware.common.CommonMiddleware", DEBUG=True, ALLOWED_HOSTS=["example.org"])


def django(common: str = f"{__name__}.patient", **settings_given: Any) -> Any:
    from django.conf import settings

    settings.configure(
        ROOT_URLCONF=__name__,
        USE_I18N=True,
        LANGUAGES=[("en", "English"), ("de", "German"), ("pt-br", "Portuguese")],
        MIDDLEWARE=["django.middleware.locale.LocaleMiddleware", common],
        **{"ALLOWED_HOSTS": ["*"], **settings_given},
    )
    import django
    from django.conf.urls.i18n import i18n_patterns
    from django.core.asgi import get_asgi_application
    from django.middleware.common import CommonMiddleware
    from django.urls import path

    def should_redirect_with_slash(self: Any, request: Any) -> Any:
        return request.method != "POST" and CommonMiddleware.should_redirect_with_slash(self, request)

    def view(request: Any, **params: Any) -> None: ...

    here = sys.modules[__name__]
    methods = {"should_redirect_with_slash": should_redirect_with_slash}
    here.patient = type("Patient", (CommonMiddleware,), methods)  # type: ignore[attr-defined]
    here.urlpatterns = [  # type: ignore[attr-defined]
        path("plain/", view),
        *i18n_patterns(path("", view), path("books/<int:number>/", view)),
    ]
    django.setup()
    return get_asgi_application()


ASKED: dict[str, tuple[Callable[[], Any], Sequence[str]]] = {
    "litestar": (
        litestar,
        (
            "PUT /books/one", "GET /books/one", "GET /books/1", "PUT /books", "GET /", "POST /books//",
            "DELETE /books/1/pages/a/b", "GET /books/1/pages", "GET /old", "GET /old/", "GET /old/x",
            "GET /old/deeper/x", "WEBSOCKET /books", "WEBSOCKET /books/1", "OPTIONS /books/one",
        ),
    ),
    "quart": (
        quart,
        (
            "GET //", "GET //books/1", "GET /books//1", "POST /books", "GET /books", "POST //books",
            "POST /books//", "WEBSOCKET /books/", "WEBSOCKET /books/1", "WEBSOCKET /talk", "WEBSOCKET //talk",
            "WEBSOCKET /x//talk", "PUT /talk", "GET /talk", "OPTIONS /talk", "PUT /books//1", "GET /none//",
            "GET /months/12", "GET /months/13", "POST /months/13", "GET /years/24", "GET /years/2024",
        ),
    ),
    "sanic": (
        sanic,
        (
            "GET /books/1", "DELETE /books/1", "PUT /books/1", "PUT /books/one", "GET /books/new",
            "POST /books/new", "GET /books/", "WEBSOCKET /talk", "GET /none", "GET /ads/1",
            "POST /ads/1", "PUT /ads/1", "GET /", "GET //", "GET /books/1//", "WEBSOCKET /books/1",
            "WEBSOCKET /none", "POST /talk", "GET /days/2024-02-30", "PUT /days/2024-02-30",
            "GET /days/2024-02-03/", "GET /reports/7.csv", "GET /reports/x.csv", "GET /reports/x",
        ),
    ),
    "falcon": (
        falcon,
        (
            "GET /books/1", "POST /books/1", "GET /books/one", "GET /books/new", "POST /books/new",
            "GET /books/1/pages/", "GET /books/1/pages", "GET //books/1", "GET /days/2024-13-01",
            "GET /days/2024-12-01", "GET /files/a.b.c", "GET /files/.a", "GET /files/a.", "GET /talk",
            "WEBSOCKET /talk", "WEBSOCKET /books/1", "WEBSOCKET /books/old/x", "GET /none", "BREW /books/1",
            "OPTIONS /books/1", "DELETE /old",
        ),
    ),
    "blacksheep": (
        blacksheep,
        (
            "GET /", "GET //", "GET /Users", "GET /USERS/", "GET /Users/A%2Fb", "POST /users", "GET /files",
            "GET /files/a/B/", "GET /admin", "GET /Admin/", "GET /admin/reports/7/", "GET /admin/reports/x",
            "WEBSOCKET /users",
        ),
    ),
    "starlette": (
        starlette,
        (
            "GET /book", "PUT /book", "GET /book%0A", "GET /a/b%0A", "GET /files/a", "GET /files/a%0Ab",
            "GET /book%0A%0A",
        ),
    ),
    "datasette": (
        datasette,
        (
            "GET /-/versions/", "GET /-/versions//", "POST /a/b/c/d/", "GET /a%2Fb/c/d/e/f",
            "GET /-/.caf%C3%A9/x/y/z/~", "GET /a/b/c/d/e", "GET /", "WEBSOCKET /-/versions/",
        ),
    ),
    "datasette_below": (
        datasette_below,
        (
            "GET /under/base/", "GET /", "GET /under/base/-/versions/", "GET /under/base",
            "GET /under/base/under/base/x",
        ),
    ),
    "django": (
        django,
        (
            "GET /", "GET /en", "GET /en/", "GET /de/", "GET /de", "GET /books/1", "GET /books/1/",
            "GET /books/one", "GET /de/books/1", "GET /en/books/1/", "GET /pt/books/1/", "GET /DE/books/1/",
            "GET /de-at/books/1/", "GET /plain", "GET /none/", "WEBSOCKET /books/1/",
        ),
    ),
    "django_in_debug_mode": (
        django_in_debug_mode,
        (
            "GET /plain", "POST /plain", "PUT /plain", "DELETE /plain", "OPTIONS /plain", "POST /plain/",
            "POST /en/books/1", "PATCH /books/1", "POST /none", "WEBSOCKET /plain",
        ),
    ),
}  # fmt: skip


def main() -> None:
    make, asked = ASKED[sys.argv[1]]
    attached = inspector.attach(make())
    said = {}
    for question in asked:
        method, raw_path = question.split(" ")
        found = attached.explain(method, raw_path)
        said[question] = [found.outcome, found.status, found.location, found.agrees, found.sentence]
    findings = [[one.kind, one.route.path, one.exactness] for one in attached.check()]
    # What only the router knows.
    beyond = {"litestar": ("GET", "/raw/x"), "django": ("POST", "/plain"), "falcon": ("GET", "//old")}.get(
        sys.argv[1], ("GET", "/")
    )
    found = attached.explain(*beyond)
    differences.say(
        {
            "said": said,
            "findings": findings,
            "fixes": [one.fix for one in attached.check()],
            "names": [list(entry.pattern.regex.groupindex) for entry in attached.table.entries],
            "routes": [[one.path, one.answers] for one in attached.routes],
            "beyond": [found.outcome, found.status],
        }
    )


main()
