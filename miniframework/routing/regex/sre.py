"""The one door to CPython's own regex parser, which is private and may move.

Everything that wants to know what a regex means asks here, so that what is explained is what `re` runs: the
tree is CPython's, and whether a character belongs to a class is answered by compiling that class.
Source: CPython Lib/re/_parser.py, Lib/re/_constants.py, Lib/re/_compiler.py (3.11 to 3.14).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")
_compiler: Any = import_module("re._compiler")
_engine: Any = import_module("_sre")
op: Any = import_module("re._constants")

UNLIMITED: Any = op.MAXREPEAT
REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)

# A part of a parse tree: (operator, argument) each.
Nodes = Sequence[tuple[Any, Any]]


def parse(regex: str, flags: int = 0) -> tuple[list[Any], int]:
    """CPython's parse tree of `regex`, a list of (operator, argument), and its flags. Raises re.error."""
    tree = _parser.parse(regex, flags)
    return list(tree), int(tree.state.flags)


def compile_node(node: Any, flags: int) -> re.Pattern[str]:
    """A pattern of this one node of a tree, so that sre itself says which characters it takes."""
    state = _parser.State()
    state.flags = flags
    compiled: re.Pattern[str] = _compiler.compile(_parser.SubPattern(state, [node]), flags)
    return compiled


def flags_inside(group: tuple[Any, int, int, Any], flags: int) -> int:
    """The flags inside a group, given its node's argument; of "ASCII only" and "any script" the inner wins.

    Source: CPython Lib/re/_compiler.py, _combine_flags.
    """
    _, added, removed, _ = group
    kept = flags & ~(re.ASCII | re.UNICODE | re.LOCALE) if added & (re.ASCII | re.UNICODE) else flags
    return int((kept | added) & ~removed)


def inside(operator: Any, argument: Any, flags: int) -> Iterator[tuple[Nodes, int]]:
    """The nodes of each part of a node, with the flags that hold there; nothing for a node without parts."""
    if operator is op.SUBPATTERN:
        yield argument[3], flags_inside(argument, flags)
    elif operator is op.BRANCH:
        yield from ((option, flags) for option in argument[1])
    elif operator in REPEATS:
        yield argument[2], flags
    elif operator in (op.ASSERT, op.ASSERT_NOT):
        yield argument[1], flags
    elif operator is op.ATOMIC_GROUP:
        yield argument, flags
    elif operator is op.GROUPREF_EXISTS:
        yield from ((branch or (), flags) for branch in argument[1:])


def descend(nodes: Nodes, flags: int) -> Iterator[tuple[Any, Any, int]]:
    """Every node with the flags that hold there, parents first."""
    for operator, argument in nodes:
        yield operator, argument, flags
        for part, flags_there in inside(operator, argument, flags):
            yield from descend(part, flags_there)


def same_text(flags: int) -> Callable[[str, str], bool]:
    """How a back-reference compares two texts: by sre's own lower case where case is ignored.

    Source: CPython Modules/_sre/sre_lib.h, SRE_OP_GROUPREF_UNI_IGNORE.
    """
    if not flags & re.IGNORECASE:
        return str.__eq__
    lower = _engine.unicode_tolower if flags & re.UNICODE else _engine.ascii_tolower
    return lambda one, other: [lower(ord(char)) for char in one] == [lower(ord(char)) for char in other]
