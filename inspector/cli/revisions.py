"""Route tables out of the past: `REV:MODULE:ATTRIBUTE` is an application as a git revision has it.

The revision is checked out into a temporary folder and imported there in a process of its own; both are gone
afterwards, and neither the files nor the index of the repository are touched.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import inspector
import miniframework
from inspector.cli.apps import AppTarget
from inspector.cli.table_process import Imported, import_elsewhere
from inspector.cli.terminal import StartRefused, last_lines
from miniframework.routing.table import RouteTable

# Nothing of the user's own is run by the checkout, and large files are not fetched.
_QUIET = {"GIT_LFS_SKIP_SMUDGE": "1", "GIT_TERMINAL_PROMPT": "0"}
_OF_A_HOOK = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"})


def is_revision(text: str) -> bool:
    """Whether the text has the form REV:MODULE:ATTRIBUTE."""
    return text.count(":") >= 2 and not Path(text).exists()


def load_revision(target: AppTarget) -> RouteTable:
    """The table of the application as it was. Raises StartRefused.

    `app_dir` is the folder in the work tree whose like in the revision is looked in. The files named in the
    table are those of the work tree, the lines those of the revision.
    """
    revision, _, module = target.text.partition(":")
    here = Path(target.app_dir).resolve()
    top = Path(_git(here, "rev-parse", "--show-toplevel")).resolve()
    commit = _commit(top, revision)
    with _checked_out(top, commit) as folder:
        there = folder / here.relative_to(top)
        try:
            imported = import_elsewhere(replace(target, text=module, app_dir=str(there)))
        except StartRefused as refused:
            said = [
                text.replace(str(folder), f"{revision}:") for text in (refused.message, *refused.ways_out)
            ]
            raise StartRefused(*said, detail=refused.detail.replace(str(folder), f"{revision}:")) from refused
        _require_from(imported, folder, top, target.text)
        return RouteTable.from_snapshot(_moved_files(imported.snapshot, folder, top))


def _commit(top: Path, revision: str) -> str:
    try:
        return _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except StartRefused as refused:
        raise StartRefused(
            f"{revision!r} is no revision of the repository {str(top)!r}",
            "name a branch, a tag or a commit, as in HEAD~1:main:app",
        ) from refused


@contextmanager
def _checked_out(top: Path, commit: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="inspector-revision-") as parent:
        folder = Path(parent).resolve() / "tree"
        try:
            _git(top, "worktree", "add", "--detach", "--quiet", str(folder), commit)
            yield folder
        finally:
            # Also after a checkout that failed half-way; what git then does not know is no mistake.
            _run(top, "worktree", "remove", "--force", "--force", str(folder))
            _run(top, "worktree", "prune")


def _require_from(imported: Imported, folder: Path, top: Path, text: str) -> None:
    """Refuse a table that files of the work tree take part in: it would not be the revision's."""
    ours = [Path(folder).resolve() for one in (inspector, miniframework) for folder in one.__path__]
    installed = [place for place in (Path(sys.prefix), Path(sys.base_prefix)) if place.is_relative_to(top)]
    for file in map(Path, imported.files):
        is_today = file.is_relative_to(top) and not file.is_relative_to(folder)
        is_library = "site-packages" in file.parts or any(map(file.is_relative_to, [*ours, *installed]))
        if is_today and not is_library:
            _refuse(text, file)
    if not Path(imported.module).is_relative_to(folder):
        _refuse(text, Path(imported.module))


def _refuse(text: str, file: Path) -> None:
    raise StartRefused(
        f"{text!r} would import {str(file)!r}, which is not the revision's",
        "say in which folder of the repository its modules are, as in --app-dir src",
    )


def _moved_files(document: Any, folder: Path, top: Path) -> Any:
    """The snapshot with the places in the temporary folder said as those in the work tree."""
    if isinstance(document, list):
        return [_moved_files(value, folder, top) for value in document]
    if not isinstance(document, dict):
        return document
    moved = {key: _moved_files(value, folder, top) for key, value in document.items()}
    file = moved.get("file")
    if isinstance(file, str) and Path(file).is_relative_to(folder):
        moved["file"] = str(top / Path(file).relative_to(folder))
    return moved


def _git(folder: Path, *arguments: str) -> str:
    done = _run(folder, *arguments)
    if done.returncode != 0:
        raise StartRefused(f"git {arguments[0]} failed in {str(folder)!r}", detail=last_lines(done.stderr))
    return done.stdout.removesuffix("\n")


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Inside a hook git says by these which repository it means; here --app-dir says it.
    inherited = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    command = ["git", "-C", str(folder), "-c", f"core.hooksPath={os.devnull}", *arguments]
    try:
        return subprocess.run(
            command,
            env={**inherited, **_QUIET},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise StartRefused(
            f"git cannot be run: {error.strerror}", "a revision needs git on the path"
        ) from error
