"""A Quart application with every feature of its routing, asked and called."""

import json
import sys
from typing import Any
from urllib.parse import unquote

import differences
from quart import Blueprint, Quart, request, websocket
from quart.views import View
from werkzeug.routing import BaseConverter, ValidationError

from inspector.adapters.detection import find_adapter
from miniframework.routing.pattern import PathPattern


class ListConverter(BaseConverter):
    def to_python(self, value: str) -> list[str]:
        if value == "none":
            raise ValidationError
        return value.split("+")


class EverythingConverter(BaseConverter):
    regex = "(?s:.*)"
    weight = 300
    part_isolating = False


class Shown(View):
    methods = ("GET", "PUT")

    async def dispatch_request(self, **params: Any) -> str:
        return who()


def who() -> str:
    params = {name: repr(value) for name, value in request.view_args.items()}
    return json.dumps({"rule": request.url_rule.rule, "endpoint": request.endpoint, "params": params})


async def socket(**params: Any) -> None:
    shown = {name: repr(value) for name, value in websocket.view_args.items()}
    await websocket.send(
        json.dumps({"rule": websocket.url_rule.rule, "endpoint": websocket.endpoint, "params": shown})
    )


RULES: tuple[tuple[str, list[str], dict[str, Any]], ...] = (
    ("/", ["GET"], {}),
    ("/users/", ["GET", "POST"], {}),
    ("/users/<name>", ["GET"], {}),
    ("/users/me", ["GET"], {}),
    ("/users/<int:number>", ["GET", "DELETE"], {}),
    ("/users/<int(max=10):number>/small", ["GET"], {}),
    ("/users/<name>/small", ["GET"], {}),
    ("/numbers/<float:number>", ["GET"], {}),
    ("/numbers/<int(signed=True):number>", ["GET"], {}),
    ("/numbers/<int(fixed_digits=3):number>", ["GET"], {}),
    ("/numbers/<any(one, two, 'a.b'):word>", ["GET"], {}),
    ("/ids/<uuid:id>", ["GET"], {}),
    ("/ids/<string(length=3):id>", ["PUT"], {}),
    ("/ids/<string(minlength=2, maxlength=5):id>", ["GET"], {}),
    ("/lists/<list:items>", ["GET"], {}),
    ("/files/<path:path>", ["GET"], {}),
    ("/files/<path:path>/edit", ["GET", "POST"], {}),
    ("/files/<path:path>/raw/", ["GET"], {}),
    ("/trees/<path:path>/", ["GET"], {}),
    ("/between/<a>-<b>.html", ["GET"], {}),
    ("/between/<a>-<int:b>", ["GET"], {}),
    ("/loose", ["GET"], {"strict_slashes": False}),
    ("/loose/<name>/", ["GET"], {"strict_slashes": False}),
    ("/looser", ["GET"], {"strict_slashes": False}),
    ("/looser/", ["GET"], {"strict_slashes": False}),
    ("/kept//double", ["GET"], {"merge_slashes": False}),
    ("/merged//double", ["GET"], {}),
    ("/pages/", ["GET"], {"defaults": {"page": 1}, "endpoint": "pages"}),
    ("/pages/<int:page>", ["GET"], {"endpoint": "pages"}),
    ("/own-options", ["GET", "OPTIONS"], {}),
    ("/no-options", ["GET"], {"provide_automatic_options": False}),
    ("/posted", ["POST"], {}),
    ("/posted", ["PUT"], {"endpoint": "put_there"}),
    ("/both/<int:a>", ["GET"], {}),
    ("/both/<int:b>", ["POST"], {}),
    ("/caf\xe9/<name>", ["GET"], {}),
    ("/with space/<name>", ["GET"], {}),
    ("/hidden/<everything:rest>", ["GET"], {}),
    ("/branch/", ["GET"], {}),
    ("/<name>", ["GET"], {}),
)


