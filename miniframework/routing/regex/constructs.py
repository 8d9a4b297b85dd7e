"""What a part of a regex does that is more than reading characters: for whoever traces the engine itself."""

from collections.abc import Callable
from typing import Any

from miniframework.records import dataclass
from miniframework.routing.regex import sre
from miniframework.routing.regex.sre import op


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Looks whether something stands here, and reads nothing.

    `back` is how many characters before the place it begins: 0 for a look-ahead; a negative one wants the
    something not to be there.
    """

    back: int
    negative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Reads once more what a group took; `same` compares two texts as the regex's flags ask."""

    number: int
    same: Callable[[str, str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The first of its two children if the group took something, else the second."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Atomic:
    """Once through its child, the engine never comes back into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Possessive:
    """Its child is a repeat that gives nothing back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """Refuses at every place."""


Construct = Look | Reference | Condition | Atomic | Possessive | Never

_NAMES: dict[Any, str] = {
    op.GROUPREF: "back-reference",
    op.GROUPREF_EXISTS: "conditional group",
    op.ASSERT: "look-ahead",
    op.ASSERT_NOT: "negative look-ahead",
    op.ATOMIC_GROUP: "atomic group",
    op.POSSESSIVE_REPEAT: "possessive repeat",
    op.FAILURE: "part that never matches",
}


def name_construct(operator: Any, argument: Any) -> str:
    """The name of a construct of CPython's parse tree."""
    name = _NAMES.get(operator, f"construct {str(operator).lower()}")
    behind = operator in (op.ASSERT, op.ASSERT_NOT) and argument[0] < 0
    return name.replace("ahead", "behind") if behind else name


def read_construct(operator: Any, argument: Any, flags: int) -> Construct | None:
    """What a construct of CPython's parse tree does; None where that is unknown."""
    if operator in (op.ASSERT, op.ASSERT_NOT):
        # CPython takes only look-behinds of one width, and goes that far back.
        back = argument[1].getwidth()[0] if argument[0] < 0 else 0
        return Look(back=back, negative=operator is op.ASSERT_NOT)
    if operator is op.GROUPREF:
        return Reference(number=argument, same=sre.same_text(flags))
    if operator is op.GROUPREF_EXISTS:
        return Condition(number=argument[0])
    simple: dict[Any, Construct] = {
        op.ATOMIC_GROUP: Atomic(),
        op.POSSESSIVE_REPEAT: Possessive(),
        op.FAILURE: Never(),
    }
    return simple.get(operator)
