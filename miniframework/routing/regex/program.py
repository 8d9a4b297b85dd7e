"""A regex tree compiled to a flat program of four instructions."""

from collections.abc import Iterable

from miniframework.records import dataclass
from miniframework.routing.regex.tree import (
    Anchor,
    CharSet,
    Choice,
    Group,
    Node,
    Opaque,
    Repeat,
    Run,
    Sequence,
    descend,
)

# A bounded repeat is written out, and nested ones multiply: beyond this the regex is not followed any more.
_MOST_INSTRUCTIONS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Instruction `n` reads one character and goes to n + 1 (`sets`), goes on in several places, the
    preferred one first (`splits`), goes on where an anchor holds (`checks`), or ends (`accept`).
    """

    sets: dict[int, CharSet]
    splits: dict[int, tuple[int, ...]]
    checks: dict[int, Anchor]
    owners: dict[int, Node]  # the leaf of the tree an instruction was made for
    accept: int

    def closure(self, places: Iterable[int]) -> frozenset[int]:
        """Where one can be without reading a character; only readers and the end are kept."""
        seen: set[int] = set()
        stack = list(places)
        while stack:
            at = stack.pop()
            if at not in seen:
                seen.add(at)
                stack.extend(self.splits.get(at, ()))
        return frozenset(at for at in seen if at not in self.splits)


def compile_program(tree: Node, *, anchors: bool) -> Program | str:
    """The program of `tree`, or the name of what cannot be followed; anchors only where asked for."""
    for node in descend(tree):
        if isinstance(node, Opaque):
            return node.what
        if isinstance(node, Anchor) and not anchors:
            return f"anchor {node.text}"
    compiler = _Compiler()
    try:
        compiler.emit(tree)
    except _TooLargeError:
        return "repeat that is too large"
    return Program(
        sets=compiler.sets,
        splits=compiler.splits,
        checks=compiler.checks,
        owners=compiler.owners,
        accept=compiler.next,
    )


class _TooLargeError(Exception):
    """The program would be longer than what is followed."""


class _Compiler:
    """Emits instructions in order; a split is reserved first and filled in when its targets are known."""

    def __init__(self) -> None:
        self.sets: dict[int, CharSet] = {}
        self.splits: dict[int, tuple[int, ...]] = {}
        self.checks: dict[int, Anchor] = {}
        self.owners: dict[int, Node] = {}
        self.next = 0

    def reserve(self) -> int:
        if self.next >= _MOST_INSTRUCTIONS:
            raise _TooLargeError
        self.next += 1
        return self.next - 1

    def emit(self, node: Node) -> None:
        match node:
            case CharSet():
                self.read(node, node)
            case Run(chars=chars):
                for char in chars:
                    self.read(char, node)
            case Sequence(items=items):
                for item in items:
                    self.emit(item)
            case Group(item=item):
                self.emit(item)
            case Choice(options=options):
                self.choice(options)
            case Repeat():
                self.repeat(node)
            case Anchor():
                self.owners[self.next] = node
                self.checks[self.reserve()] = node
            case Opaque():
                raise AssertionError("refused before")

    def read(self, char: CharSet, owner: Node) -> None:
        self.owners[self.next] = owner
        self.sets[self.reserve()] = char

    def choice(self, options: tuple[Node, ...]) -> None:
        split = self.reserve()
        starts, leaves = [], []
        for option in options:
            starts.append(self.next)
            self.emit(option)
            leaves.append(self.reserve())
        self.splits[split] = tuple(starts)
        for leave in leaves:
            self.splits[leave] = (self.next,)

    def repeat(self, node: Repeat) -> None:
        for _ in range(node.least):
            self.emit(node.item)
        if node.most is None:
            self.loop(node)
            return
        skips = []
        for _ in range(node.most - node.least):
            skips.append(self.reserve())
            self.emit(node.item)
        for skip in skips:
            self.splits[skip] = self.ordered(node, skip + 1, self.next)

    def loop(self, node: Repeat) -> None:
        split = self.reserve()
        self.emit(node.item)
        self.splits[self.reserve()] = (split,)
        self.splits[split] = self.ordered(node, split + 1, self.next)

    @staticmethod
    def ordered(node: Repeat, more: int, done: int) -> tuple[int, int]:
        return (more, done) if node.greedy else (done, more)
