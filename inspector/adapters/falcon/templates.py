"""Falcon's templates as literals and parameters.

Source: falcon.routing.compiled (3.x and 4.x).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from inspector.adapters.converting import ForeignConverter
from inspector.adapters.falcon.converters import SEGMENT, regex_of
from miniframework.routing.parts import Literal, Parameter, Part

_FIELD = re.compile(
    r"\{(?P<name>[^}:]*)(?P<converted>:(?P<converter>[^}(]*)(?:\((?P<arguments>[^}]*)\))?)?\}"
)
_IN_SEGMENT = r"[^/\n]+"  # of a field beside other text, which a regex cuts out


def read_template(template: str, known: Mapping[str, type]) -> tuple[tuple[Part, ...], str | None]:
    """A template as parts, and why it may refuse what they take; `known` are the converters by name."""
    bare = template.lstrip("/")
    at = len(template) - len(bare) - 1
    pieces: list[Part] = []
    doubts: list[str] = []
    for segment in bare.split("/"):
        pieces.append(Literal(text="/", start=at, end=at + 1))
        for piece, doubt in _read_segment(segment, at + 1, known):
            pieces.append(piece)
            doubts += [doubt] if doubt else []
        at += 1 + len(segment)
    return tuple(_joined(pieces)), ", ".join(doubts) or None


def _read_segment(segment: str, at: int, known: Mapping[str, type]) -> Iterator[tuple[Part, str | None]]:
    """Its text and fields, each field with a doubt about it."""
    fields = list(_FIELD.finditer(segment))
    is_whole = len(fields) == 1 and fields[0][0] == segment
    end = 0
    for field in fields:
        if field.start() > end:
            yield Literal(text=segment[end : field.start()], start=at + end, end=at + field.start()), None
        end = field.end()
        regex, doubt = _take_field(field, known, is_whole=is_whole, is_alone=len(fields) == 1)
        word = field["converter"] or "str"
        converter = ForeignConverter(word, regex)
        span = {"start": at + field.start(), "end": at + end}
        yield Parameter(name=field["name"], converter_name=word, converter=converter, **span), doubt
    if end < len(segment):
        yield Literal(text=segment[end:], start=at + end, end=at + len(segment)), None


def _take_field(
    field: re.Match[str], known: Mapping[str, type], *, is_whole: bool, is_alone: bool
) -> tuple[str, str | None]:
    """What a field takes, and why it may take less.

    Beside other text it is cut out first, at least one character, and then converted or not: of two in a
    segment the first gets what it can, also where the second is refused for it.
    """
    if not field["converted"]:
        return (SEGMENT if is_whole else _IN_SEGMENT), None
    regex, is_all = regex_of(known[field["converter"]], field["arguments"])
    if not is_whole and (not is_alone or regex == SEGMENT):
        regex, is_all = _IN_SEGMENT, False
    return regex, None if is_all else f"the converter of {field[0]} may refuse what its regex takes"


def _joined(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts with literals in a row made one."""
    before: Literal | None = None
    for part in parts:
        if isinstance(part, Literal):
            text, start = ("", part.start) if before is None else (before.text, before.start)
            before = Literal(text=text + part.text, start=start, end=part.end)
            continue
        if before is not None:
            yield before
        before = None
        yield part
    if before is not None:
        yield before
