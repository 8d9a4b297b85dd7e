"""What goes out of a returned value: checked, filtered and named as FastAPI does, on both ways of serving."""

import functools
import inspect
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field
from pydantic.v1 import BaseModel as OldModel

from miniframework import (
    App,
    Depends,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Request,
    Response,
    Router,
)
from miniframework.errors import EncodeError, ParameterError, RouteError
from miniframework.exceptions import FastAPIDeprecationWarning, ResponseValidationError
from miniframework.responses import ORJSONResponse, RedirectResponse, UJSONResponse
from miniframework.testclient import TestClient


class Item(BaseModel):
    name: str
    note: str | None = None
    price: float = 10.5
    tags: list[str] = []


class OldItem(OldModel):
    name: str


class UserOut(BaseModel):
    name: str


class UserIn(UserOut):
    password: str


class Named(BaseModel):
    name: str = Field("n", alias="Name")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int


@dataclass
class Point:
    x: int
    at: datetime


class Row:
    def __init__(self) -> None:
        self.name, self.password = "u", "p"


class Upper(Response):
    media_type = "text/x-upper"

    def render(self, content: Any) -> bytes:
        return repr(content).upper().encode()


def serve(value: Any, **options: Any) -> Any:
    """Declare a route with these options that returns `value`."""

    def declare(app: App) -> None:
        @app.get("/", **options)
        async def answer():  # type: ignore[no-untyped-def]  # without an annotation only the options count
            return value

    return declare


def annotate(value: Any, annotation: Any, **options: Any) -> Any:
    """Declare a route annotated to return `annotation`."""

    def declare(app: App) -> None:
        def answer() -> Any:
            return value

        answer.__annotations__["return"] = annotation
        app.get("/", **options)(answer)

    return declare


def ask(declare: Any, way: str, **options: Any) -> Any:
    app = App()
    declare(app)
    if way == "reference":
        app.bus.subscribe(lambda event: None)  # what is recorded is served by the loop over the plan
    return TestClient(app, follow_redirects=False, **options).get("/")


case = pytest.param
BOTH_WAYS = pytest.mark.parametrize("way", ["compiled", "reference"])
WHEN = datetime(2020, 1, 2, tzinfo=UTC)
BAR = {"name": "Bar", "note": None, "price": 62.0}


@BOTH_WAYS
@pytest.mark.parametrize(
    ("declare", "body"),
    [
        case(serve(BAR, response_model=Item), {**BAR, "tags": []}, id="defaults are added"),
        case(serve(BAR, response_model=Item, response_model_exclude_unset=True), BAR, id="set fields"),
        case(
            serve({**BAR, "price": 10.5}, response_model=Item, response_model_exclude_defaults=True),
            {"name": "Bar"},
            id="no defaults",
        ),
        case(
            serve(BAR, response_model=Item, response_model_exclude_none=True),
            {"name": "Bar", "price": 62.0, "tags": []},
            id="no None",
        ),
        case(serve(BAR, response_model=Item, response_model_include={"name"}), {"name": "Bar"}, id="include"),
        case(
            serve(BAR, response_model=Item, response_model_exclude=["price", "tags"]),
            {"name": "Bar", "note": None},
            id="exclude as a list",
        ),
        case(
            annotate([BAR], list[Item], response_model_include={"__all__": {"name"}}),
            [{"name": "Bar"}],
            id="include in each of a list",
        ),
        case(annotate(UserIn(name="u", password="p"), UserOut), {"name": "u"}, id="a subclass is filtered"),
        case(
            annotate([UserIn(name="u", password="p")], list[UserOut]), [{"name": "u"}], id="inside a list too"
        ),
        case(annotate({"k": Row()}, dict[str, UserOut]), {"k": {"name": "u"}}, id="an object's attributes"),
        case(
            annotate(UserIn(name="u", password="p"), UserOut, response_model=None),
            {"name": "u", "password": "p"},
            id="None checks nothing",
        ),
        case(annotate(Row(), UserIn, response_model=UserOut), {"name": "u"}, id="the option comes first"),
        case(annotate(None, UserOut | None), None, id="an optional model"),
        case(annotate({"name": "u"}, UserIn | UserOut), {"name": "u"}, id="the member of a union that fits"),
        case(annotate("7", int), 7, id="a value is converted"),
        case(annotate((1, "a"), tuple[int, str]), [1, "a"], id="a tuple"),
        case(annotate(Decimal("1.50"), Decimal), "1.50", id="a decimal as pydantic writes it"),
        case(annotate({"d": WHEN}, dict[str, Any]), {"d": "2020-01-02T00:00:00Z"}, id="and a datetime"),
        case(serve({"d": WHEN}), {"d": "2020-01-02T00:00:00+00:00"}, id="without a type as isoformat"),
        case(annotate(Point(1, WHEN), Point), {"x": 1, "at": "2020-01-02T00:00:00Z"}, id="a dataclass"),
        case(annotate(Named(), Named), {"Name": "n"}, id="names by alias"),
        case(annotate(Named(), Named, response_model_by_alias=False), {"name": "n"}, id="names of fields"),
        case(annotate(float("nan"), float), None, id="NaN is null"),
        case(annotate("x", "str"), "x", id="an annotation written as text"),
    ],
)
def test_a_value_goes_out_as_its_type_says(declare: Any, body: Any, way: str) -> None:
    answer = ask(declare, way)
    assert (answer.status_code, answer.json()) == (200, body)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.content))


