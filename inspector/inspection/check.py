"""The static analysis of an application, every claim tried on its own router."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from inspector.adapters.adapter import Adapter
from inspector.adapters.picture import Picture
from inspector.analysis.finding import Finding
from inspector.analysis.redos.suspects import find_suspects
from inspector.analysis.spots import lay_flat
from inspector.checking.measuring import measure
from inspector.checking.proof import prove
from inspector.inspection.confirming import Confirmation
from inspector.inspection.findings import RouteFindings, by_method
from inspector.inspection.questions import Questions
from inspector.inspection.routes import EffectiveRoute, effective_route
from miniframework.routing.foreign import ForeignTable
from miniframework.routing.table import RouteTable


def check_picture(table: RouteTable, picture: Picture, adapter: Adapter) -> RouteFindings:
    """The findings of an application. Raises TooLargeError, CheckFailedError."""
    return to_public(find_findings(table, picture, adapter), table, routes_by_number(picture))


def find_findings(
    table: RouteTable,
    picture: Picture,
    adapter: Adapter,
    document: Mapping[str, Any] | None = None,
) -> list[Finding]:
    """The same as the analysis words them, and where an OpenAPI document says otherwise.

    How slow a pattern is is not said of another framework: its router may not match with it as we do.
    """
    if not isinstance(table, ForeignTable):
        from inspector.checking.whole import check_whole  # needs pydantic, as an application of ours does

        return check_whole(table, document)
    spots = lay_flat(table)
    suspects = find_suspects(spots)
    found = prove(table, document) if suspects.is_safe else measure(table, suspects, document)[0]
    return Confirmation(table, picture, adapter).confirm(found)


def to_public(
    findings: Iterable[Finding],
    table: RouteTable,
    routes: Mapping[str, EffectiveRoute],
    *,
    accepted: int = 0,
) -> RouteFindings:
    """The findings of a table for programs: one a method, witnesses as raw paths, these routes by number."""
    questions = Questions(table, ())
    raw = (
        one if one.witness is None else replace(one, witness=questions.raw(one.witness)) for one in findings
    )
    return RouteFindings(by_method(raw, routes), accepted=accepted)


def routes_by_number(picture: Picture) -> dict[str, EffectiveRoute]:
    """Every entry, also mounts whose inside is known."""
    routes = (effective_route(way, address) for way, address in picture.ways)
    return {route.number: route for route in routes}
