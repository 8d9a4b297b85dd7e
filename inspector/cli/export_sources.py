"""The exchanges that a command line names: of a recording, by id, or of a running dashboard."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inspector.cli.dashboard_url import DashboardUrl, ask_dashboard, parse_dashboard_url
from inspector.cli.filter_option import read_filter
from inspector.cli.terminal import StartRefused
from inspector.errors import CodecError, JournalError
from inspector.journal.codec import decode_exchange
from inspector.journal.recorded_exchanges import read_recorded_exchanges, read_recorded_rows
from inspector.journal.recording_file import is_recording
from inspector.model import Exchange
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which exchanges: those whose id begins so, and that a filter passes; all of them without either."""

    ids: tuple[str, ...] = ()
    filter_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was found; `target` is the application as the recording names it, None when it does not."""

    exchanges: Sequence[Exchange]
    target: str | None = None


def read_source(source: str, journal: Path, wanted: Wanted) -> Chosen:
    """Read what a command names: a dashboard's URL, a recording, or an exchange of `journal`. Raises
    StartRefused.
    """
    if source.startswith(("http://", "https://")):
        return _read_dashboard(source, wanted)
    return _read_recording(source, journal, wanted)


def _read_recording(source: str, journal: Path, wanted: Wanted) -> Chosen:
    file = Path(source)
    if not is_recording(file):
        if file.exists() or file.suffix:
            raise StartRefused(
                f"{source!r} is no recording" if file.exists() else f"there is no recording {source!r}",
                "name the file that `inspector run` wrote, such as .inspector/journal.db",
            )
        file, wanted = journal, Wanted(ids=(source, *wanted.ids), filter_text=wanted.filter_text)
    try:
        found = read_recorded_exchanges(file, choose_ids(read_recorded_rows(file), wanted))
    except JournalError as error:
        raise StartRefused(f"the recording cannot be used: {error}") from error
    return Chosen(exchanges=found.exchanges, target=found.target)


def _read_dashboard(source: str, wanted: Wanted) -> Chosen:
    dashboard = parse_dashboard_url(source)
    app = ask_dashboard(dashboard, "api/app", {})
    exchanges = []
    for exchange_id in choose_ids(_all_rows(dashboard), wanted):
        document = ask_dashboard(dashboard, f"api/exchanges/{exchange_id}/record", {})
        try:
            exchanges.append(decode_exchange(document))
        except CodecError as error:
            raise StartRefused(f"{exchange_id} cannot be read: {error}", "upgrade route-inspector") from error
    statuses = app["status"] if app["mode"] == "run" else []
    return Chosen(exchanges=exchanges, target=statuses[-1]["target"] if statuses else None)


def _all_rows(dashboard: DashboardUrl) -> list[dict[str, Any]]:
    """Every row the journal holds, by start; read in steps, as the API gives them."""
    rows: dict[str, dict[str, Any]] = {}
    head = 0
    while True:
        answer = ask_dashboard(dashboard, "api/exchanges", {"after": str(head)})
        rows |= {row["id"]: row for row in answer["rows"]}
        if answer["head"] == head:
            return sorted(rows.values(), key=lambda row: row["started"])
        head = answer["head"]


def choose_ids(rows: Sequence[dict[str, Any]], wanted: Wanted) -> list[str]:
    """The ids of the rows that are wanted, in their order. Raises StartRefused for a mistake in the filter,
    and for an id that none begins with, or several.
    """
    passing = read_filter(wanted.filter_text)
    for beginning in wanted.ids:
        found = [row["id"] for row in rows if row["id"].startswith(beginning)]
        if len(found) != 1 and beginning not in found:
            problem = f"{len(found)} exchanges begin" if found else "no exchange begins"
            raise StartRefused(f"{problem} with {beginning!r}", "the list shows ids: inspector tail --json")
    return [
        row["id"]
        for row in rows
        if passing.passes(row) and (not wanted.ids or row["id"].startswith(wanted.ids))
    ]
