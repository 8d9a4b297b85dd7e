"""One sentence on a request whose Host header led it to routes of its own, before any path was looked at."""

from inspector.model import Exchange
from inspector.panels.answer_routing import say_endpoint, say_text
from inspector.panels.known_route import KnownRoute, Snapshot, read_route
from inspector.panels.way import follow_way
from inspector.readable.headers import find_header
from miniframework.records import dataclass
from miniframework.routing.explanation import Explanation
from miniframework.routing.match import MatchOutcome

_RULE = "host "  # how a table writes the condition of what is served for a host


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The application around a host's routes: which entry of its table they are, the host as it is written
    there, and what the table would have said.
    """

    entry: KnownRoute
    host: str
    explanation: Explanation
    table: Snapshot


def find_host_entry(table: Snapshot, fingerprint: str) -> tuple[KnownRoute, str] | None:
    """Return the entry of a table whose own table has this fingerprint, and the host that it is for.

    None when the table has no such entry.
    """
    for document in table["routes"]:
        inner, condition = document.get("table"), document.get("condition") or ""
        if inner and inner["fingerprint"] == fingerprint and condition.startswith(_RULE):
            return read_route(document), condition.removeprefix(_RULE)
    return None


def say_host(exchange: Exchange, around: Around) -> str:
    """Return which host it was for, and who else has the path where nobody there took it."""
    sent = find_header(exchange.scope.headers, "host") or ""
    name = sent.rpartition(":")[0] or sent
    written = "" if name.lower() == around.host.lower() else f" ({around.host})"
    place = f" at {around.entry.place}" if around.entry.place else ""
    said = f" The host {say_text(name)}{written} has routes of its own{place}, and only they were asked."
    taken = exchange.steps and exchange.steps[-1].index is not None
    return said if taken else said + _say_without(around)


def _say_without(around: Around) -> str:
    stops = follow_way(around.explanation, around.table)
    last = stops[-1]
    if last.explanation.outcome is not MatchOutcome.FOUND or last.route is None:
        return ""
    return f" For another host {say_endpoint(last.route)} would answer: {last.route.label}."
