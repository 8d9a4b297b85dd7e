"""A regex as a tree of plain nodes, read from CPython's own parse tree.

Two readers use it: `program` makes an automaton of it, the dashboard's regex view draws it.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from string import ascii_lowercase
from typing import Any, Literal

from miniframework.records import dataclass
from miniframework.routing.regex import sre
from miniframework.routing.regex.constructs import Construct, name_construct, read_construct
from miniframework.routing.regex.sre import op
from miniframework.routing.regex.words import (
    anchor_text,
    class_label,
    class_sentence,
    class_text,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CharSet:
    """One character: a literal, a class, or any. `accepts` is sre's own answer for one character.

    `text` is its source, `label` its name in a diagram, `sentence` its name after the word "expected".
    """

    id: int
    kind: Literal["literal", "class", "any"]
    text: str
    label: str
    sentence: str
    accepts: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """Literal characters in a row."""

    id: int
    chars: tuple[CharSet, ...]

    @property
    def text(self) -> str:
        """The source text."""
        return "".join(char.text for char in self.chars)

    @property
    def label(self) -> str:
        """The characters themselves."""
        return "".join(char.label for char in self.chars)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sequence:
    """One node after the other."""

    id: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """The first of the options that leads to a match."""

    id: int
    options: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Repeat:
    """`item` from `least` to `most` times; `most` is None without a limit."""

    id: int
    item: "Node"
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """A capturing group; `name` is None for a numbered one."""

    id: int
    item: "Node"
    number: int
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Anchor:
    """A place, not a character. `holds` asks sre whether `text` is at such a place at a position."""

    id: int
    text: str
    label: str
    holds: Callable[[str, int], bool]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opaque:
    """A construct that cannot be followed character by character; `what` names it.

    `construct` says what it does, for a tracer that goes back as the engine does; None where that is unknown.
    """

    id: int
    what: str
    children: tuple["Node", ...] = ()
    construct: Construct | None = None


Node = CharSet | Run | Sequence | Choice | Repeat | Group | Anchor | Opaque


@lru_cache(maxsize=512)  # a memo of a pure function: the converters of a table share few regexes
def regex_tree(regex: str, flags: int = 0) -> Node:
    """The tree of `regex`; equal arguments give the same tree. Raises re.error."""
    items, all_flags = sre.parse(regex, flags)
    return _Builder(
        names={number: name for name, number in re.compile(regex, flags).groupindex.items()}
    ).sequence(items, all_flags)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in order."""
    match node:
        case Sequence(items=below) | Choice(options=below) | Opaque(children=below):
            return below
        case Repeat(item=item) | Group(item=item):
            return (item,)
        case CharSet() | Run() | Anchor():
            return ()


