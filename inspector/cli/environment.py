"""A library that is missing: whether this command runs in another environment than the application does."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

# Where projects keep their environment, as venv, uv, Poetry and Hatch make it.
_FOLDERS = (".venv", "venv", "env")
_PYTHON = "Scripts/python.exe" if os.name == "nt" else "bin/python"


def ways_to_environment(error: BaseException, folder: str) -> list[str]:
    """Return what to do about a library that is not installed here; nothing for any other error.

    A tool that was installed by itself (with pipx, uvx) has an environment without any application's
    libraries. Named is the environment that is active, or at or above `folder`, the application's.
    """
    if not isinstance(error, ModuleNotFoundError) or not error.name or _is_installed(error.name):
        return []
    missing = error.name.partition(".")[0]
    other = next(_environments(Path(folder).resolve()), None)
    if other is None:
        return [
            f"{missing!r} is not installed where this command runs, {sys.prefix}: install it there, or"
            " route-inspector where the application's libraries are, and run it by: python -m inspector"
        ]
    if other.resolve() == Path(sys.prefix).resolve():
        return []
    return [
        f"this command runs in {sys.prefix}, where {missing!r} is not installed; install route-inspector in"
        f" {other}, and run it by: {other / _PYTHON} -m inspector"
    ]


def ways_to_variable(error: BaseException) -> list[str]:
    """Return what to do about a variable of the environment that is not set; nothing for any other error."""
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    if not isinstance(error, KeyError) or innermost is None:
        return []
    if innermost.tb_frame.f_code is not type(os.environ).__getitem__.__code__:
        return []
    name = error.args[0]
    return [f"set {name} in the environment, or let `inspector run` read a file of it: --env-file FILE"]


def _is_installed(name: str) -> bool:
    """Whether the top of a dotted name can be imported, so that something in it is missing."""
    top = name.partition(".")[0]
    try:
        return top in sys.modules or importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False


def _environments(folder: Path) -> Iterator[Path]:
    """The environments that the application may be meant to run in, the likeliest first."""
    active = os.environ.get("VIRTUAL_ENV")
    places = [parent / name for parent in (folder, *folder.parents) for name in _FOLDERS]
    for place in [Path(active), *places] if active else places:
        if (place / _PYTHON).exists():
            yield place
