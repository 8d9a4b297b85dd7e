"""What is known of the routing of the served application: its own table, or a picture of a framework's."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence

from inspector.adapters.detection import find_adapter
from inspector.adapters.native.table import find_table
from inspector.recording.foreign import RoutingFound, RoutingRead
from inspector.wiring.foreign_routing import ForeignRouting
from inspector.wiring.routing_reader import LiveReader
from miniframework.events import Event
from miniframework.routing.table import RouteTable
from miniframework.telling.notes import Note

_LOG = logging.getLogger("inspector")
_SELF_TEST_S = 2.0  # it shares the interpreter with requests, and `inspector doctor` has all the time
# An application that nobody knows is looked into no more often than this, which takes 0.3 ms: many make what
# they serve with when they are started or called first.
_AGAIN_S = 0.1


class ServedRouting:
    """The routing of one application while it is served; `reader` is for the recorder, None for one of ours.

    An application of no framework that is known here may turn out to be of one later. What an adapter raises
    is logged, and then the requests are recorded without their routes.
    """

    def __init__(self, app: object, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._clock = clock
        self._finding = threading.Lock()
        self._foreign: ForeignRouting | None = None
        self._due_s = clock()
        self._seen: RouteTable | None = None
        self._has_failed = False
        self.reader = None if find_table(app) is not None else LateReader(self.find)
        self.fidelity: str | None = None
        self.find()

    @property
    def framework(self) -> str | None:
        """`FastAPI 0.136.0`; None for an application of ours or of nobody known."""
        return None if self._foreign is None else self._foreign.name

    def table(self) -> RouteTable | None:
        """The table as it is known now; a framework's routes are read when that is asked first."""
        if self._foreign is None:
            return find_table(self._app)
        try:
            return self._foreign.table
        except Exception:  # noqa: BLE001 - named boundary: a framework's adapter
            self._give_up("reading its routes")
            return None

    def find(self) -> ForeignRouting | None:
        """The routing of the framework behind the application, None where none is known, or not yet."""
        if self._foreign is not None or self._has_failed or self._clock() < self._due_s:
            return self._foreign
        with self._finding:
            if self._foreign is None and find_table(self._app) is None:
                self._foreign = self._find_foreign()
            self._due_s = self._clock() + _AGAIN_S
        return self._foreign

    def look_again(self) -> bool:
        """Look for a framework that was not there, and for other routes; say whether there are any since the
        last look.

        Takes a share of 1 in 200 of the time at most when it is asked over and over.
        """
        foreign = self.find()
        if foreign is None:
            return False
        try:
            newest = foreign.look_when_due()
        except Exception:  # noqa: BLE001 - named boundary: a framework's adapter
            self._give_up("reading its routes")
            return True
        seen, self._seen = self._seen, newest
        if newest is not seen:
            self.fidelity = None  # that was of the others
        return newest is not seen

    def test_itself(self) -> bool:
        """Ask the router about each route and compare; False where there is nothing to compare."""
        if self._foreign is None:
            return False
        try:
            found = self._foreign.diagnose(_SELF_TEST_S)
        except Exception:  # noqa: BLE001 - named boundary: a framework's adapter
            self._give_up("the self-test")
            return False
        self.fidelity = found.sentence
        say = _LOG.warning if found.disagreements else _LOG.info
        say("%s: the picture of its routes and its router: %s", self.framework, found.sentence)
        for one in found.disagreements[:3]:
            say(
                "  %s %s: the picture says %s; the router: %s",
                one.method,
                one.raw_path,
                one.predicted,
                one.asked,
            )
        return True

    def _find_foreign(self) -> ForeignRouting | None:
        try:
            adapter = find_adapter(self._app)
        except Exception:  # noqa: BLE001 - named boundary: a framework's adapter
            self._has_failed = True
            _LOG.exception(
                "the adapter of %r failed; its requests are recorded without their routes", type(self._app)
            )
            return None
        return None if adapter is None else ForeignRouting(adapter)

    def _give_up(self, doing: str) -> None:
        _LOG.exception("%s: %s failed; its requests are recorded without their routes", self.framework, doing)
        self._has_failed = True
        self._foreign = None


class LateReader:
    """Meets `RoutingReader`: reads nothing until it is known which framework routes, then as `LiveReader`."""

    def __init__(self, find: Callable[[], ForeignRouting | None]) -> None:
        self._find = find
        self._reader: LiveReader | None = None

    def read(self, fact: Event) -> RoutingRead | None:
        """As `LiveReader`."""
        reader = self._known()
        return None if reader is None else reader.read(fact)

    def read_note(self, exchange_id: str, note: Note) -> Iterable[RoutingRead]:
        """As `LiveReader`."""
        reader = self._known()
        return () if reader is None else reader.read_note(exchange_id, note)

    def read_whole(self, exchange_id: str, told: Sequence[Note | Event]) -> RoutingFound | None:
        """As `LiveReader`."""
        reader = self._known()
        return None if reader is None else reader.read_whole(exchange_id, told)

    def errors(self) -> int:
        """How often the adapter failed."""
        return 0 if self._reader is None else self._reader.errors()

    def _known(self) -> LiveReader | None:
        if self._reader is None:
            found = self._find()
            self._reader = None if found is None else LiveReader(found)
        return self._reader
