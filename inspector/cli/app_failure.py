"""Why an application could not be had, where the reason stands in the user's own code."""

import importlib
import traceback
from pathlib import Path
from types import TracebackType

from inspector.cli.app_target import AppLoadError, AppTarget, folder_of
from inspector.cli.environment import ways_to_environment, ways_to_variable
from miniframework.errors import RegistrationError

# Whoever imports a module or calls a factory: nobody's mistake is there.
_OURS = (str(Path(__file__).with_name("apps.py")),)


def failed_in_user_code(doing: str, error: BaseException, target: AppTarget) -> AppLoadError:
    """Return what to tell of an error that was raised while we were `doing` something for the target."""
    folder = str(folder_of(target))
    own_frames = _user_traceback(error.__traceback__)
    if isinstance(error, RegistrationError):
        return AppLoadError(str(error))  # it names file, line and way out; the frames are all the framework's
    trace = "".join(traceback.format_exception(type(error), error, own_frames))
    said = f"the module called sys.exit({error.code!r})" if isinstance(error, SystemExit) else str(error)
    reason = f"{type(error).__name__}: {said}" if said else type(error).__name__
    problem = f"{_place(error, own_frames, folder)}{doing} failed: {reason}"
    ways_out = (
        _ways_into_package(error, target.text, folder)
        or ways_to_environment(error, folder)
        or ways_to_variable(error)
    )
    return AppLoadError(problem, *ways_out, trace=trace)


def _ways_into_package(error: BaseException, text: str, folder: str) -> list[str]:
    """Return what to do where a module of a package was imported as if it stood alone."""
    if not (isinstance(error, ImportError) and "no known parent package" in str(error)):
        return []
    here = Path(folder)
    return [f"it is part of a package, name that: --app-dir {here.parent} {here.name}.{text}"]


def _user_traceback(trace: TracebackType | None) -> TracebackType | None:
    """Return the traceback from the first frame that is neither ours nor the import machinery's."""
    while trace is not None and _is_machinery(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return trace


def _is_machinery(file: str) -> bool:
    return file in (*_OURS, importlib.__file__) or file.startswith("<frozen importlib")


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