@BOTH_WAYS
@pytest.mark.parametrize(
    ("declare", "status", "media_type", "body"),
    [
        case(serve("<p>", response_class=HTMLResponse), 200, "text/html", b"<p>", id="HTML"),
        case(
            annotate("t", str, response_class=PlainTextResponse, status_code=201),
            201,
            "text/plain",
            b"t",
            id="text",
        ),
        case(
            serve({"d": date(2020, 1, 2)}, response_class=Upper),
            200,
            "text/x-upper",
            b"{'D': '2020-01-02'}",
            id="a class of one's own gets what JSON has",
        ),
        case(
            annotate(UserIn(name="u", password="p"), UserOut, response_class=Upper),
            200,
            "text/x-upper",
            b"{'NAME': 'U'}",
            id="of the type's fields",
        ),
        case(
            annotate(UserIn(name="u", password="p"), UserOut, response_class=JSONResponse),
            200,
            "application/json",
            b'{"name":"u"}',
            id="JSON said aloud",
        ),
        case(serve("/x", response_class=RedirectResponse), 307, None, b"", id="a class's own status"),
        case(serve("/x", response_class=RedirectResponse, status_code=302), 302, None, b"", id="the route's"),
        case(annotate(Response(b"!"), Response), 200, None, b"!", id="a response as it is"),
        case(serve({"a": 1}, status_code=204), 204, "application/json", b"", id="no body with 204"),
        case(serve({"a": 1}, status_code=205), 205, "application/json", b"", id="nor with 205"),
        case(annotate(None, None, status_code=304), 304, "application/json", b"", id="nor with 304"),
        case(
            serve("<p>", response_class=HTMLResponse, status_code=205), 205, "text/html", b"", id="of a class"
        ),
        case(annotate(None, None), 200, "application/json", b"null", id="None is null"),
    ],
)
def test_class_and_status_make_the_response(
    declare: Any, status: int, media_type: str | None, body: bytes, way: str
) -> None:
    answer = ask(declare, way)
    assert (answer.status_code, answer.content) == (status, body)
    assert answer.headers.get("content-type", "").partition(";")[0] == (media_type or "")


@BOTH_WAYS
@pytest.mark.parametrize(
    ("declare", "problem"),
    [
        case(
            serve({"nam": 1}, response_model=UserOut),
            {"type": "missing", "loc": ("response", "name"), "msg": "Field required", "input": {"nam": 1}},
            id="a field is missing",
        ),
        case(
            annotate([{"name": 5}], list[UserOut]),
            {
                "type": "string_type",
                "loc": ("response", 0, "name"),
                "msg": "Input should be a valid string",
                "input": 5,
            },
            id="deep inside",
        ),
        case(
            annotate({"a": 1, "b": 2}, Strict),
            {
                "type": "extra_forbidden",
                "loc": ("response", "b"),
                "msg": "Extra inputs are not permitted",
                "input": 2,
            },
            id="a field too many where that is forbidden",
        ),
    ],
)
def test_a_value_of_another_type_is_an_error_of_the_server(declare: Any, problem: Any, way: str) -> None:
    with pytest.raises(ResponseValidationError) as caught:
        ask(declare, way)
    assert caught.value.errors() == [problem]
    assert str(problem) in str(caught.value)
    assert re.search(r'File ".*test_response_model.py", line \d+, in .*answer\n    GET /$', str(caught.value))
    assert ask(declare, way, raise_server_exceptions=False).status_code == 500


@BOTH_WAYS
def test_the_input_of_a_problem_is_the_object_itself(way: str) -> None:
    with pytest.raises(ResponseValidationError) as caught:
        ask(annotate(date(2020, 1, 1), int), way)
    assert [problem["input"] for problem in caught.value.errors()] == [date(2020, 1, 1)]


@BOTH_WAYS
@pytest.mark.parametrize(
    "declare",
    [
        case(serve([object()]), id="without a type"),
        case(annotate([object()], Any), id="of any type"),
        case(annotate([object()], list[Any]), id="inside of a type"),
    ],
)
def test_what_no_json_can_hold_is_named(declare: Any, way: str) -> None:
    with pytest.raises(EncodeError, match="cannot be written as JSON") as caught:
        ask(declare, way)
    assert isinstance(caught.value, ValueError), "as in FastAPI"


