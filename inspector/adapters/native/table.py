"""Finds the route table of one of our own applications, also below what wraps it."""

from collections.abc import Iterator

from miniframework.routing.table import RouteTable


def find_table(app: object) -> RouteTable | None:
    """Return the table of the first application in the chain of `.app` attributes that has one, else None."""
    tables = (getattr(one, "table", None) for one in chain_of(app))
    return next((table for table in tables if isinstance(table, RouteTable)), None)


def chain_of(app: object) -> Iterator[object]:
    """An application and what it wraps, by their `.app` attributes."""
    seen: set[int] = set()
    while app is not None and id(app) not in seen:
        seen.add(id(app))
        yield app
        app = getattr(app, "app", None)
