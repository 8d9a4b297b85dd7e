"""The adapter of the application that is recorded, and the newest picture of its routes."""

import threading
import time
from collections.abc import Callable
from functools import cached_property

from inspector.adapters.adapter import AdaptedRoute, Adapter
from inspector.adapters.picture.table import Address, Picture
from inspector.inspection.doctor import Diagnosis, diagnose
from inspector.inspection.reading import Reading, read_routes
from miniframework.routing.table import ForeignTable

# Routes that come while the application runs are looked for no more often than this.
_AGAIN_S = 1.0


class ForeignRouting:
    """What is known of a foreign application's routes while it is served. Safe to use from any thread.

    What the adapter raises comes through.
    """

    def __init__(self, adapter: Adapter, clock: Callable[[], float] = time.monotonic) -> None:
        self.adapter = adapter
        self._clock = clock
        self._lock = threading.Lock()
        self._picture: Picture | None = None
        self._drawn_s = 0.0

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

    def locate(self, way: tuple[AdaptedRoute, ...]) -> tuple[ForeignTable, Address] | None:
        """Where in which table the last entry of a way stands; None when it is in none."""
        picture = self.picture()
        address = picture.find_address(way)
        if address is None and self._clock() - self._drawn_s > _AGAIN_S:
            self.look_again()
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

    def _draw(self) -> None:
        drawn = Picture(self.adapter)
        self._drawn_s = self._clock()
        known = self._picture
        if known is None or known.table.fingerprint != drawn.table.fingerprint:
            self._picture = drawn
