import re
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, AliasChoices, AliasPath, BaseModel, Field, Json

from miniframework import App
from miniframework.exceptions import FastAPIDeprecationWarning
from miniframework.params.markers import Body, Header, Query
from miniframework.params.plan import plan_parameters
from miniframework.testing import TestClient
from tests.miniframework.params.binding import JSON, arguments_of, problems_of

pytestmark = pytest.mark.usefixtures("way")


@pytest.mark.parametrize(
    ("annotation", "request_parts", "value"),
    [
        pytest.param(
            Annotated[str, Query(validation_alias="v")], {"query": "v=1"}, "1", id="validation_alias"
        ),
        pytest.param(
            Annotated[str, Query(alias="a", validation_alias="v")],
            {"query": "a=0&v=1"},
            "1",
            id="it comes before alias",
        ),
        pytest.param(
            Annotated[str, Query(validation_alias=AliasChoices("v", "w"))],
            {"query": "w=2"},
            "2",
            id="the second of two choices",
        ),
        pytest.param(
            Annotated[int, Header(validation_alias=AliasChoices("X-A", "X-B"))],
            {"headers": (("x-b", "2"),)},
            2,
            id="choices of headers in any case",
        ),
        pytest.param(
            Annotated[int, Body(embed=True, validation_alias=AliasChoices("v", "w"))],
            {"headers": JSON, "body": b'{"w": 2}'},
            2,
            id="choices of keys",
        ),
        pytest.param(Annotated[int, Field(alias="v"), Query()], {"query": "v=1"}, 1, id="alias of a Field"),
        pytest.param(
            Annotated[int, Field(alias="v"), Query(alias="w")],
            {"query": "v=0&w=1"},
            1,
            id="its own comes before that of a Field",
        ),
        pytest.param(
            Annotated[int, Field(validation_alias="v")], {"query": "v=1"}, 1, id="a Field without a marker"
        ),
        pytest.param(
            Annotated[list[int], Field(alias="v"), Body(embed=True)],
            {"headers": JSON, "body": b'{"v": [2]}'},
            [2],
            id="the alias of a Field names a key",
        ),
        pytest.param(Annotated[int, Field(default_factory=lambda: 5)], {}, 5, id="the default of a Field"),
        pytest.param(Annotated[str, Query(pattern=re.compile("^a"))], {"query": "x=a"}, "a", id="compiled"),
        pytest.param(Annotated[Json[list[int]], Query()], {"query": "x=[1,2]"}, [1, 2], id="Json"),
    ],
)
def test_an_option_changes_how_a_parameter_is_read(
    annotation: Any, request_parts: Any, value: object
) -> None:
    def endpoint(x: Any) -> None: ...

    endpoint.__annotations__["x"] = annotation
    assert arguments_of(endpoint, **request_parts) == {"x": value}


def test_a_problem_names_the_choice_that_came_else_the_first() -> None:
    def endpoint(x: Annotated[int, Query(validation_alias=AliasChoices("v", "w"))]) -> None: ...

    assert [problems_of(endpoint, query=query)[0]["loc"] for query in ("w=a", "v=a", "")] == [
        ["query", "w"],
        ["query", "v"],
        ["query", "v"],
    ]


def test_a_header_is_told_as_its_alias_is_written() -> None:
    def endpoint(x: Annotated[int, Header(alias="X-Limit")]) -> None: ...

    assert problems_of(endpoint, headers=(("x-limit", "a"),))[0]["loc"] == ["header", "X-Limit"]


def test_a_strict_parameter_takes_no_text_for_a_number() -> None:
    def endpoint(x: Annotated[int, Query(strict=True)]) -> None: ...

    assert problems_of(endpoint, query="x=1")[0]["type"] == "int_type"


def test_a_decimal_bound_is_told_as_a_number() -> None:
    def endpoint(x: Annotated[Decimal, Query(gt=Decimal("1.5"))]) -> None: ...

    assert problems_of(endpoint, query="x=1")[0]["ctx"] == {"gt": 1.5}


def test_a_default_is_validated_when_asked_for() -> None:
    def endpoint(x: Annotated[int, Query(ge=3, validate_default=True)] = 1) -> None: ...

    assert problems_of(endpoint)[0]["type"] == "greater_than_equal"
    assert arguments_of(endpoint, query="x=4") == {"x": 4}


def test_what_only_documents_a_parameter_is_kept_and_changes_no_request() -> None:
    said: dict[str, Any] = {
        "title": "Number",
        "description": "How many",
        "examples": [3],
        "deprecated": True,
        "openapi_examples": {"three": {"value": 3}},
        "include_in_schema": False,
    }

    def endpoint(x: int = Query(1, **said)) -> None: ...

    (field,) = plan_parameters(endpoint, None).fields
    assert field.marker is not None
    assert (field.marker.description, field.marker.constraints) == (said, {})
    assert field.annotation is int
    assert arguments_of(endpoint, query="x=2") == {"x": 2}


