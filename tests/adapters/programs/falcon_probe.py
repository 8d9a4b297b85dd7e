"""A Falcon application with every feature of its routing, asked and called."""

import json
import logging
import re
import tempfile
from pathlib import Path
from typing import Any

import differences
import falcon
import falcon.asgi
from falcon.routing.converters import BaseConverter

import inspector
from inspector.adapters.detection import find_adapter
from inspector.adapters.scopes import make_scope

IS_NEW = hasattr(falcon.routing, "PathConverter")  # since 4.0
TYPES = ("int", "int(2)", "int(min=3, max=12)", "uuid", "dt", 'dt("%Y-%m-%d")', "odd", "boom")


class Odd(BaseConverter):
    """Takes what is odd."""

    def convert(self, value: str) -> int | None:
        return int(value) if value.isdecimal() and int(value) % 2 else None


class Boom(BaseConverter):
    """Fails for one text."""

    def convert(self, value: str) -> str:
        if value == "abc":
            raise RuntimeError(value)
        return value


def say(request: Any, response: Any, params: dict[str, Any]) -> None:
    shown = {name: str(value) for name, value in params.items() if value is not None}
    response.text = json.dumps({"path": request.uri_template, "params": shown})


class Shown:
    """GET and PUT."""

    async def on_get(self, request: Any, response: Any, **params: Any) -> None:
        say(request, response, params)

    async def on_put(self, request: Any, response: Any, **params: Any) -> None:
        say(request, response, params)

    async def on_delete_all(self, request: Any, response: Any, **params: Any) -> None:
        say(request, response, params)


class Talk:
    """Handshakes only."""

    async def on_websocket(self, request: Any, socket: Any, **params: Any) -> None:
        await socket.accept()
        await socket.send_text(json.dumps({"path": request.uri_template, "params": {}}))


class Both(Shown, Talk):
    """Requests and handshakes, and its own answer to OPTIONS."""

    async def on_options(self, request: Any, response: Any, **params: Any) -> None:
        say(request, response, params)


async def sink(request: Any, response: Any, ws: Any = None, **params: Any) -> None:
    ws = ws or (response if hasattr(response, "accept") else None)  # in its place before 4.1
    if ws is not None:
        await ws.accept()
        await ws.send_text(json.dumps({"path": None, "params": {}}))
    else:
        say(request, response, params)


async def other_sink(request: Any, response: Any, ws: Any = None, **params: Any) -> None:
    await sink(request, response, ws, **params)


EXTRA = ("/sunk", "/sunken/x", "/proxy/abc/d", "/ANYthing", "/spa", "/spa/x", "/assets", "//", "/talk/1")
TEMPLATES = (
    "/", "/users", "/users/", "/users/me", "/users/{name}", "/users/{name}/posts", "/users/me/posts/{post}",
    "/files/{name}.{ext}", "/files/{name}.js", "/files/{year:int}-{month:int}.log", "/files/{name}",
    "/files/{name}.{ext}/edit", "/v{major:int}/x", "/a.b(c)/{x}", "/caf\xe9/{x}", "/{top}/deep/er",
)  # fmt: skip


def make_app(folder: str, *, cuts_slash: bool) -> Any:
    app = falcon.asgi.App()
    app.req_options.strip_url_path_trailing_slash = cuts_slash
    app.router_options.converters["odd"] = Odd
    app.router_options.converters["boom"] = Boom
    for template in TEMPLATES:
        app.add_route(template, Shown())
    for number, word in enumerate(TYPES):
        app.add_route(f"/typed/{number}/{{value:{word}}}", Shown())
    if IS_NEW:
        app.add_route("/float/{value:float}", Shown())
        app.add_route("/rest/{value:path}", Shown())
    app.add_route("/all", Shown(), suffix="all")
    app.add_route("/talk/{room}", Talk())
    app.add_route("/both", Both())
    app.add_static_route("/assets/", folder)
    app.add_static_route("/spa/", folder, fallback_filename="index.html")
    app.add_sink(sink, "/sunk")
    app.add_sink(sink, r"/proxy/(?P<rest>\w+)")
    app.add_sink(other_sink, re.compile("/Any", re.IGNORECASE))
    return app


