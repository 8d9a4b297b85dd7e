"""Asks the router of the served application itself where a request would go; no handler runs."""

import threading
import time

from inspector.inspection.attached import Attached, attach
from inspector.inspection.errors import RoutesUnknownError
from inspector.journal.protocol import Document
from inspector.replay.refusal import Refusal


class NotAsked(Exception):
    """The router could not be asked; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.message)


class RouterQuestions:
    """Puts questions to the router of one application, one at a time. Thread-safe.

    The application is looked at when the first question comes: most are never asked.
    """

    def __init__(self, app: object) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._attached: Attached | None = None

    def ask(self, method: str, raw_path: str) -> Document:
        """Say where the request would go, as `inspector.attach(app).explain(...)` does, and in which time.

        Raises NotAsked when no framework known here is behind the application, and what the framework raises.
        """
        with self._lock:
            if self._attached is None:
                self._attached = attach(self._app)
            began_ns = time.perf_counter_ns()
            try:
                explained = self._attached.explain(method, raw_path).to_dict()
            except RoutesUnknownError as error:
                raise NotAsked(_of_unknown_framework(error)) from error
            return {**explained, "took_ms": (time.perf_counter_ns() - began_ns) / 1e6}


def _of_unknown_framework(error: RoutesUnknownError) -> Refusal:
    return Refusal(
        code="requests_only",
        message=str(error),
        hint="Its requests are recorded all the same: send one, and see what it answers.",
    )
