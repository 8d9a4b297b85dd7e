import enum
from collections import deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, NewType
from uuid import UUID

import pytest
from pydantic import AfterValidator, BaseModel, Field
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from miniframework.params.markers import Body, Cookie, Header, Path, Query
from tests.miniframework.params.binding import JSON, arguments_of, bind_request


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1


class Item(BaseModel):
    name: str
    price: float = 0.0


@dataclass
class Point:
    x: int
    y: int = 0


class Size(TypedDict):
    width: int


UserId = NewType("UserId", int)
Even = Annotated[int, AfterValidator(lambda value: value + value % 2)]


def endpoint_of(annotation: Any, default: Any = ...) -> Any:
    if default is ...:

        def endpoint(x: Any) -> None: ...

    else:

        def endpoint(x: Any = default) -> None: ...

    endpoint.__annotations__["x"] = annotation
    return endpoint


TEXT_VALUES = [
    pytest.param(int, "42", 42, id="int"),
    pytest.param(int, "-7", -7, id="negative int"),
    pytest.param(float, "1.5", 1.5, id="float"),
    pytest.param(bool, "yes", True, id="bool yes"),
    pytest.param(bool, "off", False, id="bool off"),
    pytest.param(bool, "0", False, id="bool 0"),
    pytest.param(str, "42", "42", id="str stays text"),
    pytest.param(Any, "42", "42", id="Any stays text"),
    pytest.param(str | None, "null", "null", id="optional str"),
    pytest.param(int | None, "42", 42, id="optional int"),
    pytest.param(int | str, "42", "42", id="union takes the exact type first"),
    pytest.param(int | bool, "true", True, id="union takes what fits"),
    pytest.param(Colour, "red", Colour.RED, id="enum by value"),
    pytest.param(Level, "1", Level.LOW, id="int enum"),
    pytest.param(Literal["a", "b"], "b", "b", id="literal"),
    pytest.param(date, "2024-02-29", date(2024, 2, 29), id="date"),
    pytest.param(datetime, "2024-02-29T12:00:00Z", datetime(2024, 2, 29, 12, tzinfo=UTC), id="datetime"),
    pytest.param(timedelta, "PT1M", timedelta(minutes=1), id="timedelta"),
    pytest.param(Decimal, "1.10", Decimal("1.10"), id="decimal keeps its digits"),
    pytest.param(
        UUID, "12345678123456781234567812345678", UUID("12345678-1234-5678-1234-567812345678"), id="uuid"
    ),
    pytest.param(bytes, "ab", b"ab", id="bytes"),
    pytest.param(UserId, "3", 3, id="NewType"),
    pytest.param(Even, "3", 4, id="a validator of one's own"),
    pytest.param(Annotated[int, Field(ge=1)], "3", 3, id="pydantic's Field"),
]


@pytest.mark.parametrize(("annotation", "text", "value"), TEXT_VALUES)
def test_query_text_becomes_the_annotated_value(annotation: Any, text: str, value: object) -> None:
    arguments = arguments_of(endpoint_of(annotation), query=f"x={text.replace('+', '%2B')}")
    assert arguments == {"x": value}
    assert type(arguments["x"]) is type(value)


@pytest.mark.parametrize(("annotation", "text", "value"), TEXT_VALUES)
def test_path_text_becomes_the_same_value_as_query_text(annotation: Any, text: str, value: object) -> None:
    assert arguments_of(endpoint_of(annotation), template="/{x}", path=f"/{text}") == {"x": value}