@BOTH_WAYS
def test_a_handler_can_answer_for_a_wrong_value(way: str) -> None:
    def declare(app: App) -> None:
        annotate({"nam": 1}, UserOut)(app)

        @app.exception_handler(ResponseValidationError)
        def answer(request: Request, error: ResponseValidationError) -> Response:
            return JSONResponse({"of": error.body, "problems": len(error.errors())}, 502)

    answer = ask(declare, way)
    assert (answer.status_code, answer.json()) == (502, {"of": {"nam": 1}, "problems": 1})


@BOTH_WAYS
def test_a_response_parameter_changes_status_headers_and_cookies(way: str) -> None:
    def declare(app: App) -> None:
        def brand(response: Response) -> None:
            response.headers["x-from"] = "a dependency"

        @app.get("/", status_code=201, dependencies=[Depends(brand)])
        def answer(response: Response) -> UserOut:
            response.status_code = 207
            response.headers.update({"x-more": "1"})
            response.set_cookie(key="k", value="v")
            return UserIn(name="u", password="p")

    answer = ask(declare, way)
    assert (answer.status_code, answer.json()) == (207, {"name": "u"})
    assert (answer.headers["x-from"], answer.headers["x-more"]) == ("a dependency", "1")
    assert answer.cookies["k"] == "v"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/own", "text/html"),
        ("/route", "text/plain"),
        ("/given/x", "text/plain"),
        ("/around/in/x", "text/html"),
        ("/inner/own", "text/plain"),
        ("/json", "application/json"),
    ],
)
def test_the_innermost_default_class_counts(path: str, media_type: str) -> None:
    bare, plain = Router(), Router(default_response_class=PlainTextResponse)
    app = App(default_response_class=HTMLResponse)

    def text() -> str:
        return "x"

    bare.get("/x")(text)
    plain.get("/own")(text)
    app.get("/own")(text)
    app.get("/route", response_class=PlainTextResponse)(text)
    app.get("/json", response_class=JSONResponse)(text)
    around = Router()
    around.include_router(bare, "/in")
    app.include_router(bare, "/given", default_response_class=PlainTextResponse)
    app.include_router(around, "/around")
    app.include_router(plain, "/inner")
    assert TestClient(app).get(path).headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize("response_class", [ORJSONResponse, UJSONResponse])
def test_a_deprecated_class_says_so_where_it_is_made(response_class: type[Response]) -> None:
    said = f"^{response_class.__name__} is deprecated"
    with pytest.warns(FastAPIDeprecationWarning, match=said) as caught:
        made = response_class({"a": 1}, 202)
    assert caught[0].filename == __file__
    assert (made.status_code, made.body, made.media_type) == (202, b'{"a":1}', "application/json")


@pytest.mark.parametrize("annotation", [OldItem, list[OldItem], dict[str, OldItem | None]])
def test_a_model_of_pydantics_first_version_is_refused_when_it_is_declared(annotation: Any) -> None:
    app = App()

    def send(item: Any) -> Any:
        return item

    with pytest.raises(RouteError, match=r"OldItem is a model of pydantic\.v1; derive it from"):
        app.get("/", response_model=annotation)(send)
    send.__annotations__["item"] = annotation
    with pytest.raises(ParameterError, match=r"'item': OldItem is a model of pydantic\.v1"):
        App().post("/")(send)


class Cat(BaseModel):
    name: str = "cat"


class Dog(BaseModel):
    name: str = "dog"


@pytest.mark.parametrize(
    ("cat_first", "dog_first", "empty", "shown"),
    [
        pytest.param(Cat | Dog, Dog | Cat, {}, lambda pet: pet, id="alone"),
        pytest.param(list[Cat | Dog], list[Dog | Cat], [{}], lambda pet: [pet], id="in a list"),
    ],
)
def test_the_alternatives_of_a_union_are_tried_in_its_own_order(
    cat_first: Any, dog_first: Any, empty: Any, shown: Any
) -> None:
    app = App()

    def send() -> Any:
        return empty

    app.get("/cat", response_model=cat_first)(send)
    app.get("/dog", response_model=dog_first)(send)
    client = TestClient(app)
    assert client.get("/cat").json() == shown({"name": "cat"})
    assert client.get("/dog").json() == shown({"name": "dog"})


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(inspect.Signature.empty, {"name": "n", "secret": 1}, id="nothing"),
        pytest.param(Item, Item(name="n").model_dump(), id="another type"),
        pytest.param("Item", Item(name="n").model_dump(), id="its name"),
    ],
)
def test_a_decorators_signature_says_what_is_returned(said: object, expected: object) -> None:
    def read_user() -> UserOut:
        return {"name": "n", "secret": 1}  # type: ignore[return-value]

    decorated = functools.wraps(read_user)(lambda: read_user())
    decorated.__signature__ = inspect.Signature(return_annotation=said)
    app = App()
    app.get("/")(decorated)
    assert TestClient(app).get("/").json() == expected
