"""A route's plan and code, told by the process that serves it."""

from collections.abc import Iterator
from typing import Annotated, Any

import pytest

from inspector import Inspector
from inspector.journal.memory import MemoryJournal
from miniframework import App, Cookie, Depends, Form, Header, Request, WebSocket
from miniframework.testing import TestClient
from tests.inspector.web.serving import wait_until_told
from tests.inspector.web.test_api import Desk


def settings() -> dict[str, str]:
    return {}


def session(settings: Annotated[dict[str, str], Depends(settings)], page: int = 1) -> Iterator[int]:
    yield page


def make_app() -> App:
    admin = App(openapi_url=None)

    @admin.get("/reports/{year:int}")
    def report(year: int) -> int:
        return year

    app = App(openapi_url=None)

    @app.get("/books/{book_id:int}")
    async def get_book(book_id: int, q: str = "all", api_key: str = "s3cret-s3cret") -> dict[str, Any]:
        return {"id": book_id}

    @app.get("/shelves")
    def shelves(
        request: Request,
        db: Annotated[int, Depends(session)],
        settings: Annotated[dict[str, str], Depends(settings)],
        agent: Annotated[str, Header(alias="User-Agent")],
        theme: Annotated[str | None, Cookie()] = None,
    ) -> int:
        return db

    @app.post("/login")
    async def login(name: Annotated[str, Form()]) -> str:
        return name

    @app.websocket("/ws/{room}")
    async def chat(socket: WebSocket, room: str) -> None: ...

    app.mount("/admin", admin)
    return app


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    app, journal = make_app(), MemoryJournal()
    inspector = Inspector(app, journal=journal)
    with TestClient(inspector, base_url="http://127.0.0.1:8000") as client:
        wait_until_told(journal)
        yield Desk(client, app, inspector, journal)


def plan(desk: Desk, index: int, *, mounts: str = "", status: int = 200, table: str | None = None) -> Any:
    fingerprint = table or desk.app.table.fingerprint
    return desk.get(f"api/plan?table={fingerprint}&index={index}&mounts={mounts}", status)


def test_a_plan_says_where_each_parameter_comes_from_and_what_it_becomes(desk: Desk) -> None:
    book_id, query, key = plan(desk, 0)["parameters"]
    assert book_id == {
        "name": "book_id",
        "alias": "book_id",
        "source": "path",
        "type": "int",
        "required": True,
        "default": None,
        "converter": "int",
    }
    assert (query["source"], query["required"], query["default"]) == ("query", False, "'all'")
    assert key["default"] == "•••"


def test_dependencies_are_a_tree_and_a_shared_one_is_told_once(desk: Desk) -> None:
    told = plan(desk, 1)
    assert (told["in_thread"], told["special"]) == (True, [["request", "Request"]])
    assert {one["alias"] for one in told["parameters"]} == {"User-Agent", "theme"}
    db, shared = told["dependencies"]
    assert (db["name"], db["kind"], [one["name"] for one in db["parameters"]]) == (
        "session",
        "generator",
        ["page"],
    )
    assert [(one["name"], one["again"]) for one in (*db["needs"], shared)] == [
        ("settings", False),
        ("settings", True),
    ]


def test_the_code_is_python_with_its_values_in_words_and_no_secret(desk: Desk) -> None:
    code = plan(desk, 0)["code"]
    compile(code["source"], "<shown>", "exec")
    assert "async def serve(scope, receive, send):" in code["source"]
    values = dict(code["values"])
    assert set(values) >= {"v0", "v1"}
    assert any(said.endswith("get_book") for said in values.values())
    assert "'q'" in values.values() or "b'q'" in values.values()
    assert "s3cret" not in str(code)


def test_what_only_the_loop_serves_has_a_plan_and_no_code(desk: Desk) -> None:
    assert (plan(desk, 2)["body"], plan(desk, 2)["code"]) == ("form", None)
    assert [one["name"] for one in plan(desk, 3)["parameters"]] == ["room"]


def test_a_route_of_a_mounted_application_has_its_plan(desk: Desk) -> None:
    assert [one["name"] for one in plan(desk, 0, mounts="4")["parameters"]] == ["year"]


def test_a_mount_and_a_table_that_is_not_in_force_have_no_plan(desk: Desk) -> None:
    assert plan(desk, 4, status=409)["error"]["code"] == "no_plan"
    assert plan(desk, 99, status=409)["error"]["code"] == "no_plan"
    assert plan(desk, 0, table="another", status=409)["error"]["code"] == "no_plan"
