"""What the dashboard says of itself and of the application: the body of `api/app`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from inspector.journal.codec import encode_status
from inspector.journal.protocol import AppStatus, Journal
from inspector.settings import Settings
from inspector.web.numbers import add_up
from miniframework import __version__

Mode = Literal["embedded", "run", "open"]
Stats = Callable[[], Mapping[str, Any]]
Heard = Callable[[], Mapping[int, Mapping[str, Any]]]


class Description:
    """Called, gives the body of `api/app`.

    `stats` are the numbers of a recorder in this process. Without them those of all serving processes are
    added up, as their statuses have them; `heard` are newer ones by process id, which came another way.
    """

    def __init__(
        self,
        journal: Journal,
        settings: Settings,
        *,
        mode: Mode,
        stats: Stats | None,
        heard: Heard | None = None,
    ) -> None:
        self._journal = journal
        self._settings = settings
        self._mode = mode
        self._stats = stats
        self._heard = heard

    def __call__(self) -> dict[str, Any]:
        """Look now. Blocks for as long as the journal's reads do."""
        statuses = self._journal.status()
        bounds = self._journal.bounds()
        stats = add_up([self._stats()] if self._stats else self._of_all(statuses))
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
        heard = self._heard() if self._heard else {}
        serving = [status for status in statuses if status.state == "running"]
        return [heard.get(status.worker.pid, status.stats) for status in serving]
