"""The answer decoder, on real applications: what confuses users of routers, told in one true sentence."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from inspector.model import Replayed, RequestScope, State
from inspector.panels.answer import answer_exchange
from inspector.panels.answer_routing import answer_routing
from miniframework import App, Converter, HTTPException, PlainTextResponse, Request, Router, WebSocket
from miniframework.middleware import Middleware

Record = Callable[..., Any]


class Payment(dict[str, int]):
    """A body."""


def make_app() -> App:
    app = App()

    @app.get("/user/{user_id}")
    def get_user(user_id: int) -> dict[str, int]:
        return {"id": user_id}

    @app.get("/user/me")
    def me() -> dict[str, str]:
        return {}

    @app.put("/things/{n}")
    def put_thing(n: str) -> dict[str, str]:
        return {"n": n}

    @app.get("/things/{n:int}")
    def get_thing(n: int) -> dict[str, int]:
        if n == 9:
            raise HTTPException(404, "no thing 9")
        if n == 8:
            raise ValueError("broken thing")
        return {"n": n}

    @app.get("/books")
    def books(page: int = 1) -> list[int]:
        return [page]

    @app.post("/books")
    def create_book(book: dict[str, Any]) -> dict[str, Any]:
        return book

    @app.get("/posts/{slug}/comments")
    def comments(slug: str) -> list[str]:
        return [slug]

    @app.get("/files/{name}")
    def file(name: str) -> str:
        return name

    @app.get("/tree/{rest:path}")
    def tree(rest: str) -> str:
        return rest

    @app.get("/maybe/{a}/{b}")
    def maybe(a: str, b: str, q: int) -> str:
        return a + b + str(q)

    @app.websocket("/ws/{room}")
    async def chat(websocket: WebSocket, room: str) -> None:
        if room == "private":
            await websocket.close(1008, "members only")
            return
        if room == "broken":
            raise RuntimeError("no room")
        await websocket.accept()
        await websocket.send_text("hi")

    app.mount("/admin", make_admin())
    app.mount("/static", plain_files)
    return app


def make_admin() -> App:
    admin = App()

    @admin.get("/reports/{year:int}")
    def report(year: int) -> dict[str, int]:
        if year == 1:
            raise HTTPException(404, "no such year")
        return {"year": year}

    return admin


async def plain_files(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Stand for a foreign application: no WebSocket, only GET, nothing found."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1000})
        return
    await send(
        {"type": "http.response.start", "status": 404 if scope["method"] == "GET" else 405, "headers": []}
    )
    await send({"type": "http.response.body", "body": b"no"})


JSON = (("content-type", "application/json"),)
PREFLIGHT = (("origin", "http://a"), ("access-control-request-method", "PUT"))

# id: (method, target, keywords of the request, what the sentence must hold in this order)
CASES: dict[str, tuple[str, str, dict[str, Any], list[str]]] = {
    "2 a shadowed static route gives 422": (
        "GET",
        "/user/me",
        {},
        [
            "422: ",
            "user_id must be int, got “me”",
            "Won by route 1, /user/{user_id}",
            "route 2, /user/me, 1 line below, also matches: move it up, or write {user_id:int}.",
        ],
    ),
    "12 a converter is the real cause of a 405": (
        "GET",
        "/things/seven",
        {},
        [
            "405: ",
            "allowed: PUT (route 3)",
            "you may have wanted route 4, /things/{n:int}: int refuses “seven” at “s”",
        ],
    ),
    "11 a 405 names the methods of all routes": (
        "DELETE",
        "/books",
        {},
        ["405: ", "not for DELETE; allowed: GET, HEAD (route 5), POST (route 6)."],
    ),
    "13 HEAD is answered by the GET route": (
        "HEAD",
        "/books",
        {},
        ["200: books (", "route 5, /books, took it"],
    ),
    "14 OPTIONS without a header is no preflight": (
        "OPTIONS",
        "/books",
        {},
        ["405: ", "no CORS preflight", "origin is missing"],
    ),
    "14 OPTIONS with both headers is one": (
        "OPTIONS",
        "/books",
        {"headers": PREFLIGHT},
        ["405: ", "It is a CORS preflight", "add a CORS middleware"],
    ),
    "15 a 405 from inside a mount is the mount's": (
        "POST",
        "/static/a.css",
        {},
        ["405 from inside mount 13, /static", "plain_files answered", "not known here"],
    ),
    "15 a 405 inside a mount whose routes are known": (
        "POST",
        "/admin/reports/2020",
        {},
        ["405: ", "inside the mount /admin", "allowed: GET, HEAD (route 12.1)"],
    ),
    "16 a redirect names the place": (
        "GET",
        "/books/",
        {},
        [
            "307: ",
            "no route takes /books/: only the slash at its end is too much; route 5, /books, takes /books",
        ],
    ),
    "17 a redirected POST loses things on the way": (
        "POST",
        "/books/",
        {},
        ["307: ", "send POST and its body again", "Authorization", "call /books directly"],
    ),
    "18 a mount needs a slash": (
        "GET",
        "/admin",
        {},
        ["307: mount 12, /admin, needs a slash behind its prefix, so the client is sent to /admin/"],
    ),
    "20 a prefix that was stripped although root_path is set": (
        "GET",
        "/nothing",
        {"root_path": "/shop"},
        ["404: ", "root_path is '/shop'", "does a proxy strip"],
    ),
    "22 the whole way through a mount is told": (
        "GET",
        "/admin/reports/2020",
        {},
        [
            "200: report (",
            "mount 12, /admin, passed it on, and its route 12.1, /reports/{year:int}, took it",
            " with year = 2020",
        ],
    ),
    "27 routing sees text, validation wants a number": (
        "GET",
        "/user/abc",
        {},
        [
            "422: ",
            "got “abc”",
            "Routing sees [^/]+, validation wants int: {user_id:int}",
        ],
    ),
    "28 an encoded slash is a slash": (
        "GET",
        "/posts/a%2Fb/comments",
        {},
        ["404: ", "route 7, /posts/{slug}/comments", "%2F", "{name:path}"],
    ),
    "29 an encoded line break defeats a path parameter": (
        "GET",
        "/tree/a%0Ab",
        {},
        ["404: ", "route 9, /tree/{rest:path}", "line break (%0A)"],
    ),
    "30 a parameter takes no slash": (
        "GET",
        "/files/a/b",
        {},
        ["404: ", "left over “/b”", "{name} takes no “/”; {name:path} would take the rest"],
    ),
    "31 a path parameter is not optional": (
        "GET",
        "/maybe/a",
        {},
        ["404: ", "route 10, /maybe/{a}/{b}: path ends, expected “/{b}”"],
    ),
    "36 a misspelt path gets a suggestion": (
        "GET",
        "/boks",
        {},
        ["404: ", "route 5, /books: expected “books”, got “boks”"],
    ),
    "another case is named": ("GET", "/Books", {}, ["404: ", "(only the case differs)"]),
    "nothing near is said to be near": (
        "GET",
        "/zzz",
        {},
        ["404: no route takes /zzz, and none comes near it."],
    ),
    "a common first letter is not near": (
        "GET",
        "/basket/12",
        {},
        ["404: no route takes /basket/12, and none comes near it."],
    ),
    "an empty segment is named": ("GET", "//books", {}, ["404: ", "empty segment (“//”)"]),
    "a 404 raised in a handler is the handler's": (
        "GET",
        "/things/9",
        {},
        [
            "404 from inside get_thing (",
            "routing worked",
            "itself answered 404, “no thing 9”",
            "route 4",
            "n = 9",
        ],
    ),
    "a 404 raised in a handler below a mount": (
        "GET",
        "/admin/reports/1",
        {},
        ["404 from inside report (", "“no such year”", "mount 12, /admin, passed it on"],
    ),
    "a 404 of a mount's own table": (
        "GET",
        "/admin/report/1",
        {},
        [
            "404: inside the mount /admin (route 12) no route takes /report/1",
            "route 1",
            "expected “reports”, got “report”",
        ],
    ),
    "a 404 of a mounted application that is not known": (
        "GET",
        "/static/a.css",
        {},
        ["404 from inside mount 13, /static", "not known here"],
    ),
    "a 500 names function, exception and line": (
        "GET",
        "/things/8",
        {},
        ["500: get_thing (", "raised ValueError: broken thing, at test_answer.py:", "Routing worked"],
    ),
    "a missing query parameter": ("GET", "/maybe/a/b", {}, ["422: the query parameter q is missing."]),
    "a query parameter of the wrong type": (
        "GET",
        "/books?page=two",
        {},
        ["422: the query parameter page must be int, got “two”: input should be a valid"],
    ),
    "malformed JSON": (
        "POST",
        "/books",
        {"headers": JSON, "chunks": (b'{"a":',)},
        ["422: the body is no valid JSON at character 5: "],
    ),
    "33 a handshake at an HTTP path": (
        "GET",
        "/books",
        {"websocket": True},
        [
            "403: no WebSocket route takes /books; route 5, /books, has this path over HTTP",
            "declare a WebSocket route",
        ],
    ),
    "33 a handshake at no path at all": (
        "GET",
        "/nothing",
        {"websocket": True},
        ["403: no WebSocket route takes /nothing, and none comes near it."],
    ),
    "34 a handshake falls into a mount": (
        "GET",
        "/static/x",
        {"websocket": True},
        ["403: mount 13, /static, took the handshake", "may not speak WebSocket"],
    ),
    "a handshake with a slash too many": (
        "GET",
        "/ws/a/",
        {"websocket": True},
        ["403: ", "only the slash at the end keeps route 11, /ws/{room}"],
    ),
    "a handshake the endpoint refused": (
        "GET",
        "/ws/private",
        {"websocket": True},
        [
            "403: chat (",
            "closed the connection before accepting it (code 1008, “members only”)",
            "room = private",
        ],
    ),
    "a handshake that broke the endpoint": (
        "GET",
        "/ws/broken",
        {"websocket": True},
        ["500: chat (", "raised RuntimeError: no room"],
    ),
    "an accepted handshake": (
        "GET",
        "/ws/a",
        {"websocket": True},
        ["Accepted by chat (", "room = a; 1 frame, closed by the application"],
    ),
    "a plain request at a WebSocket path": (
        "GET",
        "/ws/a",
        {},
        ["404: ", "route 11, /ws/{room}, has this path but takes only WebSocket handshakes"],
    ),
}


@pytest.mark.parametrize(("method", "target", "request_", "expected"), CASES.values(), ids=CASES.keys())
def test_the_sentence_says_what_happened(
    record: Record, method: str, target: str, request_: dict[str, Any], expected: list[str]
) -> None:
    said = record(make_app(), method, target, **request_).answer
    place = -1
    for part in expected:
        found = said.find(part, place + 1)
        assert found > place, f"{part!r} is missing, or out of order, in {said!r}"
        place = found


@pytest.mark.parametrize("target", [case[1] for case in CASES.values()], ids=CASES.keys())
def test_every_sentence_is_plain_text_on_one_line_and_ends(record: Record, target: str) -> None:
    said = record(make_app(), "GET", target).answer
    assert said.isprintable()
    assert re.search(r"[.!?]$", said)
    assert "<locals>" not in said
    assert "None" not in said


def test_3_an_update_route_is_taken_for_an_id(record: Record) -> None:
    app = App()

    @app.put("/{user_id}")
    def update_user(user_id: int, body: dict[str, str]) -> None: ...

    @app.put("/update_role")
    def update_role(body: dict[str, str]) -> None: ...

    said = record(app, "PUT", "/update_role", headers=JSON, chunks=(b"{}",)).answer
    assert said.startswith("422: the path parameter user_id must be int, got “update_role”")
    assert "Won by route 1, /{user_id}; route 2, /update_role, 1 line below, also matches: move it up" in said


def test_an_answer_of_the_handler_names_its_route_once_and_the_shadowed_one_with_the_way_out(
    record: Record,
) -> None:
    app = App(openapi_url=None)

    @app.get("/{user_id}")
    def user(user_id: str) -> None:
        raise HTTPException(404, "no such user")

    @app.get("/me")
    def me() -> None: ...

    said = record(app, "GET", "/me").answer
    assert said.endswith(
        "“no such user”; route 1, /{user_id}, took it with user_id = me;"
        " route 2, /me, 1 line below, also matches: move it up."
    )


def test_4_the_order_of_inclusion_decides(record: Record) -> None:
    app, first, second = App(openapi_url=None), Router(), Router()

    @first.get("/{name}")
    def by_name(name: str) -> str:
        raise HTTPException(404, "nobody")

    @second.get("/health")
    def health() -> str:
        return "ok"

    app.include_router(first)
    app.include_router(second)
    said = record(app, "GET", "/health").answer
    assert said.startswith("404 from inside by_name (test_answer.py:")
    assert "route 2, /health, 1 line below, also matches: move it up." in said


def test_10_a_mount_at_the_root_takes_what_stands_after_it(record: Record) -> None:
    app = App(openapi_url=None)
    app.mount("/", plain_files)

    @app.get("/health")
    def health() -> str:
        return "ok"

    said = record(app, "GET", "/health").answer
    assert said.startswith("404 from inside mount 1, /")
    assert "route 2, /health, 1 line below, also matches: move it up." in said


def test_9_a_catch_all_hides_what_was_registered_later(record: Record) -> None:
    app = App(openapi_url=None)

    @app.get("/{path:path}")
    def catch_all(path: str) -> str:
        return path

    for number in range(3):
        app.get(f"/late/{{n{number}}}/x{number}")(lambda: "late")
    app.get("/late/{a}/{b}")(lambda: "late")
    said = record(app, "GET", "/late/1/x0").answer
    assert (
        "took it with path = late/1/x0; route 2, /late/{n0}/x0, 1 line below, also matches (and 1 more)."
        in said
    )


def test_a_middleware_that_answers_is_named(record: Record) -> None:
    class Guard:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    app = App(middleware=[Middleware(Guard)])
    said = record(app, "GET", "/books").answer
    assert said == "401: answered by the middleware Guard before any route was tried."


@pytest.mark.parametrize(
    ("method", "path", "status", "made"), [("GET", "/bookz", 404, 200), ("POST", "/books", 405, 410)]
)
def test_an_error_handler_that_makes_another_status_of_a_miss_is_named(
    record: Record, method: str, path: str, status: int, made: int
) -> None:
    app = App()
    app.get("/books")(lambda: "books")

    @app.exception_handler(status)
    async def make_page(request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse("a page", status_code=made)

    seen = record(app, method, path)
    assert seen.answer.startswith(
        f"{made}: {'no route takes' if status == 404 else '/books exists, but not'}"
    )
    assert seen.answer.endswith(f" The exception handler make_page made {made} of its {status}.")


def test_a_middleware_that_makes_another_status_of_a_404_is_not_said_to_be_before_the_routes(
    record: Record,
) -> None:
    app = App()
    app.get("/books")(lambda: "books")

    @app.middleware("http")
    async def make_page(request: Request, call_next: Any) -> PlainTextResponse:
        await call_next(request)
        return PlainTextResponse("a page")

    said = record(app, "GET", "/bookz").answer
    assert said.startswith("200: no route takes /bookz; the nearest is route 1, /books")
    assert said.endswith(" An error handler, or a middleware on the way back, made 200 of its 404.")


def test_of_a_foreign_application_it_says_what_cannot_be_seen(record: Record) -> None:
    said = record(plain_files, "GET", "/x").answer
    assert said == "404: answered by the application; how it routes cannot be seen here."


def test_a_response_that_broke_off_is_no_plain_500(record: Record) -> None:
    async def half(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        raise OSError("disk gone")

    app = App()
    app.mount("/half", half)
    assert "200, then broken off: the response had begun when" in record(app, "GET", "/half/x").answer


@pytest.mark.parametrize(
    ("state", "start"),
    [
        pytest.param(State.PENDING, "Not answered yet.", id="pending"),
        pytest.param(State.CANCELLED, "No answer: the server cancelled", id="cancelled"),
        pytest.param(State.DISCONNECTED, "No answer: the client left", id="disconnected"),
        pytest.param(State.LOST, "No answer: the process that served it ended", id="lost"),
        pytest.param(State.COMPLETE, "No answer: the application returned", id="silent"),
    ],
)
def test_a_request_without_an_answer_says_why(record: Record, state: State, start: str) -> None:
    seen = record(make_app(), "GET", "/books")
    unanswered = replace(seen.exchange, state=state, status=None, failure=None)
    said = answer_exchange(unanswered, seen.explanation, seen.table)
    assert said.startswith(start)
    assert "route 5, /books" in said


def test_an_explanation_without_its_table_still_gives_a_sentence(record: Record) -> None:
    for target in ("/books", "/zzz", "/books/", "/admin/reports/2020", "/things/8", "/user/me"):
        seen = record(make_app(), "GET", target)
        assert answer_exchange(seen.exchange, seen.explanation, None)
        assert answer_exchange(seen.exchange, None, None)


def test_a_request_never_sent_is_explained_too() -> None:
    table = make_app().table
    said = answer_routing(table.explain("http", "GET", "/things/7"), table.snapshot())
    assert re.fullmatch(
        r"get_thing \(test_answer\.py:\d+\) answers: route 4, /things/\{n:int\}, takes it with n = 7\.", said
    )
    assert answer_routing(table.explain("http", "GET", "/x"), table.snapshot()).startswith(
        "Not found: no route takes /x"
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/users/me", " But user_id must be int, which me is not: 422. Move it up, or write {user_id:int}."),
        ("/users/x", " But user_id must be int, which x is not: 422."),
        ("/users/-3", ""),
        ("/users/٣", ""),
        ("/users/7", ""),
    ],
)
def test_a_value_that_is_sure_to_be_refused_is_told_before_it_is_sent(path: str, expected: str) -> None:
    app = App(openapi_url=None)
    app.get("/users/{user_id}")(typed)
    app.get("/users/me")(lambda: None)
    said = answer_routing(app.table.explain("http", "GET", path), app.table.snapshot())
    assert said.endswith(f".{expected}")
    assert ("422" in said) is bool(expected)


def typed(user_id: int) -> None: ...


def test_a_recorded_path_cannot_break_out_of_its_sentence(record: Record) -> None:
    said = record(make_app(), "GET", "/%0A%1B[31m" + "x" * 5000).answer
    assert said.isprintable()
    assert len(said) < 1000


def test_a_scope_without_a_raw_path_is_no_problem(record: Record) -> None:
    seen = record(make_app(), "GET", "/zzz")
    scope: RequestScope = replace(seen.exchange.scope, raw_path=None)
    assert answer_exchange(replace(seen.exchange, scope=scope), seen.explanation, seen.table).startswith(
        "404: "
    )


@pytest.mark.parametrize(
    ("first", "second", "target", "advice"),
    [
        pytest.param("/a/{n:int}", "/a/{slug}", "/a/9", False, id="text below a number stays below"),
        pytest.param("/a/{slug}", "/a/{n:int}", "/a/9", True, id="a number below text moves up"),
        pytest.param("/a/{slug}", "/a/me", "/a/me", True, id="a word below text moves up"),
        pytest.param("/{rest:path}", "/a/{slug}", "/a/9", True, id="anything below a catch-all moves up"),
        pytest.param("/a/{slug}", "/{rest:path}", "/a/9", False, id="a catch-all at the end is right"),
    ],
)
def test_moving_up_is_advised_only_where_it_helps(
    record: Record, first: str, second: str, target: str, advice: bool
) -> None:
    app = App()

    async def refuse(request: Request) -> None:
        raise HTTPException(404, "no")

    app.get(first)(refuse)
    app.get(second, name="other")(refuse)
    assert ("move it up" in record(app, "GET", target).answer) is advice


@pytest.mark.parametrize("state", [State.DISCONNECTED, State.CANCELLED])
def test_a_replay_that_was_stopped_says_so(record: Record, state: State) -> None:
    seen = record(make_app(), "GET", "/books")
    stopped = replace(seen.exchange, state=state, replay=Replayed(of="x"))
    assert "The replay was stopped" in answer_exchange(stopped, seen.explanation, seen.table)
    assert "stopped" not in answer_exchange(replace(stopped, replay=None), seen.explanation, seen.table)


def test_an_exception_that_a_handler_answered_is_not_called_broken_off(record: Record) -> None:
    app = App()

    @app.exception_handler(LookupError)
    async def missing(request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse("gone", status_code=404)

    @app.get("/books/{slug}")
    def book(slug: str) -> None:
        raise LookupError(slug)

    answer = record(app, "GET", "/books/dune").answer
    assert answer.startswith("404: book (")
    assert "raised LookupError: dune, at test_answer.py:" in answer
    assert "and the exception handler missing answered 404. Routing worked" in answer


def test_a_converters_own_refusal_is_not_told_as_a_wrong_type(record: Record) -> None:
    class Even(Converter):
        name = "even"
        regex = "[0-9]+"

        def convert(self, text: str) -> int:
            if int(text) % 2:
                raise ValueError("only even numbers")
            return int(text)

        def format(self, value: object) -> str:
            return str(value)

    app = App(converters={"even": Even()})

    @app.get("/half/{n:even}")
    def half(n: int) -> int:
        return n // 2

    answer = record(app, "GET", "/half/3").answer
    assert answer.startswith("422: the path parameter n got “3”: only even numbers.")
    assert "must be" not in answer


@pytest.mark.parametrize("text", ["\n", "'loc': ('response',", ' File "', '\n File "'], ids=repr)
def test_the_text_of_an_exception_may_be_anything_and_long(record: Record, text: str) -> None:
    class ResponseValidationError(ValueError):
        """One that names its problems as FastAPI does."""

    app = App()

    @app.get("/")
    async def fail() -> None:
        raise ResponseValidationError(text * (400_000 // len(text)))  # searched in time that grows with it

    assert record(app, "GET", "/").answer.startswith("500: ")


@pytest.mark.parametrize(
    "path", ["/" * 60_000, "/x/" * 20_000, "/route/" + "9" * 60_000], ids=lambda path: path[:8]
)
def test_a_path_may_be_as_long_as_a_server_takes(record: Record, path: str) -> None:
    app = App()
    for number in range(40):
        app.get(f"/route/{number}/{{name}}")(lambda name: name)  # compared in time that grows with the path
    assert record(app, "GET", path).answer.startswith("404: ")


def test_a_405_whose_allow_header_names_the_first_route_only_says_so() -> None:
    """As Starlette answers: the other methods exist, though the header does not tell."""
    table = make_app().table
    explanation = replace(table.explain("http", "DELETE", "/books"), allow=("GET", "HEAD"))
    said = answer_routing(explanation, table.snapshot())
    assert "allowed: GET, HEAD (route 5), POST (route 6); the Allow header names GET, HEAD only." in said
