"""What random programs really answer, held against their adapter; prints what differs."""

import json
import logging
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote, unquote

import differences

from inspector.adapters.adapter import AdaptedRoute, Adapter, Asked
from inspector.adapters.detection import find_adapter

MUTATIONS: tuple[Callable[[str], str], ...] = (
    lambda path: path.removesuffix("/") if path.endswith("/") else path + "/",
    lambda path: path + "//",
    lambda path: path + "/extra",
    lambda path: path + "%0A",
    lambda path: path + "%2F",
    lambda path: "/" + path,
    lambda path: "/root" + path,
    lambda path: path.replace("/", "%2F", 2).replace("%2F", "/", 1),
    lambda path: path.rpartition("/")[0],
    lambda path: path[:-1],
    str.upper,
)
# Beside the paths that the routes ask for.
EXTRA = ("", "/", "//", "///", "/%0A", "/%2F", "/..", "/%FF", "/nobody/there", "/docs", "/openapi.json", "*")

# What an adapter must not bring along: the other frameworks, and what the dashboard is made of.
FOREIGN = {"fastapi", "litestar", "quart", "django", "datasette", "pydantic", "jinja2", "uvicorn", "click"}


def compare_programs(make: Callable[[int], Any], seeds: Sequence[int], most: int) -> None:
    """Make a program of each seed, send it up to `most` requests and print how they were answered."""
    logging.disable(logging.CRITICAL)
    wrong: list[str] = []
    outcomes: dict[str, int] = {}
    taken = 0
    for seed in seeds:
        app = make(seed)
        adapter = find_adapter(app)
        assert adapter is not None
        requests = list(random_requests(adapter.routes(), random.Random(seed), most))
        watched = Watched(app, adapter)
        answer = differences.compare(watched, adapter, requests, watched.differ)
        wrong += [f"program {seed}: {line}" for line in answer["wrong"]]
        taken += watched.taken
        for outcome, count in answer["outcomes"].items():
            outcomes[outcome] = outcomes.get(outcome, 0) + count
    differences.say({"wrong": wrong[:10], "count_wrong": len(wrong), "outcomes": outcomes, "taken": taken})


def random_requests(
    routes: Sequence[AdaptedRoute], chance: random.Random, count: int
) -> Iterator[tuple[str, str]]:
    """Requests that a route takes, and such as are nearly so."""
    ways = list(_ways(routes, ()))
    for _ in range(count):
        way = chance.choice(ways)
        path = "".join(_filled(part, chance) for route in way for part in route.parts)
        path = chance.choice(EXTRA) if chance.random() < 0.03 else path
        path = chance.choice(MUTATIONS)(path) if chance.random() < 0.4 else path
        usual = sorted(way[-1].methods or ["GET"]) if way[-1].kind != "websocket" else ["WEBSOCKET"]
        yield chance.choice(usual if chance.random() < 0.7 else differences.METHODS), path


def _ways(
    routes: Sequence[AdaptedRoute], before: tuple[AdaptedRoute, ...]
) -> Iterator[tuple[AdaptedRoute, ...]]:
    for route in routes:
        yield (*before, route)
        yield from _ways(route.inner or (), (*before, route))


def _filled(part: Any, chance: random.Random) -> str:
    """The part with a text that it mostly takes, and sometimes any other."""
    if not hasattr(part, "regex"):
        return quote(part.text)
    texts = [text for text in differences.TEXTS if re.fullmatch(part.regex, unquote(text))]
    return chance.choice(texts if texts and chance.random() < 0.8 else differences.TEXTS)


def seeds_of_arguments() -> tuple[Sequence[int], int]:
    """The seeds from the first argument up to the second, and how many requests each program gets."""
    first, last, most = map(int, sys.argv[1:])
    return range(first, last), most


