"""The routes of a table that a hostile path may make slow, with whole paths to try on the real router."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from inspector.analysis.errors import TooLargeError
from inspector.analysis.redos.ambiguity import Ambiguity
from inspector.analysis.redos.attack import Attack, Weakness, find_sample, find_weakness
from inspector.analysis.redos.unit import Unit, Units, cut_units
from inspector.analysis.spots import ANY_METHOD, Spot, ancestors, declared_methods
from miniframework.records import dataclass
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Mount

# Routes of one cause on which it is tried; on the first ones it may be hidden by routes before them.
_MOST_TRIED = 3

_BELOW_MOUNT = "/a"

# The square of 8,000 characters is some 0.3 s, their cube hours.
_HARMLESS_DEGREE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One route to try: its spot's number, a method it takes, and paths that may be slow.

    The route's own pattern is asked for what is behind the first `own_at` characters, the prefixes of mounts.
    """

    number: int
    method: str
    own_at: int
    attacks: tuple[Attack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """One cause: a part of a template, `written` as a regex, and all routes that have it.

    `targets` are the first of them that can be tried.
    """

    written: str
    parameters: int
    ambiguity: Ambiguity
    targets: tuple[Target, ...]
    routes: tuple[int, ...]

    @property
    def is_dangerous(self) -> bool:
        """Whether one path of a usual length may hold a process for seconds.

        What grows with the square of the length does not: its steps are counted, nothing is measured.
        """
        return _is_beyond_square(self.ambiguity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspects:
    """What was found; `unknown` names for a spot why one of its patterns could not be followed."""

    found: tuple[Suspect, ...]
    unknown: dict[int, str]

    @property
    def dangerous(self) -> "Suspects":
        """Those that must be measured where they hold up nobody, and all that could not be followed."""
        return replace(self, found=tuple(suspect for suspect in self.found if suspect.is_dangerous))

    @property
    def is_safe(self) -> bool:
        """Whether every pattern may be run on any path."""
        return not self.dangerous.found and not self.unknown


def is_dangerous(patterns: Iterable[PathPattern]) -> bool:
    """Whether one of the patterns may hold a process for seconds, or could not be followed. None is run."""
    units = {pair for pattern in patterns for pair in _in_order(cut_units(pattern))}
    return any(_may_hang(unit, is_tail=is_tail) for unit, is_tail in units)


def _may_hang(unit: Unit, *, is_tail: bool) -> bool:
    try:
        weakness = find_weakness(unit, may_hold_slash=is_tail)
    except TooLargeError:
        return True
    return weakness is not None and _is_beyond_square(weakness.ambiguity)


def _is_beyond_square(ambiguity: Ambiguity) -> bool:
    return ambiguity.is_exponential or ambiguity.degree > _HARMLESS_DEGREE


def find_suspects(spots: Sequence[Spot]) -> Suspects:
    """The causes in the order of the table. No pattern is run."""
    return _Search(spots).suspects()


class _Search:
    def __init__(self, spots: Sequence[Spot]) -> None:
        self._spots = spots
        self._declared = declared_methods(spots)
        self._known: dict[tuple[Unit, bool], Weakness | str | None] = {}
        self._unknown: dict[int, str] = {}

    def suspects(self) -> Suspects:
        causes: dict[Unit, tuple[Weakness, list[Spot]]] = {}
        for spot in self._spots:
            for unit, is_tail in _in_order(cut_units(spot.entry.pattern)):
                weakness = self._weakness(unit, is_tail=is_tail)
                if isinstance(weakness, str):
                    self._unknown.setdefault(spot.number, weakness)
                elif weakness is not None:
                    _, having = causes.setdefault(unit, (weakness, []))
                    if spot not in having:
                        having.append(spot)
        found = tuple(self._suspect(unit, *cause) for unit, cause in causes.items())
        return Suspects(found=found, unknown=self._unknown)

    def _weakness(self, unit: Unit, *, is_tail: bool) -> Weakness | str | None:
        key = unit, is_tail
        if key not in self._known:
            try:
                self._known[key] = find_weakness(unit, may_hold_slash=is_tail)
            except TooLargeError as error:
                self._known[key] = str(error)
        return self._known[key]

    def _suspect(self, unit: Unit, weakness: Weakness, having: Sequence[Spot]) -> Suspect:
        targets = (self._target(unit, weakness, spot) for spot in having)
        usable = [target for target in targets if target is not None]
        return Suspect(
            written="".join(re.escape(piece.text) if piece.is_literal else piece.text for piece in unit),
            parameters=sum(not piece.is_literal for piece in unit),
            ambiguity=weakness.ambiguity,
            targets=tuple(usable[:_MOST_TRIED]),
            routes=tuple(spot.number for spot in having),
        )

    def _target(self, unit: Unit, weakness: Weakness, spot: Spot) -> Target | None:
        around = [self._spots[number].entry.pattern for number in ancestors(self._spots, spot.number)[:-1]]
        prefix = _filled(around)
        own = _around(spot.entry.pattern, unit)
        if prefix is None or own is None:
            return None
        before, behind = own
        below = _BELOW_MOUNT if isinstance(spot.entry, Mount) else ""
        method = next((one for one in self._declared[spot.number] if one != ANY_METHOD), "GET")
        attacks = tuple(attack.within(prefix + before, behind + below) for attack in weakness.attacks)
        return Target(number=spot.number, method=method, own_at=len(prefix), attacks=attacks)


def _filled(patterns: Sequence[PathPattern]) -> str | None:
    """A path that the patterns of mounts take, one inside the other; None when none is found."""
    path = ""
    for pattern in patterns:
        units = cut_units(replace(pattern, open_ended=False))
        texts = [_sample(unit) for unit, _ in _in_order(units)]
        if None in texts:
            return None
        path += "".join(f"/{text}" for text in texts)
    return path


def _around(pattern: PathPattern, unit: Unit) -> tuple[str, str] | None:
    """Text of the pattern before and behind the first place of a unit."""
    before, behind, is_before = "/", "", True
    for here, _ in _in_order(cut_units(pattern)):
        if is_before and here == unit:
            is_before = False
            continue
        text = _sample(here)
        if text is None:
            return None
        if is_before:
            before += f"{text}/"
        else:
            behind += f"/{text}"
    return before, behind


def _in_order(units: Units) -> Iterator[tuple[Unit, bool]]:
    yield from ((segment, False) for segment in units.segments)
    if units.tail is not None:
        yield units.tail, True


def _sample(unit: Unit) -> str | None:
    try:
        return find_sample(unit)
    except TooLargeError:
        return None
