from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, Field, HttpUrl, computed_field

from miniframework import App, Body, File, Form, UploadFile

app = App()


class Image(BaseModel):
    url: HttpUrl
    name: str


class Item(BaseModel):
    name: str = Field(examples=["Foo"])
    description: str | None = Field(default=None, title="What it is", max_length=300)
    price: float = Field(gt=0)
    tax: float = 10.5
    tags: set[str] = set()
    images: list[Image] | None = None

    model_config = {"json_schema_extra": {"examples": [{"name": "Foo", "price": 35.4, "tax": None}]}}

    @computed_field
    @property
    def total(self) -> float:
        return self.price + self.tax


class User(BaseModel):
    username: str
    full_name: str | None = None


class Login(BaseModel):
    username: str
    password: str


class Wishes(BaseModel):
    tags: list[str] = []


@app.put("/items/{item_id}")
def update_item(
    item_id: int, item: Item, user: User, importance: Annotated[int, Body(gt=0)], q: str | None = None
) -> Item: ...


@app.post("/items/", status_code=201)
def create_item(item: Annotated[Item, Body(embed=True)]) -> Item: ...


@app.post("/users/")
def create_user(
    user: Annotated[User, Body(openapi_examples={"normal": {"summary": "Plain", "value": {"a": 1}}})],
) -> User: ...


@app.post("/weights/")
def weights(weights: dict[int, float]) -> dict[str, Any]: ...


@app.patch("/times/{item_id}")
def times(item_id: str, start: Annotated[datetime, Body()], after: Annotated[timedelta, Body()]) -> None: ...


@app.post("/login/")
def login(username: Annotated[str, Form()], password: Annotated[str, Form(min_length=8)]) -> None: ...


@app.post("/login-model/")
def login_model(data: Annotated[Login, Form()]) -> None: ...


@app.post("/login-and-wishes/")
def login_and_wishes(
    data: Annotated[Login, Form()], wishes: Annotated[Wishes, Form()], token: Annotated[str, Form()]
) -> None: ...


@app.post("/perhaps/")
def perhaps(token: Annotated[str, Form()], data: Annotated[Login | None, Form()] = None) -> None: ...


@app.post("/files/")
def files(file: Annotated[bytes, File(description="Read whole.")], others: list[UploadFile]) -> None: ...


@app.post("/upload/")
def upload(file: UploadFile | None = None, token: Annotated[str, Form()] = "") -> None: ...


@app.delete("/raw/")
def raw(payload: Annotated[bytes | None, Body(media_type="application/octet-stream")] = None) -> None: ...
