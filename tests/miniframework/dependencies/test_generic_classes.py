"""A class with its types filled in is a dependency like the class."""

from typing import Annotated, Any, Generic, TypeVar

import pytest
from pydantic import BaseModel

from miniframework import App, Body, Depends, Query
from miniframework.errors import ParameterError
from miniframework.params.signature import describe_call
from miniframework.testing import TestClient

pytestmark = pytest.mark.usefixtures("way")

T = TypeVar("T")
K = TypeVar("K")


class Item(BaseModel):
    price: float


class Pager(Generic[T]):
    def __init__(self, page: int = 1, size: Annotated[int, Query(le=50)] = 10) -> None:
        self.page, self.size = page, size


class Repository(Generic[K, T]):
    def __init__(
        self, key: K, pager: Annotated[Pager[T], Depends()], others: Annotated[list[K], Query()]
    ) -> None:
        self.key, self.pager, self.others = key, pager, others


class Received(Generic[T]):
    def __init__(self, value: Annotated[T, Body()]) -> None:
        self.value = value


class Written(Generic[T]):
    def __init__(self, value: "T") -> None:
        self.value = value


def ask(endpoint: Any, query: str = "", **request: Any) -> Any:
    app = App()
    app.post("/")(endpoint)
    return TestClient(app).post(f"/?{query}", **request).json()


def test_its_parameters_are_those_of_the_request() -> None:
    needed: Any = Depends()

    def plain(pager: Annotated[Pager[Any], Depends(Pager)]) -> list[int]:
        return [pager.page, pager.size]

    def filled(pager: Annotated[Pager[int], Depends(Pager[int])]) -> list[int]:
        return [pager.page, pager.size]

    def annotated(pager: Annotated[Pager[int], Depends()]) -> list[int]:
        return [pager.page, pager.size]

    def as_default(pager: Pager[int] = needed) -> list[int]:
        return [pager.page, pager.size]

    for endpoint in (plain, filled, annotated, as_default):
        assert ask(endpoint, "page=3") == [3, 10]
        assert ask(endpoint, "size=51")["detail"][0]["loc"] == ["query", "size"]


def test_the_types_are_filled_in() -> None:
    def numbered(shelf: Annotated[Repository[int, str], Depends()]) -> list[Any]:
        return [shelf.key, shelf.pager.page, shelf.others]

    def received(item: Annotated[Received[Item], Depends()]) -> float:
        return item.value.price

    def as_text(item: Annotated[Written[int], Depends()]) -> int:
        return item.value

    assert ask(numbered, "key=7&page=2&others=1&others=2") == [7, 2, [1, 2]]
    assert ask(numbered, "key=a&others=b")["detail"][0]["type"] == "int_parsing"
    assert ask(received, json={"price": "1.5"}) == 1.5
    assert ask(as_text, "value=5") == 5


def test_what_is_filled_in_alike_is_called_once() -> None:
    def endpoint(
        one: Annotated[Pager[int], Depends()],
        same: Annotated[Pager[int], Depends()],
        other: Annotated[Pager[str], Depends()],
    ) -> list[bool]:
        return [one is same, one is other]

    assert ask(endpoint) == [True, False]


def test_an_error_names_it_as_its_author_did() -> None:
    class Greedy(Generic[T]):
        def __init__(self, *everything: T) -> None: ...

    def endpoint(greedy: Annotated[Greedy[int], Depends()]) -> None: ...

    assert describe_call(Repository[int, str | None]).endswith("Repository[int, str | None]")
    with pytest.raises(ParameterError, match=r"Greedy\[int\]\(\): parameter '\*everything"):
        App().get("/")(endpoint)
