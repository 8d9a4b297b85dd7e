"""Endpoints whose annotations are text."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel

from miniframework.params.markers import Query

if TYPE_CHECKING:
    from decimal import Decimal


class Item(BaseModel):
    name: str


def read(item_id: int, item: Item, q: Annotated[str | None, Query(max_length=3)] = None) -> Decimal:
    """Its return annotation cannot be resolved, and need not be."""


def unknown(amount: Decimal) -> None: ...


class Pages:
    def __init__(self, limit: int = 10) -> None:
        self.limit = limit


class Handler:
    def method(self, item_id: int) -> None: ...

    def __call__(self, item_id: int) -> None: ...


class Signed:
    """Says by itself what it takes, in text, as what a decorator makes may do."""

    __signature__ = inspect.Signature(
        [inspect.Parameter("item", inspect.Parameter.KEYWORD_ONLY, annotation="Item")]
    )

    def __call__(self, **options: object) -> None: ...


def logged(function):  # type: ignore[no-untyped-def]
    @functools.wraps(function)
    def wrapper(*args, **kwargs):  # type: ignore[no-untyped-def]
        return function(*args, **kwargs)

    return wrapper


wrapped = logged(read)
