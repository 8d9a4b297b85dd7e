"""Functions that need each other: only annotations written as text can close a circle."""

from __future__ import annotations

from typing import Annotated

from miniframework.dependencies.depends import Depends


def first(b: Annotated[int, Depends(second)]) -> int:
    return b


def second(c: Annotated[int, Depends(third)]) -> int:
    return c


def third(a: Annotated[int, Depends(first)]) -> int:
    return a


def itself(a: Annotated[int, Depends(itself)]) -> int:
    return a


def outside(b: Annotated[int, Depends(second)]) -> int:
    return b