def descend(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    yield node
    for child in children(node):
        yield from descend(child)


class _Builder:
    """Turns CPython's (operator, argument) pairs into nodes, numbered from 0."""

    def __init__(self, names: dict[int, str]) -> None:
        self.names = names
        self.count = 0

    def new_id(self) -> int:
        self.count += 1
        return self.count - 1

    def sequence(self, items: Any, flags: int) -> Node:
        ident = self.new_id()
        nodes: list[Node] = []
        run: list[CharSet] = []
        for operator, argument in items:
            if operator is op.LITERAL:
                run.append(self.char(operator, argument, flags))
                continue
            self.close_run(run, nodes)
            nodes.append(self.node(operator, argument, flags))
        self.close_run(run, nodes)
        return nodes[0] if len(nodes) == 1 else Sequence(id=ident, items=tuple(nodes))

    def close_run(self, run: list[CharSet], nodes: list[Node]) -> None:
        if run:
            nodes.append(Run(id=self.new_id(), chars=tuple(run)))
            run.clear()

    def node(self, operator: Any, argument: Any, flags: int) -> Node:
        if operator in (op.IN, op.ANY, op.NOT_LITERAL):
            return self.char(operator, argument, flags)
        if operator is op.BRANCH:
            ident = self.new_id()
            return Choice(id=ident, options=tuple(self.sequence(option, flags) for option in argument[1]))
        if operator in (op.MAX_REPEAT, op.MIN_REPEAT):
            return self.repeat(argument, flags, greedy=operator is op.MAX_REPEAT)
        if operator is op.SUBPATTERN:
            return self.group(argument, flags)
        if operator is op.AT:
            return self.anchor(argument, flags)
        return self.opaque(operator, argument, flags)

    def char(self, operator: Any, argument: Any, flags: int) -> CharSet:
        kind: Literal["literal", "class", "any"] = (
            "literal" if operator is op.LITERAL else "any" if operator is op.ANY else "class"
        )
        # What is said of a dot depends on DOTALL; sre is asked about the node itself.
        said = op.ANY_ALL if operator is op.ANY and flags & re.DOTALL else operator
        any_case = " (any case)" if flags & re.IGNORECASE and _tells_case(operator, argument, flags) else ""
        return CharSet(
            id=self.new_id(),
            kind=kind,
            text=class_text(said, argument),
            label=class_label(said, argument),
            sentence=class_sentence(said, argument) + any_case,
            accepts=_accepts(operator, argument, flags),
        )

    def repeat(self, argument: Any, flags: int, *, greedy: bool) -> Repeat:
        least, most, items = argument
        ident = self.new_id()
        limit = None if most is sre.UNLIMITED else int(most)
        return Repeat(id=ident, item=self.sequence(items, flags), least=int(least), most=limit, greedy=greedy)

    def group(self, argument: Any, flags: int) -> Node:
        number, _, _, items = argument
        inner = sre.flags_inside(argument, flags)
        if number is None:
            return self.sequence(items, inner)
        ident = self.new_id()
        return Group(id=ident, item=self.sequence(items, inner), number=number, name=self.names.get(number))

    def anchor(self, where: Any, flags: int) -> Anchor:
        text, label = anchor_text(where)
        pattern = sre.compile_node((op.AT, where), flags)
        return Anchor(
            id=self.new_id(),
            text=text,
            label=label,
            holds=lambda path, at: pattern.match(path, at) is not None,
        )

    def opaque(self, operator: Any, argument: Any, flags: int) -> Opaque:
        return Opaque(
            id=self.new_id(),
            what=name_construct(operator, argument),
            children=self.below(operator, argument, flags),
            construct=read_construct(operator, argument, flags),
        )

    def below(self, operator: Any, argument: Any, flags: int) -> tuple[Node, ...]:
        """The parts of a construct as nodes."""
        if operator in (op.ASSERT, op.ASSERT_NOT):
            return (self.sequence(argument[1], flags),)
        if operator is op.ATOMIC_GROUP:
            return (self.sequence(argument, flags),)
        if operator is op.POSSESSIVE_REPEAT:
            return (self.repeat(argument, flags, greedy=True),)
        if operator is op.GROUPREF_EXISTS:
            _, yes, no = argument
            return (self.sequence(yes, flags), self.sequence(no or (), flags))
        return ()


def _tells_case(operator: Any, argument: Any, flags: int) -> bool:
    """Whether it would take one case of a letter alone, were the case not ignored; of classes by ASCII."""
    if operator is op.LITERAL:
        return chr(argument).swapcase() != chr(argument)
    accepts = _accepts(operator, argument, flags & ~re.IGNORECASE)
    return any(accepts(letter) != accepts(letter.upper()) for letter in ascii_lowercase)


def _accepts(operator: Any, argument: Any, flags: int) -> Callable[[str], bool]:
    if operator is op.LITERAL and not flags & re.IGNORECASE:
        return chr(argument).__eq__
    fullmatch = sre.compile_node((operator, argument), flags).fullmatch
    return lambda char: fullmatch(char) is not None
