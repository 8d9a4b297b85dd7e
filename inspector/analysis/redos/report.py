"""What was measured and counted of the suspects, as findings."""

from collections.abc import Iterator, Mapping, Sequence

from inspector.analysis.finding import Finding, Kind, RouteName, name_route
from inspector.analysis.redos.growth import Growth
from inspector.analysis.redos.suspects import Suspect, Suspects
from inspector.analysis.spots import Spot
from inspector.analysis.wording import said_methods
from miniframework.records import dataclass

_MOST_ROWS = 3
_MOST_NAMED = 5
_MOST_WRITTEN = 80
_FIX_EXPONENTIAL = (
    "let a text fit in one way only: no repeat of what already repeats; `++` and `(?>…)` keep `re` from "
    "going back"
)
_FIX_POLYNOMIAL = "leave one such parameter in the template, and take its text apart in the function"
_FIX_CONVERTER = (
    "let repeats that follow each other share no character, as in `[a-z]+(?:-[a-z]+)*`, or give the first of "
    "them a limit, as in `{1,14}`"
)
# What RFC 9112 section 3 asks of every server, and where uvicorn and hypercorn end.
_USUAL_PATH, _LONGEST_PATH = 8_000, 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowRun:
    """A route's time on a growing path: (characters, CPU seconds) of each run; `path` is the last one."""

    number: int
    path: str
    took: tuple[tuple[int, float], ...]


def report_suspects(
    spots: Sequence[Spot], suspects: Suspects, runs: Mapping[int, SlowRun | None]
) -> Iterator[Finding]:
    """A finding for every suspect that was slow, and for all that could not be tried.

    `runs` has for a suspect's place None when no run of it was slow, and nothing when it was not tried.
    """
    for place, suspect in enumerate(suspects.found):
        run = runs.get(place)
        if run is not None:
            yield _slow(spots, suspect, run)
        elif place not in runs and suspect.targets:
            yield _unknown(spots[suspect.routes[0]], f"{_quoted(suspect)} could not be measured in time")
    for number, reason in suspects.unknown.items():
        yield _unknown(spots[number], reason)


def report_growing(
    spots: Sequence[Spot], suspects: Suspects, growths: Mapping[int, Growth | None]
) -> Iterator[Finding]:
    """A note for every suspect whose steps grow with the path's square, and all that were not counted."""
    for place, suspect in enumerate(suspects.found):
        if suspect.is_dangerous:
            continue
        growth = growths.get(place)
        if growth is not None:
            yield _growing(spots, suspect, growth)
        elif place not in growths and suspect.targets:
            yield _unknown(spots[suspect.routes[0]], f"the steps of {_quoted(suspect)} could not be counted")


def _growing(spots: Sequence[Spot], suspect: Suspect, growth: Growth) -> Finding:
    route, method = _who(spots, suspect, growth.number)
    message = _say_growing(route, method, suspect, growth)
    return _costly(Kind.QUADRATIC_PATTERN, spots, suspect, growth, message)


def _say_growing(route: RouteName, method: str, suspect: Suspect, growth: Growth) -> str:
    counted = " and ".join(f"{steps:,} for {length}" for length, steps in growth.counted[-2:])
    usual, longest = (
        f"{growth.steps(length) / 1e6:,.0f} million for {length:,}" for length in (_USUAL_PATH, _LONGEST_PATH)
    )
    return (
        f"{said_methods([method])} {route.path}: to refuse a path costs the square of its length, as "
        f"{_quoted(suspect)} takes the same text in many ways; steps counted are {counted} characters, which "
        f"makes {usual} and {longest}, the longest path that most servers let through"
    )


def _slow(spots: Sequence[Spot], suspect: Suspect, run: SlowRun) -> Finding:
    route, method = _who(spots, suspect, run.number)
    return _costly(Kind.SLOW_PATTERN, spots, suspect, run, _say_slow(route, method, suspect, run))


def _costly(
    kind: Kind, spots: Sequence[Spot], suspect: Suspect, shown: Growth | SlowRun, message: str
) -> Finding:
    """What one path showed of a suspect, and which routes share it."""
    route, method = _who(spots, suspect, shown.number)
    others = [name_route(spots[number]) for number in suspect.routes if number != shown.number]
    return Finding(
        kind=kind,
        methods=(method,),
        route=route,
        witness=shown.path,
        message=message + _say_others(others),
        fix=_fix_slow(suspect),
    )


def _who(spots: Sequence[Spot], suspect: Suspect, number: int) -> tuple[RouteName, str]:
    """The route of a spot, and the method with which it was tried."""
    method = next(target.method for target in suspect.targets if target.number == number)
    return name_route(spots[number]), method


def _fix_slow(suspect: Suspect) -> str:
    if suspect.ambiguity.is_exponential:
        return _FIX_EXPONENTIAL
    return _FIX_POLYNOMIAL if suspect.parameters > 1 else _FIX_CONVERTER


def _say_slow(route: RouteName, method: str, suspect: Suspect, run: SlowRun) -> str:
    growth = (
        "every few characters more double its time"
        if suspect.ambiguity.is_exponential
        else f"its time grows with the length to the power of {suspect.ambiguity.degree}"
    )
    took = ", ".join(f"{_duration(seconds)} for {length}" for length, seconds in run.took[-_MOST_ROWS:])
    return (
        f"{said_methods([method])} {route.path}: one request can hold the whole process, measured {took} "
        f"characters; {_quoted(suspect)} takes the same text in many ways, and {growth}"
    )


def _say_others(others: Sequence[RouteName]) -> str:
    if not others:
        return ""
    named = ", ".join(f"{route.number} {route.path}" for route in others[:_MOST_NAMED])
    more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
    return f"; so in route {named}{more}"


def _unknown(spot: Spot, reason: str) -> Finding:
    route = name_route(spot)
    return Finding(
        kind=Kind.UNDECIDED,
        methods=tuple(sorted(spot.methods - {"HEAD"})) or ("GET",),
        route=route,
        is_exact=False,
        message=f"whether a long path can make {route.path} slow is not known: {reason}",
        fix="a narrower converter is faster to decide, and to match",
    )


def _quoted(suspect: Suspect) -> str:
    written = suspect.written
    return f"`{written if len(written) <= _MOST_WRITTEN else written[:_MOST_WRITTEN] + '…'}`"


def _duration(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1_000:.0f} ms" if seconds > 0.01 else f"{seconds * 1_000:.1f} ms"
