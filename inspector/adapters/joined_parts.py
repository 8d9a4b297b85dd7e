"""The templates that stand in a row on the way to a route made one template."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from inspector.adapters.regexes.parts import NAMELESS
from miniframework.records import dataclass
from miniframework.routing.parts import Literal, Parameter, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One of the templates, whose text begins at `at`.

    Its groups without a name count from `first_group`; None when no handler gets them.
    """

    parts: Sequence[Part]
    at: int = 0
    first_group: int | None = 0


def argument_name(number: int) -> str:
    """The name of the parameter of a group without a name, numbered from 0 along the way."""
    return f"arg{number}"


def join_parts(pieces: Sequence[Piece]) -> tuple[Part, ...]:
    """The parts of all of them with names that differ; of equal names the last keeps it, as it wins.

    Literals in a row become one.
    """
    moved = list(_moved(pieces))
    last = {part.name: number for number, part in enumerate(moved) if isinstance(part, Parameter)}
    taken = set(last)
    joined: list[Part] = []
    for number, part in enumerate(moved):
        if isinstance(part, Parameter) and (part.name == NAMELESS or last[part.name] != number):
            part = replace(part, name=_free_name(part.name, taken))
            taken.add(part.name)
        before = joined[-1] if joined else None
        if isinstance(part, Literal) and isinstance(before, Literal):
            joined[-1] = Literal(text=before.text + part.text, start=before.start, end=part.end)
        else:
            joined.append(part)
    return tuple(joined)


def _moved(pieces: Sequence[Piece]) -> Iterator[Part]:
    for piece in pieces:
        for part in piece.parts:
            here = replace(part, start=part.start + piece.at, end=part.end + piece.at)
            if isinstance(here, Parameter) and here.name.startswith("*"):
                first, number = piece.first_group, int(here.name[1:]) - 1
                here = replace(here, name=NAMELESS if first is None else argument_name(first + number))
            yield here


def _free_name(name: str, taken: set[str]) -> str:
    base = "" if name == NAMELESS else name
    return next(free for n in range(len(taken) + 1) if (free := f"{base}_{n}") not in taken)
