"""`Depends`: a parameter that another function fills."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DependsMarker:
    """What `Depends(...)` leaves in a signature; `dependency` is None for "the annotation itself"."""

    dependency: Callable[..., Any] | None
    use_cache: bool


def Depends(dependency: Callable[..., Any] | None = None, *, use_cache: bool = True) -> Any:
    """Fill the parameter with what `dependency` returns, whose own parameters are filled the same way.

    `dependency` is a function (a plain `def` runs in a thread), a coroutine function, a class, any
    callable, or a generator function that yields once: what follows its `yield` runs after the response was
    sent. Without it, the annotation is called: `service: Annotated[Service, Depends()]`. One request calls
    it once however many ask for it, unless `use_cache` is False.
    """
    return DependsMarker(dependency=dependency, use_cache=use_cache)
