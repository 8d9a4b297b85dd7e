"""Whether a `to_python` that the user wrote may refuse text that the regex of its converter took.

Django and werkzeug take a ValueError for a refusal. Most converters only trim the text, such as REST
framework's for a format at the end; then the regex says all there is to say.
"""

import ast
import inspect
import re
import textwrap
from typing import Any

# Methods of text that raise nothing and give text.
_GIVES_TEXT = frozenset(
    {
        "capitalize", "casefold", "lower", "lstrip", "removeprefix", "removesuffix", "replace", "rstrip",
        "strip", "swapcase", "title", "upper",
    }
)  # fmt: skip
_DIGITS = re.compile(r"(?:\[0-9\]|\\d)(?:\+|\{\d+(?:,\d+)?\})?")


def may_refuse(converter: Any) -> bool:
    """False where the code shows that no ValueError comes of it; True also when that is not known."""
    function = type(converter).to_python
    returned = _returned(function)
    if returned is None:
        return True
    value, expression = returned
    match expression:
        case ast.Call(func=ast.Name(id="int"), args=[number], keywords=[]) if _is_builtin(function, "int"):
            return not (_DIGITS.fullmatch(converter.regex) and _is(number, value))
    return not _is_text(expression, value, function)


def _returned(function: Any) -> tuple[str, ast.expr] | None:
    """The name of the argument and what is returned, of a method that does nothing else."""
    try:
        found = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except (OSError, TypeError, SyntaxError):  # no source, or one that does not stand alone
        return None
    match found:
        case [ast.FunctionDef(args=ast.arguments(args=[_, value]), body=body, decorator_list=[])]:
            pass
        case _:
            return None
    match body:
        case [ast.Return(value=ast.expr() as expression)]:
            return value.arg, expression
        case [ast.Expr(value=ast.Constant()), ast.Return(value=ast.expr() as expression)]:
            return value.arg, expression
    return None


def _is_text(expression: ast.expr, value: str, function: Any) -> bool:
    """Whether it is text for certain, made of the argument without a failure."""
    match expression:
        case ast.Call(func=ast.Name(id="str"), args=[inner], keywords=[]):
            return _is_builtin(function, "str") and _is_text(inner, value, function)
        case ast.Call(func=ast.Attribute(value=inner, attr=name), args=args, keywords=[]):
            is_known = name in _GIVES_TEXT and all(map(_is_constant_text, args))
            return is_known and _is_text(inner, value, function)
        case ast.Subscript(value=inner, slice=ast.Slice(lower=lower, upper=upper, step=None)):
            return _is_bound(lower) and _is_bound(upper) and _is_text(inner, value, function)
    return _is(expression, value)


def _is(expression: ast.expr, name: str) -> bool:
    return isinstance(expression, ast.Name) and expression.id == name


def _is_constant_text(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Constant) and isinstance(expression.value, str)


def _is_bound(expression: ast.expr | None) -> bool:
    match expression:
        case None | ast.Constant(value=int()) | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int())):
            return True
    return False


def _is_builtin(function: Any, name: str) -> bool:
    return name not in function.__globals__ and name not in function.__code__.co_freevars
