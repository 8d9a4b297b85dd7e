from pydantic import BaseModel, computed_field

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
