"""Whether a function can be called with what it will be given, told before it is called."""

import contextlib
import inspect
from collections.abc import Callable, Iterable
from typing import Any

from miniframework.callables import qualified_name_of
from miniframework.signatures import signature_of


def find_misfit(function: object, given: Iterable[str], options: Iterable[str] = ()) -> str | None:
    """Say in words why `function` cannot be called with these arguments and options; None when it can, or
    when nobody can tell, as of what is written in C.

    `given` and `options` are names: what the arguments are called in the sentence.
    """
    if not callable(function):
        return f"{function!r:.100} cannot be called"
    try:
        signature = _read_signature(function)
        signature.bind(*given, **dict.fromkeys(options))
    except TypeError as error:
        name = qualified_name_of(function).replace("<locals>.", "")
        return f"{name}{_shown(function)} is called with ({_said(given, options)}): {error}"
    except ValueError:  # inspect says so of some functions of C
        return None
    return None


def would_take(function: Callable[..., Any], given: Iterable[str]) -> bool:
    """Say whether a call with these arguments fits what the function says that it takes, or what it wraps
    says; True when nobody can tell.
    """
    try:
        signature_of(function).bind(*given)
    except TypeError:
        return False
    except ValueError:  # inspect says so of some functions of C
        return True
    return True


def _read_signature(function: Callable[..., Any]) -> inspect.Signature:
    """Read what is called first: a wrapper may take less or more than what it wraps. Only contextlib's pass
    on just what they are given.
    """
    while getattr(function, "__globals__", None) is vars(contextlib) and hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return signature_of(function, follow_wrapped=False)


def _shown(function: Callable[..., Any]) -> str:
    parameters = _read_signature(function).parameters.values()
    return f"({', '.join(str(one.replace(annotation=one.empty)) for one in parameters)})"


def _said(given: Iterable[str], options: Iterable[str]) -> str:
    return ", ".join([*given, *(f"{name}=..." for name in options)])