def make_app(*, strict: bool = True) -> Quart:
    app = Quart(__name__)
    app.url_map.strict_slashes = strict
    app.url_map.converters["list"] = ListConverter
    app.url_map.converters["everything"] = EverythingConverter
    for number, (rule, methods, more) in enumerate(RULES):

        async def view(**params: Any) -> str:
            return who()

        options = {"endpoint": f"view_{number}", **more}
        known = app.view_functions.get(options["endpoint"])
        app.add_url_rule(rule, view_func=known or view, methods=methods, **options)
    app.add_url_rule("/shown/<name>", view_func=Shown.as_view("shown"))
    app.add_websocket("/ws", "ws", socket)
    app.add_websocket("/ws/<int:room>", "ws_room", socket)
    app.add_websocket("/users/me", "ws_me", socket)
    app.register_blueprint(_blueprint())
    return app


def _blueprint() -> Blueprint:
    outer = Blueprint("outer", __name__, url_prefix="/outer/<tenant>")
    inner = Blueprint("inner", __name__, url_prefix="/inner")

    @outer.get("/")
    async def index(tenant: str) -> str:
        return who()

    @inner.route("/<int:number>", methods=["GET", "PATCH"])
    async def number(tenant: str, number: int) -> str:
        return who()

    @inner.websocket("/talk")
    async def talk(tenant: str) -> None:
        await socket()

    outer.register_blueprint(inner)
    return outer


def differ(method: str, path: str, asked: Any, answered: Any) -> str | None:
    if asked.outcome == "match":
        return _differ_match(asked, answered)
    if answered.accepted or answered.text.startswith('{"rule"'):
        return "a handler ran"
    if asked.status != answered.status:
        return "status"
    if asked.outcome == "redirect" and answered.headers.get("location") != asked.location:
        return "location"
    if asked.outcome == "method_not_allowed":
        allow = sorted(answered.headers["allow"].split(", "))
        return None if allow == list(asked.allow) else "allow"
    return None


def _differ_match(asked: Any, answered: Any) -> str | None:
    [route] = asked.way
    if asked.status == 200:
        allow = sorted(answered.headers["allow"].split(", ")) if answered.headers["allow"] else []
        return None if allow == list(asked.allow) else "automatic options"
    if not answered.text and answered.status == 200:  # HEAD
        return None
    if not answered.text.startswith("{"):
        return None if route.name == "static" else "no handler ran"
    said = json.loads(answered.text)
    converters = route.origin._converters
    params = {name: repr(converters[name].to_python(text)) for name, text in asked.params.items()}
    given = {name: text for name, text in said["params"].items() if name in converters}
    if (said["rule"], said["endpoint"]) != (route.path, route.name):
        return "another rule"
    return None if params == given else f"params {params} {given}"


def law(adapter: Any, requests: list[tuple[str, str]]) -> list[str]:
    """Where the first route that fits is not the one that the router takes."""
    broken = []
    routes, rules = adapter.routes(), adapter.rules
    for method, path in requests:
        asked = adapter.ask(method, path)
        seen = "/" + unquote(path).lstrip("/")
        if seen.endswith("//"):
            continue  # whether a loose rule takes a second slash depends on its last converter
        first = differences.first_that_fits(routes, rules, method, seen, doubted=True)
        if asked.outcome == "match" and first is not asked.way[0]:
            broken.append(f"{method} {path}: {first} before {asked.way[0]}")
        if asked.outcome == "not_found" and first is not None and _converts(first, seen):
            broken.append(f"{method} {path}: {first} would take it, asked {asked}")
    return broken


def _converts(route: Any, path: str) -> bool:
    """Whether the path is the route's, its slash included, and every text has a value."""
    pattern = PathPattern(template=route.path, parts=route.parts)
    raw = pattern.match(path)
    return raw is not None and not pattern.convert(raw)[1]


def main() -> None:
    app = make_app(strict="loose" not in sys.argv)
    adapter = find_adapter(app)
    assert adapter is not None
    extra = ["/pages/1", "/pages/2", "/numbers/one", "/numbers/a.b", "/users/11/small", "/lists/none"]
    requests = list(differences.requests_for(adapter.routes(), extra))
    answer = differences.compare(app, adapter, requests, differ)
    answer["law"] = law(adapter, requests)
    answer["routes"] = [differences.shown(route) for route in adapter.routes()]
    differences.say(answer)


main()
