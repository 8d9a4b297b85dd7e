"""What the dashboard says of itself and of the application: the body of `api/app`."""

import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from inspector.journal.codec import encode_status
from inspector.journal.processes import as_it_is
from inspector.journal.protocol import AppStatus, Journal
from inspector.model import Worker
from inspector.settings import Settings
from inspector.web.numbers import add_up
from miniframework import __version__

Mode = Literal["embedded", "run", "open"]
Stats = Callable[[], Mapping[str, Any]]
Recording = Callable[[], Worker]
Heard = Callable[[], Mapping[int, Mapping[str, Any]]]


class Description:
    """Called, gives the body of `api/app`.

    The numbers of all serving processes are added up, as their statuses have them. Newer are the `stats` of a
    recorder in this process, which `recording` names as the statuses do, and what was `heard` of processes on
    this host, by their id.
    """

    def __init__(
        self,
        journal: Journal,
        settings: Settings,
        *,
        mode: Mode,
        stats: Stats | None = None,
        recording: Recording | None = None,
        heard: Heard | None = None,
    ) -> None:
        self._journal = journal
        self._settings = settings
        self._mode = mode
        self._stats = stats
        self._recording = recording
        self._heard = heard

    def __call__(self) -> dict[str, Any]:
        """Look now. Blocks for as long as the journal's reads do."""
        statuses = [as_it_is(status) for status in self._journal.status()]
        bounds = self._journal.bounds()
        stats = add_up(self._of_all(statuses))
        # What processes that are no more have lost, or were killed with, the journal alone remembers.
        stats["dropped"] = max(stats["dropped"], bounds.lost)
        return {
            "product": "Route Inspector",
            "version": __version__,
            "status": [encode_status(status) for status in statuses],
            "bounds": {"log": bounds.log, "tail": bounds.tail, "head": bounds.head},
            "journal": {
                "exchanges": bounds.exchanges,
                "bytes": bounds.held_bytes,
                "trimmed": bounds.trimmed,
                "pinned": bounds.pinned,
            },
            "table": next((status.table for status in reversed(statuses) if status.table), None),
            "stats": stats,
            "mode": self._mode,
            "limits": {
                "keep_bytes": self._settings.keep_bytes,
                "keep_frames": self._settings.keep_frames,
                "frame_preview_bytes": self._settings.frame_preview_bytes,
                "keep_messages": self._settings.keep_messages,
            },
        }

    def _of_all(self, statuses: Sequence[AppStatus]) -> list[Mapping[str, Any]]:
        own = [] if self._stats is None else [self._stats()]
        ours = None if self._recording is None else self._recording()
        here = socket.gethostname()
        heard = self._heard() if self._heard else {}  # also of those that the journal does not let tell
        others = [
            one.stats
            for one in statuses
            if one.state == "running"
            and one.worker != ours
            and not (one.worker.host == here and one.worker.pid in heard)
        ]
        return [*own, *heard.values(), *others]
