"""What an application really answers over ASGI, held against what its adapter says without a handler run."""

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from inspector.adapters.adapter import READ_OF_SCOPE, AdaptedRoute, Adapter, Asked, Rules
from inspector.adapters.scopes import make_scope
from miniframework.routing.parts import Literal, Parameter, Part

# One text for each thing that some converter takes and another does not, percent-encoded as in a request.
TEXTS = (
    "abc", "1", "0", "-1", "+1", "007", "12345", "1.5", "-1.5", ".5", "1e5", "1_0", "a-b", "A", "ABC", "a.b",
    "x.js", "a.tar.gz", ".", "..", "%D9%A1%D9%A2", "%C3%A9", "caf%C3%A9", "a%2Fb", "a%20b", "a+b", "%0A",
    "1%0A", "abc%0A",
    "%25", "%2525", "%3C", "a;b", "a=b", "a:b", "~", "%FF", "a/b", "a//b", "a/b/", "/a", "",
    "2024-01-31", "2024-13-01", "10:30:00", "2024-01-31T10:30:00", "P1DT2H", "3600",
    "0f7f9bd8-9f1f-4ab4-9d29-5a2a4c7c1f3e", "0F7F9BD8-9F1F-4AB4-9D29-5A2A4C7C1F3E",
    "0f7f9bd89f1f4ab49d295a2a4c7c1f3e",
)  # fmt: skip
USUAL = ("abc", "1", "0f7f9bd8-9f1f-4ab4-9d29-5a2a4c7c1f3e", "1.5", "2024-01-31")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "WEBSOCKET")
DEADLINE_S = 20.0
IN_TURN = ("POST", "OPTIONS", "WEBSOCKET")


@dataclass(frozen=True)
class Answered:
    """What an application sent; `text` is the body, or what came first through an accepted socket.

    `scope` is the one it was called with, with all that it left in there.
    """

    status: int | None
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    accepted: bool = False
    scope: dict[str, Any] = field(default_factory=dict, repr=False)


def what_is_kept(scope: Mapping[str, Any]) -> dict[str, Any]:
    """What the recorder still has of a scope once the application has answered."""
    return {key: scope[key] for key in READ_OF_SCOPE if scope.get(key) is not None}


def answer_of(app: Any, method: str, raw_path: str, **more: Any) -> Answered:
    """Call the application as a server would, on a loop of its own, until it is done."""
    scope = make_scope(method, raw_path)
    scope["extensions"] = {"websocket.http.response": {}}
    return asyncio.run(_converse(app, {**scope, **more}))


async def converse(app: Any, method: str, raw_path: str) -> Answered:
    """The same, on the loop that runs."""
    scope = make_scope(method, raw_path)
    scope["extensions"] = {"websocket.http.response": {}}
    return await _converse(app, scope)


async def _converse(app: Any, scope: dict[str, Any]) -> Answered:
    """One conversation: a socket that is accepted gets one text, and is left once it has sent something."""
    is_socket = scope["type"] == "websocket"
    sent: list[Any] = []
    accepted, over = asyncio.Event(), asyncio.Event()
    messages = [{"type": "websocket.connect"} if is_socket else {"type": "http.request", "body": b""}]
    greetings = [{"type": "websocket.receive", "text": "hello"}] if is_socket else []

    async def receive() -> Any:
        if messages:
            return messages.pop()
        if greetings:
            await accepted.wait()
            return greetings.pop()
        await over.wait()
        return {"type": "websocket.disconnect", "code": 1000} if is_socket else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "websocket.accept":
            accepted.set()
        elif is_socket:
            over.set()

    task = asyncio.ensure_future(app(scope, receive, send))
    done, _ = await asyncio.wait([task], timeout=DEADLINE_S)
    if not done:
        task.cancel()
        raise TimeoutError(f"{scope['type']} {scope['path']!r}: no end after {DEADLINE_S} s")
    problem = task.exception()
    return replace(_answered(sent, None if problem is None else repr(problem)), scope=scope)


def _answered(sent: list[Any], problem: str | None) -> Answered:
    status, headers, text, accepted = None, {}, "", False
    for message in sent:
        match message["type"]:
            case "http.response.start" | "websocket.http.response.start":
                status = message["status"]
                headers = {
                    name.decode().lower(): value.decode("latin-1") for name, value in message["headers"]
                }
            case "http.response.body":
                text += bytes(message.get("body") or b"").decode("utf-8", "replace")
            case "websocket.accept":
                accepted = True
            case "websocket.send" if not text:
                text = message.get("text") or (message.get("bytes") or b"").decode()
            case "websocket.close" if not accepted and status is None:
                headers = {"close": str(message.get("code")), "reason": str(message.get("reason"))}
    return Answered(status, headers, text or (problem or ""), accepted)


def paths_for(routes: Iterable[AdaptedRoute]) -> list[str]:
    """Paths of every route: each text in a parameter of each kind, some in the others; what lies close."""
    paths: dict[str, None] = {}
    kinds: dict[str, int] = {}
    for route in routes:
        base = list(_filled(route.parts, kinds))
        paths.update(dict.fromkeys(base))
        for path in base[:1]:
            paths.update(dict.fromkeys(_beside(path)))
    return [path for path in paths if path.startswith("/")]


