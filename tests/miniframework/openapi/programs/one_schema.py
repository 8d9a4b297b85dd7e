from pydantic import BaseModel, computed_field
from typing_extensions import TypedDict

from miniframework import App

app = App(separate_input_output_schemas=False)


class Part(BaseModel):
    name: str = "none"


class Item(BaseModel):
    name: str
    note: str | None = None
    parts: list[Part] = []


class Counted(BaseModel):
    name: str = ""

    @computed_field
    @property
    def length(self) -> int:
        return len(self.name)


@app.post("/items/")
def create_item(item: Item) -> Item: ...


@app.post("/counted/")
def count(item: Counted) -> Counted: ...


class Place(TypedDict):
    x: int


class Closed(BaseModel):
    model_config = {"extra": "forbid"}
    place: Place


# A typed dict has the strictness of the model in which it stands first: all bodies come before all responses.
@app.get("/place/")
def read_place() -> Place: ...


@app.post("/closed/")
def close(data: Closed) -> None: ...
