"""Python text made into an asynchronous function; one compilation serves all of the same text."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

_INDENT = "    "


class FunctionText:
    """A function of a request while it is written, and the values its names stand for.

    It is given scope, receive, send, and what `more_given` names.

    Values come in as arguments of a maker, never as text, so that nothing of a template or a request is ever
    compiled, and functions that differ only in their values share their code.
    """

    def __init__(self, more_given: Sequence[str] = ()) -> None:
        self._given = ", ".join(("scope", "receive", "send", *more_given))
        self._lines: list[str] = []
        self._values: list[Any] = []
        self._depth = 2

    def name(self, value: Any) -> str:
        """Give a name for a value."""
        self._values.append(value)
        return f"v{len(self._values) - 1}"

    def add(self, *lines: str) -> None:
        """Write lines at the present depth."""
        self._lines += [_INDENT * self._depth + line for line in lines]

    @contextlib.contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write `head`, and what is added until the block ends one step deeper."""
        self.add(head)
        self._depth += 1
        yield
        self._depth -= 1

    @property
    def values(self) -> dict[str, Any]:
        """What each name stands for."""
        return {f"v{number}": value for number, value in enumerate(self._values)}

    @property
    def source(self) -> str:
        """The text of the maker."""
        values = ", ".join(f"v{number}" for number in range(len(self._values)))
        body = "\n".join(self._lines)
        return (
            f"def make({values}):\n{_INDENT}async def serve({self._given}):\n{body}\n{_INDENT}return serve\n"
        )

    def compile(self, known: Mapping[str, Any]) -> Callable[..., Any]:
        """Give the function; `known` are the names that all functions know."""
        made: Callable[..., Any] = _make_maker(self.source, tuple(known.items()))(*self._values)
        return made


@lru_cache(
    maxsize=2048
)  # a memo of a pure function: applications of a thousand routes have some dozen shapes
def _make_maker(source: str, known: tuple[tuple[str, Any], ...]) -> Callable[..., Any]:
    names = dict(known)
    exec(compile(source, "<a compiled route>", "exec"), names)
    maker: Callable[..., Any] = names["make"]
    return maker