@pytest.mark.parametrize(
    ("annotation", "query", "value"),
    [
        pytest.param(Annotated[list[int], Query()], "x=1&x=2", [1, 2], id="list"),
        pytest.param(Annotated[set[str], Query()], "x=a&x=a", {"a"}, id="set"),
        pytest.param(Annotated[tuple[int, str], Query()], "x=1&x=b", (1, "b"), id="tuple"),
        pytest.param(Annotated[deque[int], Query()], "x=1", deque([1]), id="deque"),
        pytest.param(Annotated[list[str] | None, Query()], "x=a", ["a"], id="optional list"),
        pytest.param(Annotated[int, Query()], "x=1&x=2", 2, id="a scalar takes the last"),
        pytest.param(Annotated[str, Query()], "x=", "", id="empty text is a value"),
        pytest.param(Annotated[str, Query()], "x=a+b%26c", "a b&c", id="plus and percent are decoded"),
        pytest.param(Annotated[str, Query(alias="item-query")], "item-query=q", "q", id="alias"),
        pytest.param(Annotated[str, Query(pattern="^a+$")], "x=aa", "aa", id="pattern"),
        pytest.param(Annotated[int, Query(ge=1, le=3)], "x=3", 3, id="bounds"),
    ],
)
def test_a_declared_query_parameter_is_read_as_declared(annotation: Any, query: str, value: object) -> None:
    assert arguments_of(endpoint_of(annotation), query=query) == {"x": value}


@pytest.mark.parametrize(
    ("annotation", "headers", "value"),
    [
        pytest.param(Annotated[str, Header()], (("X", "1"),), "1", id="any case"),
        pytest.param(Annotated[int, Header(alias="X-Limit")], (("x-limit", "5"),), 5, id="alias"),
        pytest.param(Annotated[list[str], Header()], (("x", "a"), ("x", "b")), ["a", "b"], id="every line"),
        pytest.param(Annotated[str, Header()], (("x", "a"), ("x", "b")), "a", id="a scalar takes the first"),
        pytest.param(Annotated[int, Cookie()], (("cookie", "a=0; x=7"),), 7, id="cookie"),
        pytest.param(
            Annotated[int, Cookie(alias="s")],
            (("cookie", "a=1"), ("cookie", "s=2")),
            2,
            id="two cookie lines",
        ),
    ],
)
def test_headers_and_cookies_are_read(annotation: Any, headers: Any, value: object) -> None:
    assert arguments_of(endpoint_of(annotation), headers=headers) == {"x": value}


def test_a_headers_underscores_are_dashes_unless_told_otherwise() -> None:
    def endpoint(
        user_agent: Annotated[str, Header()], strange_one: str = Header(convert_underscores=False)
    ) -> None: ...

    headers = (("User-Agent", "ff"), ("strange_one", "s"))
    assert arguments_of(endpoint, headers=headers) == {"user_agent": "ff", "strange_one": "s"}


@pytest.mark.parametrize(
    ("annotation", "body", "value"),
    [
        pytest.param(Item, b'{"name": "a"}', Item(name="a"), id="model"),
        pytest.param(Item | None, b"null", None, id="null for an optional model"),
        pytest.param(Point, b'{"x": "1"}', Point(1), id="dataclass"),
        pytest.param(Size, b'{"width": 2}', {"width": 2}, id="typed dict"),
        pytest.param(dict, b'{"a": [1, null]}', {"a": [1, None]}, id="dict"),
        pytest.param(dict[str, int], b'{"a": "1"}', {"a": 1}, id="dict of int"),
        pytest.param(list[Item], b'[{"name": "a"}]', [Item(name="a")], id="list of models"),
        pytest.param(list[int], b"[1]", [1], id="an undeclared list is a body"),
        pytest.param(Annotated[int, Body()], b"7", 7, id="a declared scalar is the whole body"),
        pytest.param(Annotated[int, Body(embed=True)], b'{"x": 7}', 7, id="embedded: its key"),
        pytest.param(Annotated[Item, Body(embed=True)], b'{"x": {"name": "a"}}', Item(name="a"), id="embed"),
        pytest.param(Annotated[Any, Body()], b'{"x": 1}', {"x": 1}, id="anything"),
        pytest.param(Item, b'\xef\xbb\xbf{"name": "a"}', Item(name="a"), id="a byte order mark is skipped"),
    ],
)
def test_a_body_becomes_the_annotated_value(annotation: Any, body: bytes, value: object) -> None:
    assert arguments_of(endpoint_of(annotation), headers=JSON, body=body) == {"x": value}


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "application/vnd.api+json", None]
)
def test_json_is_known_by_its_content_type_and_assumed_without_one(content_type: str | None) -> None:
    headers = (("content-type", content_type),) if content_type else ()
    assert arguments_of(endpoint_of(dict), headers=headers, body=b'{"a":1}') == {"x": {"a": 1}}


