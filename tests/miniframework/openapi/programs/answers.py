from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from miniframework import App
from miniframework.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

app = App()


class Item(BaseModel):
    id: str
    value: float = 1.5


class Car(BaseModel):
    wheels: int


class Message(BaseModel):
    message: str


@dataclass
class Point:
    x: int
    y: int = 0


@app.get(
    "/items/{item_id}",
    response_model=Item,
    response_description="The item",
    responses={
        404: {"model": Message, "description": "Not here"},
        "5XX": {"model": Message},
        200: {"content": {"image/png": {}}},
        "default": {"description": "Anything else"},
    },
)
def read_item(item_id: str) -> Any: ...


@app.get("/either")
def either() -> Item | Car: ...


@app.get("/many")
def many() -> list[Item]: ...


@app.get("/point")
def point() -> Point: ...


@app.get("/nothing", status_code=204)
def nothing() -> None: ...


@app.get("/untyped", response_model=None)
def untyped() -> Item: ...


@app.get("/html", response_class=HTMLResponse)
def html() -> str: ...


@app.get("/text", response_class=PlainTextResponse)
def text() -> str: ...


@app.get("/away", response_class=RedirectResponse)
def away() -> str: ...


@app.get("/away-for-good", response_class=RedirectResponse, status_code=301)
def away_for_good() -> str: ...


@app.get("/response")
def response() -> Response: ...


@app.get("/json", response_class=JSONResponse)
def json() -> dict[str, int]: ...


@app.post("/items/", responses={422: {"description": "Refused in words of its own"}})
def create_item(item: Item) -> Item: ...
