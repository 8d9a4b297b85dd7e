"""What to ask a router about one of its routes: methods it takes, and readable paths that fit it."""

from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import unquote

from inspector.adapters.adapter import WEBSOCKET
from inspector.analysis.confirm import stand_in
from inspector.analysis.sample_paths import sample_paths
from inspector.analysis.spots import ANY_METHOD, Spot, ancestors
from miniframework.http.url import quote_path
from miniframework.routing.table import ForeignTable, RouteTable

_MOST_SAMPLES = 5


class Questions:
    """Asks about the spots of one table, in an application that takes `root_path` off the front of a path."""

    def __init__(self, table: RouteTable, spots: Sequence[Spot], root_path: str = "") -> None:
        self._root_path = root_path
        self._is_raw = isinstance(table, ForeignTable) and table.framework.path == "raw"
        self._spots = spots
        named = {method for spot in spots for method in spot.methods}
        self._other_method = stand_in(ANY_METHOD, frozenset(named))

    def raw(self, path: str) -> str:
        """A path as the table compares it, percent-encoded for a request line, below the root path."""
        whole = self._root_path + path
        return whole if self._is_raw else quote_path(whole)

    def compared(self, raw_path: str) -> str:
        """The other way round."""
        return (raw_path if self._is_raw else unquote(raw_path)).removeprefix(self._root_path)

    def paths(self, spot: Spot) -> Iterator[str]:
        """Raw paths that fit a spot, the simplest first."""
        chain = ancestors(self._spots, spot.number)
        return map(self.raw, islice(sample_paths(self._spots, chain), _MOST_SAMPLES))

    def usual_method(self, spot: Spot) -> str:
        """The method to ask about a spot: GET where it takes it."""
        if spot.takes("GET"):
            return "GET"
        return WEBSOCKET if WEBSOCKET in spot.methods else min(spot.methods)

    def actual(self, method: str) -> str:
        """A method to ask with for one that a finding names: for any other one, one that no route names."""
        return self._other_method if method == ANY_METHOD else method
