"""`inspector check --fix`: the dead routes revived by a patch, or told how where no patch can do it."""

import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from inspector.analysis.errors import TooLargeError
from inspector.analysis.repair import Repair, propose_repair
from inspector.cli.analysed import is_application, named_table
from inspector.cli.apps import AppTarget
from inspector.cli.source_patch import CannotPatchError, ChangedFile, diff_text, patch_files, write_files
from inspector.cli.table_process import import_elsewhere
from inspector.cli.terminal import StartRefused, escape_block, escape_controls, give, say
from miniframework.records import dataclass
from miniframework.routing.table import RouteTable

# Where something is declared is not how it routes.
_PLACES = frozenset({"fingerprint", "index", "file", "line"})
_AFTERWARDS = "not together with these moves; ask again when they are made"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A repair with the files that make it; without files, `why` there are none."""

    repair: Repair
    files: tuple[ChangedFile, ...] = ()
    why: str = ""


def fix_dead(target: AppTarget, numbers: Collection[str], *, write: bool) -> int:
    """Print the patch that revives the dead ones of these routes, or with `write` make it.

    A patch is shown only when the application, imported with it in another process, has exactly the proposed
    table. Words go to stderr. Returns 1 when something is left to be done, else 0. Raises StartRefused.
    """
    try:
        plan, by_hand = _Fixing(target, named_table(target)).plan(numbers)
    except TooLargeError as error:
        raise StartRefused(f"{target.text!r} cannot be repaired: {error}") from error
    _say(plan, by_hand)
    if not plan.files:
        return 1 if by_hand or plan.repair.left else 0
    if not write:
        text = diff_text(plan.files).removesuffix("\n")
        give(escape_block(text) if sys.stdout.isatty() else text)
        return 1
    write_files(plan.files)
    say(f"inspector: written: {', '.join(file.name for file in plan.files)}")
    return 1 if by_hand or plan.repair.left else 0


class _Fixing:
    """The search for files that make a repair."""

    def __init__(self, target: AppTarget, table: RouteTable) -> None:
        self._target = target
        self._table = table

    def plan(self, numbers: Collection[str]) -> tuple[_Plan, list[_Plan]]:
        """The repair of as many as files can revive together, and those to be made by hand."""
        whole = self._attempt(numbers)
        if whole.files or not whole.repair.moves:
            return whole, []
        nothing = replace(whole, repair=replace(whole.repair, moves=(), revived=()))
        singles = {route.number: self._attempt([route.number]) for route in whole.repair.revived}
        able = [number for number, plan in singles.items() if plan.files]
        if not able:
            return nothing, [whole]
        together = self._attempt(able)
        made = together if together.files else singles[able[0]]
        revived = {route.number for route in made.repair.revived}
        rest = self._attempt([number for number in singles if number not in revived])
        by_hand = replace(rest, why=rest.why or _AFTERWARDS) if rest.repair.moves else whole
        return replace(made, repair=replace(made.repair, left=whole.repair.left)), [by_hand]

    def _attempt(self, numbers: Collection[str]) -> _Plan:
        """The first of the two equally small repairs that files can make."""
        plans = [self._with_files(propose_repair(self._table, numbers))]
        if plans[0].repair.moves and not plans[0].files:
            plans.append(self._with_files(propose_repair(self._table, numbers, move_blockers=True)))
        return next((plan for plan in plans if plan.files), plans[0])

    def _with_files(self, repair: Repair) -> _Plan:
        if not repair.moves or not is_application(self._target):
            return _Plan(repair=repair, why="the application itself must be named for a patch")
        try:
            files = patch_files(repair.moves)
            imported = import_elsewhere(self._target, {file.path: file.new for file in files})
        except CannotPatchError as error:
            return _Plan(repair=repair, why=str(error))
        except StartRefused as refused:
            return _Plan(repair=repair, why=f"with these moves made: {refused.message}")
        if _routing(imported.snapshot) != _routing(repair.table.snapshot()):
            return _Plan(repair=repair, why="these moves in the files lead to another table")
        return _Plan(repair=repair, files=tuple(files))


def _say(plan: _Plan, by_hand: Sequence[_Plan]) -> None:
    moves = plan.repair.moves if plan.files else ()
    for move in moves:
        say(f"inspector: {escape_controls(move.words)}")
    for other in by_hand:
        for move in other.repair.moves:
            say(f"inspector: by hand: {escape_controls(move.words)}")
        say(f"  no patch can do it: {escape_controls(other.why)}")
    for route, why in plan.repair.left:
        say(f"inspector: {escape_controls(f'{route.place} stays dead: {why}')}")
    if not moves and not by_hand and not plan.repair.left:
        say("inspector: no route is dead")


def _routing(document: Any) -> Any:
    """A snapshot without places."""
    if isinstance(document, dict):
        return {key: _routing(value) for key, value in document.items() if key not in _PLACES}
    return [_routing(value) for value in document] if isinstance(document, list) else document
