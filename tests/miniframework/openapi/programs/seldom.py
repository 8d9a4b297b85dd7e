import functools
from typing import Annotated, Any

from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, computed_field

from miniframework import App, Body, Depends, Form, Header, Query, Response
from miniframework.security import OAuth2PasswordBearer

app = App()


class First(BaseModel):
    x: int
    y: int = 1


class Second(BaseModel):
    x: str
    z: int = 2


class Settings(BaseModel):
    theme: str = "dark"


class Aliases(BaseModel):
    x: int = Field(validation_alias=AliasChoices("ex", "iks"))
    y: int = Field(2, validation_alias=AliasPath("why", 0))
    z: int = Field(3, validation_alias=AliasChoices("zet", AliasPath("zz", 0)))


class ByName(BaseModel):
    model_config = ConfigDict(validate_by_alias=False, validate_by_name=True)

    x_y: int = Field(alias="ex")


class Base64(BaseModel):
    """Shown.
    \f
    Not shown.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    content: bytes


class Base64Out(BaseModel):
    model_config = ConfigDict(ser_json_bytes="base64")

    content: bytes


class Tree(BaseModel):
    inner: list["Tree"] = []

    @computed_field  # type: ignore[prop-decorator]  # as pydantic's documentation has it
    @property
    def size(self) -> int:
        return len(self.inner)


class Chain(BaseModel):
    tree: Tree | None = None
    then: "Chain | None" = None


class Raw(Response): ...


class OwnStatus(Response):
    def __init__(self, content: Any, status_code: int = 207) -> None:
        super().__init__(content, status_code)


def second_of(second: Annotated[Second, Form()]) -> Second:
    return second


def count_of(count: Annotated[str, Form()] = "s") -> str:
    return count


@app.post("/one-name-in-two-forms")
def one_name_in_two_forms(
    first: Annotated[First, Form()], second: Annotated[Any, Depends(second_of)]
) -> Any: ...


@app.post("/one-field-asked-twice")
def one_field_asked_twice(count: Annotated[int, Form()], again: Annotated[str, Depends(count_of)]) -> Any: ...


@app.post("/one-field-asked-twice-beside-a-model")
def one_field_asked_twice_beside_a_model(
    data: Annotated[Settings, Form()], count: Annotated[int, Form()], again: Annotated[str, Depends(count_of)]
) -> Any: ...


@app.post("/aliases-beside-a-field")
def aliases_beside_a_field(data: Annotated[Aliases, Form()], note: Annotated[str, Form()] = "") -> Any: ...


@app.post("/names-beside-a-field")
def names_beside_a_field(data: Annotated[ByName, Form()], note: Annotated[str, Form()] = "") -> Any: ...


@app.get("/part-of-a-scheme")
def part_of_a_scheme(
    token: Annotated[str, Depends(functools.partial(OAuth2PasswordBearer("token")))],
) -> Any: ...


@app.post("/aliases-in-a-form")
def aliases_in_a_form(data: Annotated[Aliases, Form()]) -> Any: ...


@app.get("/aliases-in-a-query")
def aliases_in_a_query(data: Annotated[Aliases, Query()]) -> Any: ...


@app.get("/names-in-a-query")
def names_in_a_query(data: Annotated[ByName, Query()]) -> Any: ...


@app.get("/names-in-headers")
def names_in_headers(data: Annotated[ByName, Header()]) -> Any: ...


@app.get("/empty-alias")
def empty_alias(
    a: Annotated[int, Query(alias="")] = 3,
    b: Annotated[int, Query(validation_alias=AliasChoices("be", "bee"))] = 4,
) -> Any: ...


@app.get("/extra-words")
def extra_words(
    field_inside: Annotated[
        int, Field(json_schema_extra={"a": 1, "c": 1}), Query(json_schema_extra={"b": 2, "c": 2})
    ],
    field_outside: Annotated[
        int, Query(json_schema_extra={"b": 2, "c": 2}), Field(json_schema_extra={"a": 1, "c": 1})
    ],
    field_without: Annotated[int, Field(title="T"), Query(json_schema_extra={"b": 2})],
    marker_without: Annotated[int, Query(title="T"), Field(json_schema_extra={"b": 2})],
) -> Any: ...


@app.post("/own-media-type")
def own_media_type(
    x: Annotated[int, Form(media_type="application/x-own")], y: Annotated[int, Form()] = 2
) -> Any: ...


@app.post("/multipart-without-files")
def multipart_without_files(
    x: Annotated[int, Form(media_type="multipart/form-data")], y: Annotated[int, Form()] = 2
) -> Any: ...


@app.post("/made-defaults")
def made_defaults(
    a: Annotated[list[int], Query(default_factory=lambda: [1, 2])],
    b: Annotated[int, Body(default_factory=lambda: 5)],
) -> Any: ...


@app.post("/base64")
def base64(data: Base64) -> Base64: ...


@app.post("/base64-out")
def base64_out(data: Base64Out) -> Base64Out: ...


@app.post("/computed-far-inside")
def computed_far_inside(data: Chain) -> Chain: ...


@app.get("/", responses={"299": {"description": ""}, "4XX": {"model": str}, 404: {"content": {"text/x": {}}}})
def unnamed_status() -> Any: ...


@app.get("/class-without-a-media-type", response_class=Raw)
def class_without_a_media_type() -> Any: ...


@app.get("/class-with-its-own-status", response_class=OwnStatus)
def class_with_its_own_status() -> Any: ...


@app.get("/body-of-a-get")
def body_of_a_get(data: First) -> Any: ...


@app.delete("/body-of-a-delete")
def body_of_a_delete(data: First) -> Any: ...
