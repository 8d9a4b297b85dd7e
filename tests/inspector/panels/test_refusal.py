"""What is told of a path before it is sent: a claim that the endpoint refuses a value is never wrong."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import AfterValidator, BeforeValidator, PlainValidator, WrapValidator

from inspector.panels.refusal import find_refusal
from miniframework import App, WebSocket
from miniframework.routing.converters import BUILT_IN
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Route
from miniframework.routing.source import Source
from miniframework.routing.table import RouteTable
from miniframework.testing import TestClient
from miniframework.websockets import WebSocketDisconnect

SOURCE = Source(file="app.py", line=1)
TYPES: dict[str, Any] = {
    "int": int,
    "float": float,
    "bool": bool,
    "UUID": UUID,
    "date": date,
    "datetime": datetime,
    "time": time,
    "Decimal": Decimal,
    "Literal": Literal["new", "old"],
    "Literal of both": Literal["new", 3],
    "read before": Annotated[int, BeforeValidator(len)],
    "read instead": Annotated[int, PlainValidator(len)],
    "read around": Annotated[int, WrapValidator(lambda value, handler: 3)],
    "read after": Annotated[int, AfterValidator(abs)],
    "alternatives": int | str,
}
TEXTS = (
    "seven",
    "7",
    "-1",
    "nan",
    "-Infinity",
    "sNaN",
    "true",
    "OFF",
    "new",
    "newer",
    "2024-02-30",
    "٣",
    "1e5",
    "x",
)


def app_with(declared: Any) -> App:
    app = App(openapi_url=None)

    def show(value: Any) -> str:
        return ""

    show.__annotations__["value"] = declared
    app.get("/{value}")(show)
    return app


@pytest.mark.parametrize("declared", TYPES.values(), ids=TYPES)
def test_what_is_said_to_be_refused_is_refused(declared: Any) -> None:
    app = app_with(declared)
    client = TestClient(app)
    said = {text: find_refusal(app.table.explain("http", "GET", f"/{text}")) for text in TEXTS}
    answered = {text: client.get(f"/{text}").status_code for text in TEXTS}
    assert {answered[text] for text, refusal in said.items() if refusal} <= {422}


@pytest.mark.parametrize(
    ("declared", "text", "message"),
    [
        (int, "seven", "value must be int, which seven is not"),
        (float, "x", "value must be float, which x is not"),
        (bool, "seven", "value must be bool, which seven is not"),
        (UUID, "seven", "value must be UUID, which seven is not"),
        (date, "today", "value must be date, which today is not"),
        (Decimal, "x", "value must be Decimal, which x is not"),
        (Literal["new", "old"], "newer", "value must be Literal['new', 'old'], which newer is not"),
        (Annotated[int, AfterValidator(abs)], "x", "value must be int, which x is not"),
    ],
    ids=str,
)
def test_a_text_that_is_no_such_value_is_refused(declared: Any, text: str, message: str) -> None:
    refusal = find_refusal(app_with(declared).table.explain("http", "GET", f"/{text}"))
    assert refusal is not None
    assert (refusal.status, refusal.parameter, refusal.text, refusal.message) == (422, "value", text, message)


def show_item(tenant: int, item: int) -> None: ...


def show_later(value: "Unknown") -> None: ...  # type: ignore[name-defined]  # noqa: F821  # as its author wrote it


def plain(value: str) -> None: ...


@pytest.mark.parametrize(
    ("path", "endpoint", "asked"),
    [
        ("/{value}", plain, "/seven"),
        ("/{value}", show_later, "/seven"),
        ("/{value:int}", show_item, "/7"),
        ("/{value}", show_item, "/seven"),
    ],
    ids=["text", "a type nobody knows here", "a converter that has refused it", "another name"],
)
def test_nothing_is_said_where_nothing_is_known(path: str, endpoint: Callable[..., Any], asked: str) -> None:
    pattern = parse_pattern(path, BUILT_IN, SOURCE)
    route = Route(pattern=pattern, name="x", source=SOURCE, endpoint=endpoint, methods=frozenset({"GET"}))
    assert find_refusal(RouteTable([route]).explain("http", "GET", asked)) is None


@pytest.mark.parametrize("path", ["/x/items/7", "/7/items/x"])
def test_the_prefix_of_a_mount_is_a_parameter_of_what_is_mounted_too(path: str) -> None:
    app, inside = App(openapi_url=None), App(openapi_url=None)
    inside.get("/items/{item}")(show_item)
    app.mount("/{tenant}", inside)
    refusal = find_refusal(app.table.explain("http", "GET", path))
    assert refusal is not None
    assert (refusal.text, refusal.status) == ("x", TestClient(app).get(path).status_code)


def test_a_handshake_is_refused_with_403() -> None:
    app = App(openapi_url=None)

    @app.websocket("/rooms/{room}")
    async def join(socket: WebSocket, room: int) -> None:
        await socket.accept()

    refusal = find_refusal(app.table.explain("websocket", "GET", "/rooms/hall"))
    assert refusal is not None
    assert refusal.status == 403
    with pytest.raises(WebSocketDisconnect), TestClient(app).websocket_connect("/rooms/hall"):
        pass


def test_nothing_is_said_of_what_nobody_takes() -> None:
    assert find_refusal(app_with(int).table.explain("http", "POST", "/seven")) is None
    assert find_refusal(app_with(int).table.explain("http", "GET", "/seven/more")) is None
