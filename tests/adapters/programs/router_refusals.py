"""Applications whose framework refuses to make their router when that is first needed."""

import sys
from typing import Any

import differences

import inspector
from inspector.inspection import RouterFailedError


def blacksheep() -> Any:
    from blacksheep import Application, Router

    app = Application(router=Router())

    @app.router.get("/x/:a")
    def first() -> str:
        return "first"

    @app.router.get("/x/:a")
    def second() -> str:
        return "second"

    return app


def sanic() -> Any:
    from sanic import Sanic
    from sanic.response import text

    app = Sanic("refusing")

    @app.get("/x/<__a:int>")
    async def first(request: Any, __a: int) -> Any:
        return text("first")

    return app


def django(wrong: str) -> Any:
    import types

    from django import setup
    from django.conf import settings
    from django.urls import include, path, re_path

    urls = types.ModuleType("refusing_urls")
    empty = types.ModuleType("empty_urls")
    sys.modules |= {"refusing_urls": urls, "empty_urls": empty}
    urls.urlpatterns = [  # type: ignore[attr-defined]
        path("before/", differences.say),
        re_path(r"^odd/(", differences.say) if wrong == "regex" else path("in/", include("empty_urls")),
    ]
    settings.configure(ROOT_URLCONF="refusing_urls", SECRET_KEY="-", ALLOWED_HOSTS=["*"], MIDDLEWARE=[])
    setup()
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


def report(app: Any) -> dict[str, Any]:
    """What each question raises, as [text, class of the cause]; its answer where it raises nothing."""
    attached = inspector.attach(app)
    questions = {
        "routes": lambda: attached.routes,
        "explain": lambda: attached.explain("GET", "/before/"),
        "check": attached.check,
        "doctor": attached.doctor,
    }
    raised: dict[str, Any] = {}
    for name, question in questions.items():
        try:
            raised[name] = repr(question())
        except RouterFailedError as error:
            raised[name] = [str(error), type(error.__cause__).__name__]
    return raised


MAKERS = {"blacksheep": blacksheep, "sanic": sanic, "django": django}
differences.say(report(MAKERS[sys.argv[1]](*sys.argv[2:])))
