from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from miniframework import App, Cookie, Depends, Header, Path, Query

app = App()


class Sort(str, Enum):  # noqa: UP042  # as most programs write it
    up = "up"
    down = "down"


class Filters(BaseModel):
    model_config = {"extra": "forbid"}

    limit: int = Field(100, gt=0, le=100, description="How many.")
    order_by: Literal["created", "updated"] = "created"
    tags: list[str] = []
    since: date | None = None


class Common(BaseModel):
    host: str
    save_data: bool
    if_modified_since: str | None = None
    x_tag: list[str] = []


def paging(skip: int = 0, limit: Annotated[int, Query(le=50)] = 10) -> tuple[int, int]:
    return skip, limit


@app.get("/items/{item_id}")
def read_item(
    item_id: Annotated[int, Path(title="The item", ge=1, examples=[3])],
    q: str | None = None,
    *,
    sort: Sort = Sort.up,
    word: Annotated[str, Query(min_length=3, max_length=50, pattern="^w", deprecated=True)] = "word",
    sizes: Annotated[list[int], Query(alias="size")] = [1],  # noqa: B006  # copied for each request
    x_token: Annotated[str | None, Header(description="Who asks.")] = None,
    odd_name: Annotated[str, Header(convert_underscores=False)] = "",
    ads_id: Annotated[UUID | None, Cookie()] = None,
    price: Annotated[Decimal | None, Query(ge=0, decimal_places=2)] = None,
    hidden: Annotated[str | None, Query(include_in_schema=False)] = None,
    shown: Annotated[
        str, Query(openapi_examples={"one": {"summary": "One", "value": "1"}, "two": {"value": "2"}})
    ] = "1",
) -> None:
    """Read one.

    Of many.
    \f
    A note for colleagues.
    """


@app.get("/filtered")
def filtered(query: Annotated[Filters, Query()]) -> None: ...


@app.get("/headers/")
def headers(
    common: Annotated[Common, Header()], cookies: Annotated[Filters | None, Cookie()] = None
) -> None: ...


@app.get("/files/{file_path:path}")
def read_file(file_path: str, pages: Annotated[tuple[int, int], Depends(paging)]) -> None: ...


@app.get("/twice/{number:int}")
def twice(number, pages: Annotated[tuple[int, int], Depends(paging)], skip: int) -> None: ...


class OwnWords(BaseModel):
    x_old: int = Header(1, convert_underscores=False, openapi_examples={"one": {"value": 4}})
    x_new: str = Header("a", description="Newer", examples=["b"], deprecated=True)


@app.get("/own-words/")
def own_words(headers: Annotated[OwnWords, Header()]) -> None: ...
