"""What is proven of a table without measuring anything."""

from collections.abc import Mapping
from typing import Any

from inspector.analysis.check import check_table
from inspector.analysis.documented import compare_document
from inspector.analysis.finding import Finding
from inspector.analysis.redos.growth import count_growth
from inspector.analysis.redos.report import report_growing
from inspector.analysis.redos.suspects import find_suspects
from inspector.analysis.regions import UrlSpace, map_in_bounds
from inspector.analysis.spots import lay_flat
from miniframework.routing.table import ForeignTable, RouteTable


def prove(
    table: RouteTable, document: Mapping[str, Any] | None, space: UrlSpace | None = None
) -> list[Finding]:
    """What is wrong with a table, and where an OpenAPI document says otherwise; `space` is the table's if it
    is mapped already. Raises DocumentError.
    """
    space = space or map_in_bounds(lay_flat(table))
    found = check_table(table, space)
    return found if document is None else [*found, *compare_document(table, document, space)]


def find_growing(table: RouteTable, *, counted: bool = True) -> list[Finding]:
    """Which patterns cost the square of a path's length; not `counted`, each of them is unknown.

    Nothing is said of another framework, which may not match with them as we do.
    """
    if isinstance(table, ForeignTable):
        return []
    spots = lay_flat(table)
    suspects = find_suspects(spots)
    growths = count_growth(table, spots, suspects) if counted else {}
    return list(report_growing(spots, suspects, growths))