def test_a_body_that_is_not_json_stays_bytes() -> None:
    headers = (("content-type", "text/plain"),)
    assert arguments_of(endpoint_of(Annotated[bytes, Body()]), headers=headers, body=b"{}") == {"x": b"{}"}


def test_several_body_parameters_are_keys_of_one_object() -> None:
    def endpoint(item: Item, point: Point, importance: Annotated[int, Body(gt=0)]) -> None: ...

    body = b'{"item": {"name": "a"}, "point": {"x": 1}, "importance": 5}'
    assert arguments_of(endpoint, body=body) == {"item": Item(name="a"), "point": Point(1), "importance": 5}


def test_path_query_and_body_are_told_apart_as_fastapi_does() -> None:
    def endpoint(item_id: int, item: Item, q: str | None = None) -> None: ...

    arguments = arguments_of(endpoint, template="/{item_id}", path="/1", query="q=x", body=b'{"name":"a"}')
    assert arguments == {"item_id": 1, "item": Item(name="a"), "q": "x"}


@pytest.mark.parametrize(
    ("annotation", "default"),
    [
        pytest.param(str, None, id="str with None, as the tutorial writes it"),
        pytest.param(int, 5, id="int"),
        pytest.param(Annotated[int, Query(ge=3)], 1, id="a default is not validated"),
        pytest.param(Item, None, id="model"),
        pytest.param(Annotated[list[str], Query()], ["a"], id="list"),
        pytest.param(Annotated[str, Header()], "h", id="header"),
    ],
)
def test_what_did_not_come_has_its_default(annotation: Any, default: Any) -> None:
    assert arguments_of(endpoint_of(annotation, default)) == {"x": default}


def test_a_default_of_none_is_no_leave_to_send_null() -> None:
    def endpoint(x: str = Body(None, embed=True)) -> None: ...

    assert arguments_of(endpoint, body=b"{}") == {"x": None}
    (problem,) = bind_request(endpoint, body=b'{"x": null}').problems
    assert (problem["type"], problem["loc"]) == ("string_type", ["body", "x"])


def test_a_changeable_default_is_never_shared_between_requests() -> None:
    endpoint = endpoint_of(Annotated[list[str], Query()], ["a"])
    arguments_of(endpoint)["x"].append("b")
    assert arguments_of(endpoint) == {"x": ["a"]}


def test_a_default_factory_is_called_for_each_request() -> None:
    def endpoint(x: Annotated[list[str], Query(default_factory=list)]) -> None: ...

    first = arguments_of(endpoint)["x"]
    assert first == []
    assert arguments_of(endpoint)["x"] is not first


class Filters(BaseModel):
    limit: int = Field(100, gt=0)
    tags: list[str] = []
    order_by: Literal["a", "b"] = "a"


class StrictFilters(Filters):
    model_config = {"extra": "forbid"}


def test_a_model_gathers_query_parameters() -> None:
    def endpoint(filters: Annotated[Filters, Query()]) -> None: ...

    found = arguments_of(endpoint, query="limit=5&tags=x&tags=y&other=1")["filters"]
    assert found == Filters(limit=5, tags=["x", "y"])
    assert arguments_of(endpoint) == {"filters": Filters()}


