"""Edits tried on a table: at once where every pattern is safe to run, else in a process that can be ended."""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inspector.analysis.check import check_table
from inspector.analysis.edits import parse_edits
from inspector.analysis.recorded import read_requests
from inspector.analysis.redos.suspects import is_dangerous
from inspector.analysis.spots import lay_flat
from inspector.analysis.table_edit import edit_table
from inspector.analysis.whatif import FindFindings, follow_edit
from inspector.checking.child_process import last_words, run_child
from inspector.checking.errors import CheckFailedError
from miniframework.routing.pattern import PathPattern
from miniframework.routing.table import RouteTable

DEADLINE_S = 30.0  # 10,000 requests and 1,000 routes take less than one second

Document = dict[str, Any]


def try_edits(
    table: RouteTable,
    edits: object,
    rows: Sequence[Mapping[str, Any]],
    *,
    requests_only: bool = False,
    find_findings: FindFindings = check_table,
    is_table_safe: Callable[[RouteTable], bool] | None = None,
    deadline_s: float = DEADLINE_S,
) -> Document:
    """What edits (as JSON) would do to the recorded requests of these rows, as JSON-able values.

    With `requests_only` nothing is proved of requests that were not recorded. `is_table_safe` may know the
    answer of `is_safe` for the table itself.

    A regex that runs too long cannot be interrupted and would hold up everything else in this process, so a
    suspect pattern, of the table or of the edits, is tried in a child process only. Raises BadEdit, and
    CheckFailedError when the child does not come to an end.
    """
    made = parse_edits(edits)
    edited = edit_table(table, made)
    judge = is_safe if is_table_safe is None else is_table_safe
    if judge(table) and not is_dangerous(_new_patterns(table, edited.table)):
        requests = read_requests(rows)
        return follow_edit(
            table, edited, requests, find_findings=find_findings, requests_only=requests_only
        ).to_dict()
    order = {
        "table": table.snapshot(),
        "edits": edits,
        "rows": list(rows),
        "requests_only": requests_only,
    }
    return _ask_child(order, deadline_s)


def is_safe(*tables: RouteTable) -> bool:
    """Whether every pattern of the tables may be run on any path; no pattern is run to find out."""
    return not is_dangerous(spot.entry.pattern for table in tables for spot in lay_flat(table))


def _new_patterns(old: RouteTable, new: RouteTable) -> list[PathPattern]:
    known = {id(spot.entry.pattern) for spot in lay_flat(old)}
    return [spot.entry.pattern for spot in lay_flat(new) if id(spot.entry.pattern) not in known]


def _ask_child(order: Document, deadline_s: float) -> Document:
    try:
        done = run_child("inspector.checking.trial_child", order, deadline_s)
    except subprocess.TimeoutExpired as late:
        raise CheckFailedError(
            f"no answer came in {deadline_s:g} s; a pattern may be too slow to match with"
        ) from late
    if done.returncode != 0:
        raise CheckFailedError(f"the process to try it in failed: {last_words(done)}")
    found: Document = json.loads(done.stdout)
    return found
