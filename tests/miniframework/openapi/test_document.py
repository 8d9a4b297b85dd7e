"""The document of a program is the one FastAPI makes of the same program, and it is valid.

Each `programs/x.json` was written by FastAPI 0.165 from `x.py` with FastAPI's names in its imports.
"""

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from runpy import run_path
from typing import Annotated, Any, Literal

import pytest
from openapi_spec_validator import validate
from pydantic import BaseModel, ValidationError
from pydantic import Field as Discriminated

from miniframework import App, Body, Depends, Form, Query, Router
from miniframework.errors import PatternError, RouteError
from miniframework.exceptions import FastAPIDeprecationWarning
from miniframework.openapi import models
from miniframework.openapi.utils import get_openapi, validation_error_response_definition
from miniframework.routing import APIRoute
from miniframework.security import OAuth2
from miniframework.testing import TestClient

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
# `itemSchema` is a word of OpenAPI 3.2, which FastAPI uses in its documents of 3.1 for want of another.
AHEAD_OF_THE_STANDARD = {"streams"}


AS_DOCUMENT: Any = {"by_alias": True, "exclude_none": True, "mode": "json"}


def document_of(program: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(run_path(str(program))["app"].openapi()))
    return made


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.stem)
def test_the_document_is_fastapis(program: Path) -> None:
    assert document_of(program) == json.loads(program.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.stem)
def test_the_document_is_valid(program: Path) -> None:
    if program.stem not in AHEAD_OF_THE_STANDARD:
        validate(document_of(program))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.stem)
def test_the_models_read_a_document_and_give_it_back(program: Path) -> None:
    document = document_of(program)
    read = models.OpenAPI.model_validate(document)
    assert read.info.title == document["info"]["title"]
    for path, item in (read.paths or {}).items():
        again = models.PathItem.model_validate(item).model_dump(**AS_DOCUMENT)
        assert again == without_nulls(document["paths"][path])
    assert read.model_dump(**AS_DOCUMENT) == without_nulls(document)


