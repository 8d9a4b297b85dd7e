"""What a pattern of exempt paths lets through: the skip list of an authentication middleware, proved."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from inspector.analysis.confirm import find_taker, stand_in
from inspector.analysis.finding import RouteName, name_route
from inspector.analysis.regions import Region, map_space
from inspector.analysis.spots import Spot, lay_flat
from inspector.analysis.standings import outcomes
from miniframework.records import dataclass
from miniframework.routing.converters import Converter
from miniframework.routing.parts import Parameter
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Route
from miniframework.routing.table import RouteTable


class Anchoring(StrEnum):
    """How the middleware asks its pattern, by the name of the method of `re`."""

    MATCH = "match"
    FULLMATCH = "fullmatch"
    SEARCH = "search"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A route that the pattern exempts, for these methods; `witness` is a path of it that is let through.

    `kept` is a path of it that is not, None when every path is exempt. `is_exact` is false where the
    pattern or the route cannot be followed, so that there may be more.
    """

    route: RouteName
    methods: tuple[str, ...]
    witness: str
    kept: str | None
    is_exact: bool

    @property
    def is_partial(self) -> bool:
        """Whether some of its requests are exempt and others not, which is seldom meant."""
        return self.kept is not None

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return {
            "route": self.route.to_dict(),
            "methods": list(self.methods),
            "witness": self.witness,
            "kept": self.kept,
            "exactness": "exact" if self.is_exact else "unknown",
        }


class _Exempt(Converter):
    name = "exempt"

    def __init__(self, regex: str) -> None:
        self.regex = regex


def find_exemptions(table: RouteTable, regex: str, anchoring: Anchoring = Anchoring.MATCH) -> list[Exemption]:
    """Every route that takes a request whose path the pattern lets through, in the order of the table.

    Raises re.error for a bad pattern, TooLargeError as the check does.
    """
    return list(_Audit(table, regex, anchoring).exemptions())


class _Audit:
    """One pattern over one table."""

    def __init__(self, table: RouteTable, regex: str, anchoring: Anchoring) -> None:
        self._table = table
        self._is_exempt = getattr(re.compile(regex), anchoring.value)
        self._spots = lay_flat(table)
        self._exempt = len(self._spots)
        self._space = map_space((*self._spots, _exempt_spot(_whole(regex, anchoring), self._exempt)))
        self._methods = frozenset(method for spot in self._spots for method in spot.methods)

    def exemptions(self) -> Iterator[Exemption]:
        through: dict[tuple[int, str], str] = {}
        kept: dict[tuple[int, str], str] = {}
        for region in self._space.regions:
            numbers = [number for number in region.spots if number != self._exempt]
            for method, outcome in outcomes(self._spots, numbers, self._space.beyond).items():
                taker = self._confirmed(method, region) if outcome.takers else None
                if taker is not None:
                    side = through if self._is_exempt(region.witness) else kept
                    side.setdefault((taker, method), region.witness)
        for spot in self._spots:
            if spot.has_table:
                continue  # what it takes without anything inside taking it is a 404
            methods = tuple(sorted(m for m in (*spot.methods, "*") if (spot.number, m) in through))
            if methods:
                yield self._exemption(spot, methods, through, kept)

    def _confirmed(self, method: str, region: Region) -> int | None:
        address = find_taker(self._table, stand_in(method, self._methods), region.witness)
        return next((spot.number for spot in self._spots if spot.address == address), None)

    def _exemption(
        self,
        spot: Spot,
        methods: tuple[str, ...],
        through: dict[tuple[int, str], str],
        kept: dict[tuple[int, str], str],
    ) -> Exemption:
        not_exempt = [kept[spot.number, method] for method in methods if (spot.number, method) in kept]
        return Exemption(
            route=name_route(spot),
            methods=_without_implied_head(methods),
            witness=through[spot.number, methods[0]],
            kept=not_exempt[0] if not_exempt else None,
            is_exact=not {self._exempt, spot.number} & self._space.beyond.keys(),
        )


def _whole(regex: str, anchoring: Anchoring) -> str:
    """A regex of whole paths that are exempt. Raises re.error where it cannot be part of a larger one."""
    anything = r"[\s\S]*"
    before = anything if anchoring is Anchoring.SEARCH and not regex.startswith(("^", r"\A")) else ""
    after = "" if anchoring is Anchoring.FULLMATCH else anything
    whole = f"{before}(?:{regex}){after}"
    re.compile(f"({whole})")
    return whole


def _exempt_spot(regex: str, number: int) -> Spot:
    part = Parameter(name="exempt", converter_name="exempt", converter=_Exempt(regex), start=0, end=1)
    entry = Route(
        pattern=PathPattern(template="", parts=(part,)),
        methods=frozenset({"GET"}),
        endpoint=_exempt_spot,
        name="exempt",
    )
    return Spot(
        number=number,
        address=(),
        parent=None,
        entry=entry,
        parts=(part,),
        path="",
        methods=frozenset(),
        has_table=False,
    )


def _without_implied_head(methods: Sequence[str]) -> tuple[str, ...]:
    return tuple(m for m in methods if m != "HEAD" or "GET" not in methods)
