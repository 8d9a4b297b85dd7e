"""A Datasette with a plugin's routes and pages, asked and called."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

import differences
from datasette import hookimpl
from datasette.app import Datasette, DatasetteRouter
from datasette.plugins import pm
from datasette.utils.asgi import Response

from inspector.adapters.detection import find_adapter


class Plugin:
    __name__ = "Plugin"

    @hookimpl
    def register_routes(self) -> list[tuple[str, Any]]:
        return [
            (r"^/hello/(?P<name>[^/]+)$", hello),
            (r"/open", hello),
            (r"^/(?i:CASE)/(?P<rest>.*)$", hello),
            (r"^/twice/(?P<a>\w)/(?P=a)$", hello),
            (r"^/$|^/home$", hello),
            (r"^/slash/(?P<name>[a-z]+)/?$", hello),
        ]


async def hello(request: Any) -> Any:
    return Response.json({"who": "hello", "params": request.url_vars})


TOOK: list[tuple[Any, dict[str, str]]] = []


def make_app(base_url: str, pages: Path) -> tuple[Any, Any]:
    """Datasette behind its own wrappers; its views are replaced by one that tells which of them was taken."""
    ds = Datasette(memory=True, template_dir=str(pages), settings={"base_url": base_url})
    app = ds.app()
    adapter = find_adapter(app)
    assert adapter is not None
    router = DatasetteRouter(ds, [(regex, teller(view)) for regex, view in adapter._own._router.routes])
    return router, adapter


def with_token(app: Any) -> Any:
    """What the middleware around the router puts into the scope, and its templates want."""

    async def call(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "csrftoken": lambda: "token"}, receive, send)

    return call


def teller(view: Any) -> Any:
    async def tell(request: Any, send: Any) -> Any:
        TOOK.append((view, request.url_vars))
        return Response.text("taken")

    return tell


def differ(method: str, raw_path: str, asked: Any, answered: Any) -> str | None:
    took = TOOK.pop() if TOOK else None
    if method == "WEBSOCKET":
        return None
    if asked.outcome == "match":
        [route] = asked.way
        if route.name is not None:
            return None if answered.text.startswith(f"page {route.name}") else "no page"
        if took is None or took[0] is not route.origin:
            return "another view"
        params = {name: text for name, text in took[1].items() if text is not None}
        return None if params == asked.params else f"params {params}"
    if took is not None:
        return "a view ran"
    if asked.status != answered.status:
        return "status"
    return None if answered.headers.get("location") == asked.location else "location"


def law(adapter: Any, requests: list[tuple[str, str]]) -> list[str]:
    """Where the first route that fits is not the one that Datasette takes."""
    broken = []
    routes, rules = adapter.routes(), adapter.rules
    for method, raw_path in requests:
        asked = adapter.ask(method, raw_path)
        if method == "WEBSOCKET" or (asked.way and asked.way[0].condition):
            continue
        is_below = raw_path.startswith(rules.root_path + "/")
        seen = raw_path.removeprefix(rules.root_path) if is_below else raw_path
        first = differences.first_that_fits(routes, rules, method, seen)
        taken = asked.way[0] if asked.way else None
        if first is not taken:
            broken.append(f"{method} {raw_path}: {first} before {taken}")
    return broken


EXTRA = [
    "/", "/home", "/favicon.ico", "/faviconXico/x", "/open", "/opened", "/CASE/x", "/case/a/b",
    "/twice/a/a", "/twice/a/b", "/hello/a%2Fb", "/hello/a/b", "/a/b/c/d/e/f", "/a/b/c/d/e/f/",
    "/deep/page/in/a/very/deep/place", "/_memory", "/_memory/", "/deep/page/in/a/very/other/place",
    "/deep/page/in/a/very/x%20y/place", "/db/table/pk/-/nothing/at/all", "/db/t.json", "/db/a%2Fb.csv",
    "/db/a~2Fb", "/:memory:/x", "/-/static/app.css", "//deep/page/in/a/very/deep/place", "/under/base/db",
    "/under/base/", "/under/base", "/under/basex", "/under/base/deep/page/in/a/very/deep/place",
    "/slash/a/", "/slash/a//", "/deep/page/in/a/very/deep/place/.", "/deep/./page//in/a/very/deep/place",
]  # fmt: skip


def main() -> None:
    pm.register(Plugin(), name="probe")
    base_url = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        deep = Path(folder) / "pages" / "deep" / "page" / "in" / "a" / "very"
        (deep / "{word}").mkdir(parents=True)
        (deep / "deep").mkdir()
        (deep / "deep" / "place.html").write_text("page pages/deep/page/in/a/very/deep/place.html")
        (deep / "{word}" / "place.html").write_text("page pages/deep/page/in/a/very/{word}/place.html")
        app, adapter = make_app(base_url, Path(folder))
        asyncio.run(adapter._own._router.ds.invoke_startup())
        requests = list(differences.requests_for(adapter.routes(), EXTRA))
        every = int(sys.argv[2])
        requests = [one for number, one in enumerate(requests) if number % every == 0 or one[1] in EXTRA]
        answer = differences.compare(with_token(app), adapter, requests, differ)
        answer["law"] = law(adapter, requests)[:20]
        answer["routes"] = [differences.shown(route) for route in adapter.routes()]
    answer["framework"], answer["version"] = adapter.framework, adapter.version
    answer["asked"] = len(requests)
    differences.say(answer)


if __name__ == "__main__":
    main()
