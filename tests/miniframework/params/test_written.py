"""The parameters of a plain function are read as the standard library reads them."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from miniframework import Depends
from miniframework.params.written import is_plain_function, list_parameters


async def nothing() -> None: ...


async def with_all(a, b: int, c: "str" = "x", *, d: float, e: Any = None, f=3) -> int:  # type: ignore[no-untyped-def]
    local = a
    return int(local)


def positional_only(a: int, /, b: int = 1) -> None: ...


def all_that_comes(a: int, *rest: int, **named: int) -> None: ...


def with_a_hidden_call(a: int, b: int = 2, *, c: int = 3) -> None: ...


def signed(a: int) -> None: ...


class Made:
    def __init__(self, a: int, b: int = Depends(nothing)) -> None: ...

    def method(self, a: int) -> None: ...


signed.__signature__ = inspect.signature(with_all)  # type: ignore[attr-defined]
wrapped = functools.wraps(with_all)(nothing)
CALLABLES: list[Callable[..., Any]] = [
    nothing,
    with_all,
    positional_only,
    all_that_comes,
    signed,
    wrapped,
    functools.partial(with_a_hidden_call, b=1),
    Made,
    Made(1).method,
    lambda a, b=1: a,
]


@pytest.mark.parametrize("call", CALLABLES, ids=lambda call: getattr(call, "__name__", "partial"))
def test_names_annotations_and_defaults_are_those_of_the_signature(call: Callable[..., Any]) -> None:
    read = [(one.name, one.annotation, one.default) for one in list_parameters(call)]
    known = inspect.signature(call).parameters.values()
    assert read == [(one.name, one.annotation, one.default) for one in known]


def test_a_function_that_a_decorator_says_something_about_is_not_plain() -> None:
    assert is_plain_function(with_all)
    assert not is_plain_function(signed)
    assert not is_plain_function(wrapped)
    assert not is_plain_function(Made)