def differ(method: str, path: str, asked: Any, answered: Any) -> str | None:
    ran = answered.text.startswith('{"path"')
    if asked.outcome != "match":
        if ran or answered.accepted:
            return "a handler ran"
        if method == "WEBSOCKET":
            return None
        if asked.status != answered.status and not (asked.status == 500 and "RuntimeError" in answered.text):
            return "status"
        allow = sorted(filter(None, answered.headers.get("allow", "").split(", ")))
        return "allow" if asked.outcome == "method_not_allowed" and allow != list(asked.allow) else None
    [route] = asked.way
    if route.name is not None:
        return None if route.path in ("/assets/*", "/spa/*") else "not a folder"
    if not ran:
        is_own = method == "OPTIONS" and (answered.status, answered.text) == (200, "")
        return None if is_own or method == "HEAD" else "no handler ran"
    said = json.loads(answered.text)
    if said["path"] != (None if isinstance(route.origin, tuple) else route.path):
        return "another route"
    return None if method == "WEBSOCKET" or set(asked.params) == set(said["params"]) else "params"


def tell_apart(app: Any, requests: list[tuple[str, str]]) -> dict[str, Any]:
    """Where our picture says something else than the router, and how often a route is said to have refused.

    Known: text cut out by a regex may end with a newline, and what is behind the templates gets all slashes
    in front.
    """
    attached = inspector.attach(app)
    otherwise, refused = [], 0
    for method, path in requests:
        found = attached.explain(method, path)
        if not found.agrees and "%0A" not in path and not path.startswith("//"):
            otherwise.append(f"{method} {path}: {found.sentence}")
        refused += "refused it" in found.sentence
    return {"otherwise": otherwise[:20], "refused": refused}


class ByNumber:
    """A resource of a WSGI application."""

    def on_get(self, request: Any, response: Any, number: int) -> None: ...


class Through:
    """A wrapper, as those of a2wsgi and asgiref keep what they wrap."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


def ask_wsgi() -> list[Any]:
    old = falcon.App()
    old.add_route("/items/{number:int}", ByNumber())
    adapter = find_adapter(Through(old))
    assert adapter is not None
    answers = []
    for question in (
        ("GET", "/items/1"),
        ("POST", "/items/1"),
        ("GET", "/items/one"),
        ("WEBSOCKET", "/items/1"),
    ):
        method, path = question
        scope = {**make_scope(method, "/old" + path), "root_path": "/old"}
        asked = adapter.ask_scope(scope)
        answers.append([f"{method} /old{path}", asked.outcome, asked.way[0].path if asked.way else None])
    return answers


class OwnRouter:
    """Takes everything."""

    def add_route(self, template: str, resource: Any, **more: Any) -> None:
        self.resource = resource

    def find(self, uri: str, req: Any = None) -> Any:
        return self.resource, {"GET": self.resource.on_get}, {}, None


def ask_own_router() -> list[Any]:
    app = falcon.asgi.App(router=OwnRouter())
    app.add_route("/any", Shown())
    adapter = find_adapter(app)
    assert adapter is not None
    return [adapter.ask("GET", "/what").outcome, adapter.rules.own_search]


def list_again() -> list[Any]:
    """The methods of a template, and those once it was given to another resource."""
    app = falcon.asgi.App()
    adapter = find_adapter(app)
    assert adapter is not None
    listed = []
    for resource in (Shown(), Talk(), Shown()):
        app.add_route("/again", resource)
        listed.append([sorted(route.methods or ["WEBSOCKET"]) for route in adapter.routes()])
    return listed


def main() -> None:
    logging.disable()
    answers: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "index.html").write_text("index", encoding="utf-8")
        for name, cuts_slash in (("exact", False), ("cut", True)):
            app = make_app(folder, cuts_slash=cuts_slash)
            adapter = find_adapter(app)
            assert adapter is not None
            requests = list(differences.requests_for(adapter.routes(), EXTRA))
            answers[name] = differences.compare(app, adapter, requests, differ)
            answers[name] |= tell_apart(app, requests)
            answers[name]["routes"] = [differences.shown(route) for route in adapter.routes()]
        attached = inspector.attach(app)
        answers["sentences"] = [
            attached.explain("GET", f"/typed/{path}").sentence for path in ("6/abc", "7/abc")
        ]
    answers["wsgi"] = ask_wsgi()
    answers["again"] = list_again()
    answers["own_router"] = ask_own_router()
    differences.say(answers)


main()
