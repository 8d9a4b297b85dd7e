"""`inspector import`: a HAR of a browser or a proxy as a recording that `inspector open` shows."""

import contextlib
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.terminal import StartRefused, escape_controls, give, say

if TYPE_CHECKING:  # `inspector --help` needs none
    from inspector.model import Exchange

_MOST_TOLD = 20  # problems that are told one by one; all are counted
_STORED_AT_ONCE = 200


@click.command(name="import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Recording to make; it must not be there.  [default: FILE with .db]",
)
@click.option("--redact/--no-redact", default=True, help="Take secrets out, as a recording does.  [--redact]")
@click.option("--json", "as_json", is_flag=True, help="Print what was imported as JSON.")
def import_har(file: Path, output: Path | None, redact: bool, as_json: bool) -> None:
    """Make a recording of a HAR file (HTTP Archive 1.2). Nothing is sent anywhere.

    An entry that cannot be read is told with its place and left out; exit code 1 then.
    """
    from inspector.exchange_files.errors import HarError
    from inspector.exchange_files.har_read import read_har

    target = output or file.with_suffix(".db")
    if target.exists():
        raise StartRefused(f"{str(target)!r} is there already", "name another file: --output PATH")
    try:
        found = read_har(_read(file), _make_id)
    except HarError as error:
        raise StartRefused(f"{str(file)!r} is no HAR: {error}") from error
    for problem in found.problems[:_MOST_TOLD]:
        say(f"inspector: left out: {escape_controls(problem)}")
    if not found.exchanges:
        raise StartRefused(f"{str(file)!r} holds no request that could be read")
    stored = _store(target, list(found.exchanges), redact=redact)
    told = {
        "recording": str(target),
        "imported": stored,
        "left_out": len(found.problems),
        "no_requests": found.no_requests,
        "problems": list(found.problems),
    }
    give(json.dumps(told, indent=2) if as_json else str(target))
    say(
        f"inspector: {stored} requests imported, {len(found.problems)} left out,"
        f" {found.no_requests} that never left the browser (data:, blob: ...) passed over"
    )
    if found.problems:
        raise SystemExit(1)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="surrogatepass")
    except OSError as error:
        raise StartRefused(f"{str(file)!r} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise StartRefused(f"{str(file)!r} is no HAR: it is not UTF-8 ({error})") from error


def _make_id(started_unix_ns: int) -> str:
    from miniframework.tap import make_exchange_id

    return make_exchange_id(started_unix_ns, random.getrandbits(62))


def _store(target: Path, exchanges: "list[Exchange]", *, redact: bool) -> int:
    """Write the recording; nothing is left of it when that fails. Of equal ids the last one counts."""
    from inspector.errors import JournalError
    from inspector.journal.protocol import JournalLimits, Saved
    from inspector.journal.sqlite import SqliteJournal
    from inspector.redaction import Redactor

    redactor = Redactor()
    # An archive may be old and large; all of it was asked for.
    limits = JournalLimits(max_bytes=2**60, max_exchanges=2**40, max_age_s=float(2**40))
    try:
        with contextlib.closing(SqliteJournal(target, limits)) as journal:
            for at in range(0, len(exchanges), _STORED_AT_ONCE):
                chunk = exchanges[at : at + _STORED_AT_ONCE]
                journal.append([Saved(redactor.redact(one) if redact else one) for one in chunk])
            return journal.bounds().exchanges
    except (JournalError, OSError) as error:
        for suffix in ("", "-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        problem = f"the recording cannot be made: {error}"
        raise StartRefused(problem, "name another file: --output PATH") from error
