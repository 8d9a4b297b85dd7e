"""Whole statements of a Python text put above or below others, every other character left as it is."""

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from miniframework.records import dataclass

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_BUILT_IN = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class LineMove:
    """The statement that stands on `line`, put right above or below the one on `anchor`; lines begin at 1."""

    line: int
    anchor: int
    above: bool


class CannotMoveError(Exception):
    """The statements cannot be moved as asked; the text says why."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement in its block: lines from `first` to before `end`, counted from 0, decorators included."""

    block: list[ast.stmt]
    at: int
    first: int
    end: int

    @property
    def node(self) -> ast.stmt:
        return self.block[self.at]


def move_statements(text: str, moves: Sequence[LineMove]) -> str:
    """The text after the moves. Several to the same anchor come to stand there in the order given.

    A comment right above a statement goes with it. Raises CannotMoveError where two statements are not in one
    block, or where one needs a name that is bound on the way.
    """
    lines = _LINE.findall(text)
    tree = ast.parse(text)
    cut: set[int] = set()
    above: dict[int, list[str]] = {}
    below: dict[int, list[str]] = {}
    for move in dict.fromkeys(moves):
        moved, anchor = (_find(tree, lines, line) for line in (move.line, move.anchor))
        _refuse(moved, anchor, move)
        if cut.intersection(range(moved.first, moved.end)):
            raise CannotMoveError(f"line {move.line} belongs to a statement that is moved already")
        blank = _blank_before(lines, moved.first)
        cut.update(range(moved.first - blank, moved.end))
        own = [line if line.endswith("\n") else line + "\n" for line in lines[moved.first : moved.end]]
        space = ["\n"] * max(blank, _wanted_blank(moved, anchor))
        if move.above:
            above.setdefault(anchor.first, []).extend([*own, *space])
        else:
            below.setdefault(anchor.end - 1, []).extend([*space, *own])
    return _joined(tree, lines, cut, above, below)


def _joined(
    tree: ast.Module,
    lines: Sequence[str],
    cut: set[int],
    above: dict[int, list[str]],
    below: dict[int, list[str]],
) -> str:
    found: list[str] = []
    for at, line in enumerate(lines):
        found += above.get(at, ())
        if at not in cut:
            found.append(line if line.endswith("\n") or at not in below else line + "\n")
        found += below.get(at, ())
    text = "".join(found)
    try:
        is_same = _inventory(ast.parse(text)) == _inventory(tree)
    except SyntaxError:
        is_same = False
    if not is_same:
        raise CannotMoveError("the statements share lines with others")
    return text


def _inventory(tree: ast.Module) -> list[str]:
    """Everything that is in a program, whatever its order."""
    return sorted(
        ast.dump(node) if isinstance(node, ast.expr) else type(node).__name__ for node in ast.walk(tree)
    )


def _find(tree: ast.Module, lines: Sequence[str], line: int) -> _Statement:
    """The innermost statement on a line."""
    found: _Statement | None = None
    pending: list[list[ast.stmt]] = [tree.body]
    while pending:
        block = pending.pop()
        for at, node in enumerate(block):
            if not _first_line(node) <= line <= _last_line(node):
                continue
            if any(
                _last_line(one) >= _first_line(two) for one, two in pairwise(block[max(at - 1, 0) : at + 2])
            ):
                raise CannotMoveError(f"several statements share the lines of the one on line {line}")
            found = _Statement(block, at, _with_comment(lines, _first_line(node) - 1), _last_line(node))
            pending = list(_blocks(node))
    if found is None:
        raise CannotMoveError(f"no statement stands on line {line}")
    return found


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _last_line(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for child in (node, *getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(child, name, None)
            if isinstance(block, list):
                yield block


def _with_comment(lines: Sequence[str], first: int) -> int:
    indent = len(lines[first]) - len(lines[first].lstrip())
    while first > 0 and lines[first - 1].lstrip().startswith("#"):
        if len(lines[first - 1]) - len(lines[first - 1].lstrip()) != indent:
            break
        first -= 1
    return first


def _blank_before(lines: Sequence[str], first: int) -> int:
    count = 0
    while first > count and not lines[first - count - 1].strip():
        count += 1
    return count


def _wanted_blank(moved: _Statement, anchor: _Statement) -> int:
    """Lines between two neighbours, as PEP 8 has them."""
    defines = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    if not isinstance(moved.node, defines) and not isinstance(anchor.node, defines):
        return 0
    return 2 if moved.node.col_offset == 0 else 1


def _refuse(moved: _Statement, anchor: _Statement, move: LineMove) -> None:
    if moved.block is not anchor.block:
        raise CannotMoveError(f"lines {move.line} and {move.anchor} are not in one block")
    if moved.at == anchor.at:
        raise CannotMoveError(f"lines {move.line} and {move.anchor} are of one statement")
    low, high = sorted((moved.at, anchor.at))
    passed = moved.block[low + (moved.at < anchor.at) : high + (moved.at < anchor.at)]
    for node in passed:
        for name in sorted((_used(moved.node) & _bound(node)) | (_bound(moved.node) & _used(node))):
            raise CannotMoveError(
                f"the statement on line {move.line} would pass line {node.lineno}: {name!r}"
            )


def _used(node: ast.stmt) -> set[str]:
    """The names that a statement needs when it is run, those inside a function or lambda left out."""
    names: set[str] = set()
    pending: list[ast.AST] = [node]
    while pending:
        one = pending.pop()
        match one:
            case ast.Name(id=name, ctx=ast.Load()):
                names.add(name)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                pending += [*one.decorator_list, one.args, *([one.returns] if one.returns else [])]
            case ast.Lambda():
                pending.append(one.args)
            case _:
                pending += ast.iter_child_nodes(one)
    return names - _BUILT_IN


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement gives a value, functions' insides left out."""
    names: set[str] = set()
    pending: list[ast.AST] = [node]
    while pending:
        one = pending.pop()
        match one:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
                continue
            case ast.Lambda():
                continue
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names.update((alias.asname or alias.name).partition(".")[0] for alias in aliases)
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case _:
                pass
        pending += ast.iter_child_nodes(one)
    return names
