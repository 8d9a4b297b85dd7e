"""Everything there is to say about a table."""

from collections.abc import Mapping
from typing import Any

from inspector.analysis.finding import Finding
from inspector.analysis.openapi_reading import read_operations
from inspector.analysis.redos.report import report_suspects
from inspector.analysis.redos.suspects import find_suspects
from inspector.analysis.spots import lay_flat
from inspector.checking.measuring import measure
from inspector.checking.proof import find_growing, prove
from miniframework.openapi.pages import is_built_in
from miniframework.routing.table import RouteTable


def check_whole(table: RouteTable, document: Mapping[str, Any] | None = None) -> list[Finding]:
    """What is proven of a table, and what was measured of its patterns, in the order of the table.

    With an OpenAPI document also where it says otherwise.

    A table with a suspect pattern is looked at in a child process only, which ends after a time limit: what
    matches with such a pattern cannot be interrupted. Raises CheckFailedError, DocumentError.
    """
    if document is not None:
        read_operations(document)  # a document that cannot be read is told before anything is measured
    spots = lay_flat(table)
    suspects = find_suspects(spots).dangerous
    if suspects.is_safe:
        found = [*prove(table, document), *find_growing(table)]
    else:
        proven, runs = measure(table, suspects, document)
        found = [*proven, *report_suspects(spots, suspects, runs)]
    # Of the framework's own pages below a mount only the outermost are meant to be reached.
    found = [finding for finding in found if not is_built_in(finding.route.source)]
    places = {spot.label: spot.number for spot in spots}
    return sorted(found, key=lambda finding: places.get(finding.route.number, len(places)))
