"""Applications of one framework mounted in another: what is said of a request beside what it really gets."""

import json
import warnings
from typing import Any

import django
from asgiref.wsgi import WsgiToAsgi
from differences import answer_of
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpResponse
from django.urls import path
from fastapi import FastAPI
from flask import Flask
from litestar import Litestar, get
from quart import Quart
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Host, Mount, Route

import inspector
from miniframework import App

warnings.simplefilter("ignore")
settings.configure(
    ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=["django.middleware.common.CommonMiddleware"]
)


def django_item(request: object, number: int) -> HttpResponse:
    return HttpResponse("django_item")


urlpatterns = [path("items/<int:number>/", django_item)]
django.setup()
of_django = get_asgi_application()

of_quart = Quart("quart_app", static_folder=None)


@of_quart.get("/items/<int:number>")
async def quart_item(number: int) -> str:
    return "quart_item"


of_flask = Flask("flask_app", static_folder=None)


@of_flask.get("/items/<int:number>")
def flask_item(number: int) -> str:
    return "flask_item"


@get("/items/{number:int}", media_type="text/plain")
async def litestar_item(number: int) -> str:
    return "litestar_item"


of_litestar = Litestar([litestar_item], openapi_config=None)


async def starlette_item(request: object) -> PlainTextResponse:
    return PlainTextResponse("starlette_item")


of_starlette = Starlette(
    routes=[
        Host("{shop}.example.org", Starlette(routes=[Route("/hosted", starlette_item)])),
        Route("/items/{number:int}", starlette_item),
        Mount("/deep", of_django),
    ]
)

of_ours = App()


@of_ours.get("/items/{number:int}")
def our_item(number: int) -> str:
    return "our_item"


def our_hosted() -> str:
    return "our_hosted"


async def nobody(scope: Any, receive: Any, send: Any) -> None:
    await PlainTextResponse("nobody")(scope, receive, send)


INSIDE: dict[str, Any] = {
    "django": of_django,
    "quart": of_quart,
    "flask": WsgiToAsgi(of_flask),
    "litestar": of_litestar,
    "starlette": of_starlette,
    "ours": of_ours,
    "nobody": nobody,
}


def in_fastapi() -> Any:
    app = FastAPI(openapi_url=None)
    for name, inner in INSIDE.items():
        app.mount(f"/{name}", inner)
    return app


def in_starlette() -> Any:
    fast = FastAPI(openapi_url=None)
    fast.get("/items/{number}")(fast_item)
    mounts = [Mount("/fast", fast), *(Mount(f"/{name}", inner) for name, inner in INSIDE.items())]
    return Starlette(routes=mounts)


def in_ours() -> Any:
    app = App(openapi_url=None)
    fast = FastAPI(openapi_url=None)
    fast.get("/items/{number}")(fast_item)
    app.mount("/fast", fast)
    for name, inner in INSIDE.items():
        app.mount(f"/{name}", inner)
    shop = App(openapi_url=None)
    shop.get("/hosted")(our_hosted)
    app.host("shop.example.net", shop)
    return app


async def fast_item(number: str) -> str:
    return "fast_item"


OUTSIDE = {"fastapi": in_fastapi, "starlette": in_starlette, "ours": in_ours}
QUESTIONS = [
    (method, f"/{name}{below}", None)
    for name in (*INSIDE, "fast", "starlette/deep")
    for method, below in (
        ("GET", "/items/7"), ("GET", "/items/7/"), ("GET", "/items/x"), ("POST", "/items/7"),
        ("GET", "/none"),
    )
] + [
    ("GET", "/starlette/hosted", "toys.example.org"),
    ("GET", "/starlette/hosted", None),
    ("GET", "/hosted", "shop.example.net:8000"),
    ("GET", "/hosted", None),
]  # fmt: skip


def ask(app: Any, attached: Any, method: str, raw_path: str, host: str | None) -> dict[str, Any]:
    more = {} if host is None else {"headers": [(b"host", host.encode())]}
    answered = answer_of(app, method, raw_path, **more)
    found = attached.explain(method, raw_path, host=host)
    json.dumps(found.to_dict())
    took = found.route.endpoint.rpartition(":")[2] if found.outcome == "match" else found.status
    really = answered.text.strip('"') if answered.status == 200 else answered.status
    return {
        "asked": [method, raw_path, host],
        "said": took,
        "really": really,
        "agrees": found.agrees,
        "route": found.route and found.route.path,
        "params": dict(found.params),
        "unseen": found.unseen,
    }


def report(app: Any) -> dict[str, Any]:
    attached = inspector.attach(app)
    return {
        "asked": [ask(app, attached, *question) for question in QUESTIONS],
        "routes": [route.path for route in attached.routes],
        "doctor": attached.doctor().to_dict(),
        "findings": [[one.kind, one.method, one.route.path] for one in attached.check()],
    }


print(json.dumps({name: report(make()) for name, make in OUTSIDE.items()}))
