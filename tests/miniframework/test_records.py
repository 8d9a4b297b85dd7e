"""A dataclass with late methods behaves as one of the standard library."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any

import pytest

from miniframework import records

Maker = Callable[..., Any]


def make(dataclass: Any) -> dict[str, Any]:
    """The same classes, made with one `dataclass` or the other."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        a: int
        b: str = "b"
        c: list[int] = field(default_factory=list)
        d: int = field(default=4, compare=False, repr=False)

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Derived(Named):
        e: int = field(init=False, default=5)

    @dataclass(slots=True)
    class Placed:
        a: int
        b: int = 2
        c: int = field(default=3, kw_only=True)

        def __post_init__(self) -> None:
            self.b += 1

    @dataclass(frozen=True, eq=False)
    class Alone:
        a: int = 1

    @dataclass(frozen=True)
    class Own:
        a: int

        def __eq__(self, other: object) -> bool:
            return True

        def __repr__(self) -> str:
            return "mine"

    @dataclass(slots=True, init=False)
    class Bare:
        a: int

    @dataclass(frozen=True, slots=True)
    class Empty:
        pass

    return {"Named": Named, "Derived": Derived, "Placed": Placed, "Alone": Alone, "Own": Own} | {
        "Bare": Bare,
        "Empty": Empty,
    }


OURS, THEIRS = make(records.dataclass), make(dataclasses.dataclass)
ASKED: dict[str, Callable[[dict[str, Any]], object]] = {
    "a default": lambda of: of["Named"](a=1),
    "all given": lambda of: of["Named"](a=1, b="x", c=[1], d=2),
    "a list each": lambda of: of["Named"](a=1).c is of["Named"](a=1).c,
    "too few": lambda of: of["Named"](),
    "too many": lambda of: of["Named"](a=1, z=2),
    "by position": lambda of: of["Named"](1),
    "fields of the base": lambda of: of["Derived"](a=1),
    "no parameter": lambda of: of["Derived"](a=1, e=1),
    "positional": lambda of: of["Placed"](1),
    "positional and named": lambda of: of["Placed"](1, 5, c=6),
    "equal": lambda of: of["Named"](a=1) == of["Named"](a=1, d=9),
    "unequal": lambda of: of["Named"](a=1) == of["Named"](a=2),
    "of another class": lambda of: of["Named"](a=1) == of["Derived"](a=1),
    "alone": lambda of: of["Alone"]() == of["Alone"](),
    "hashed": lambda of: hash(of["Own"](1)),
    "hashed by what is compared": lambda of: (
        hash(of["Named"](a=1, c=(), d=1)) == hash(of["Named"](a=1, c=(), d=2))
    ),
    "hashed alone": lambda of: hash(of["Alone"]()) == hash(of["Alone"]()),
    "not hashable": lambda of: hash(of["Placed"](1)),
    "own methods": lambda of: (of["Own"](1), of["Own"](1) == 3),
    "set": lambda of: setattr(of["Named"](a=1), "a", 2),
    "deleted": lambda of: delattr(of["Named"](a=1), "a"),
    "set where it may be": lambda of: setattr(of["Placed"](1), "a", 2),
    "slots": lambda of: [getattr(one, "__slots__", None) for one in of.values()],
    "matched": lambda of: [one.__match_args__ for one in of.values()],
    "replaced": lambda of: dataclasses.replace(of["Named"](a=1), b="z"),
    "as a dict": lambda of: dataclasses.asdict(of["Derived"](a=1)),
    "copied": lambda of: copy.deepcopy(of["Named"](a=1, c=[1])),
    "bare": lambda of: dataclasses.is_dataclass(of["Bare"]()),
    "empty": lambda of: (of["Empty"](), of["Empty"]() == of["Empty"](), hash(of["Empty"]())),
    "its fields": lambda of: [[one.name for one in dataclasses.fields(kind)] for kind in of.values()],
}


def answer(asked: Callable[[dict[str, Any]], object], of: dict[str, Any]) -> str:
    try:
        return repr(asked(of))
    except (TypeError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_class_does_what_one_of_the_standard_library_does(
    asked: Callable[[dict[str, Any]], object],
) -> None:
    assert answer(asked, OURS) == answer(asked, THEIRS)


@records.dataclass(frozen=True, slots=True)
class Kept:
    a: int


def test_an_object_can_be_pickled_before_its_class_has_made_another() -> None:
    assert pickle.loads(pickle.dumps(Kept(3))) == Kept(3)


def test_no_method_is_written_before_it_is_needed() -> None:
    @records.dataclass(frozen=True)
    class Late:
        a: int

    stub = Late.__init__
    Late(1)
    assert Late.__init__ is not stub
