"""Explaining a whole table: every entry is judged, and the verdicts are put beside what the table said."""

from functools import cache
from typing import TYPE_CHECKING

from miniframework.routing.advice import find_advice
from miniframework.routing.asked import Asked
from miniframework.routing.explanation import Explanation, Protocol_
from miniframework.routing.match import Found, MethodNotAllowed, Redirected, outcome_of
from miniframework.routing.outline import Outline
from miniframework.routing.route import Mount
from miniframework.routing.sentence import say
from miniframework.routing.verdicts import Verdicts

if TYPE_CHECKING:  # the table asks this module, and this one asks the table
    from miniframework.routing.table import RouteTable


def explain(table: "RouteTable", request: tuple[Protocol_, str, str]) -> Explanation:
    """What `table.match` says to `request` (protocol, method, path), and why: a verdict of every entry,
    examined or not.

    A mount whose own table is known is explained to the bottom.
    """
    protocol, method, path = request
    match = table.match(protocol, method, path)
    asked = Asked(protocol, method, path)
    judgements = table.judge.judge(asked)
    outline = Outline(table.judge, judgements, asked)
    winner = match.index if isinstance(match, Found) else None
    inside = _explain_inside(match, asked) if isinstance(match, Found) else None
    verdicts = Verdicts(judgements, winner, inside, table.passed_over)
    return Explanation(
        protocol=protocol,
        method=method,
        path=path,
        table=table.fingerprint,
        outcome=outcome_of(match),
        winner=winner,
        also=tuple(index for index in outline.takers if index != winner),
        allow=match.allow if isinstance(match, MethodNotAllowed) else (),
        location=match.path if isinstance(match, Redirected) else None,
        reached=outline.reached,
        sentence=say(match, request, outline, verdicts),
        verdicts=verdicts,
        outline=outline,
        advise=cache(lambda: find_advice(table, request)),
    )


def _explain_inside(found: Found, asked: Asked) -> Explanation | None:
    table = found.entry.inner_table() if isinstance(found.entry, Mount) else None
    if table is None:
        return None
    return table.explain(asked.protocol, asked.method, asked.path[found.prefix_length :])