@pytest.mark.parametrize("alias", [AliasPath("a", 0), AliasChoices("b", AliasPath("a", 0))])
def test_a_path_into_a_value_names_no_parameter(alias: AliasPath | AliasChoices) -> None:
    assert value_of(Annotated[str, Query(validation_alias=alias)], query="x=1&a=2&b=3") == "1"
    assert value_of(Annotated[str, Query(alias="c", validation_alias=alias)], query="x=1&c=4") == "4"


def test_a_markers_none_takes_back_what_a_field_beside_it_says() -> None:
    def endpoint(
        x: Annotated[int, Field(alias="y", title="T"), Query(alias=None, title=None)] = 5,
        z: Annotated[Even, Field(validate_default=True), Query(validate_default=False)] = 5,
    ) -> None: ...

    first, _ = plan_parameters(endpoint, None).fields
    assert first.marker is not None
    assert (first.marker.names, first.marker.description.get("title")) == ((), None)
    assert arguments_of(endpoint, query="y=1&x=2") == {"x": 2, "z": 5}


Limit = Annotated[int, Query(le=5, alias="limit", description="how many")]


def test_a_marker_around_a_type_that_has_one_narrows_it() -> None:
    def endpoint(x: Annotated[Limit, Query(ge=2, title="T")] = 3) -> None: ...

    (field,) = plan_parameters(endpoint, None).fields
    assert field.marker is not None
    assert field.marker.description == {"title": "T", "description": "how many"}
    assert arguments_of(endpoint, query="limit=5") == {"x": 5}
    assert [problems_of(endpoint, query=query)[0]["type"] for query in ("limit=1", "limit=6")] == [
        "greater_than_equal",
        "less_than_equal",
    ]


Even = Annotated[int, AfterValidator(lambda value: value - value % 2)]


def value_of(annotation: Any, *, query: str) -> Any:
    def endpoint(x: Any) -> None: ...

    endpoint.__annotations__["x"] = annotation
    return arguments_of(endpoint, query=query)["x"]


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "lenient"])
def test_a_body_without_a_content_type_is_json_only_where_that_is_allowed(strict: bool) -> None:
    class Item(BaseModel):
        name: str

    app = App(strict_content_type=strict)

    @app.post("/")
    def create(item: Item) -> str:
        return item.name

    answer = TestClient(app).post("/", content=b'{"name": "a"}')
    assert answer.status_code == (422 if strict else 200)
    if strict:
        assert answer.json()["detail"][0]["type"] == "model_attributes_type"


@pytest.mark.parametrize(
    ("options", "new"), [({"regex": "^a+$"}, "pattern"), ({"example": "a"}, "examples")], ids=str
)
def test_an_old_word_still_works_and_is_warned_of_at_its_line(options: Any, new: str) -> None:
    with pytest.warns(FastAPIDeprecationWarning, match=f"please use `{new}` instead") as caught:
        marked = Query(**options)
    assert caught[0].filename == __file__

    def endpoint(x: str = marked) -> None: ...

    assert arguments_of(endpoint, query="x=aa") == {"x": "aa"}
    assert bool(problems_of(endpoint, query="x=b")) == (new == "pattern")


def test_an_empty_alias_is_none() -> None:
    def endpoint(x: Annotated[str, Query(alias="")], x_y: Annotated[str, Header(alias="")]) -> None: ...

    assert arguments_of(endpoint, query="x=1", headers=(("x-y", "2"),)) == {"x": "1", "x_y": "2"}


def test_a_value_meets_a_markers_bounds_and_validators_in_the_order_in_which_they_stand() -> None:
    met: list[str] = []

    def look(text: str) -> str:
        met.append(text)
        return text * 2

    def before(x: Annotated[str, Query(max_length=2), AfterValidator(look)]) -> None: ...
    def behind(x: Annotated[str, AfterValidator(look), Query(max_length=2)]) -> None: ...
    def default(x: Annotated[str, AfterValidator(look)] = Query(max_length=2)) -> None: ...

    assert arguments_of(before, query="x=ab") == {"x": "abab"}
    assert problems_of(before, query="x=abc")[0]["type"] == "string_too_long"
    assert met == ["ab"]
    assert (problems_of(behind, query="x=ab")[0]["type"], met) == ("too_long", ["ab", "ab"])
    assert arguments_of(behind, query="x=a") == arguments_of(default, query="x=a") == {"x": "aa"}
