"""What is called in the place of a dependency, for tests."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Overrides = Mapping[Callable[..., Any], Callable[..., Any]]
NO_OVERRIDES: Final[Overrides] = MappingProxyType({})


class OverrideSlot:
    """An application's overrides; `current` may be changed and replaced at any time."""

    __slots__ = ("current",)

    def __init__(self) -> None:
        self.current: dict[Callable[..., Any], Callable[..., Any]] = {}