def without_nulls(value: Any) -> Any:
    """What `exclude_none` leaves."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


def test_a_schema_has_a_type_that_json_schema_knows() -> None:
    assert models.Schema(type=["array", "null"]).model_dump(**AS_DOCUMENT) == {"type": ["array", "null"]}
    with pytest.raises(ValidationError, match="'array', 'boolean'"):
        models.Schema.model_validate({"type": "list"})


def test_the_document_is_kept_until_a_route_is_added() -> None:
    app = App()
    app.get("/a")(lambda: 1)
    first = app.openapi()
    assert app.openapi() is first
    assert app.openapi_schema is first
    app.get("/b")(lambda: 2)
    assert set(app.openapi()["paths"]) == {"/a", "/b"}


def test_a_function_of_ones_own_takes_the_place_of_openapi() -> None:
    app = App(title="Own")
    app.get("/a")(lambda: 1)

    def own() -> dict[str, Any]:
        document = get_openapi(title=app.title, version="9", routes=app.routes)
        document["info"]["x-logo"] = {"url": "/logo.png"}
        return document

    app.openapi = own  # type: ignore[method-assign]  # as FastAPI documents it
    answer = TestClient(app).get("/openapi.json").json()
    assert answer["info"] == {"title": "Own", "version": "9", "x-logo": {"url": "/logo.png"}}
    assert set(answer["paths"]) == {"/a"}


def test_an_operation_id_that_two_routes_have_is_warned_of_with_its_line() -> None:
    app = App()
    app.get("/a", operation_id="same")(lambda: 1)
    app.get("/b", operation_id="same")(lambda: 2)
    said = r"test_document\.py:\d+: Duplicate Operation ID 'same' of <lambda>\(\)"
    with pytest.warns(UserWarning, match=said):
        app.openapi()


def test_an_example_of_the_old_word_stands_beside_the_schema() -> None:
    app = App()
    with pytest.warns(FastAPIDeprecationWarning, match="use `examples` instead"):
        query, body = Query(3, example=4), Body(example={"k": 5})

    @app.post("/")
    def post(a: int = query, b: dict[str, int] = body) -> None: ...

    operation = app.openapi()["paths"]["/"]["post"]
    assert operation["parameters"][0]["example"] == 4
    assert operation["requestBody"]["content"]["application/json"]["example"] == {"k": 5}


def test_the_schemas_of_a_422_may_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"code": {"type": "string"}}
    monkeypatch.setitem(validation_error_response_definition, "properties", own)
    app = App()
    app.get("/{a}")(lambda a: a)
    assert app.openapi()["components"]["schemas"]["HTTPValidationError"]["properties"] == own


def test_a_union_within_a_union_that_a_property_tells_apart_is_valid() -> None:
    class Cat(BaseModel):
        kind: Literal["cat"]
        fur: Literal["long"]

    class Hairless(BaseModel):
        kind: Literal["cat"]
        fur: Literal["none"]

    class Dog(BaseModel):
        kind: Literal["dog"]

    cats = Annotated[Cat | Hairless, Discriminated(discriminator="fur")]
    app = App()

    @app.post("/pets")
    def add_pet(pet: Annotated[cats | Dog, Discriminated(discriminator="kind")]) -> None: ...

    document = app.openapi()
    validate(document)
    body = document["paths"]["/pets"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert "discriminator" not in body
    assert body["oneOf"][0]["discriminator"]["propertyName"] == "fur"
    assert body["oneOf"][1] == {"$ref": "#/components/schemas/Dog"}


def test_an_operation_id_that_two_callbacks_have_is_warned_of() -> None:
    calls = Router()
    calls.post("{$request.query.url}", operation_id="told")(lambda: 1)
    app = App()
    app.get("/a", callbacks=calls.routes)(lambda: 1)
    app.openapi()
    app.get("/b", callbacks=calls.routes)(lambda: 2)
    with pytest.warns(UserWarning, match="Duplicate Operation ID 'told'") as caught:
        app.openapi()
    assert len(caught) == 1


def test_a_dependency_asked_for_twice_is_described_once_and_a_required_word_wins() -> None:
    def paging(skip: int = 0) -> int:
        return skip

    def endpoint(
        skip: int, one: Annotated[int, Depends(paging)], two: Annotated[int, Depends(paging)]
    ) -> None: ...

    app = App()
    app.get("/a")(endpoint)
    described = app.openapi()["paths"]["/a"]["get"]["parameters"]
    assert [(one["name"], one["required"]) for one in described] == [("skip", True)]


def test_a_class_that_only_a_converter_makes_is_text_in_the_url() -> None:
    from miniframework import Converter

    class Isbn:
        """No type of pydantic's."""

    class IsbnConverter(Converter):
        name = "isbn"
        regex = "[0-9]{13}"

        def convert(self, text: str) -> Isbn:
            return Isbn()

    def endpoint(code: Isbn) -> None: ...

    app = App(converters={"isbn": IsbnConverter()})
    app.get("/books/{code:isbn}")(endpoint)
    described = app.openapi()["paths"]["/books/{code}"]["get"]["parameters"][0]
    assert described["schema"] == {"type": "string", "title": "Code"}


def test_a_model_in_a_form_beside_itself_as_json_keeps_its_schema() -> None:
    from pydantic import BaseModel

    class Login(BaseModel):
        name: str

    def by_form(data: Annotated[Login | None, Form()] = None) -> Login | None: ...

    app = App()
    app.post("/a")(by_form)
    document = app.openapi()
    assert document["components"]["schemas"]["Login"]["required"] == ["name"]
    assert "required" not in document["paths"]["/a"]["post"]["requestBody"]
    validate(json.loads(json.dumps(document)))


@pytest.mark.parametrize("make", [Router, App], ids=["router", "app"])
def test_an_unknown_option_is_refused(make: Any) -> None:
    with pytest.raises(TypeError, match="no option 'tegs'"):
        make(tegs=["a"])


def test_an_unknown_option_of_a_route_is_refused() -> None:
    with pytest.raises(RouteError, match="did you mean 'tags'"):
        App().get("/a", tegs=["a"])(lambda: 1)  # type: ignore[call-arg]  # that is the mistake


