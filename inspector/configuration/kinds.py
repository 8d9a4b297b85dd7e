"""What kinds of value a setting has, and how each is read from text and from TOML. Pure."""

from typing import Any, assert_never

from miniframework.misspelt import did_you_mean
from miniframework.records import dataclass

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Switch:
    """Yes or no."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `least` to `most`, both included; None is no limit."""

    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Real:
    """A number of at least `least`."""

    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Text:
    """Any text. `secret` text is never shown."""

    secret: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One of these words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """Several texts: separated by commas in the environment, a list in TOML."""


Kind = Switch | Whole | Real | Text | Word | Texts


class BadValue(Exception):
    """A value is not of its kind; the message is what would do."""


def read_text(kind: Kind, text: str) -> Any:
    """Return what the text of an environment variable says. Raises BadValue."""
    folded = text.strip().lower()
    match kind:
        case Switch():
            if folded in _TRUE | _FALSE:
                return folded in _TRUE
            raise BadValue(wanted(kind))
        case Whole():
            if not folded.removeprefix("-").isdecimal() or not folded.isascii():
                raise BadValue(wanted(kind))
            return read_value(kind, int(folded))
        case Real():
            try:
                return read_value(kind, float(folded))
            except ValueError:
                raise BadValue(wanted(kind)) from None
        case Texts():
            return tuple(part.strip() for part in text.split(",") if part.strip())
        case Text() | Word():
            return read_value(kind, text)
        case _:
            assert_never(kind)


def read_value(kind: Kind, value: Any) -> Any:
    """Return the value of a TOML key. Raises BadValue for another type or one out of range."""
    match kind:
        case Switch():
            is_good = isinstance(value, bool)
        case Whole(least, most):
            is_good = type(value) is int and value >= least and (most is None or value <= most)
        case Real(least):
            is_good = type(value) in (int, float) and least <= value < float("inf")
        case Text():
            is_good = isinstance(value, str)
        case Word(words):
            is_good = value in words
        case Texts():
            value = (value,) if isinstance(value, str) else value
            is_good = isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value)
            value = tuple(value) if is_good else value
        case _:
            assert_never(kind)
    if not is_good:
        raise BadValue(wanted(kind, value))
    return value


def wanted(kind: Kind, value: object = None) -> str:
    """Say in words what would do; for a misspelled word, which one was meant."""
    match kind:
        case Switch():
            return "use true or false"
        case Whole(least, None):
            return f"use a whole number of {least} or more"
        case Whole(least, most):
            return f"use a whole number from {least} to {most}"
        case Real(least):
            return f"use a number of {least:g} or more"
        case Text():
            return "use a text, in quotes"
        case Word(words):
            near = did_you_mean(str(value), words)
            return f"use one of {', '.join(words)}" + (f"; {near}" if near else "")
        case Texts():
            return "use a list of texts"
        case _:
            assert_never(kind)
