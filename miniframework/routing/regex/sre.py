"""The one door to CPython's own regex parser, which is private and may move.

Everything that wants to know what a regex means asks here, so that what is explained is what `re` runs: the
tree is CPython's, and whether a character belongs to a class is answered by compiling that class.
Source: CPython Lib/re/_parser.py, Lib/re/_constants.py, Lib/re/_compiler.py (3.11 to 3.13).
"""

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")
_compiler: Any = import_module("re._compiler")
_engine: Any = import_module("_sre")
op: Any = import_module("re._constants")

UNLIMITED: Any = op.MAXREPEAT


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


def same_text(flags: int) -> Callable[[str, str], bool]:
    """How a back-reference compares two texts: by sre's own lower case where case is ignored.

    Source: CPython Modules/_sre/sre_lib.h, SRE_OP_GROUPREF_UNI_IGNORE.
    """
    if not flags & re.IGNORECASE:
        return str.__eq__
    lower = _engine.unicode_tolower if flags & re.UNICODE else _engine.ascii_tolower
    return lambda one, other: [lower(ord(char)) for char in one] == [lower(ord(char)) for char in other]
