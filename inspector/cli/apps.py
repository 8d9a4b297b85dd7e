"""From `module:attribute` to an ASGI application, or to an error that says where the reason stands."""

import asyncio
import contextlib
import importlib
import inspect
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import cast

from inspector.cli.app_failure import failed_in_user_code
from inspector.cli.app_target import (
    NAME_IT,
    AppLoadError,
    AppTarget,
    folder_of,
    namesake_ways,
    near_modules,
    split_target,
    usual_module,
)
from miniframework.call_fit import would_take
from miniframework.signatures import signature_of
from miniframework.types import ASGIApp

__all__ = [
    "AppLoadError",
    "AppTarget",
    "forget",
    "load_app",
    "load_app_here",
    "load_app_quietly",
    "wants_no_loop",
]

# What asyncio says. A module that failed can be imported again: Python has forgotten it, and no other one.
_NEEDS_A_LOOP = ("no running event loop", "no current event loop")
_NEEDS_NO_LOOP = ("cannot be called from a running event loop", "event loop is already running")
# What is no application by itself: taken for one, a library's own would be proposed.
_FUNCTIONS = (type, FunctionType, BuiltinFunctionType)
# What ends the command, and no import of a module.
_PASSED_ON = (KeyboardInterrupt, asyncio.CancelledError)


def load_app(target: AppTarget) -> ASGIApp:
    """Import the module and return its application; raises AppLoadError for every reason not to have it.

    A module that asks for a running event loop, as there is one when a server imports it, is given one.
    """
    try:
        return load_app_here(target)
    except AppLoadError as error:
        if not _is_about(error, _NEEDS_A_LOOP):
            raise
        forget(error)
    return asyncio.run(_load_app_in_loop(target))


async def _load_app_in_loop(target: AppTarget) -> ASGIApp:
    return load_app_here(target)


def wants_no_loop(error: AppLoadError) -> bool:
    """Whether the module would run an event loop of its own, which cannot be done inside of another one."""
    return _is_about(error, _NEEDS_NO_LOOP)


