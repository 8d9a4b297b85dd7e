"""One sentence on an answer that the table that is explained would not have led to."""

from inspector.model import HttpExchange, Routing
from inspector.panels.answer_routing import say_endpoint
from inspector.panels.hints import find_root_hint
from inspector.panels.known_route import KnownRoute, Snapshot, find_route


def answer_otherwise(exchange: HttpExchange, table: Snapshot | None, status: int) -> str:
    """Return who took the request, as it was recorded, and why the explanation does not say so."""
    taken = _find_taken(exchange, table)
    if taken is not None and taken.condition:
        return (
            f"{status}: {say_endpoint(taken)} answered; {taken.label}, took it under a condition, which the"
            f" ladder below does not try: {taken.condition}."
        )
    step = exchange.steps[-1] if exchange.steps else None
    who = step and (step.endpoint or step.template)
    did = "no route took it" if exchange.routing is Routing.NOT_FOUND else f"{who or 'a route'} took it"
    if exchange.routing is Routing.NOT_FOUND and (hint := find_root_hint(exchange.scope, table)):
        return f"{status}: {did}. {hint}"
    return (
        f"{status}: {did}, says the application's own router. The picture of its routes that is explained"
        " here says otherwise, so the reasons do not hold."
    )


def _find_taken(exchange: HttpExchange, table: Snapshot | None) -> KnownRoute | None:
    """Return the entry of the innermost table that took it, None where that is not known."""
    taken = None
    for step in exchange.steps:
        taken = find_route(table, step.index)
        if taken is None:
            return None
        table = taken.inner
    return taken
