"""The proof of a what-if: the edited application, really built and really asked, does what was foretold."""

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector import Inspector
from inspector.analysis.edits import parse_edits
from inspector.analysis.recorded import read_requests
from inspector.analysis.whatif import what_if
from inspector.journal.memory import MemoryJournal
from miniframework import App
from miniframework.testing import TestClient

Declaration = tuple[str, str, str]
ROUTES: tuple[Declaration, ...] = (
    ("GET", "/items/{item}", "show"),
    ("GET", "/items/new", "form"),
    ("POST", "/items/{item:int}", "change"),
    ("GET", "/items/", "index"),
    ("GET", "/{rest:path}", "rest"),
    ("PUT", "/files/{name}.{ext}", "store"),
)
REQUESTS = (
    ("GET", "/items/new"),
    ("HEAD", "/items/7"),
    ("POST", "/items/7"),
    ("POST", "/items/x"),
    ("DELETE", "/items/7"),
    ("GET", "/items"),
    ("GET", "/items/"),
    ("PUT", "/files/a.b.c"),
    ("GET", "/files/a"),
    ("PUT", "/admin/"),
    ("GET", "/admin/items/7"),
    ("GET", "/admin"),
    ("GET", "/"),
)


def make_app(routes: Sequence[Declaration], *, redirect_slashes: bool = True) -> App:
    app, admin = App(openapi_url=None, redirect_slashes=redirect_slashes), App(openapi_url=None)
    admin.get("/items/{item:int}", name="inner")(lambda item: None)
    app.mount("/admin", admin, name="admin")
    for method, path, name in routes:
        app.add_route(path, [method], make_handler(name), name=name)
    return app


def make_handler(name: str) -> Callable[[], str]:
    def handler() -> str:
        return name

    return handler


def record(app: App) -> list[dict[str, Any]]:
    """Send every request and give the rows."""
    journal = MemoryJournal()
    with TestClient(Inspector(app, journal=journal)) as client:
        for method, path in REQUESTS:
            client.request(method, path, follow_redirects=False)
    return journal.rows(100)[1]


def outcome(row: dict[str, Any]) -> tuple[str, str | None]:
    routing = "found" if row["routing"] == "matched" else row["routing"]
    return routing, row["route"]["name"] if row["route"] else None


def foretold(app: App, edits: list[Any], rows: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    found = what_if(app.table, parse_edits(edits), read_requests(rows)).to_dict()
    assert found["asked"] == len(REQUESTS)
    moved = {
        one["id"]: (one["new"]["outcome"], one["new"]["route"] and one["new"]["route"]["name"])
        for one in found["moved"]
    }
    return [moved.get(row["id"], outcome(row)) for row in rows]


@given(st.permutations(range(len(ROUTES))), st.booleans())
@settings(max_examples=15)
def test_the_edited_application_answers_as_was_foretold(order: list[int], redirect: bool) -> None:
    app = make_app(ROUTES)
    rows = record(app)
    # Number 1 is the mount. Each is put at the end in turn, which leaves them in this order.
    edits: list[Any] = [{"op": "move", "route": str(number + 2), "before": None} for number in order]
    edits.append({"op": "redirect_slashes", "value": redirect})
    after = record(make_app([ROUTES[number] for number in order], redirect_slashes=redirect))
    said = foretold(app, edits, rows)
    for (method, path), now, then in zip(REQUESTS, said, map(outcome, after), strict=True):
        # What a mount lets go has no route in a row; the what-if names the mount.
        assert now == then or (now[0] == then[0] != "found"), (method, path)
