"""What `inspector run` opens before anything starts, so that whatever cannot work is found out at once."""

import contextlib
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inspector.cli.apps import AppTarget
from inspector.cli.journal_lock import only_run
from inspector.cli.listening import bind, bind_near, require_loopback
from inspector.cli.options import DEFAULT_DASHBOARD_PORT, DEFAULT_PORT
from inspector.cli.terminal import StartRefused
from inspector.errors import InspectorError
from inspector.journal.protocol import Journal, StatusSaved
from inspector.journal.sqlite import SqliteJournal
from inspector.settings import Settings, require_allowed_here

Companion = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One `inspector run`.

    `name` is what people read. A port of None means the usual one, or any when that is taken. `folders` None
    means: do not reload. `companion` runs beside the application and is given its URL.
    """

    target: AppTarget
    name: str
    host: str
    port: int | None
    dashboard_host: str
    dashboard_port: int | None
    journal: Path
    fresh: bool = False
    folders: Sequence[Path] | None = None
    open_browser: bool = False
    quiet: bool = False
    companion: Companion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a session works with: its settings, the two listening sockets, the journal."""

    settings: Settings
    for_app: socket.socket
    for_dashboard: socket.socket
    journal: SqliteJournal


@contextlib.contextmanager
def open_session(session: Session) -> Iterator[Opened]:
    """Open everything and close it again. Raises StartRefused for what the user can mend."""
    settings = _settings()
    require_loopback(session.dashboard_host)
    with (
        contextlib.closing(_bind_app(session)) as for_app,
        contextlib.closing(_bind_dashboard(session)) as for_dashboard,
        _open_journal(session) as journal,
    ):
        yield Opened(settings=settings, for_app=for_app, for_dashboard=for_dashboard, journal=journal)


def _bind_app(session: Session) -> socket.socket:
    if session.port is None:
        return bind_near(session.host, DEFAULT_PORT)
    return bind(session.host, session.port, option="--port")


def _bind_dashboard(session: Session) -> socket.socket:
    if session.dashboard_port is None:
        return bind_near(session.dashboard_host, DEFAULT_DASHBOARD_PORT)
    return bind(session.dashboard_host, session.dashboard_port, option="--dashboard-port")


def _settings() -> Settings:
    try:
        settings = Settings.from_env(os.environ)
        require_allowed_here(os.environ, settings)
    except InspectorError as error:
        raise StartRefused(str(error)) from error
    if not settings.enabled:
        raise StartRefused("INSPECTOR switches the inspector off here", "INSPECTOR=1 inspector run ...")
    return settings


@contextlib.contextmanager
def _open_journal(session: Session) -> Iterator[SqliteJournal]:
    try:
        journal = SqliteJournal(session.journal)
    except (InspectorError, OSError) as error:
        problem = f"the journal cannot be used: {error}"
        raise StartRefused(problem, "name another file: --journal PATH") from error
    with contextlib.closing(journal), only_run(session.journal):
        if session.fresh:
            journal.clear()
        _end_earlier_runs(journal)
        yield journal


def _end_earlier_runs(journal: Journal) -> None:
    """Record that what an earlier run served has ended; one that was killed could not say so."""
    alive = [status for status in journal.status() if status.state in ("starting", "running")]
    journal.append([StatusSaved(replace(status, state="stopped")) for status in alive])
