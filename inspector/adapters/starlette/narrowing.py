"""Whether a `matches` that somebody wrote only refuses: takes nothing that the one it inherits does not.

It does when it returns what `super().matches(scope)` gave it for the scope as it came, or `Match.NONE`.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any

_OWN_MODULES = ("starlette.", "fastapi.")
_READS = frozenset({"get", "keys", "items", "values"})  # of the scope


def only_refuses(kind: type) -> bool:
    """False also when it is not known: each `matches` down to the framework's own is read."""
    for base in kind.__mro__:
        matches = vars(base).get("matches")
        if matches is None:
            continue
        if base.__module__.startswith(_OWN_MODULES):
            return True
        if not _is_narrowing(matches):
            return False
    return False


def _is_narrowing(matches: Any) -> bool:
    try:
        found = ast.parse(textwrap.dedent(inspect.getsource(matches))).body
    except (OSError, TypeError, SyntaxError):  # no source, or one that does not stand alone
        return False
    match found:
        case [ast.FunctionDef(args=ast.arguments(args=[_, scope]), decorator_list=[]) as function]:
            pass
        case _:
            return False
    nodes = list(ast.walk(function))
    if any(isinstance(node, ast.Yield | ast.YieldFrom | ast.Lambda) for node in nodes):
        return False
    if sum(isinstance(node, ast.FunctionDef) for node in nodes) > 1:
        return False
    given = set(_given(nodes, scope.arg))
    stored = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    if scope.arg in stored or any(stored.count(name) > 1 for name in given):
        return False
    if any(_changes(node, scope.arg) for node in nodes):
        return False
    returns = [node.value for node in nodes if isinstance(node, ast.Return)]
    return bool(returns) and all(_is_narrower(value, given, scope.arg) for value in returns)


def _given(nodes: list[ast.AST], scope: str) -> Iterator[str]:
    """The names that hold what the inherited `matches` gave, or the match of it."""
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_inherited(value, scope):
                yield name
            case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id=name), _])], value=value) if _is_inherited(
                value, scope
            ):
                yield name


def _is_narrower(value: ast.expr | None, given: set[str], scope: str) -> bool:
    match value:
        case ast.Name(id=name):
            return name in given
        case ast.Tuple(elts=[ast.Name(id=name), _]):
            return name in given
        case ast.Tuple(elts=[ast.Attribute(value=ast.Name(id="Match"), attr="NONE"), _]):
            return True
    return value is not None and _is_inherited(value, scope)


def _is_inherited(value: ast.expr, scope: str) -> bool:
    match value:
        case ast.Call(
            func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"), args=[]), attr="matches"),
            args=[ast.Name(id=name)],
            keywords=[],
        ):
            return name == scope
    return False


def _changes(node: ast.AST, scope: str) -> bool:
    """Whether something is put into the scope or into an object, or taken out of it."""
    match node:
        case ast.Subscript(ctx=ast.Store() | ast.Del(), value=ast.Name(id=name)):
            return name == scope
        case ast.Attribute(ctx=ast.Store() | ast.Del()):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=called)):
            return name == scope and called not in _READS
    return False
