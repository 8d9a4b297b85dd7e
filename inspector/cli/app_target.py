"""`MODULE:ATTRIBUTE` as people write it: read, or refused with what was probably meant."""

import os
import re
import sys
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType

from miniframework.records import dataclass

NAME_IT = "name the variable that holds the application"
# A drive of Windows, whose colon parts nothing: C:\shop\main.py:app, C:/shop/main.py.
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
# What a package's module with the application is usually called.
_USUAL_MODULES = ("main", "app", "asgi", "server", "api")


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


def folder_of(target: AppTarget) -> Path:
    """Return the folder to look in. Raises AppLoadError where there is none."""
    try:
        folder = Path(target.app_dir).resolve()
    except OSError as error:  # the current one was deleted
        raise AppLoadError(f"--app-dir {target.app_dir!r} cannot be found: {error.strerror}") from error
    if not folder.is_dir():
        raise AppLoadError(
            f"--app-dir {target.app_dir!r} is no folder (looked at {folder})",
            "name the folder that holds the module",
        )
    return folder


def split_target(target: AppTarget) -> tuple[str, str]:
    """Return the names of the module and of the attribute. Raises AppLoadError for what is neither."""
    module_name, colon, attribute = _cut(target.text)
    if module_name.endswith(".py") or "/" in module_name or "\\" in module_name:
        raise AppLoadError(
            f"{target.text!r} names a file; a module is needed",
            _way_to_file(module_name, attribute or "app", folder_of(target)),
        )
    if not (module_name and colon and attribute):
        raise AppLoadError(
            f"{target.text!r} is not of the form MODULE:ATTRIBUTE",
            "name the variable that holds the application, for example "
            + _with_attribute(module_name, folder_of(target)),
        )
    parts = [part.strip() for part in module_name.split(".")]
    if parts != module_name.split(".") or not all(parts):
        meant = ".".join(part for part in parts if part) or "main"
        raise AppLoadError(
            f"{target.text!r}: {module_name!r} is no name of a module: dots stand between its parts",
            f"did you mean {meant}:{attribute.strip()}?",
        )
    return module_name, attribute


def near_modules(name: str, folder: Path) -> list[str]:
    """Return what to do about a module that is not there."""
    top = name.partition(".")[0]
    source = folder / "src"
    if (source / top).is_dir() or (source / f"{top}.py").is_file():
        return [f"it is in {str(source)!r}: --app-dir {source}"]
    found, parts = folder, name.split(".")
    while len(parts) > 1 and (found / parts[0]).is_dir():
        found /= parts.pop(0)
    near = get_close_matches(parts[0], _modules_in(found), n=1)
    before = list(found.relative_to(folder).parts)
    ways = [f"did you mean {'.'.join([*before, near[0]])!r}?"] if near else []
    return ways if near and before else [*ways, "say where it is: --app-dir DIRECTORY"]


def namesake_ways(name: str, folder: Path) -> list[str]:
    """Return what to do where a file in the folder has the name of another module, which came before it."""
    top = name.partition(".")[0]
    loaded = getattr(sys.modules.get(top), "__file__", None)
    ours = [place for place in (folder / top / "__init__.py", folder / f"{top}.py") if place.is_file()]
    if not ours or (loaded is not None and Path(loaded).resolve().is_relative_to(folder)):
        return []
    other = f"that of {loaded}" if loaded else "a module of Python's own"
    return [f"{ours[0]} has the same name as {other}, which was imported before it: give it another one"]


def usual_module(package: ModuleType) -> str | None:
    """Return the module of a package that usually holds the application, None where there is none."""
    for place in getattr(package, "__path__", ()):
        for name in _USUAL_MODULES:
            if (Path(place) / f"{name}.py").is_file():
                return f"{package.__name__}.{name}"
    return None


def _modules_in(folder: Path) -> list[str]:
    modules = [place.stem for place in folder.glob("*.py")]
    return modules + [place.parent.name for place in folder.glob("*/__init__.py")]


def _cut(text: str) -> tuple[str, str, str]:
    drive = text[:2] if _DRIVE.match(text) else ""
    module_name, colon, attribute = text.removeprefix(drive).partition(":")
    return drive + module_name, colon, attribute


def _way_to_file(file: str, attribute: str, folder: Path) -> str:
    """Return how the module in a file is named: by its package, and the folder where that begins."""
    place = _find_file(folder, file)
    if place is None:
        return _way_to_no_file(file, attribute)
    parts = [] if place.stem == "__init__" else [place.stem]
    begin = place.parent
    while (begin / "__init__.py").is_file():
        parts.insert(0, begin.name)
        begin = begin.parent
    if len(parts) == 1 and begin.name != "src" and begin.is_relative_to(folder):
        parts = [*begin.relative_to(folder).parts, *parts]  # without __init__.py a folder is a package, too
        begin = folder
    where = "" if begin == folder else f"--app-dir {begin} "
    return f"write it with dots: {where}{'.'.join(parts)}:{attribute}"


def _find_file(folder: Path, file: str) -> Path | None:
    for name in (file, file.replace("\\", "/")):
        for place in (folder / name, folder / f"{name}.py", folder / name / "__init__.py"):
            if os.path.isfile(place):  # unlike Path's, False for a name that is too long
                return place.resolve()
    return None


def _way_to_no_file(file: str, attribute: str) -> str:
    parts = file.removesuffix(".py").replace("\\", "/").removeprefix("./").split("/")
    if _DRIVE.match(file) or not all(parts) or ".." in parts:
        return f"there is no such file; a module is named with dots, as in shop.main:{attribute}"
    return f"write it with dots: {'.'.join(parts)}:{attribute}"


def _with_attribute(module_name: str, folder: Path) -> str:
    """Return an example with both names; `shop.main.app` has a dot where the colon belongs."""
    before, dot, last = module_name.rpartition(".")
    if dot and last and _is_module(before, folder) and not _is_module(module_name, folder):
        return f"{before}:{last}"
    return f"{module_name or 'main'}:app"


def _is_module(name: str, folder: Path) -> bool:
    place = folder.joinpath(*name.split("."))
    return place.is_dir() or place.with_name(f"{place.name}.py").is_file()
