"""One sentence on who would win in a framework that asks the strictest template first."""

from inspector.panels.known_route import Snapshot, find_route
from miniframework.routing.explanation import Explanation


def say_by_specificity(explanation: Explanation, table: Snapshot | None) -> str | None:
    """Return `By specificity route 2, /items/new, would take it; here route 1, /items/{name}, stands first.`

    None when nobody takes the request, or when the table is not known.
    """
    winner = find_route(table, explanation.winner)
    strictest = find_route(table, explanation.outline.most_specific)
    if winner is None or strictest is None:
        return None
    if winner == strictest:
        return f"By specificity {winner.label}, would take it, too."
    return f"By specificity {strictest.label}, would take it; here {winner.label}, stands first."
