"""What would become of recorded requests, of URL space and of the findings if a route table were edited."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inspector.analysis.check import check_table
from inspector.analysis.edits import Edit
from inspector.analysis.errors import TooLargeError
from inspector.analysis.finding import Finding, RouteName
from inspector.analysis.recorded import RecordedRequests
from inspector.analysis.rematch import AskedTable, MovedRequest, describe_moved, rematch
from inspector.analysis.table_diff import Change, compare_tables
from inspector.analysis.table_edit import EditedTable, edit_table
from miniframework.records import dataclass
from miniframework.routing.table import RouteTable

MOST_MOVED = 500  # in one answer; more are only counted

FindFindings = Callable[[RouteTable], Sequence[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What holds whatever was recorded: regions that change, findings `gone` of the old table, and `come`."""

    regions: tuple[Change, ...] = ()
    gone: tuple[Finding, ...] = ()
    come: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The edited table and all that comes of it.

    `proof` is None when nothing could be proved, which `failed` says why, or when it was not asked for.
    """

    old: AskedTable
    edited: EditedTable
    new: AskedTable
    recorded: RecordedRequests
    moved: tuple[MovedRequest, ...]
    proof: Proof | None
    failed: str | None

    def to_dict(self, most: int = MOST_MOVED) -> dict[str, Any]:
        """JSON-able values, with at most so many moved requests; without a proof no edited table."""
        proof = self.proof or Proof()
        return {
            "table": self.old.table.fingerprint,
            "snapshot": None if self.proof is None else self.new.table.snapshot(),
            "origins": _changed_numbers(self.edited),
            "asked": len(self.recorded.requests),
            "unasked": dict(self.recorded.unasked),
            "moved": [describe_moved(moved, self.old, self.new) for moved in self.moved[:most]],
            "moved_total": len(self.moved),
            "proved": self.proof is not None,
            "regions": [change.to_dict() for change in proof.regions],
            "findings": {
                "gone": [finding.to_dict() for finding in proof.gone],
                "new": [finding.to_dict() for finding in proof.come],
            },
            "failed": self.failed,
        }


def what_if(
    table: RouteTable,
    edits: Sequence[Edit],
    recorded: RecordedRequests,
    *,
    find_findings: FindFindings = check_table,
    requests_only: bool = False,
) -> WhatIf:
    """Edit a table and say what follows; nothing of the application runs. Raises BadEdit.

    With `requests_only` what was recorded is asked again and nothing is proved: a tenth of the time.
    """
    edited = edit_table(table, edits)
    return follow_edit(table, edited, recorded, find_findings=find_findings, requests_only=requests_only)


def follow_edit(
    table: RouteTable,
    edited: EditedTable,
    recorded: RecordedRequests,
    *,
    find_findings: FindFindings = check_table,
    requests_only: bool = False,
) -> WhatIf:
    """The same of a table that is edited already."""
    old, new = AskedTable(table), AskedTable(edited.table)
    moved = tuple(rematch(old, new, edited.origins, recorded.requests))
    proof, failed = None, None
    try:
        proof = None if requests_only else _prove(table, edited, find_findings)
    except TooLargeError as error:
        failed = str(error)
    return WhatIf(old=old, edited=edited, new=new, recorded=recorded, moved=moved, proof=proof, failed=failed)


def _prove(table: RouteTable, edited: EditedTable, find_findings: FindFindings) -> Proof:
    regions = compare_tables(table, edited.table)
    gone, come = _compare_findings(find_findings(table), find_findings(edited.table), edited.origins)
    return Proof(regions=tuple(regions), gone=tuple(gone), come=tuple(come))


def _compare_findings(
    before: Sequence[Finding], after: Sequence[Finding], origins: Mapping[str, str]
) -> tuple[list[Finding], list[Finding]]:
    def old_number(route: RouteName) -> str:
        return origins.get(route.number, f"new {route.number}")

    def same_number(route: RouteName) -> str:
        return route.number

    held = {_finding_key(finding, same_number) for finding in before}
    found = {_finding_key(finding, old_number) for finding in after}
    gone = [finding for finding in before if _finding_key(finding, same_number) not in found]
    come = [finding for finding in after if _finding_key(finding, old_number) not in held]
    return gone, come


def _finding_key(finding: Finding, number_of: Callable[[RouteName], str]) -> tuple[object, ...]:
    by = frozenset(number_of(route) for route in finding.by)
    return finding.kind, finding.methods, number_of(finding.route), by


def _changed_numbers(edited: EditedTable) -> dict[str, str | None]:
    changed = {number: origin for number, origin in edited.origins.items() if number != origin}
    return {**changed, **dict.fromkeys(edited.added)}
