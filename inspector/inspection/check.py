"""The static analysis of an application, every claim tried on its own router."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from inspector.adapters.adapter import AdaptedRoute, Adapter
from inspector.adapters.picture.table import Picture
from inspector.analysis.finding import Finding
from inspector.analysis.redos.suspects import find_suspects
from inspector.analysis.regions import map_in_bounds
from inspector.analysis.spots import lay_flat
from inspector.checking.measuring import measure
from inspector.checking.proof import prove
from inspector.inspection.confirming import Confirmation
from inspector.inspection.findings import RouteFindings, by_method
from inspector.inspection.questions import Questions
from inspector.inspection.routes import EffectiveRoute, effective_route
from inspector.inspection.slow_routes import find_slow
from miniframework.routing.table import ForeignTable, RouteTable


def find_findings(
    table: RouteTable,
    picture: Picture,
    adapter: Adapter,
    document: Mapping[str, Any] | None = None,
    *,
    measures: bool = True,
) -> list[Finding]:
    """The same as the analysis words them, and where an OpenAPI document says otherwise.

    Of another framework with `measures` a suspect pattern is tried on its router, which holds up this process
    for a tenth of a second or some more.
    """
    if not isinstance(table, ForeignTable):
        return _find_in_ours(table, picture, adapter, document)
    spots = lay_flat(table)
    suspects = find_suspects(spots).dangerous
    if suspects.is_safe:
        space = map_in_bounds(spots)
        return Confirmation(table, picture, adapter, space).confirm(prove(table, document, space))
    found, runs = measure(table, suspects, document)
    confirmed = Confirmation(table, picture, adapter).confirm(found)
    if not measures:
        return confirmed
    questions = Questions(table, spots, picture.root_path)
    return [*confirmed, *find_slow(spots, suspects, runs, questions, adapter)]


def _find_in_ours(
    table: RouteTable, picture: Picture, adapter: Adapter, document: Mapping[str, Any] | None
) -> list[Finding]:
    """The findings of our own table; what is below a mount of another framework is tried on its router."""
    from inspector.checking.whole import check_whole  # needs pydantic, as an application of ours does

    found = check_whole(table, document)
    confirmation = Confirmation(table, picture, adapter)
    if any("GET" in one.methods for one in found) and find_suspects(lay_flat(table)).is_safe:
        found = list(map(confirmation.with_implied, found))
    elsewhere = {_number(address) for way, address in picture.ways if _is_foreign(way)}
    if not elsewhere:
        return found
    confirmed = confirmation.confirm(one for one in found if one.route.number in elsewhere)
    own = [one for one in found if one.route.number not in elsewhere]
    return [*own, *(one for one in confirmed if one.route.number in elsewhere)]


def _is_foreign(way: Sequence[AdaptedRoute]) -> bool:
    return any(mount.inner_by is not None for mount in way[:-1])


def _number(address: Sequence[int]) -> str:
    return ".".join(str(index + 1) for index in address)


def to_public(
    findings: Iterable[Finding],
    table: RouteTable,
    routes: Mapping[str, EffectiveRoute],
    *,
    accepted: int = 0,
    root_path: str = "",
) -> RouteFindings:
    """The findings of a table for programs: one a method, witnesses as raw paths below the root path,
    these routes by number."""
    questions = Questions(table, (), root_path)
    raw = (
        one if one.witness is None else replace(one, witness=questions.raw(one.witness)) for one in findings
    )
    return RouteFindings(by_method(raw, routes), accepted=accepted)


def routes_by_number(picture: Picture) -> dict[str, EffectiveRoute]:
    """Every entry, also mounts whose inside is known."""
    routes = (effective_route(way, address) for way, address in picture.ways)
    return {route.number: route for route in routes}
