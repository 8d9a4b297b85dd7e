"""The routes of an application as they are for one host: our picture of them, and the table that explains."""

from collections.abc import Sequence
from dataclasses import replace

from inspector.adapters.adapter import AdaptedRoute, Adapter
from inspector.adapters.native.table import find_table
from inspector.adapters.picture.table import Picture, draw_inner
from miniframework.records import dataclass
from miniframework.routing.route import Entry, Mount
from miniframework.routing.table import RouteTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A picture and its table: the application's own where it has one, with what only the picture knows.

    Without a `host` a route that is for one takes nothing.
    """

    host: str | None
    picture: Picture
    table: RouteTable

    def is_of(self, own: RouteTable | None) -> bool:
        """Whether it still is of this table of the application's own."""
        return own is None or [one.origin for one in self.picture.routes] == list(own.entries)


def read_routes(adapter: Adapter, app: object, host: str | None = None) -> Reading:
    """Read the routes of an application; `host` is what the Host header of a request says."""
    picture = Picture(adapter, host=host)
    own = find_table(app)
    table = picture.table if own is None else _completed(own, picture.routes)
    return Reading(host=host, picture=picture, table=table)


def has_hosts(picture: Picture) -> bool:
    """Whether any route is for some hosts only."""
    return picture.has_hosts


def _completed(table: RouteTable, routes: Sequence[AdaptedRoute]) -> RouteTable:
    """The table of our own framework, with the tables of what other frameworks serve below its mounts, and
    with the conditions that hold; the same table where nothing is to be added.
    """
    entries = [_complete(entry, route) for entry, route in zip(table.entries, routes, strict=True)]
    if all(one is other for one, other in zip(entries, table.entries, strict=True)):
        return table
    return table.with_entries(entries, redirect_slashes=table.redirect_slashes)


def _complete(entry: Entry, route: AdaptedRoute) -> Entry:
    if not isinstance(entry, Mount) or route.inner is None:
        return entry if route.condition == entry.condition else replace(entry, condition=route.condition)
    own = RouteTable.inside(entry)
    inner = draw_inner(route) if own is None else _completed(own, route.inner)
    if inner is own and route.condition == entry.condition:
        return entry
    return replace(entry, condition=route.condition, table=lambda: inner)
