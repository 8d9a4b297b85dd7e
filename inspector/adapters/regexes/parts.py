r"""A regex of a route as the parts of a template: literals, and parameters with what their groups take.

`^users/(?P<pk>\d+)/$` is `users/`, the parameter pk and `/`. What is no sequence of such things becomes one
parameter without a name, and what cannot be cut out of its regex one that takes anything.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal as Words

from inspector.adapters.regexes.commitment import find_longer, is_prefix_free, joined_regex
from inspector.adapters.regexes.source import BeyondReading, Item, Options, descend, read_source
from inspector.adapters.regexes.writing import Position, write, write_item
from miniframework.records import dataclass
from miniframework.routing.parts import Literal, Parameter, Part
from miniframework.routing.snapshot import StoredConverter

ANYTHING = r"(?s:.*)"
# The name of a parameter for a piece that no handler gets; `joined_parts` gives each its own.
NAMELESS = "_"

# How a router uses a regex. Of a prefix the first match counts, wherever it is, and others get what follows:
# `a*` leaves no "a" to them. "match_raw" is match on a path with its percent signs, which holds no newline.
How = Words["fullmatch", "search", "prefix", "match_raw"]

_FLAGS_IN_FRONT = re.compile(r"\(\?[aiLmsux]+\)")
_FLAG_LETTERS = {re.IGNORECASE: "i", re.ASCII: "a", re.DOTALL: "s"}
# After these the text, or an anchor, means something else, and they cannot be written around a part.
_BEYOND = re.VERBOSE | re.MULTILINE | re.LOCALE


@dataclass(frozen=True, slots=True, kw_only=True)
class RegexParts:
    """The parts of a regex; joined they take exactly what it takes, or more when `larger` says why.

    `doubt` is why what they take may be refused all the same, as `AdaptedRoute.doubt` has it.
    A group with a name is a parameter of this name, one without `*1`, `*2` … by its number among `groups`.
    """

    parts: tuple[Part, ...]
    groups: int = 0
    larger: str | None = None
    doubt: str | None = None


@lru_cache(maxsize=4096)  # a memo of a pure function: the patterns of a program are read again and again
def read_regex(regex: str, how: How, flags: int = 0) -> RegexParts:
    """The parts of a regex that a router uses in this way. Raises re.error."""
    compiled = re.compile(regex, flags)
    try:
        if compiled.flags & _BEYOND:
            raise BeyondReading("a flag for all of it")
        in_front = _FLAGS_IN_FRONT.match(regex)
        options = read_source(regex, in_front.end() if in_front else 0)
        is_empty = compiled.match("") is not None
        letters = "".join(letter for flag, letter in _FLAG_LETTERS.items() if compiled.flags & flag)
        parts = tuple(_Cutter(how, letters, end=len(regex), matches_nothing_too=is_empty).cut(options))
    except BeyondReading as beyond:
        larger = f"{beyond} in the regex {regex!r}"
        return RegexParts(
            parts=(make_parameter(NAMELESS, ANYTHING, (0, len(regex))),),
            groups=compiled.groups,
            larger=larger,
        )
    return RegexParts(parts=commit(parts) if how == "prefix" else parts, groups=compiled.groups)


def commit(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts of a prefix, made one that is never read in another way where there might be one."""
    text = joined_regex(parts)
    if all(isinstance(part, Literal) for part in parts) or is_prefix_free(text):
        return parts
    end = parts[-1].end
    if (longer := find_longer(parts)) is not None:
        return (*parts, make_parameter(NAMELESS, f"(?!{longer})", (end, end)))
    named = [part.name for part in parts if isinstance(part, Parameter) and part.name != NAMELESS]
    name = named[0] if len(named) == 1 else NAMELESS
    return (make_parameter(name, f"(?>{text})", (parts[0].start, end)),)


def make_parameter(name: str, regex: str, span: tuple[int, int], word: str | None = None) -> Parameter:
    """A parameter at a place of a template, of which only the regex is known."""
    word = word or regex
    converter = StoredConverter(word, regex)
    return Parameter(name=name, converter_name=word, converter=converter, start=span[0], end=span[1])


