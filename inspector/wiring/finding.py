"""What is known of the routing of the served application: its own table, or a picture of a framework's."""

import logging

from inspector.adapters.detection import find_adapter
from inspector.adapters.native.table import find_table
from inspector.wiring.foreign_routing import ForeignRouting
from inspector.wiring.routing_reader import LiveReader
from miniframework.routing.table import RouteTable

_LOG = logging.getLogger("inspector")
_SELF_TEST_S = 2.0  # it shares the interpreter with requests, and `inspector doctor` has all the time


class ServedRouting:
    """The routing of one application while it is served; `reader` is for the recorder.

    What an adapter raises is logged, and then the requests are recorded without their routes.
    """

    def __init__(self, app: object) -> None:
        self._app = app
        self._foreign = _find_foreign(app)
        self.reader = None if self._foreign is None else LiveReader(self._foreign)
        self.fidelity: str | None = None

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

    def _give_up(self, doing: str) -> None:
        _LOG.exception("%s: %s failed; its requests are recorded without their routes", self.framework, doing)
        self._foreign = None


def _find_foreign(app: object) -> ForeignRouting | None:
    if find_table(app) is not None:
        return None
    try:
        adapter = find_adapter(app)
    except Exception:  # noqa: BLE001 - named boundary: a framework's adapter
        _LOG.exception("the adapter of %r failed; its requests are recorded without their routes", type(app))
        return None
    return None if adapter is None else ForeignRouting(adapter)
