"""Routes whose own condition only refuses requests: what is dead without it is dead with it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from inspector.adapters.adapter import AdaptedRoute, Adapter
from inspector.adapters.forwarding import ForwardingAdapter
from inspector.analysis.finding import Finding, Kind
from inspector.inspection.check import find_findings
from inspector.inspection.reading import Reading, read_routes
from miniframework.routing.table import ForeignTable

_DEAD = (Kind.UNREACHABLE, Kind.DUPLICATE, Kind.SWALLOWED)


def find_behind_all(whole: Reading, adapter: Adapter) -> Iterator[Finding]:
    """Dead routes among those that are analysed nowhere else, since a condition decides about them as well.

    They are taken to get whatever their templates fit, and to take nothing away for certain.
    """
    ways = whole.picture.ways
    if not isinstance(whole.table, ForeignTable) or not any(way[-1].only_refuses for way, _ in ways):
        return
    reading = read_routes(_Asking(adapter), None)
    meant = {
        ".".join(str(index + 1) for index in address) for way, address in ways if any(map(_refuses, way))
    }
    for finding in find_findings(reading.table, reading.picture, adapter, measures=False):
        if finding.route.number in meant and finding.kind in _DEAD and finding.is_exact:
            yield finding


class _Asking(ForwardingAdapter):
    """An adapter whose routes have doubts, each one of its own, for conditions that only refuse."""

    def routes(self) -> Sequence[AdaptedRoute]:
        """As the other adapter's."""
        return tuple(map(_doubted, super().routes()))


def _refuses(route: AdaptedRoute) -> bool:
    return route.only_refuses


def _doubted(route: AdaptedRoute) -> AdaptedRoute:
    inner = None if route.inner is None else tuple(map(_doubted, route.inner))
    if not route.only_refuses:
        return replace(route, inner=inner)
    # Two routes of one class may refuse by what each of them holds.
    doubt = f"{route.condition} (as it is at {id(route.origin)})"
    return replace(route, inner=inner, condition=None, doubt=doubt)
