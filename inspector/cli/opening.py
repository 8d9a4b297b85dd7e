"""What `inspector run` opens before anything starts, so that whatever cannot work is found out at once."""

import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from inspector.cli.apps import AppTarget
from inspector.cli.journal_lock import only_run
from inspector.cli.listening import bind, bind_near, bind_unix, require_loopback, take_inherited
from inspector.cli.options import DEFAULT_DASHBOARD_PORT, DEFAULT_PORT
from inspector.cli.terminal import StartRefused
from inspector.cli.watch import Watched
from inspector.errors import InspectorError, JournalError
from inspector.journal.budget import limits_of
from inspector.journal.opening import is_file_place, open_journal
from inspector.journal.processes import is_alive
from inspector.journal.protocol import Journal, StatusSaved
from inspector.model import Worker
from inspector.settings import Settings
from miniframework.records import dataclass

Companion = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One `inspector run`.

    `name` is what people read. A port of None means the usual one, or any when that is taken. `uds` and `fd`
    take the place of host and port. `server` holds keyword arguments of `uvicorn.Config`. `watched` None
    means: do not reload. `companion` runs beside the application and is given its URL.
    """

    target: AppTarget
    name: str
    host: str
    port: int | None
    dashboard_host: str
    dashboard_port: int | None
    journal: str
    settings: Settings
    server: Mapping[str, Any] = field(default_factory=dict)
    uds: str | None = None
    fd: int | None = None
    backlog: int = 2048
    workers: int = 1
    env_file: str | None = None
    fresh: bool = False
    watched: Watched | None = None
    open_browser: bool = False
    quiet: bool = False
    companion: Companion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a session works with: the two listening sockets, the journal."""

    for_app: socket.socket
    for_dashboard: socket.socket
    journal: Journal


@contextlib.contextmanager
def open_session(session: Session) -> Iterator[Opened]:
    """Open everything and close it again. Raises StartRefused for what the user can mend."""
    require_loopback(session.dashboard_host)
    with (
        _listening(session) as for_app,
        contextlib.closing(_bind_dashboard(session)) as for_dashboard,
        _open_journal(session) as journal,
    ):
        yield Opened(for_app=for_app, for_dashboard=for_dashboard, journal=journal)


@contextlib.contextmanager
def _listening(session: Session) -> Iterator[socket.socket]:
    with contextlib.closing(_bind_app(session)) as listener:
        try:
            yield listener
        finally:
            if session.uds is not None:
                Path(session.uds).unlink(missing_ok=True)


def _bind_app(session: Session) -> socket.socket:
    if session.uds is not None:
        return bind_unix(session.uds, backlog=session.backlog)
    if session.fd is not None:
        return take_inherited(session.fd)
    if session.port is None:
        return bind_near(session.host, DEFAULT_PORT)
    return bind(session.host, session.port, option="--port", backlog=session.backlog)


def _bind_dashboard(session: Session) -> socket.socket:
    if session.dashboard_port is None:
        return bind_near(session.dashboard_host, DEFAULT_DASHBOARD_PORT)
    return bind(session.dashboard_host, session.dashboard_port, option="--dashboard-port")


@contextlib.contextmanager
def _open_journal(session: Session) -> Iterator[Journal]:
    try:
        journal = open_journal(session.journal, limits_of(session.settings))
    except (InspectorError, OSError) as error:
        raise _refused(error) from error
    alone = only_run(Path(session.journal)) if is_file_place(session.journal) else contextlib.nullcontext()
    with contextlib.closing(journal), alone:
        _begin_recording(session, journal)
        yield journal


def _begin_recording(session: Session, journal: Journal) -> None:
    try:
        end_earlier_runs(journal, is_shared=not is_file_place(session.journal))
        if session.fresh:
            journal.clear(history=True)
    except JournalError as error:
        raise _refused(error) from error


def _refused(error: Exception) -> StartRefused:
    return StartRefused(f"the journal cannot be used: {error}", "name another file: --journal PATH")


def end_earlier_runs(journal: Journal, *, is_shared: bool) -> None:
    """Record that what an earlier run served has ended; one that was killed could not say so.

    Where other runs may write to the journal now, only what was served here and is no more has ended.
    """
    alive = [status for status in journal.status() if not status.has_ended]
    ended = [status for status in alive if not is_shared or _was_here(status.worker)]
    journal.append([StatusSaved(replace(status, state="stopped")) for status in ended])


def _was_here(worker: Worker) -> bool:
    return worker.host == socket.gethostname() and not is_alive(worker.pid)
