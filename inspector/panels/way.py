"""The way of a request through the tables: mounts first, then the table that had the last word."""

from inspector.panels.known_route import KnownRoute, Snapshot, find_route, is_named, table_below
from miniframework.records import dataclass
from miniframework.routing.explanation import Explanation, Matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One table on the way and who took the request there; `route` is None where nobody did.

    `params` is what the route took from the path, name and text.
    """

    explanation: Explanation
    table: Snapshot | None
    route: KnownRoute | None
    params: tuple[tuple[str, str], ...]


def follow_way(explanation: Explanation, table: Snapshot | None) -> tuple[Stop, ...]:
    """Return every table that was asked, in order; the last one is where the answer was settled."""
    stops: list[Stop] = []
    current: Explanation | None = explanation
    while current is not None:
        won = find_winner(current)
        route = find_route(table, current.winner)
        taken = () if won is None else won.judgement.parameters
        params = tuple((one.name, one.text) for one in taken if is_named(one.name))
        stops.append(Stop(explanation=current, table=table, route=route, params=params))
        table = None if route is None else table_below(route)
        current = None if won is None else won.inner
    return tuple(stops)


def find_winner(explanation: Explanation) -> Matched | None:
    """Return the verdict of the route that took the request."""
    verdict = None if explanation.winner is None else explanation.verdicts[explanation.winner]
    return verdict if isinstance(verdict, Matched) else None


def is_foreign(stops: tuple[Stop, ...]) -> bool:
    """Whether another framework routed: it tells nobody which of its steps ran."""
    return bool(stops) and stops[-1].table is not None and "framework" in stops[-1].table


def name_framework(stops: tuple[Stop, ...]) -> str:
    """Return the name of the framework that had the last word, "" where that is this one."""
    table = stops[-1].table if stops else None
    return str((table or {}).get("framework", {}).get("name", ""))


def name_mounts(stops: tuple[Stop, ...]) -> str:
    """Return the mounts passed before the last stop: `the mount /admin`, or `the host api.example.org`."""
    hosts = [stop.route.host for stop in stops[:-1] if stop.route and stop.route.host]
    prefix = mounted_path(stops)
    return f"the host {hosts[0]}" if hosts and not prefix else f"the mount {prefix or '/'}"


def mounted_path(stops: tuple[Stop, ...]) -> str:
    """Return the prefixes of the mounts passed before the last stop, as what stands before its path."""
    return "".join(stop.route.path.rstrip("/") for stop in stops[:-1] if stop.route)
