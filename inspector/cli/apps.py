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
from types import FunctionType, ModuleType, TracebackType
from typing import cast

from inspector.cli.environment import ways_to_environment
from miniframework.call_fit import would_take
from miniframework.errors import RegistrationError
from miniframework.records import dataclass
from miniframework.types import ASGIApp

# What asyncio says. A module that failed can be imported again: Python has forgotten it, and no other one.
_NEEDS_A_LOOP = ("no running event loop", "no current event loop")
_NEEDS_NO_LOOP = ("cannot be called from a running event loop", "event loop is already running")
_NAME_IT = "name the variable that holds the application"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppTarget:
    """Where the application is: `module:attribute`, looked for in `app_dir` first.

    With `factory` the attribute is called without arguments and gives the application.
    """

    text: str
    app_dir: str = "."
    factory: bool = False


class AppLoadError(Exception):
    """The application could not be had.

    `message` is one line with the place and the reason; `ways_out` say what to do; `trace` is the
    traceback of the user's own code, empty when the message says it all.
    """

    def __init__(self, message: str, *ways_out: str, trace: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.ways_out = ways_out
        self.trace = trace


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
    module_name, attribute = _split(target)
    folder = str(Path(target.app_dir).resolve())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    with _own_arguments_hidden():
        found = _find_attribute(_import(module_name, folder), attribute, target)
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


def _split(target: AppTarget) -> tuple[str, str]:
    module_name, colon, attribute = target.text.partition(":")
    if module_name.endswith(".py") or "/" in module_name or "\\" in module_name:
        dotted = module_name.removesuffix(".py").replace("\\", "/").strip("./").replace("/", ".")
        raise AppLoadError(
            f"{target.text!r} names a file; a module is needed",
            f"write it with dots: {dotted}:{attribute or 'app'}",
        )
    if not (module_name and colon and attribute):
        raise AppLoadError(
            f"{target.text!r} is not of the form MODULE:ATTRIBUTE",
            f"name the variable that holds the application, for example {module_name or 'main'}:app",
        )
    return module_name, attribute


def _import(name: str, folder: str) -> ModuleType:
    importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(error.name + ".")):
            problem = f"no module named {error.name!r} (looked in {folder} and on sys.path)"
            raise AppLoadError(problem, *_near_modules(name, folder)) from error
        raise _failed_in_user_code(f"importing {name!r}", error, folder) from error
    except (Exception, SystemExit) as error:
        raise _failed_in_user_code(f"importing {name!r}", error, folder) from error


def _near_modules(name: str, folder: str) -> list[str]:
    here = Path(folder)
    top = name.partition(".")[0]
    if (here / "src" / top).is_dir() or (here / "src" / f"{top}.py").is_file():
        return [f"it is in {str(here / 'src')!r}: --app-dir {here / 'src'}"]
    names = [place.stem for place in here.glob("*.py")]
    names += [place.parent.name for place in here.glob("*/__init__.py")]
    near = get_close_matches(top, names, n=1)
    ways = [f"did you mean {near[0]!r}?"] if near else []
    return [*ways, "say where it is: --app-dir DIRECTORY"]


def _find_attribute(module: ModuleType, attribute: str, target: AppTarget) -> object:
    found: object = module
    for name in attribute.split("."):
        try:
            found = getattr(found, name)
        except AttributeError as error:
            where = getattr(module, "__file__", None) or module.__name__
            raise AppLoadError(
                f"{where}: module {module.__name__!r} has no {attribute!r}",
                *_near_attributes(module, attribute, target),
            ) from error
    return found


def _near_attributes(module: ModuleType, attribute: str, target: AppTarget) -> list[str]:
    public = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    applications = [name for name, value in public.items() if _is_app(value)]
    near = get_close_matches(attribute, public, n=1) or applications[:1]
    module_name = target.text.partition(":")[0]
    return [f"did you mean {module_name}:{near[0]}?"] if near else [_NAME_IT]


def _is_app(value: object) -> bool:
    return callable(value) and not isinstance(value, (type, FunctionType)) and _takes_three(value)


def _call_factory(factory: object, target: AppTarget) -> object:
    if not callable(factory) or _is_app(factory):
        why = "an application" if callable(factory) else "which cannot be called"
        raise AppLoadError(
            f"{target.text!r} with --factory is a {type(factory).__name__!r}, {why}",
            "leave --factory out when it is the application itself",
        )
    try:
        made = factory()
    except (Exception, SystemExit) as error:
        raise _failed_in_user_code(f"calling {target.text}()", error, target.app_dir) from error
    if inspect.iscoroutine(made):
        made.close()  # else Python warns that nobody awaited it
        raise AppLoadError(
            f"{target.text!r} with --factory is an async function; a factory is called before any event loop",
            "make it with def, and do what must be awaited in the application's lifespan",
        )
    return made


def _as_asgi(value: object, target: AppTarget) -> ASGIApp:
    if not callable(value):
        raise AppLoadError(
            f"{target.text!r} is a {type(value).__name__!r} ({_short(value)}), not an ASGI application",
            _NAME_IT,
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
        return list(inspect.signature(value).parameters)
    except (TypeError, ValueError):  # a built-in without a signature
        return []


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _failed_in_user_code(doing: str, error: BaseException, folder: str) -> AppLoadError:
    own_frames = _user_traceback(error.__traceback__)
    if isinstance(error, RegistrationError):
        return AppLoadError(str(error))  # it names file, line and way out; the frames are all the framework's
    trace = "".join(traceback.format_exception(type(error), error, own_frames))
    said = f"the module called sys.exit({error.code!r})" if isinstance(error, SystemExit) else str(error)
    reason = f"{type(error).__name__}: {said}" if said else type(error).__name__
    problem = f"{_place(error, own_frames, folder)}{doing} failed: {reason}"
    ways_out = _ways_into_package(error, folder) or ways_to_environment(error, folder)
    return AppLoadError(problem, *ways_out, trace=trace)


def _ways_into_package(error: BaseException, folder: str) -> list[str]:
    """Return what to do where a module of a package was imported as if it stood alone."""
    if not (isinstance(error, ImportError) and "no known parent package" in str(error)):
        return []
    here = Path(folder).resolve()
    return [f"it is part of a package, name that: --app-dir {here.parent} {here.name}.MODULE:ATTRIBUTE"]


def _user_traceback(trace: TracebackType | None) -> TracebackType | None:
    """Return the traceback from the first frame that is neither ours nor the import machinery's."""
    while trace is not None and _is_machinery(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return trace


def _is_machinery(file: str) -> bool:
    return file in (__file__, importlib.__file__) or file.startswith("<frozen importlib")


def _place(error: BaseException, trace: TracebackType | None, folder: str) -> str:
    """Return `file:line: ` of the deepest frame in the user's own folder, else of the deepest one."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}: "
    frames = [frame for frame in traceback.extract_tb(trace) if not _is_machinery(frame.filename)]
    own = [frame for frame in frames if _is_own(frame.filename, folder)]
    deepest = (own or frames)[-1:]
    return "".join(f"{frame.filename}:{frame.lineno}: " for frame in deepest)


def _is_own(file: str, folder: str) -> bool:
    return Path(file).is_relative_to(folder) and "site-packages" not in Path(file).parts
