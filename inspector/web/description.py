"""What the dashboard says of itself and of the application: the body of `api/app`."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from inspector.journal.codec import encode_status
from inspector.journal.protocol import Journal
from inspector.settings import VERSION, Settings

Mode = Literal["embedded", "run"]
Stats = Callable[[], Mapping[str, Any]]


class Description:
    """Called, gives the body of `api/app`. `stats` are the numbers of a recorder in this process."""

    def __init__(self, journal: Journal, settings: Settings, *, mode: Mode, stats: Stats | None) -> None:
        self._journal = journal
        self._settings = settings
        self._mode = mode
        self._stats = stats

    def __call__(self) -> dict[str, Any]:
        """Look now. Blocks for as long as the journal's reads do."""
        statuses = self._journal.status()
        bounds = self._journal.bounds()
        return {
            "product": "Route Inspector",
            "version": VERSION,
            "status": [encode_status(status) for status in statuses],
            "bounds": {"log": bounds.log, "tail": bounds.tail, "head": bounds.head},
            "journal": {
                "exchanges": bounds.exchanges,
                "bytes": bounds.held_bytes,
                "trimmed": bounds.trimmed,
            },
            "table": next((status.table for status in reversed(statuses) if status.table), None),
            "stats": {"dropped": 0, "recorder_us_p50": None, **(self._stats() if self._stats else {})},
            "mode": self._mode,
            "limits": {
                "keep_bytes": self._settings.keep_bytes,
                "keep_frames": self._settings.keep_frames,
                "frame_preview_bytes": self._settings.frame_preview_bytes,
                "keep_messages": self._settings.keep_messages,
            },
        }
