"""The sentence on a foreign exchange claims no step that nobody saw."""

import contextlib
import dataclasses
import json

import pytest

from inspector.adapters.adapter import Asked, HostRule, Rules
from inspector.model import Exchange
from inspector.panels.answer import answer_exchange
from inspector.web.tables import Tables
from miniframework.routing.parts import Literal
from miniframework.routing.table import RouteTable
from miniframework.types import Receive, Scope, Send
from tests.inspector.inspection.test_recording import ROUTES, Recorded
from tests.inspector.inspection.tiny_framework import TinyAdapter, listed, mounted

PROBLEM = {
    "detail": [{"type": "int_parsing", "loc": ["path", "user"], "msg": "Input should be a valid integer"}]
}


def answer_to(status: int, document: object, *, raises: bool = False) -> str:
    adapter = TinyAdapter(routes_listed=ROUTES)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = ROUTES[:1]
        if raises:
            raise RuntimeError("broken")
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(document).encode()})

    recorded = Recorded(adapter, app)
    with contextlib.suppress(RuntimeError):
        recorded.call("/users/me")
    recorded.recorder.flush()
    exchange = recorded.newest()
    return say(recorded, exchange)


def say(recorded: Recorded, exchange: Exchange) -> str:
    [step] = exchange.steps
    snapshot = recorded.journal.table(step.table)
    assert snapshot is not None
    explanation = RouteTable.from_snapshot(snapshot).explain("http", exchange.scope.method, step.path)
    return answer_exchange(exchange, explanation, snapshot)


def answer_of_fastapi(path: str, status: int, document: object, *templates: str, method: str = "GET") -> str:
    """What is said of an answer of FastAPI, whose signatures are not known; the first route took it."""
    routes = tuple(listed(template, name=f"number{at}") for at, template in enumerate(templates))
    adapter = TinyAdapter(routes_listed=routes, framework="FastAPI")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = routes[:1] if status != 405 else ()
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(document).encode()})

    recorded = Recorded(adapter, app)
    return say(recorded, recorded.call(path, method))


def test_the_type_that_a_422_tells_of_gives_the_converter_that_would_let_routing_decide() -> None:
    told = answer_of_fastapi("/users/me", 422, PROBLEM, "/users/{user}", "/users/me")
    assert told.endswith("route 2, /users/me, 1 line below, also matches: move it up, or write {user:int}.")


def test_who_would_take_it_then_is_said_of_routes_that_differ_by_their_annotations_only() -> None:
    told = answer_of_fastapi("/users/me", 422, PROBLEM, "/users/{user}", "/users/{name}")
    assert told.endswith(
        " Routing sees [^/]+, validation wants int: {user:int} lets routing decide, and route 2,"
        " /users/{name}, would take it."
    )


def test_a_blank_in_the_braces_of_the_nearest_route_is_named() -> None:
    literal = Literal(text="/items/{item_id: int}", start=0, end=21)
    route = dataclasses.replace(listed("/items/x"), path=literal.text, parts=(literal,))
    recorded = Recorded(TinyAdapter(routes_listed=(route,), framework="FastAPI"))
    assert say(recorded, recorded.call("/items/7")).endswith(
        "What stands in braces there is plain text, no parameter: write it without spaces: {item_id:int}."
    )


@pytest.mark.parametrize(
    ("framework", "path", "said"),
    [
        (
            "FastAPI",
            "/static/x.css",
            "StaticFiles found no file “static/x.css”. root_path is '/api' but the path",
        ),
        ("FastAPI", "/api/static/x.css", "StaticFiles found no file “x.css”."),
        ("Tiny", "/static/x.css", "StaticFiles found no file “x.css”."),
    ],
    ids=["not in front", "in front", "of a framework that takes the prefix off"],
)
def test_a_root_path_that_is_not_in_front_is_why_files_are_not_found(
    framework: str, path: str, said: str
) -> None:
    files = listed("/static", None, kind="mount", endpoint="starlette.staticfiles:StaticFiles")
    rules = Rules(redirect_slashes=False, root_path="/api")
    adapter = TinyAdapter(routes_listed=(files,), framework=framework, rules=rules)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = (files,)
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    recorded = Recorded(adapter, app)
    assert say(recorded, recorded.call(path)).startswith(
        f"404 from inside mount 1, /static: it took the request, and {said}"
    )