class Watched:
    """The application, with the scope of its last call kept as a recorder would."""

    def __init__(self, app: Any, adapter: Adapter) -> None:
        self.app = app
        self.adapter = adapter
        self.scope: dict[str, Any] = {}
        self.taken = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        await self.app(scope, receive, send)

    def differ(self, method: str, path: str, asked: Asked, answered: differences.Answered) -> str | None:
        """What the adapter said wrongly, if anything."""
        live = tuple(self.adapter.find_taken(self.scope))
        self.taken += bool(live)
        if live and live != asked.way:
            return f"find_taken gives {[route.path for route in live]}"
        if live != tuple(self.adapter.find_taken(differences.what_is_kept(self.scope))):
            return "find_taken reads what is not kept of a scope"
        return differ(method, path, asked, answered)


def differ(method: str, path: str, asked: Asked, answered: differences.Answered) -> str | None:
    """What is wrong about one verdict, None when the application did just that."""
    said = json.loads(answered.text) if answered.accepted else answered.headers
    if "x-name" in said:
        return _differs_from(said, asked)
    if answered.status == 500 or (answered.status is None and "close" not in answered.headers):
        return None if asked.status == 500 and asked.outcome == "match" else "it failed"
    if asked.outcome == "match":
        is_own = asked.way[-1].endpoint.startswith(
            ("fastapi.", "starlette.")
        )  # the pages of FastAPI, and files
        return None if is_own else "nobody said a name"
    if method == "WEBSOCKET":
        is_refused = asked.outcome in ("not_found", "websocket_mismatch") and asked.status == 403
        return None if is_refused and "close" in answered.headers else "the handshake"
    if asked.status != answered.status:
        return "the status"
    if answered.headers.get("location") != asked.location:
        return "the location"
    allowed = set(filter(None, answered.headers.get("allow", "").split(", ")))
    return None if allowed == set(asked.allow) else "the allowed methods"


def _differs_from(said: dict[str, str], asked: Asked) -> str | None:
    if asked.outcome != "match" or not asked.way:
        return f"{said} answered"
    route = asked.way[-1]
    # FastAPI puts a mount without a name between a host of an included router and what it serves.
    names = [route.name for route in asked.way if route.kind == "mount"] or [route.name]
    if said["x-name"] not in (names if route.kind == "mount" else [route.name]):
        return f"{said['x-name']} answered"
    path = json.loads(said["x-path"])
    if path is not None and route.kind != "mount" and path != route.path:
        return f"its path is {path}"
    params = _converted(asked.way, asked.params)
    return None if params == json.loads(said["x-params"]) else f"parameters {params}"


def _converted(way: Sequence[AdaptedRoute], raw: Any) -> dict[str, str]:
    """The raw parameters as the routes on the way convert them, as text."""
    converters = {
        part.name: part.converter for route in way for part in route.parts if hasattr(part, "converter")
    }
    return {
        name: str(converters[name].convert(text)) if name in converters else text
        for name, text in raw.items()
    }


def describe(app: Any) -> None:
    """Print the routes of a program, and what is said to the requests that come in as JSON."""
    adapter = find_adapter(app)
    assert adapter is not None
    requests = json.load(sys.stdin) or []
    differences.say(
        {
            "framework": adapter.framework,
            "version": adapter.version,
            "redirect_slashes": adapter.rules.redirect_slashes,
            "routes": [_row(route) for route in adapter.routes()],
            "asked": [_verdict(adapter.ask(method, path)) for method, path in requests],
            "imported": sorted({name.partition(".")[0] for name in sys.modules} & FOREIGN),
        }
    )


def _row(route: AdaptedRoute) -> dict[str, Any]:
    return {
        "kind": route.kind,
        "path": route.path,
        "methods": None if route.methods is None else sorted(route.methods),
        "name": route.name,
        "endpoint": route.endpoint,
        "source": None if route.source is None else route.source.short.partition(":")[0],
        "regexes": [part.regex if hasattr(part, "regex") else part.text for part in route.parts],
        "condition": route.condition,
        "inner": None if route.inner is None else [_row(inner) for inner in route.inner],
    }


def _verdict(asked: Asked) -> list[Any]:
    path = " > ".join(route.path for route in asked.way)
    return [asked.outcome, path, dict(asked.params), sorted(asked.allow), asked.location, asked.status]
