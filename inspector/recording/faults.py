"""The recorder's own failures: all counted, the first of each kind logged with its traceback."""

import logging

# More kinds than this are not told apart; the counters go on.
MAX_KINDS = 100

_log = logging.getLogger("inspector.recorder")


class Faults:
    """Counters by name; `counts` is there to be read."""

    def __init__(self, *names: str) -> None:
        self.counts = dict.fromkeys(names, 0)
        self._logged: set[tuple[str, type[Exception]]] = set()

    def note(self, name: str, error: Exception) -> None:
        """Count a failure, and log it when it is the first of its kind."""
        self.counts[name] += 1
        kind = (name, type(error))
        if kind in self._logged or len(self._logged) >= MAX_KINDS:
            return
        self._logged.add(kind)
        _log.error(
            "recording failed (%s); the application goes on, more of it is only counted", name, exc_info=error
        )
