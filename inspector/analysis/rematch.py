"""Recorded requests asked of two route tables: which of them go elsewhere. No handler runs."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from inspector.analysis.finding import RouteName, name_route
from inspector.analysis.recorded import RecordedRequest
from inspector.analysis.spots import Spot, lay_flat
from miniframework.records import dataclass
from miniframework.routing.match import (
    Found,
    Match,
    MatchOutcome,
    MethodNotAllowed,
    Protocol_,
    Redirected,
    outcome_of,
)
from miniframework.routing.table import RouteTable

Question = tuple[Protocol_, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAnswer:
    """What a table and those mounted in it say to one request.

    `number` is the entry that takes it, as people count; where the table of a mount lets it go, that mount.
    `location` is the path a redirect leads to, with the prefixes of mounts.
    """

    outcome: MatchOutcome
    number: str | None = None
    allow: tuple[str, ...] = ()
    location: str | None = None


class AskedTable:
    """A table that remembers what it said, and knows its entries by their numbers."""

    def __init__(self, table: RouteTable) -> None:
        self.table = table
        self._answers: dict[Question, TableAnswer] = {}

    def answer(self, question: Question) -> TableAnswer:
        """Ask the real router, once a question."""
        found = self._answers.get(question)
        if found is None:
            found = self._answers[question] = ask_table(self.table, question)
        return found

    def describe(self, answer: TableAnswer) -> dict[str, Any]:
        """Give an answer of this table as JSON-able values, its entry by name."""
        name = None if answer.number is None else self.name(answer.number)
        return {
            "outcome": str(answer.outcome),
            "route": None if name is None else name.to_dict(),
            "allow": list(answer.allow),
            "location": answer.location,
        }

    def name(self, number: str) -> RouteName:
        """Give the name of an entry."""
        return name_route(self._spots[number])

    @cached_property
    def _spots(self) -> dict[str, Spot]:
        return {spot.label: spot for spot in lay_flat(self.table)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRequest:
    """A request that another entry takes now, or that gets another answer by routing."""

    request: RecordedRequest
    old: TableAnswer
    new: TableAnswer


def ask_table(table: RouteTable, question: Question) -> TableAnswer:
    """Ask the router, and the routers of the mounts on the way."""
    protocol, method, path = question
    indexes: list[int] = []
    taken = 0
    inner: RouteTable | None = table
    while inner is not None:
        # Nothing is left where a router takes a mount without the slash behind its prefix.
        match = inner.match(protocol, method, path[taken:] or "/")
        if not isinstance(match, Found):
            return _refusal(match, _number(indexes), path[:taken])
        indexes.append(match.index)
        taken += match.prefix_length
        inner = inner.inside(match.entry)
    return TableAnswer(outcome=MatchOutcome.FOUND, number=_number(indexes))


def rematch(
    old: AskedTable, new: AskedTable, origins: Mapping[str, str], requests: Iterable[RecordedRequest]
) -> list[MovedRequest]:
    """Give the requests whose taker or outcome differs, the newest first.

    `origins` says of each number in the new table which number the entry had in the old one; one that is not
    in it is new. The same entry under another path or number is the same taker.
    """
    moved: list[MovedRequest] = []
    for request in requests:
        before, after = old.answer(request.question), new.answer(request.question)
        if before.outcome is not after.outcome or before.number != _origin(origins, after.number):
            moved.append(MovedRequest(request=request, old=before, new=after))
    return sorted(moved, key=lambda one: one.request.started, reverse=True)


def describe_moved(moved: MovedRequest, old: AskedTable, new: AskedTable) -> dict[str, Any]:
    """Give a moved request as JSON-able values."""
    request = moved.request
    return {
        "id": request.id,
        "method": request.method,
        "path": request.path,
        "started": request.started,
        "old": old.describe(moved.old),
        "new": new.describe(moved.new),
    }


def _refusal(match: Match, number: str | None, prefix: str) -> TableAnswer:
    return TableAnswer(
        outcome=outcome_of(match),
        number=number,
        allow=match.allow if isinstance(match, MethodNotAllowed) else (),
        location=prefix + match.path if isinstance(match, Redirected) else None,
    )


def _number(indexes: list[int]) -> str | None:
    return ".".join(str(index + 1) for index in indexes) or None


def _origin(origins: Mapping[str, str], number: str | None) -> str | None:
    return None if number is None else origins.get(number, f"new {number}")