def test_a_model_of_query_parameters_may_forbid_others() -> None:
    def endpoint(filters: Annotated[StrictFilters, Query()]) -> None: ...

    (problem,) = bind_request(endpoint, query="tool=plumbus").problems
    assert problem["type"] == "extra_forbidden"
    assert problem["loc"] == ["query", "tool"]


def test_models_gather_headers_and_cookies() -> None:
    class Common(BaseModel):
        x_token: str
        tags: list[int] = []

    class Session(BaseModel):
        sid: int

    def endpoint(head: Annotated[Common, Header()], session: Annotated[Session, Cookie()]) -> None: ...

    headers = (("X-Token", "t"), ("tags", "1"), ("tags", "2"), ("cookie", "sid=3; other=4"))
    arguments = arguments_of(endpoint, headers=headers)
    assert arguments["session"].sid == 3
    assert arguments["head"].x_token == "t"


class Request:
    """Stands for what the framework injects."""


@pytest.mark.parametrize("annotated", [True, False], ids=["by annotation", "unannotated, by name"])
def test_special_objects_are_injected(annotated: bool) -> None:
    def endpoint(request, x: int) -> None: ...  # type: ignore[no-untyped-def]

    if annotated:
        endpoint.__annotations__["request"] = Request
    made = Request()
    assert arguments_of(endpoint, query="x=1", special={Request: made}) == {"request": made, "x": 1}


class Isbn:
    def __init__(self, text: str) -> None:
        self.text = text


class IsbnConverter:
    name = "isbn"
    regex = "[0-9-]+"

    def convert(self, text: str) -> Isbn:
        digits = text.replace("-", "")
        if len(digits) != 13:
            raise ValueError(f"an ISBN has 13 digits, this has {len(digits)}")
        return Isbn(digits)

    def format(self, value: Isbn) -> str:
        return value.text


CONVERTERS = {"isbn": IsbnConverter()}


def test_a_converters_value_reaches_an_endpoint_that_wants_its_class() -> None:
    def endpoint(book: Isbn) -> None: ...

    found = arguments_of(
        endpoint, template="/{book:isbn}", path="/978-0-306-40615-7", converters={**CONVERTERS}
    )["book"]
    assert isinstance(found, Isbn)
    assert found.text == "9780306406157"


def test_a_converter_that_refuses_is_a_problem_of_its_parameter() -> None:
    def endpoint(book: Isbn, q: int) -> None: ...

    result = bind_request(endpoint, template="/{book:isbn}", path="/1-2", converters={**CONVERTERS})
    assert result.problems == [
        {
            "type": "value_error",
            "loc": ["path", "book"],
            "msg": "Value error, an ISBN has 13 digits, this has 2",
            "input": "1-2",
            "ctx": {"error": "an ISBN has 13 digits, this has 2", "converter": "isbn"},
        },
        {"type": "missing", "loc": ["query", "q"], "msg": "Field required", "input": None},
    ]


def test_a_value_of_ones_own_in_a_problem_is_told_as_text() -> None:
    def endpoint(book: Item) -> None: ...

    endpoint.__annotations__["book"] = Colour
    (problem,) = bind_request(
        endpoint, template="/{book:isbn}", path="/9780306406157", converters={**CONVERTERS}
    ).problems
    assert problem["type"] == "enum"
    assert isinstance(problem["input"], str)


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        pytest.param(str, "007", id="str gets the text as it stood"),
        pytest.param(Annotated[str, Path(min_length=2)], "007", id="str with a constraint"),
        pytest.param(Literal[7], 7, id="a literal gets the number"),
        pytest.param(float, 7.0, id="float"),
        pytest.param(Any, 7, id="Any gets the converter's value"),
    ],
)
def test_a_path_converter_comes_before_the_annotation(annotation: Any, value: object) -> None:
    arguments = arguments_of(endpoint_of(annotation), template="/{x:int}", path="/007")
    assert arguments == {"x": value}
    assert type(arguments["x"]) is type(value)
