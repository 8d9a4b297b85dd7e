"""What the panels show of real exchanges, and that every view is plain JSON."""

import itertools
import json
import re
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel, Field

from inspector.panels.detail import exchange_detail
from inspector.panels.request import split_cookies
from inspector.panels.response import find_reason
from inspector.panels.view import build_panels
from miniframework import App, Cookie, Depends, Form, Query, Request, Response, WebSocket

Record = Callable[..., Any]


def make_app() -> App:
    app, inner = App(), App()

    @inner.get("/shelves/{shelf}/books/{number:int}")
    def shelf_book(shelf: str, number: int, verbose: bool = False) -> dict[str, Any]:
        return {"shelf": shelf, "number": number}

    @inner.get("/raw/{thing}")
    async def raw(request: Request) -> Response:
        return Response(b"\x00\x01")

    @app.websocket("/ws/{room}")
    async def chat(websocket: WebSocket, room: str) -> None:
        await websocket.accept()
        await websocket.send_bytes(b"\x00\xff")
        await websocket.send_text("héllo")

    app.mount("/stores/{store}", inner)
    return app


def panels(seen: Any) -> dict[str, Any]:
    made = build_panels(seen.exchange, seen.explanation, seen.table)
    assert json.loads(json.dumps(made)) == made
    return made


@pytest.mark.parametrize("root_path", ["", "/shop"])
def test_spans_point_into_the_whole_path_through_mounts_and_root_path(record: Record, root_path: str) -> None:
    target = f"{root_path}/stores/n%20w/shelves/a-b/books/7"
    view = panels(record(make_app(), "GET", target, root_path=root_path))["why"]
    path = view["path"]["decoded"]
    assert [(span["name"], span["text"], span["converter"]) for span in view["path"]["spans"]] == [
        ("store", "n w", "str"),
        ("shelf", "a-b", "str"),
        ("number", "7", "int"),
    ]
    assert [path[span["start"] : span["end"]] for span in view["path"]["spans"]] == ["n w", "a-b", "7"]
    assert (view["path"]["raw"], view["path"]["root_path"]) == (target, root_path)
    assert [(step["template"], step["kind"]) for step in view["steps"]] == [
        ("/stores/{store}", "mount"),
        ("/shelves/{shelf}/books/{number:int}", "http"),
    ]


class Sizes(BaseModel):
    wide: int
    high: int


class Chest(BaseModel):
    wood: str
    sizes: Sizes


class Filters(BaseModel):
    limit: int = Field(10, le=100)


def make_chests() -> App:
    app = App()

    @app.put("/chests/{wood}")
    async def put(wood: str, chest: Chest, filters: Annotated[Filters, Query()]) -> None: ...

    @app.post("/marked")
    async def marked(mark: Annotated[str, Form()], number: Annotated[int, Form()]) -> None: ...

    @app.get("/keyed")
    async def keyed(key: Annotated[str, Cookie(), AfterValidator(refuse)]) -> None: ...

    return app


def refuse(text: str) -> str:
    raise ValueError(f"no such key: {text}")


def test_a_model_shows_every_problem_of_its_fields(record: Record) -> None:
    headers = (("content-type", "application/json"),)
    body = b'{"sizes": {"wide": "x"}}'
    seen = record(make_chests(), "PUT", "/chests/oak?limit=500", headers=headers, chunks=(body,))
    found = {one["name"]: one["problems"] for one in panels(seen)["why"]["parameters"]}
    assert [one["where"] for one in found["chest"]] == ["wood", "sizes.wide", "sizes.high"]
    assert [one["message"] for one in found["chest"]][::2] == ["Field required", "Field required"]
    assert [one["where"] for one in found["filters"]] == ["limit"]
    assert found["wood"] == []


def test_a_field_of_a_form_shows_its_own_problem(record: Record) -> None:
    headers = (("content-type", "application/x-www-form-urlencoded"),)
    seen = record(make_chests(), "POST", "/marked", headers=headers, chunks=(b"number=x",))
    found = {one["name"]: one["problems"] for one in panels(seen)["why"]["parameters"]}
    assert found["mark"] == [{"where": "", "message": "Field required"}]
    assert [one["where"] for one in found["number"]] == [""]


def test_broken_json_shows_what_is_wrong_with_it(record: Record) -> None:
    headers = (("content-type", "application/json"),)
    seen = record(make_chests(), "PUT", "/chests/oak", headers=headers, chunks=(b'{"wood": }',))
    found = {one["name"]: one["problems"] for one in panels(seen)["why"]["parameters"]}
    assert found["chest"] == [{"where": "", "message": "JSON decode error: Expecting value"}]


def test_the_words_of_a_validator_do_not_show_what_was_redacted(record: Record) -> None:
    seen = record(make_chests(), "GET", "/keyed", headers=(("cookie", "key=s3cr3t-canary"),))
    shown = [one["message"] for view in panels(seen)["why"]["parameters"] for one in view["problems"]]
    assert shown == ["•••"]


def test_a_parameter_shows_text_converter_value_and_who_used_it(record: Record) -> None:
    view = panels(record(make_app(), "GET", "/stores/x/shelves/a/books/007"))["why"]
    number = next(found for found in view["parameters"] if found["name"] == "number")
    place = number.pop("used_by")
    assert number == {
        "name": "number",
        "alias": "number",
        "source": "path",
        "raw": "007",
        "converter": "int",
        "regex": "[0-9]+",
        "declared_type": "int",
        "value": "7",
        "value_type": "int",
        "default_used": False,
        "problem": None,
        "problems": [],
    }
    assert re.fullmatch(r"make_app\.shelf_book test_view\.py:\d+", place)
    assert next(found for found in view["parameters"] if found["name"] == "verbose")["default_used"] is True


