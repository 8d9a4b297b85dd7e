"""Asks the router of the served application itself where a request would go; no handler runs."""

import threading
import time
from collections.abc import Callable

from inspector.checking.errors import CheckFailedError
from inspector.inspection.attached import Attached, attach
from inspector.inspection.errors import RouterFailedError, RoutesUnknownError
from inspector.inspection.explained import RouteExplanation
from inspector.journal.protocol import Document
from inspector.replay.question import with_routed_path
from inspector.replay.refusal import Refusal
from inspector.wiring.live_questions import question_of
from miniframework.routing.table import ForeignTable
from miniframework.types import Scope


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

    def ask(self, method: str, raw_path: str, host: str | None = None, *, is_brief: bool = False) -> Document:
        """Say where the request would go, as `inspector.attach(app).explain(...)` does, and in which time;
        the router's verdict only where that is enough.

        Raises NotAsked when no framework known here is behind the application, or the framework itself fails.
        """
        return self._ask(lambda attached: attached.explain(method, raw_path, host=host), is_brief=is_brief)

    def ask_scope(self, scope: Scope, routed: str | None = None) -> Document:
        """The router's verdict on a request that is called with this scope, as `ask` gives it.

        `routed` is the path that a middleware had made of it when it was recorded, as the table compares it.
        """

        def explain(attached: Attached) -> RouteExplanation:
            table = attached.table
            is_raw = isinstance(table, ForeignTable) and table.framework.path == "raw"
            asked = scope if routed is None else with_routed_path(scope, routed, is_raw=is_raw)
            _, raw_path = question_of(asked, attached.picture.root_path)
            return attached.explain_scope(asked, raw_path)

        return self._ask(explain, is_brief=True)

    def _ask(self, explain: Callable[[Attached], RouteExplanation], *, is_brief: bool) -> Document:
        with self._lock:
            attached = self._reach()
            began_ns = time.perf_counter_ns()
            try:
                explained = explain(attached)
                told = explained.verdict() if is_brief else explained.to_dict()
            except RoutesUnknownError as error:
                raise NotAsked(_of_unknown_framework(error)) from error
            except RouterFailedError as error:
                raise NotAsked(_of_failed_router(error)) from error
            return {**told, "took_ms": (time.perf_counter_ns() - began_ns) / 1e6}

    def check(self) -> Document:
        """What the check finds now, each claim tried on the router; `table` is what was checked.

        Raises NotAsked as `ask`, and when a table cannot be checked.
        """
        with self._lock:
            attached = self._reach()
            try:
                found = attached.findings(measures=False)  # requests are served here
            except RoutesUnknownError as error:
                raise NotAsked(_of_unknown_framework(error)) from error
            except CheckFailedError as error:
                raise NotAsked(_of_failed_check(error)) from error
            return {
                "table": attached.table.fingerprint,
                "findings": [finding.to_dict() for finding in found],
            }

    def look_again(self) -> None:
        """Read the routes again at the next question: they are others than they were."""
        with self._lock:
            self._attached = None

    def _reach(self) -> Attached:
        attached = self._attached
        if attached is None or attached.framework is None:  # it may be known by now
            try:
                attached = self._attached = attach(self._app)
            except RouterFailedError as error:
                raise NotAsked(_of_failed_router(error)) from error
        return attached


def _of_failed_check(error: Exception) -> Refusal:
    return Refusal(code="ask_failed", message=str(error), hint="Check a smaller table.")


def _of_failed_router(error: RouterFailedError) -> Refusal:
    return Refusal(code="ask_failed", message=str(error), hint="Mend it, and the router can be asked.")


def _of_unknown_framework(error: RoutesUnknownError) -> Refusal:
    return Refusal(
        code="requests_only",
        message=str(error),
        hint="Its requests are recorded all the same: send one, and see what it answers.",
    )
