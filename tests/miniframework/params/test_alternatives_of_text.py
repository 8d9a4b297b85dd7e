"""A union may hold what is made of one text: by `Json[...]`, by a validator, or as a type of text."""

from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, Json, SecretStr

from miniframework import App, Cookie, Form, Header, Query
from miniframework.testing import TestClient

pytestmark = pytest.mark.usefixtures("way")


class Item(BaseModel):
    title: str


def split(text: Any) -> Any:
    return text.split(",") if isinstance(text, str) else text


Words = Annotated[list[str], BeforeValidator(split)]


def ask(annotation: Any, **options: Any) -> Any:
    app = App()

    def read(x: Any) -> str:
        return repr(x)

    read.__annotations__["x"] = annotation
    app.post("/")(read)
    answer = TestClient(app).post("/", **options)
    return answer.json() if answer.status_code == 200 else answer.json()["detail"][0]["loc"]


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        pytest.param(SecretStr | str, "SecretStr('**********')", id="a secret"),
        pytest.param(Annotated[str, AfterValidator(str.upper)] | str, "'HUSH'", id="a validator"),
        pytest.param(int | str, "'hush'", id="a number"),
        pytest.param(str | SecretStr, "'hush'", id="text first"),
    ],
)
def test_the_first_of_two_types_of_text_is_taken(annotation: Any, value: str) -> None:
    assert ask(annotation, params={"x": "hush"}) == value


@pytest.mark.parametrize(
    ("annotation", "sent", "value"),
    [
        pytest.param(
            Annotated[Json[list[int]] | None, Query()],
            {"params": {"x": "[1,2]"}},
            "[1, 2]",
            id="JSON of a list, in the query",
        ),
        pytest.param(
            Annotated[int | Json[Item], Query()],
            {"params": {"x": '{"title":"Dune"}'}},
            "Item(title='Dune')",
            id="JSON of a model, in the query",
        ),
        pytest.param(
            Annotated[Json[Item] | None, Form()],
            {"data": {"x": '{"title":"Dune"}'}},
            "Item(title='Dune')",
            id="JSON of a model, in a form",
        ),
        pytest.param(
            Annotated[Words | None, Cookie()],
            {"cookies": {"x": "a"}},
            "['a']",
            id="a validator, in a cookie",
        ),
        pytest.param(
            Annotated[int | Item, Header()],
            {"headers": {"x": "7"}},
            "7",
            id="a number or a model, in a header",
        ),
    ],
)
def test_an_alternative_that_is_read_from_a_text_gets_one_text(
    annotation: Any, sent: dict[str, Any], value: str
) -> None:
    assert ask(annotation, **sent) == value


def test_a_collection_or_a_text_is_validated_as_both() -> None:
    assert ask(Annotated[list[int] | str, Query()], params={"x": ["1", "2"]}) == "[1, 2]"
    assert ask(Annotated[list[int] | str, Header()], headers={"x": "1"}) == "[1]"
    assert ask(Annotated[list[int] | str, Query()], params={"x": "one"}) == ["query", "x", "list[int]", 0]


def test_undeclared_json_of_a_structure_is_the_body() -> None:
    text = '{"title":"Dune"}'
    assert ask(Json[Item], json=text) == "Item(title='Dune')"
    assert ask(Json[Item] | None, json=text) == "Item(title='Dune')"
    assert ask(Json[Item], params={"x": text}) == ["body"]
    assert ask(Json[int], params={"x": "7"}) == "7"


def test_a_validator_in_the_query_gets_every_value_of_a_list() -> None:
    assert ask(Annotated[Words | None, Query()], params={"x": ["a,b", "c"]}) == "['a,b', 'c']"


def test_a_model_may_have_json_or_nothing_in_a_field() -> None:
    class Filters(BaseModel):
        years: Json[list[int]] | None = None

    assert ask(Annotated[Filters, Query()], params={"years": "[1965]"}) == "Filters(years=[1965])"


def test_a_field_behind_the_marker_has_the_last_word() -> None:
    app = App()

    @app.get("/behind")
    def behind(x: Annotated[int, Query(alias="y", title="Y"), Field(alias="z", title="Z")]) -> int:
        return x

    @app.get("/before")
    def before(x: Annotated[int, Field(alias="z", title="Z"), Query(alias="y", title="Y")]) -> int:
        return x

    client = TestClient(app)
    assert client.get("/behind?y=1&z=2").json() == 2
    assert client.get("/before?y=1&z=2").json() == 1
    paths = app.openapi()["paths"]
    titles = [paths[path]["get"]["parameters"][0]["schema"]["title"] for path in ("/behind", "/before")]
    assert titles == ["Z", "Y"]


def test_a_default_that_was_not_made_for_want_of_another_field_has_no_input() -> None:
    class Filters(BaseModel):
        first: int
        second: int = Field(default_factory=lambda fields: fields["first"] + 1)

    app = App()

    @app.get("/")
    def read(filters: Annotated[Filters, Query()]) -> int:
        return filters.second

    client = TestClient(app)
    assert client.get("/?first=1").json() == 2
    problem = client.get("/?first=one").json()["detail"][1]
    assert (problem["type"], problem["input"]) == ("default_factory_not_called", None)