def test_what_routing_took_and_no_endpoint_asked_for_is_shown_too(record: Record) -> None:
    view = panels(record(make_app(), "GET", "/stores/x/raw/y"))["why"]
    found = {parameter["name"]: parameter for parameter in view["parameters"]}
    assert (found["store"]["raw"], found["store"]["used_by"]) == ("x", None)
    assert (found["thing"]["raw"], found["thing"]["converter"]) == ("y", "str")


def test_frames_keep_direction_kind_and_size(record: Record) -> None:
    view = panels(record(make_app(), "GET", "/ws/a", websocket=True))["frames"]
    assert [(f["direction"], f["opcode"], f["size"], f["text"], f["hex"]) for f in view] == [
        ("send", "binary", 2, None, "00ff"),
        ("send", "text", 6, "héllo", None),
    ]


def test_the_timeline_leaves_no_gap(record: Record) -> None:
    seen = record(make_app(), "GET", "/stores/x/raw/y")
    view = panels(seen)["timeline"]
    assert view[0]["at_ms"] == 0
    for line, following in itertools.pairwise(view):
        assert line["at_ms"] + line["took_ms"] == pytest.approx(following["at_ms"])


def test_messages_are_the_applications_own(record: Record) -> None:
    view = panels(record(make_app(), "GET", "/stores/x/raw/y"))["messages"]
    assert [(line["direction"], line["type"]) for line in view if line["direction"] == "send"] == [
        ("send", "http.response.start"),
        ("send", "http.response.body"),
    ]


def test_a_message_says_what_it_carried_and_never_its_type_again(record: Record) -> None:
    app = App()

    @app.get("/")
    async def read() -> str:
        return "x"

    @app.websocket("/ws")
    async def talk(socket: WebSocket) -> None:
        await socket.accept("chat")
        await socket.close(4001)

    view = panels(record(app, "GET", "/"))["messages"]
    assert [(one["type"], one["label"]) for one in view] == [
        ("http.response.start", "200, 2 headers"),
        ("http.response.body", ""),
    ]
    view = panels(record(app, "GET", "/ws", websocket=True))["messages"]
    assert [(one["type"], one["label"]) for one in view] == [
        ("websocket.connect", ""),
        ("websocket.accept", "subprotocol chat"),
        ("websocket.close", "code 4001"),
    ]


def test_the_request_is_taken_apart_without_losing_anything(record: Record) -> None:
    headers = (("host", "h"), ("x-a", "1"), ("x-a", "2"))
    view = panels(record(make_app(), "GET", "/nothing?a=1&a=%20&b", headers=headers))["request"]
    assert view["headers"] == [["host", "h"], ["x-a", "1"], ["x-a", "2"]]
    assert view["query"] == [["a", "1"], ["a", " "], ["b", ""]]
    assert view["query_string"] == "a=1&a=%20&b"


def test_a_query_of_thousands_of_pairs_is_left_undivided(record: Record) -> None:
    assert panels(record(make_app(), "GET", "/nothing?" + "a&" * 5000))["request"]["query"] == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("a=1; b=2", [["a", "1"], ["b", "2"]], id="two"),
        pytest.param("a=1=2", [["a", "1=2"]], id="an equals sign in the value"),
        pytest.param("plain; ; a=", [["plain", ""], ["a", ""]], id="pieces that are no pairs"),
    ],
)
def test_cookies_are_split_as_browsers_join_them(value: str, expected: list[list[str]]) -> None:
    assert split_cookies((("Cookie", value),)) == expected


@pytest.mark.parametrize(("status", "reason"), [(200, "OK"), (404, "Not Found"), (799, None), (None, None)])
def test_the_phrase_of_a_status(status: int | None, reason: str | None) -> None:
    assert find_reason(status) == reason


def test_the_head_is_the_row_without_its_change_number(record: Record) -> None:
    seen = record(make_app(), "GET", "/stores/x/raw/y")
    head = exchange_detail(seen.exchange, {"id": "x", "seq": 3, "path": "/p"})
    assert (head["id"], head["path"], "seq" in head) == ("x", "/p", False)
    assert head["replayable"]["verdict"] == "exact"


def test_an_application_whose_routing_is_unknown_is_shown_as_far_as_it_goes(record: Record) -> None:
    async def foreign(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    view = panels(record(foreign, "GET", "/x"))
    assert view["why"]["steps"] == []
    assert view["why"]["path"]["spans"] == []
    assert view["response"]["status"] == 204


@pytest.mark.parametrize("target", ["/items?limit=1&skip=2", "/items?limit=x"], ids=["bound", "rejected"])
def test_a_parameter_of_a_dependency_is_said_to_be_used_by_that(record: Record, target: str) -> None:
    app = App()

    def page(skip: int = 0, limit: int = 10) -> int:
        return skip + limit

    @app.get("/items")
    async def items(limit: int, page: Annotated[int, Depends(page)]) -> None: ...

    view = panels(record(app, "GET", target))["why"]
    used = [(one["name"], one["used_by"].rpartition(".py:")[0].split(".")[-1]) for one in view["parameters"]]
    assert used == [("skip", "page test_view"), ("limit", "page test_view"), ("limit", "items test_view")]
