"""`Depends` and `Security`: a parameter that another function fills."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

from miniframework.dependencies.turns import Turns
from miniframework.records import dataclass

# How long what a dependency yields stays open: until the endpoint has returned, or the response is sent.
Lifetime = Literal["function", "request"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DependsMarker:
    """What `Depends(...)` leaves in a signature; `dependency` is None for "the annotation itself".

    `scope` is how long what it yields stays open, `max_concurrency` how many calls may run at a time, if that
    was said. `is_security` tells what `Security(...)` made. Two that say the same are equal; those with turns
    are not, for each has its own, which `dataclasses.replace` hands on unless the number is another.
    """

    dependency: Callable[..., Any] | None
    use_cache: bool
    scope: Lifetime | None = None
    max_concurrency: int | None = None
    scopes: tuple[str, ...] = ()
    turns: Turns | None = None
    is_security: bool = False

    def __post_init__(self) -> None:
        if (None if self.turns is None else self.turns.most) != self.max_concurrency:
            turns = None if self.max_concurrency is None else Turns(self.max_concurrency)
            object.__setattr__(self, "turns", turns)

    def __repr__(self) -> str:
        said = f"dependency={self.dependency!r}, use_cache={self.use_cache!r}, scope={self.scope!r}"
        said += f", max_concurrency={self.max_concurrency!r}"
        return f"Security({said}, scopes={list(self.scopes)!r})" if self.is_security else f"Depends({said})"


def Depends(
    dependency: Callable[..., Any] | None = None,
    *,
    use_cache: bool = True,
    scope: Lifetime | None = None,
    max_concurrency: int | None = None,
) -> Any:
    """Fill the parameter with what `dependency` returns, whose own parameters are filled the same way.

    `dependency` is a function (a plain `def` runs in a thread), a coroutine function, a class, any
    callable, or a generator function that yields once: what follows its `yield` runs after the response was
    sent, or before that with `scope="function"`. Without it, the annotation is called: `service:
    Annotated[Service, Depends()]`. One request calls it once however many ask for it, unless `use_cache` is
    False. At most `max_concurrency` calls of this very `Depends(...)` run at a time in an event loop, the
    others wait; one that yields counts until it is cleaned up. Raises ValueError for another scope.
    """
    if scope not in (None, *get_args(Lifetime)):
        raise ValueError(f"Depends(scope={scope!r}) is no scope; write 'function' or 'request'")
    return DependsMarker(
        dependency=dependency, use_cache=use_cache, scope=scope, max_concurrency=max_concurrency
    )


def Security(
    dependency: Callable[..., Any] | None = None,
    *,
    scopes: Sequence[str] | None = None,
    use_cache: bool = True,
) -> Any:
    """Like `Depends`, and every dependency below that asks for `SecurityScopes` is told these scopes."""
    if isinstance(scopes, str):
        raise TypeError(f"Security(scopes={scopes!r}) takes a list of scopes; write [{scopes!r}]")
    return DependsMarker(
        dependency=dependency, use_cache=use_cache, scopes=tuple(scopes or ()), is_security=True
    )
