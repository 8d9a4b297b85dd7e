"""What is said of a request beside the sentence: what was meant, and the way out."""

import pytest

from inspector.panels.advice import find_advice
from miniframework import App


async def unknown(scope: object, receive: object, send: object) -> None:
    """An application whose routes are not known."""


def answer() -> None: ...


def make_app() -> App:
    app = App(openapi_url=None)
    inner = App(openapi_url=None)
    inner.add_route("/reports/{year:int}", ["GET"], answer)

    def user(user_id: int) -> None: ...

    app.add_route("/user/{user_id}", ["GET"], user)
    for method, path in (
        ("GET", "/user/me"),
        ("GET", "/things/{n:int}"),
        ("PUT", "/things/{n}"),
        ("GET", "/files/{name}"),
        ("GET", "/tree/{rest:path}"),
    ):
        app.add_route(path, [method], answer)
    app.mount("/admin", inner)
    return app


@pytest.mark.parametrize(
    ("method", "raw_path", "said"),
    [
        (
            "GET",
            "/user/me",
            "But user_id must be int, which me is not: 422. Won by route 1, /user/{user_id}; route 2, "
            "/user/me, 1 line below, also matches: move it up, or write {user_id:int}.",
        ),
        (
            "GET",
            "/things/seven",
            "You may have wanted route 3, /things/{n:int}: int refuses “seven” at “s”: expected a digit 0-9.",
        ),
        ("GET", "/files/a/b", "{name} takes no “/”; {name:path} would take the rest."),
        ("GET", "/tree/a%0Ab", "The path holds an encoded line break (%0A), which a {name:path} parameter"),
        ("GET", "/user/a%2Fb", "The raw path holds %2F, decoded to “/” before routing: only a {name:path}"),
        ("GET", "//files/x", "The path holds an empty segment (“//”)."),
        ("GET", "/fils/x", "Did you mean /files/x?"),
        ("GET", "/admin/report/7", "Did you mean /admin/reports/7?"),
        ("WS", "/files/x", "Route 5, /files/{name}, has this path over HTTP: declare a WebSocket route."),
        ("DELETE", "/files/x", ""),
        ("GET", "/files/x", ""),
        ("GET", "/files/x/", ""),
    ],
)
def test_the_way_out_is_told_where_there_is_one(method: str, raw_path: str, said: str) -> None:
    table = make_app().table
    path = raw_path.replace("%0A", "\n").replace("%2F", "/")
    explanation = (
        table.explain("websocket", "GET", path) if method == "WS" else table.explain("http", method, path)
    )
    told = " ".join(find_advice(explanation, table.snapshot(), raw_path))
    assert told.startswith(said)
    assert bool(told) is bool(said)
