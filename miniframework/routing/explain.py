"""Explaining a whole table: every entry is judged, and the verdicts are put beside what the table said."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from miniframework.routing.advice import find_advice
from miniframework.routing.asked import Asked
from miniframework.routing.explanation import (
    Explanation,
    Judgement,
    Matched,
    Protocol_,
    Refused,
    Shadowed,
    Verdict,
)
from miniframework.routing.match import Found, Match, MethodNotAllowed, Redirected, outcome_of
from miniframework.routing.route import Mount
from miniframework.routing.sentence import say

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
    verdicts = _verdicts(table.judge.judge(asked), match, asked)
    return Explanation(
        protocol=protocol,
        method=method,
        path=path,
        table=table.fingerprint,
        outcome=outcome_of(match),
        winner=match.index if isinstance(match, Found) else None,
        allow=match.allow if isinstance(match, MethodNotAllowed) else (),
        location=match.path if isinstance(match, Redirected) else None,
        reached=max((verdict.judgement.reached for verdict in verdicts), default=0),
        sentence=say(match, request, table.entries, verdicts),
        verdicts=verdicts,
        advise=cache(lambda: find_advice(table, request)),
    )


def _verdicts(judgements: Sequence[Judgement], match: Match, asked: Asked) -> tuple[Verdict, ...]:
    winner = match.index if isinstance(match, Found) else len(judgements)
    verdicts: list[Verdict] = []
    for index, judgement in enumerate(judgements):
        if judgement.reasons:
            verdicts.append(Refused(index, judgement, index < winner))
        elif isinstance(match, Found) and index == winner:
            verdicts.append(Matched(index, judgement, _explain_inside(match, asked)))
        else:
            verdicts.append(Shadowed(index, judgement, winner))
    return tuple(verdicts)


def _explain_inside(found: Found, asked: Asked) -> Explanation | None:
    table = found.entry.inner_table() if isinstance(found.entry, Mount) else None
    if table is None:
        return None
    return table.explain(asked.protocol, asked.method, asked.path[found.prefix_length :])
