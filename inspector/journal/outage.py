"""Words about a journal that fails: once when it begins, once when it is over, however often it is asked."""

import logging

from inspector.errors import InspectorError


class Outage:
    """Tells a log that something waits for the journal. `what` waits, in words that "wait for" can follow."""

    def __init__(self, log: logging.Logger, what: str) -> None:
        self._log = log
        self._what = what
        self._is_told = False

    def note(self, error: InspectorError) -> None:
        """Say what the journal said, unless that is known."""
        if not self._is_told:
            # Without a traceback: where we asked says nothing that the message does not.
            self._log.error("%s wait for the journal: %s", self._what, error)
        self._is_told = True

    def end(self) -> None:
        """Say that the journal works again, if it did not."""
        if self._is_told:
            self._log.warning("%s go on: the journal works again", self._what)
        self._is_told = False
