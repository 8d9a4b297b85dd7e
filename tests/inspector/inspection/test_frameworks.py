"""Real frameworks, old and new: every dead route and no other, every answer the router's own."""

from typing import Any

import pytest

FASTAPI = {
    "dead": [
        ["duplicate", "GET", "/items", ["/items"], "exact"],
        ["unreachable", "GET", "/users/me", ["/users/{user_id}"], "exact"],
        [
            "unreachable",
            "GET",
            "/users/{user_id}/orders/last",
            ["/users/{user_id}/orders/{order_id}"],
            "exact",
        ],
        ["unreachable", "GET", "/sub/y", ["/sub"], "exact"],
    ],
    "answers": [
        ["match", "/users/{user_id}", {"user_id": "me"}, []],
        ["method_not_allowed", None, {}, ["POST"]],
        ["match", "/users/{user_id}/orders/{order_id}", {"user_id": "1", "order_id": "2"}, []],
        ["match", "/items", {}, []],
        ["websocket_mismatch", None, {}, []],
        ["not_found", None, {}, []],
        ["redirect", None, {}, []],
    ],
}
STARLETTE = {
    "dead": [
        ["unreachable", "GET", "/1", ["/{name:int}"], "exact"],
        ["unreachable", "GET", "/p/dead", ["/p/{rest:path}"], "exact"],
        ["unreachable", "GET", "/static/dead", ["/static"], "exact"],
        ["unreachable", "GET", "/m/dead", ["/m/{x}"], "exact"],
    ],
    "answers": [
        ["match", "/all", {}, []],
        ["match", "/{name:int}", {"name": "7"}, []],
        ["match", "/static", {}, []],
        ["method_not_allowed", None, {}, ["POST"]],
        ["match", "/p/alive", {}, []],
    ],
}
DJANGO = {
    "dead": [
        ["unreachable", "*", "/users/me/", ["/users/<str:name>/"], "exact"],
        ["unreachable", "*", "/api/dead/", ["/api/<path:rest>"], "exact"],
        ["duplicate", "*", "/twice", ["/twice"], "exact"],
    ],
    "answers": [
        ["match", "/users/<str:name>/", {"name": "me"}, []],
        ["match", "/items/<slug:item>/", {"item": "a-b"}, []],
        ["redirect", None, {}, []],
        ["not_found", None, {}, []],
    ],
}
LITESTAR = {
    "dead": [],
    "answers": [
        ["match", "/users/me", {}, []],
        ["not_found", None, {}, []],
        ["match", "/t/{x:str}/c", {"x": "k"}, []],
        ["method_not_allowed", None, {}, ["GET", "OPTIONS", "POST"]],
        ["not_found", None, {}, []],
    ],
}
QUART = {
    "dead": [["duplicate", "GET", "/twice", ["/twice"], "exact"]],
    "answers": [
        ["match", "/users/me", {}, []],
        ["redirect", None, {}, []],
        ["match", "/loose/<a>", {"a": "1"}, []],
        ["method_not_allowed", None, {}, ["GET", "HEAD", "OPTIONS", "POST"]],
        ["not_found", None, {}, []],
    ],
}
CASES = [
    pytest.param("fastapi-oldest", "fastapi", FASTAPI, id="FastAPI with a flat table"),
    pytest.param("fastapi-newest", "fastapi", FASTAPI, id="FastAPI with a tree of routers"),
    pytest.param("starlette-oldest", "starlette", STARLETTE, id="Starlette, old"),
    pytest.param("starlette-newest", "starlette", STARLETTE, id="Starlette, new"),
    pytest.param("django-newest", "django", DJANGO, id="Django"),
    pytest.param("litestar-newest", "litestar", LITESTAR, id="Litestar"),
    pytest.param("quart-newest", "quart", QUART, id="Quart"),
]


@pytest.mark.parametrize(("environment", "program", "expected"), CASES)
def test_a_framework_is_inspected_by_its_own_router(
    run_program: Any, environment: str, program: str, expected: dict[str, Any]
) -> None:
    told = run_program(environment, f"inspection_{program}")
    assert told["findings"] == expected["dead"]
    assert [answer[:-1] for answer in told["explained"]] == expected["answers"]
    assert all(answer[-1] for answer in told["explained"]), "our picture agrees"
    assert told["doctor"]["disagreements"] == []
    assert told["doctor"]["asked"] == told["doctor"]["agreed"] > 5
    assert told["doctor"]["unasked"] == []