def _filled(parts: tuple[Part, ...], kinds: dict[str, int]) -> Iterator[str]:
    holes = [part for part in parts if isinstance(part, Parameter)]
    choices = [[text] * len(holes) for text in USUAL] if holes else [[]]
    for hole, part in enumerate(holes):
        met = kinds[part.regex] = kinds.get(part.regex, -1) + 1
        # The first parameter of a kind gets all texts, the others every eighth, each time other ones.
        for text in TEXTS if met == 0 else TEXTS[met % 8 :: 8]:
            choices.append([text if place == hole else "1" for place in range(len(holes))])
    for choice in choices:
        left = iter(choice)
        yield (
            "".join(quote(p.text, safe="/%") if isinstance(p, Literal) else next(left) for p in parts) or "/"
        )


def _beside(path: str) -> Iterator[str]:
    yield path.rstrip("/") or "/"
    yield path.rstrip("/") + "/"
    yield path.rstrip("/") + "//"
    yield "/" + path
    yield path.replace("/", "//")
    yield path + "/extra"
    yield path.rstrip("/") + "extra"
    yield path.rsplit("/", 1)[0] or "/"
    yield path[:-1] or "/"
    yield path.upper()
    yield path + "%2F"
    yield path + "%0A"
    yield path + "%20"
    yield path.replace("/", "%2F", 2).replace("%2F", "/", 1)
    yield path + "%C3%A9"
    if len(path) > 1:
        yield f"{path[:1]}%{ord(path[1]):02X}{path[2:]}"
        yield f"/..{path}"
        yield f"{path}/../x"


def requests_for(routes: Sequence[AdaptedRoute], extra: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """GET for every path, one method more for each second path, every method for each eleventh."""
    for number, path in enumerate([*paths_for(routes), *extra]):
        turn = (IN_TURN[number % 3],) if number % 2 else ()
        for method in METHODS if number % 11 == 0 else ("GET", *turn):
            yield method, path


def compare(
    app: Any,
    adapter: Adapter,
    requests: Iterable[tuple[str, str]],
    differ: Callable[[str, str, Asked, Answered], str | None],
) -> dict[str, Any]:
    """Ask both about every request; `differ` says in words what is wrong, None when they agree."""

    async def all_of_them() -> dict[str, Any]:
        wrong: list[str] = []
        outcomes: dict[str, int] = {}
        for method, path in requests:
            asked = adapter.ask(method, path)
            answered = await converse(app, method, path)
            said = differ(method, path, asked, answered)
            outcomes[asked.outcome] = outcomes.get(asked.outcome, 0) + 1
            if said is not None:
                wrong.append(f"{method} {path}: {said}; asked {asked}; answered {answered}")
        return {"wrong": wrong[:20], "count_wrong": len(wrong), "outcomes": outcomes}

    return asyncio.run(all_of_them())


def first_that_fits(
    routes: Sequence[AdaptedRoute], rules: Rules, method: str, path: str, *, doubted: bool = False
) -> AdaptedRoute | None:
    """The route that a scan in the listed order takes, by parts, slashes and methods alone; with `doubted`
    also one that may refuse what its parts take.
    """
    kind = "websocket" if method == "WEBSOCKET" else "http"
    open_to_it = [
        route
        for route in routes
        if route.condition is None
        and (doubted or route.doubt is None)
        and route.kind in ("mount", kind)
        and (route.methods is None or method in route.methods)
    ]
    passes = (True,) if rules.redirects_in_turn else (False, True)
    return next(
        (route for loose in passes for route in open_to_it if _takes(route, rules, path, loose=loose)), None
    )


def _takes(route: AdaptedRoute, rules: Rules, path: str, *, loose: bool) -> bool:
    text = "".join(re.escape(p.text) if isinstance(p, Literal) else f"(?:{p.regex})" for p in route.parts)
    if route.kind == "mount":
        text += "(?s:/.*)?"
    flags = re.IGNORECASE if rules.ignores_case else 0
    return any(re.fullmatch(text, seen, flags) for seen in _compared(route, path, loose=loose))


def _compared(route: AdaptedRoute, path: str, *, loose: bool) -> Iterator[str]:
    if route.slashes == "merged":
        yield re.sub("//+", "/", "/" + path.strip("/"))
        return
    yield path
    if loose and route.slashes == "end_ignored":
        yield path if isinstance(route.parts[-1], Parameter) else path + "/"
        yield path if path == "//" else path.removesuffix("/") or "/"
    while loose and route.slashes == "end_dropped" and path.endswith("/") and path != "/":
        path = path[:-1]
        yield path


def shown(route: AdaptedRoute) -> dict[str, Any]:
    """What tests read of a listed route."""
    return {
        "kind": route.kind,
        "path": route.path,
        "methods": None if route.methods is None else sorted(route.methods),
        "name": route.name,
        "endpoint": route.endpoint,
        "line": None if route.source is None else route.source.line,
        "condition": route.condition,
        "doubt": route.doubt,
        "slashes": route.slashes,
        "regexes": [part.regex for part in route.parts if isinstance(part, Parameter)],
        "parts": [
            part.text if isinstance(part, Literal) else f"{{{part.name}:{part.regex}}}"
            for part in route.parts
        ],
    }


def say(answer: Any) -> None:
    """Print what the test reads."""
    print(json.dumps(answer))