class _Cutter:
    """Cuts one regex into parts."""

    def __init__(self, how: How, flags: str, *, end: int, matches_nothing_too: bool) -> None:
        self.how = how
        self.flags = flags
        self.end = end
        self.matches_nothing_too = matches_nothing_too

    def cut(self, options: Options) -> Iterator[Part]:
        position: Position = "at_start"
        if self.how in ("search", "prefix") and not _is_anchored(options):
            if any(_is_anchored((sequence,)) for sequence in options):
                raise BeyondReading("an anchor in one of the alternatives only")
            if not self.matches_nothing_too or not _is_local(options):  # else it matches in front already
                position = "unsure"
                yield make_parameter(NAMELESS, "(?s:.*?)", (0, 0))
        if len(options) > 1:
            yield self.nameless(write(options, position), (0, self.end))
            yield from self.rest(None)
            return
        sequence = _spliced(options[0])
        last = sequence[-1] if sequence and sequence[-1].kind == "end" and self.how != "prefix" else None
        yield from self.sequence(sequence[:-1] if last else sequence, position)
        yield from self.rest(last)

    def rest(self, last: Item | None) -> Iterator[Part]:
        """What may follow, when the regex ends with this anchor or, None, with none."""
        if self.how in ("fullmatch", "prefix"):
            return
        at = (self.end, self.end)
        if last is None:
            yield make_parameter(NAMELESS, ANYTHING, at)
        elif last.text == "$" and self.how == "search":
            yield make_parameter(NAMELESS, r"\n?", at)

    def sequence(self, sequence: tuple[Item, ...], position: Position) -> Iterator[Part]:
        nameless: list[Item] = []
        texts: list[str] = []
        for item in sequence:
            text, behind = write_item(item, position)
            part = self.part(item, position)
            position = behind
            if part is None and text:
                nameless.append(item)
                texts.append(text)
            elif part is not None:
                if nameless:
                    yield self.nameless("".join(texts), (nameless[0].start, nameless[-1].end))
                    nameless, texts = [], []
                yield part
        if nameless:
            yield self.nameless("".join(texts), (nameless[0].start, nameless[-1].end))

    def part(self, item: Item, position: Position) -> Part | None:
        """The part that this item is by itself."""
        if item.kind == "char" and not item.quantifier and "i" not in self.flags:
            return Literal(text=item.char, start=item.start, end=item.end)
        if item.number and item.inner is not None and item.quantifier in ("", "?"):
            text = write(item.inner, position)
            name = item.name or f"*{item.number}"
            regex = f"(?:{text})?" if item.quantifier else text
            return make_parameter(name, self.flagged(regex), (item.start, item.end))
        return None

    def nameless(self, text: str, span: tuple[int, int]) -> Parameter:
        return make_parameter(NAMELESS, self.flagged(text), span)

    def flagged(self, text: str) -> str:
        return f"(?{self.flags}:{text})" if self.flags else text


def _is_anchored(options: Options) -> bool:
    """Whether every alternative begins with an anchor."""
    return all(
        bool(sequence)
        and not sequence[0].quantifier
        and (
            sequence[0].kind == "start"
            or (sequence[0].kind == "group" and _is_anchored(sequence[0].inner or ()))
        )
        for sequence in options
    )


def _is_local(options: Options) -> bool:
    """Whether nothing in it depends on the text around it."""
    return all(item.kind in ("char", "set", "group") for item in descend(options))


def _spliced(sequence: tuple[Item, ...]) -> tuple[Item, ...]:
    """The sequence with the content of groups that only group."""
    out: list[Item] = []
    for item in sequence:
        if item.opening == "(?:" and not item.number and not item.quantifier and len(item.inner or ()) == 1:
            out.extend(_spliced((item.inner or ((),))[0]))
        else:
            out.append(item)
    return tuple(out)
