"""The bookshop on a database: what it sells, what it refuses, and that an order is all or nothing."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from examples.bookshop.database import Database
from examples.bookshop.main import create_app, stock_shelves
from examples.bookshop.migrate import migrate, read_migrations
from examples.bookshop.settings import Settings
from examples.bookshop.tables import Base
from miniframework.testing import TestClient
from tests.miniframework.asgi_driver import call, http_scope

STAFF = {"x-staff-key": "key of the tests"}
EMMA = "9780141439587"
PERSUASION = {
    "isbn": "9780141439686",
    "title": "Persuasion",
    "author": "Jane Austen",
    "price_cents": 895,
    "stock": 3,
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shop.db"


def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
def client(file: Path) -> Iterator[TestClient]:
    settings = Settings(database_url=url(file), staff_key=STAFF["x-staff-key"])
    with TestClient(create_app(settings)) as client:
        yield client


def order(client: TestClient, *lines: tuple[int, int], email: str = "ada@example.org") -> Any:
    wanted = [{"book_id": book_id, "copies": copies} for book_id, copies in lines]
    return client.post("/orders", json={"email": email, "lines": wanted})


def stock(client: TestClient) -> dict[str, int]:
    return {book["title"]: book["stock"] for book in client.get("/books").json()}


def test_a_new_shop_has_books_and_a_page_that_links_to_them(client: TestClient) -> None:
    assert stock(client) == {"Crime and Punishment": 0, "Emma": 4, "Middlemarch": 2}
    page = client.get("/")
    assert "2 books in stock" in page.text
    assert 'href="http://testserver/books/1"' in page.text
    assert client.get("/books/1").json() == {
        "id": 1,
        "isbn": EMMA,
        "title": "Emma",
        "author": {"id": 1, "name": "Jane Austen"},
        "price_cents": 950,
        "stock": 4,
    }


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        pytest.param("search=MARCH", ["Middlemarch"], id="a part of the title, in any case"),
        pytest.param("search=%25", [], id="a percent sign is a percent sign"),
        pytest.param("in_stock=yes&sort=price", ["Emma", "Middlemarch"], id="in stock, by price"),
        pytest.param("sort=newest&limit=1", ["Crime and Punishment"], id="the newest"),
        pytest.param("author_id=2", ["Middlemarch"], id="of one author"),
        pytest.param("skip=2", ["Middlemarch"], id="the second page"),
    ],
)
def test_books_are_found_by_what_is_asked(client: TestClient, query: str, titles: list[str]) -> None:
    assert [book["title"] for book in client.get(f"/books?{query}").json()] == titles


def test_staff_add_change_and_remove_books_and_an_author_is_noted_once(client: TestClient) -> None:
    added = client.post("/books", json=PERSUASION, headers=STAFF)
    assert (added.status_code, added.json()["author"]) == (201, {"id": 1, "name": "Jane Austen"})
    place = f"/books/{added.json()['id']}"
    changed = client.patch(place, json={"stock": 9}, headers=STAFF)
    assert (changed.json()["stock"], changed.json()["title"]) == (9, "Persuasion")
    assert client.delete(place, headers=STAFF).status_code == 204
    assert client.get(place).json() == {"detail": "there is no book 4"}


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 401), ({"x-staff-key": "guessed"}, 403)], ids=["no key", "a wrong key"]
)
def test_others_change_nothing(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/books", json=PERSUASION, headers=headers).status_code == status
    assert client.delete("/books/1", headers=headers).status_code == status
    assert len(stock(client)) == 3


def test_without_a_key_in_the_settings_nobody_is_staff(file: Path) -> None:
    with TestClient(create_app(Settings(database_url=url(file)))) as client:
        assert client.delete("/books/1", headers=STAFF).status_code == 403


def test_an_isbn_stands_on_one_book_only(client: TestClient) -> None:
    answer = client.post("/books", json={**PERSUASION, "isbn": EMMA}, headers=STAFF)
    assert (answer.status_code, answer.json()) == (409, {"detail": "this conflicts with what is stored"})


def test_a_book_that_was_ordered_stays(client: TestClient) -> None:
    assert order(client, (1, 1)).status_code == 201
    assert client.delete("/books/1", headers=STAFF).status_code == 409
    assert client.get("/books/1").status_code == 200


def test_an_order_takes_its_copies_and_is_confirmed_after_the_answer(client: TestClient) -> None:
    placed = order(client, (1, 3), (2, 1))
    assert placed.status_code == 201
    assert placed.json()["confirmed"] is False
    assert stock(client) == {"Crime and Punishment": 0, "Emma": 1, "Middlemarch": 1}
    seen = client.get(f"/orders/{placed.json()['id']}", headers=STAFF).json()
    assert seen["confirmed"] is True
    assert seen["lines"] == [{"book_id": 1, "copies": 3}, {"book_id": 2, "copies": 1}]


@pytest.mark.parametrize(
    ("lines", "status", "detail"),
    [
        pytest.param([(1, 1), (2, 3)], 409, "Middlemarch: 3 ordered, 2 left", id="too few copies"),
        pytest.param([(1, 1), (99, 1)], 404, "there is no book 99", id="an unknown book"),
    ],
)
def test_an_order_that_cannot_be_filled_takes_nothing(
    client: TestClient, lines: list[tuple[int, int]], status: int, detail: str
) -> None:
    before = stock(client)
    answer = order(client, *lines)
    assert (answer.status_code, answer.json()) == (status, {"detail": detail})
    assert stock(client) == before
    assert client.get("/orders/1", headers=STAFF).status_code == 404


def test_a_book_in_two_lines_is_a_problem_of_the_body(client: TestClient) -> None:
    answer = order(client, (1, 1), (1, 2))
    assert answer.status_code == 422
    [problem] = answer.json()["detail"]
    assert problem["loc"] == ["body", "lines"]
    assert problem["msg"] == "Value error, a book stands in two lines; add up the copies"


def test_orders_at_the_same_time_never_sell_more_copies_than_there_are(file: Path) -> None:
    settings = Settings(database_url=url(file))
    emma = json.dumps({"email": "ada@example.org", "lines": [{"book_id": 1, "copies": 1}]}).encode()

    async def order_at_once() -> list[int]:
        database = Database(settings.database_url)
        await migrate(database.engine, read_migrations())
        await stock_shelves(database)
        state = {"database": database, "settings": settings}
        headers = [(b"content-type", b"application/json")]
        app, body = create_app(settings), {"type": "http.request", "body": emma}
        scopes = [http_scope("/orders", "POST", headers=headers, state={**state}) for _ in range(10)]
        try:
            wires = await asyncio.gather(*(call(app, scope, body) for scope in scopes))
        finally:
            await database.close()
        return sorted(wire.status for wire in wires)

    assert asyncio.run(order_at_once()) == [201] * 4 + [409] * 6


def test_a_cover_comes_back_as_it_was_sent(client: TestClient) -> None:
    assert client.get("/books/1/cover").json() == {"detail": "book 1 has no cover"}
    for content in (b"\x89PNG first", b"\x89PNG second"):
        sent = {"cover": ("emma.png", content, "image/png")}
        assert client.put("/books/1/cover", files=sent, headers=STAFF).status_code == 204
    got = client.get("/books/1/cover")
    assert (got.content, got.headers["content-type"]) == (b"\x89PNG second", "image/png")


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [(b"<script>", "text/html", 415), (bytes(200_001), "image/png", 413)],
    ids=["no picture", "too large"],
)
def test_other_covers_are_refused(client: TestClient, content: bytes, media_type: str, status: int) -> None:
    sent = {"cover": ("x", content, media_type)}
    assert client.put("/books/1/cover", files=sent, headers=STAFF).status_code == status
    assert client.get("/books/1/cover").status_code == 404


@pytest.mark.parametrize("book_id", ["0", str(2**63), "9" * 40])
def test_a_number_that_no_book_can_have_is_a_problem_of_the_path(client: TestClient, book_id: str) -> None:
    answer = client.get(f"/books/{book_id}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["path", "book_id"]


def columns(file: Path) -> dict[str, set[tuple[str, bool]]]:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            name: {
                (column, bool(not_null or key))
                for _, column, _, not_null, _, key in connection.execute(f"PRAGMA table_info({name})")
            }
            for name in names
        }


def test_the_migrations_make_the_tables_that_the_code_knows(client: TestClient, file: Path) -> None:
    known = {
        name: {(column.name, not column.nullable) for column in table.columns}
        for name, table in Base.metadata.tables.items()
    }
    assert columns(file) == known


def test_a_shop_that_starts_again_keeps_its_books_and_runs_no_migration_twice(file: Path) -> None:
    settings = Settings(database_url=url(file), staff_key=STAFF["x-staff-key"])
    for expected in (3, 4):
        with TestClient(create_app(settings)) as client:
            assert len(stock(client)) == expected
            client.post("/books", json=PERSUASION, headers=STAFF)


def test_a_migration_that_fails_leaves_the_database_as_it_was(file: Path) -> None:
    async def run() -> None:
        database = Database(url(file))
        try:
            await migrate(database.engine, read_migrations()[:1])
            broken = [*read_migrations(), ("0004.sql", ["CREATE TABLE extra (x)", "NO SQL"])]
            with pytest.raises(OperationalError):
                await migrate(database.engine, broken)
        finally:
            await database.close()

    asyncio.run(run())
    assert set(columns(file)) == {"authors", "books"}
    with contextlib.closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