def forget(error: AppLoadError) -> None:
    """Let go of what a module had made when it failed, for it is imported again; coroutines go quietly."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        traceback.clear_frames(error.__cause__.__traceback__ if error.__cause__ else None)


def load_app_here(target: AppTarget) -> ASGIApp:
    """Do the same with or without a running event loop, as it is here."""
    module_name, attribute = split_target(target)
    folder = folder_of(target)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    with _own_arguments_hidden():
        found = _find_attribute(_import(module_name, folder, target), attribute, target, folder)
        if target.factory:
            found = _call_factory(found, target)
    return _as_asgi(found, target)


def load_app_quietly(target: AppTarget) -> ASGIApp:
    """Do the same for a command whose output others read: what the module prints goes to stderr."""
    with contextlib.redirect_stdout(sys.stderr):
        return load_app(target)


@contextlib.contextmanager
def _own_arguments_hidden() -> Iterator[None]:
    """Let settings that read the command line find none: what stands there is for us."""
    kept = sys.argv
    sys.argv = kept[:1]
    try:
        yield
    finally:
        sys.argv = kept


def _is_about(error: AppLoadError, words: Sequence[str]) -> bool:
    cause = error.__cause__
    return isinstance(cause, RuntimeError) and any(one in str(cause) for one in words)


def _import(name: str, folder: Path, target: AppTarget) -> ModuleType:
    importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(error.name + ".")):
            problem = f"no module named {error.name!r} (looked in {folder} and on sys.path)"
            ways_out = namesake_ways(name, folder) or near_modules(name, folder)
            raise AppLoadError(problem, *ways_out) from error
        raise failed_in_user_code(f"importing {name!r}", error, target) from error
    except _PASSED_ON:
        raise
    except BaseException as error:  # SystemExit, and what tests and schedulers derive for themselves
        raise failed_in_user_code(f"importing {name!r}", error, target) from error


def _find_attribute(module: ModuleType, attribute: str, target: AppTarget, folder: Path) -> object:
    found: object = module
    for name in attribute.split("."):
        try:
            found = getattr(found, name)
        except AttributeError as error:
            where = getattr(module, "__file__", None) or module.__name__
            ways_out = namesake_ways(module.__name__, folder) or _near_attributes(module, attribute)
            raise AppLoadError(
                f"{where}: module {module.__name__!r} has no {attribute!r}", *ways_out
            ) from error
        except _PASSED_ON:
            raise
        except BaseException as error:  # a module's __getattr__, a property
            raise failed_in_user_code(f"reading {target.text!r}", error, target) from error
    return found


def _near_attributes(module: ModuleType, attribute: str) -> list[str]:
    public = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    others = [name for name, value in public.items() if not isinstance(value, (type, ModuleType))]
    near = get_close_matches(attribute, others, n=1) or _applications(module)[:1]
    if near:
        return [f"did you mean {module.__name__}:{near[0]}?"]
    inner = usual_module(module)
    return [f"did you mean {inner}:{attribute}?"] if inner else [NAME_IT]


def _applications(module: ModuleType) -> list[str]:
    return [name for name, value in vars(module).items() if not name.startswith("_") and _is_app(value)]


def _is_app(value: object) -> bool:
    return callable(value) and not isinstance(value, _FUNCTIONS) and _takes_three(value)


def _call_factory(factory: object, target: AppTarget) -> object:
    if not callable(factory) or _is_app(factory):
        why = "an application" if callable(factory) else "which cannot be called"
        raise AppLoadError(
            f"{target.text!r} with --factory is a {type(factory).__name__!r}, {why}",
            "leave --factory out when it is the application itself",
        )
    try:
        made = factory()
    except _PASSED_ON:
        raise
    except BaseException as error:
        raise failed_in_user_code(f"calling {target.text}()", error, target) from error
    if inspect.iscoroutine(made):
        made.close()  # else Python warns that nobody awaited it
        raise AppLoadError(
            f"{target.text!r} with --factory is an async function; a factory is called before any event loop",
            "make it with def, and do what must be awaited in the application's lifespan",
        )
    return made


def _as_asgi(value: object, target: AppTarget) -> ASGIApp:
    if isinstance(value, ModuleType):
        inner = _applications(value)
        way_out = f"did you mean {value.__name__}:{inner[0]}?" if inner else NAME_IT
        raise AppLoadError(f"{target.text!r} is a module, not an ASGI application", way_out)
    if not callable(value):
        raise AppLoadError(
            f"{target.text!r} is a {type(value).__name__!r} ({_short(value)}), not an ASGI application",
            NAME_IT,
        )
    if hasattr(value, "wsgi_app") or _names(value) == ["environ", "start_response"]:
        raise AppLoadError(
            f"{target.text!r} is a WSGI application, not an ASGI one",
            "wrap it: app = a2wsgi.WSGIMiddleware(app)",
        )
    if isinstance(value, type):
        raise AppLoadError(
            f"{target.text!r} is the class {value.__name__}, not an application that was made of it",
            f"make one, as in app = {value.__name__}(), and name that",
        )
    if not _takes_three(value) and inspect.iscoroutinefunction(value):
        raise AppLoadError(
            f"{target.text!r} is an async function that does not take (scope, receive, send)",
            NAME_IT,
        )
    if not _takes_three(value):
        raise AppLoadError(
            f"{target.text!r} is a {type(value).__name__!r} that does not take (scope, receive, send)",
            "if it is a function that makes the application, add --factory",
        )
    return cast(ASGIApp, value)


def _takes_three(value: Callable[..., object]) -> bool:
    """Whether `value(scope, receive, send)` would be accepted; a class would make an object of them."""
    return not isinstance(value, type) and would_take(value, ("scope", "receive", "send"))


def _names(value: Callable[..., object]) -> list[str]:
    try:
        return list(signature_of(value).parameters)
    except (TypeError, ValueError):  # a built-in without a signature
        return []


def _short(value: object) -> str:
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001 - named boundary: an object of the user's describes itself
        return f"its repr() raises {type(error).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."
