"""The adapter of the application that is recorded, and the newest picture of its routes."""

import threading
import time
from collections.abc import Callable
from functools import cached_property
from operator import is_

from inspector.adapters.adapter import AdaptedRoute, Adapter
from inspector.adapters.picture.table import Address, Picture
from inspector.inspection.doctor import Diagnosis, diagnose
from inspector.inspection.reading import Reading, read_routes
from miniframework.routing.table import ForeignTable

# Routes that come while the application runs are looked for now and then, and when an unknown one is met.
# That takes a share of 1 in so many of the time at most: 25 ms are needed to see that 1,000 routes of FastAPI
# are the same, 200 to draw them. For some of those that are met there is time at once.
_NOW_AND_THEN = 200
_WHEN_MET = 50
_AT_ONCE_S = 2.0


class ForeignRouting:
    """What is known of a foreign application's routes while it is served. Safe to use from any thread.

    What the adapter raises comes through.
    """

    def __init__(self, adapter: Adapter, clock: Callable[[], float] = time.monotonic) -> None:
        self.adapter = adapter
        self._clock = clock
        self._lock = threading.Lock()
        self._picture: Picture | None = None
        self._due_s = 0.0
        self._credit_s = _AT_ONCE_S  # of time that may be spent on what is met
        self._credited_s = clock()

    @property
    def name(self) -> str:
        """`FastAPI 0.136.0`."""
        version = self.adapter.version
        return self.adapter.framework if version is None else f"{self.adapter.framework} {version}"

    @property
    def is_raw(self) -> bool:
        """Whether the router compares the raw path."""
        return self.table.framework.path == "raw"

    @cached_property
    def root_path(self) -> str:
        """What the application takes off the front of a path by itself; "" for nothing. Read once."""
        return self.adapter.rules.root_path

    @property
    def table(self) -> ForeignTable:
        """The newest picture, drawn when it is first needed."""
        return self.picture().table

    def picture(self) -> Picture:
        """The newest reading of the routes."""
        newest = self._picture
        if newest is not None:
            return newest
        with self._lock:
            if self._picture is None:
                self._draw()
            assert self._picture is not None, "it was drawn"
            return self._picture

    def look_again(self) -> None:
        """Read the routes anew; equal ones leave the picture as it is."""
        with self._lock:
            self._draw()

    def look_when_due(self) -> ForeignTable:
        """The table of the routes as they are now, or were when they were read just before."""
        known, began_s = self.picture(), self._clock()
        if began_s >= self._due_s:
            self._look(known)
            now_s = self._clock()
            self._due_s = now_s + _NOW_AND_THEN * (now_s - began_s)
        return self.table

    def look_when_met(self) -> None:
        """Read the routes anew, for one is met that nobody knows; not where that is so all the time."""
        if self._has_credit():
            began_s = self._clock()
            self._look(self.picture())
            self._credit_s -= self._clock() - began_s

    def locate(self, way: tuple[AdaptedRoute, ...]) -> tuple[ForeignTable, Address] | None:
        """Where in which table the last entry of a way stands; None when it is in none."""
        picture = self.picture()
        address = picture.find_address(way)
        if address is None:
            self.look_when_met()
            picture = self.picture()
            address = picture.find_address(way)
        return None if address is None else (picture.table, address)

    def diagnose(self, budget_s: float) -> Diagnosis:
        """Compare the picture with the router, for at most so many seconds."""

        def read_for(host: str) -> Reading:
            return read_routes(self.adapter, None, host)

        picture = self.picture()
        whole = Reading(host=None, picture=picture, table=picture.table)
        return diagnose(whole, self.adapter, read_for, budget_s=budget_s)

    def _look(self, known: Picture) -> None:
        routes = self.adapter.routes()
        if len(routes) != len(known.routes) or not all(map(is_, routes, known.routes)):
            self.look_again()

    def _has_credit(self) -> bool:
        now_s = self._clock()
        self._credit_s = min(_AT_ONCE_S, self._credit_s + (now_s - self._credited_s) / _WHEN_MET)
        self._credited_s = now_s
        return self._credit_s > 0

    def _draw(self) -> None:
        drawn = Picture(self.adapter)
        known = self._picture
        if known is None or known.table.fingerprint != drawn.table.fingerprint:
            self._picture = drawn