def test_the_same_is_why_a_route_behind_a_mount_is_not_found() -> None:
    rules = Rules(redirect_slashes=False, root_path="/api")
    inner = mounted("/sub", listed("/things"))
    adapter = TinyAdapter(
        routes_listed=(inner, listed("/plain")),
        framework="FastAPI",
        rules=rules,
        router=lambda routes, method, path: Asked(outcome="not_found", status=404),
    )
    recorded = Recorded(adapter)
    told = say(recorded, recorded.call("/sub/things"))
    assert told.startswith("404: no route took it. root_path is '/api' but the path does not start with it:")
    assert told.endswith("tell it to the server (uvicorn --root-path /api) instead.")
    assert "root_path" not in say(recorded, recorded.call("/nobody"))


def test_why_a_head_is_refused_where_get_is_not_is_said() -> None:
    told = answer_of_fastapi("/hello", 405, {}, "/hello", method="HEAD")
    assert told.endswith(
        "allowed: GET (route 1). A route for GET does not answer HEAD in this framework: it must name both."
    )


def test_a_path_that_is_declared_twice_is_said_to_be_asked_once() -> None:
    told = answer_of_fastapi("/hello", 200, {}, "/hello", "/hello")
    assert told.endswith("also matches. Both have the same path: route 2 is never asked for GET.")


def test_an_answer_is_said_to_come_from_the_endpoint() -> None:
    assert answer_to(200, {}).startswith("200: users_{user} answered; route 1, /users/{user}, took it")


def test_whether_a_refusal_came_from_the_endpoint_is_not_claimed() -> None:
    told = answer_to(403, {"detail": "not yours"})
    assert told.startswith(
        "403 from users_{user} or a dependency or middleware before it, “not yours”; route 1"
    )


def test_the_problems_of_a_422_are_read_from_the_answer() -> None:
    told = answer_to(422, PROBLEM)
    assert told.startswith(
        "422 before users_{user} ran, as the answer says: the path parameter user got “me”: input should be a"
        " valid integer."
    )


@pytest.mark.parametrize("detail", ["too much", [], [{"loc": "path", "msg": 1}], [7]])
def test_a_422_of_another_kind_may_be_the_endpoints(detail: object) -> None:
    assert answer_to(422, {"detail": detail}).startswith(
        "422 from users_{user} or a dependency or middleware before it"
    )


SHOP = HostRule(regex=r"shop\.example", sample="shop.example")
HOSTED = mounted("", listed("/offers"), condition="host shop.example", host=SHOP)


@pytest.mark.parametrize(
    ("path", "found", "expected"),
    [
        ("/offers", True, "mount 1, host shop.example, passed it on, and its route 1.1, /offers, took it"),
        ("/ann", False, "inside the host shop.example (route 1) no route takes /ann"),
    ],
)
def test_what_is_served_for_a_host_is_explained_for_that_host(path: str, found: bool, expected: str) -> None:
    adapter = TinyAdapter(routes_listed=(HOSTED, listed("/{user}")))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if found:
            scope["route"] = (HOSTED, *(HOSTED.inner or ()))
        await send({"type": "http.response.start", "status": 200 if found else 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    recorded = Recorded(adapter, app)
    exchange = recorded.call(path, headers=[(b"host", b"shop.example:8000")])
    explained = Tables(recorded.journal).explain(exchange)
    assert explained is not None
    assert expected in answer_exchange(exchange, explained.explanation, explained.snapshot)
    elsewhere = dataclasses.replace(exchange, scope=dataclasses.replace(exchange.scope, headers=()))
    explained = Tables(recorded.journal).explain(elsewhere)
    assert explained is not None
    said = answer_exchange(elsewhere, explained.explanation, explained.snapshot)
    assert "says the application's own router. The picture of its routes" in said


def test_an_exception_is_not_said_to_have_come_before_the_endpoint() -> None:
    told = answer_to(0, None, raises=True)
    assert told.startswith(
        "500: users_{user}, or a dependency or middleware before it, raised RuntimeError: broken"
    )
