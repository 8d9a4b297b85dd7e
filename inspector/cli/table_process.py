"""The route table of an application that is imported in a process of its own, and forgotten with it.

There some of its files may have another text than on the disk, and another revision of a module does not meet
the one that is imported here.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import inspector
from inspector.cli.apps import AppTarget
from inspector.cli.leaving import leaving_threads_behind
from inspector.cli.tables import load_table
from inspector.cli.terminal import StartRefused, last_lines
from miniframework.records import dataclass

# Finds us where this process found us, also in a checkout that is not installed.
_BOOTSTRAP = (
    "import sys; sys.path.append(sys.argv.pop(1));"
    " from inspector.cli.table_process import command; sys.exit(command())"
)
# The same import was fast enough to be waited for, or will not come to an end.
_LONGEST_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The snapshot of a table, the file of the module that was named, and those of all that it imported."""

    snapshot: dict[str, Any]
    module: str
    files: tuple[str, ...]


def import_elsewhere(target: AppTarget, texts: Mapping[str, str] | None = None) -> Imported:
    """Import the application in a new process, with these texts for these files. Raises StartRefused."""
    request = {
        "target": [target.text, str(Path(target.app_dir).resolve()), target.factory],
        "texts": {os.path.realpath(file): text for file, text in (texts or {}).items()},
    }
    # -P: a file of the user's folder, say click.py, must not be imported in place of what we need.
    command = [sys.executable, "-P", "-c", _BOOTSTRAP, str(Path(inspector.__file__).parent.parent)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=_LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise StartRefused(f"importing {target.text!r} took longer than {_LONGEST_S:.0f} s") from error
    if done.returncode != 0:
        detail = last_lines(done.stderr.decode(errors="replace"))
        raise StartRefused(
            f"the process that imports {target.text!r} ended with {done.returncode}", detail=detail
        )
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise StartRefused(answer["refused"], *answer["ways_out"], detail=answer["detail"])
    return Imported(snapshot=answer["snapshot"], module=answer["module"], files=tuple(answer["files"]))


def command() -> int:
    """Do so and end, whatever threads the application started."""
    with leaving_threads_behind():
        return main()


def main() -> int:
    """Import what stdin asks for, answer on stdout; what the application prints goes to stderr."""
    request = json.load(sys.stdin.buffer)
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    text, app_dir, factory = request["target"]
    sys.meta_path.insert(0, _OtherTexts(request["texts"]))
    with answers:
        json.dump(_answer(AppTarget(text=text, app_dir=app_dir, factory=factory)), answers)
    return 0


def _answer(target: AppTarget) -> dict[str, Any]:
    try:
        table = load_table(target)
    except StartRefused as refused:
        return {"refused": refused.message, "ways_out": refused.ways_out, "detail": refused.detail}
    named = sys.modules[target.text.partition(":")[0]]
    files = (_file_of(module) for module in list(sys.modules.values()))
    return {
        "snapshot": table.snapshot(),
        "module": _file_of(named),
        "files": [file for file in files if file],
    }


def _file_of(module: ModuleType) -> str:
    file = getattr(module, "__file__", None)
    return os.path.realpath(file) if file else ""


class _OtherTexts(MetaPathFinder):
    """Finds modules as ever, and gives those of some files another text."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """The spec of a module that has another text; None for all others, which the next finder finds."""
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None or os.path.realpath(spec.origin) not in self._texts:
            return None
        spec.loader = _OtherText(fullname, spec.origin, self._texts[os.path.realpath(spec.origin)])
        return spec


class _OtherText(SourceFileLoader):
    """Loads one module from a text; no bytecode is read or written."""

    def __init__(self, fullname: str, path: str, text: str) -> None:
        super().__init__(fullname, path)
        self._text = text

    def path_stats(self, path: Any) -> Any:
        """Raises OSError: the file's time says nothing about this text."""
        raise OSError(f"{path!r} is not what is loaded")

    def get_data(self, path: Any) -> bytes:
        """The text instead of what the file holds."""
        return self._text.encode()
