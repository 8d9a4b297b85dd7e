from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from miniframework import App, Body, Depends, Form, Query

app = App()


class Profile(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    display_name: str = Field(alias="displayName")
    age: int = Field(1, validation_alias=AliasChoices("age", "years"))


class Settings(BaseModel):
    theme: str = "dark"


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")


class Count(BaseModel):
    count: int = 0


class Label(BaseModel):
    label: str = ""


def settings_of(data: Annotated[Settings, Form()]) -> Settings:
    return data


@app.post("/several-names")
def several_names(data: Annotated[Profile, Form()], note: Annotated[str, Form()] = "") -> Any: ...


@app.post("/one-name-two-models")
def one_name_two_models(
    data: Annotated[Profile, Form()], other: Annotated[Any, Depends(settings_of)]
) -> Any: ...


@app.post("/nullable-union")
def nullable_union(data: Annotated[Count | Label | None, Form()]) -> Any: ...


@app.post("/nullable")
def nullable(data: Annotated[Settings | None, Form()]) -> Any: ...


@app.post("/optional-union")
def optional_union(data: Annotated[Count | Label | None, Form()] = None) -> Any: ...


@app.post("/open")
def open_(data: Annotated[Open | None, Form()] = None) -> Any: ...


@app.post("/words")
def words(
    kept: Annotated[int, Field(title="T", description="D", examples=[1]), Body()],
    cleared: Annotated[int, Field(title="T", description="D", examples=[1]), Body(title=None, examples=None)],
    merged: Annotated[
        int, Field(json_schema_extra={"a": 1, "b": 1}), Query(json_schema_extra={"b": 2}, deprecated=False)
    ],
) -> Any: ...


@app.get("/default/{there}")
def default(there: int = 5) -> Any: ...
