"""Finds the route table of one of our own applications, also below what wraps it."""

from miniframework.routing.table import RouteTable


def find_table(app: object) -> RouteTable | None:
    """Return the table of the first application in the chain of `.app` attributes that has one, else None."""
    seen: set[int] = set()
    while app is not None and id(app) not in seen:
        seen.add(id(app))
        table = getattr(app, "table", None)
        if isinstance(table, RouteTable):
            return table
        app = getattr(app, "app", None)
    return None