def test_the_routes_of_any_router_can_be_webhooks() -> None:
    hooks = Router()
    hooks.post("/paid")(lambda: None)
    hooks.post("new-order")(lambda: None)
    assert set(App(webhooks=hooks).openapi()["webhooks"]) == {"/paid", "new-order"}


@pytest.mark.parametrize("serve", ["include", "include first", "mount"])
def test_the_name_of_a_webhook_is_no_path_of_a_router_that_is_served(serve: str) -> None:
    app, router = App(), Router()
    if serve == "include first":
        app.include_router(router)

    def declare_and_serve() -> None:
        router.post("paid")(lambda: None)
        app.mount("/r", router) if serve == "mount" else app.include_router(router)

    with pytest.raises(PatternError, match=r"test_document\.py:\d+: path 'paid': does not start with '/'"):
        declare_and_serve()


def test_the_schemes_of_a_document_have_fastapis_place() -> None:
    flows = models.OAuthFlows(password=models.OAuthFlowPassword(tokenUrl="token"))
    app = App()
    app.get("/a", dependencies=[Depends(OAuth2(flows=flows))])(lambda: None)
    scheme = app.openapi()["components"]["securitySchemes"]["OAuth2"]
    assert scheme == {"type": "oauth2", "flows": {"password": {"scopes": {}, "tokenUrl": "token"}}}


def test_a_document_is_not_prepared_before_anybody_asks() -> None:
    program = (
        "import sys; from miniframework import App; app = App(); app.get('/a')(lambda: 1); app.table\n"
        "assert {one for one in sys.modules if one.startswith('miniframework.openapi.')} "
        "== {'miniframework.openapi.pages'}"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_hidden_is_served_and_not_described() -> None:
    def endpoint(key: Annotated[str, Query(include_in_schema=False)] = "k") -> str:
        return key

    app = App()
    app.get("/a", include_in_schema=False)(endpoint)
    app.get("/b")(endpoint)
    assert TestClient(app).get("/a?key=x").json() == "x"
    document = app.openapi()
    assert set(document["paths"]) == {"/b"}
    assert "parameters" not in document["paths"]["/b"]["get"]


def test_a_default_that_json_does_not_have_is_left_out() -> None:
    class Bounds(BaseModel):
        most: float = float("inf")
        least: float = 0.5

    app = App()

    @app.post("/")
    def bound(bounds: Bounds) -> None: ...

    text = TestClient(app).get("/openapi.json").text
    described = json.loads(text, parse_constant=pytest.fail)["components"]["schemas"]["Bounds"]["properties"]
    assert ("default" in described["most"], described["least"]["default"]) == (False, 0.5)


def test_the_words_of_a_route_may_be_set_later_and_nothing_that_routing_looks_at() -> None:
    app, inner = App(), Router(prefix="/inner")

    @app.get("/items")
    async def read_items() -> None: ...

    @inner.post("/items")
    async def add_item() -> None: ...

    @app.get("/hidden")
    async def hidden() -> None: ...

    app.include_router(inner)
    for route in app.routes:
        if isinstance(route, APIRoute):
            route.operation_id = route.name
            route.tags = [*route.tags, "all"]
            if route.name == "hidden":
                route.include_in_schema = False
            with pytest.raises(FrozenInstanceError, match="cannot assign to field 'pattern'"):
                route.pattern = None
    paths = app.openapi()["paths"]
    said = [(path, one["operationId"], one["tags"]) for path, item in paths.items() for one in item.values()]
    assert said == [("/items", "read_items", ["all"]), ("/inner/items", "add_item", ["all"])]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        pytest.param({"servers": [{"description": "no url"}]}, ("servers", 0, "url"), id="server"),
        pytest.param({"openapi_tags": [{"description": "no name"}]}, ("tags", 0, "name"), id="tag"),
        pytest.param({"license_info": {"url": "https://a.b"}}, ("info", "license", "name"), id="license"),
        pytest.param({"contact": {"url": "no url"}}, ("info", "contact", "url"), id="contact"),
        pytest.param({"openapi_external_docs": {}, "version": 1}, ("info", "version"), id="version"),
    ],
)
def test_what_the_standard_does_not_take_is_refused(words: Any, place: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        App(**words).openapi()
    assert [one["loc"] for one in caught.value.errors()] == [place]
