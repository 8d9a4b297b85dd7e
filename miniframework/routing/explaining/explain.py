"""Explaining a whole table: every entry is judged, and the verdicts are put beside what the table said."""

from functools import cache
from typing import Protocol

from miniframework.routing.explaining.advice import find_advice
from miniframework.routing.explaining.judged import JudgedTable
from miniframework.routing.explaining.meant import find_meant_entries
from miniframework.routing.explaining.sentence import say
from miniframework.routing.explaining.verdicts import Verdicts
from miniframework.routing.explanation import Explanation
from miniframework.routing.judging.asked import Asked
from miniframework.routing.judging.judgement import Reason
from miniframework.routing.match import Found, MethodNotAllowed, Protocol_, Redirected, outcome_of
from miniframework.routing.outline import Outline
from miniframework.routing.route import Entry


class ExplainedTable(JudgedTable, Protocol):
    """A table that has a name, and explains itself where another mounts it."""

    @property
    def fingerprint(self) -> str:
        """The name by which equal tables are known."""

    @property
    def passed_over(self) -> Reason | None:
        """Why an entry that takes a request did not get it although nobody did, where that happens."""

    def inside(self, entry: Entry) -> "ExplainedTable | None":
        """The table of what is mounted at an entry, None where there is none or it is not known."""

    def explain(self, protocol: Protocol_, method: str, path: str) -> Explanation:
        """What it says to a request, and why."""


def explain(table: ExplainedTable, request: tuple[Protocol_, str, str]) -> Explanation:
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
    inside = _explain_inside(table, match, asked) if isinstance(match, Found) else None
    verdicts = Verdicts(judgements, winner, inside, table.passed_over)
    mean = cache(lambda: find_meant_entries(table.judge, judgements, asked))
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
        verdicts=verdicts,
        outline=outline,
        advise=cache(lambda: find_advice(table, request)),
        mean=mean,
        say=cache(lambda: say(match, request, outline, verdicts, mean)),
    )


def _explain_inside(table: ExplainedTable, found: Found, asked: Asked) -> Explanation | None:
    inner = table.inside(found.entry)
    if inner is None:
        return None
    return inner.explain(asked.protocol, asked.method, asked.path[found.prefix_length :])
