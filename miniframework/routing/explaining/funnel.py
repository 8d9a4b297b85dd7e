"""The typing funnel: how many routes are left after each character of a path, and how it may go on."""

from collections.abc import Iterator

from miniframework.records import dataclass
from miniframework.routing.explaining.continuations import Continuation, find_continuations
from miniframework.routing.explaining.judged import JudgedTable
from miniframework.routing.judging.asked import Asked
from miniframework.routing.judging.survey import survey
from miniframework.routing.match import Found, Protocol_
from miniframework.routing.regex.words import joined

_MOST_WORDS = 8
_MOST_COMPLETIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """`viable[n]` routes take the request's protocol and method, and a path that begins with the first `n`
    characters of its path. `blind` of them are counted to the end because their regex cannot be followed.

    `at` is the last place where any is viable; `words` say what may come there, `completions` are paths that
    go on from there, each as far as it must.
    """

    viable: tuple[int, ...]
    blind: int
    at: int
    words: str
    completions: tuple[str, ...]


def find_funnel(table: JudgedTable, protocol: Protocol_, method: str | None, path: str) -> Funnel:
    """The funnel of `path`; without a method, every HTTP route counts. A mount counts as one route."""
    sums = table.judge.count_up(protocol, method)
    lost = [0] * (len(path) + 2)
    blind = 0
    for halt in survey(table.judge.stems, Asked(protocol, method or "", path)):
        count = sums[halt.last] - sums[halt.first]
        if halt.is_blind:
            blind += count
        else:
            lost[halt.reached + 1] += count
    viable, left = [], sums[-1]
    for fewer in lost[:-1]:
        left -= fewer
        viable.append(left)
    at = max((place for place, count in enumerate(viable) if count), default=0)
    ways = dict.fromkeys(_ways_on(table, protocol, method, path[:at])) if viable[0] else {}
    return Funnel(
        viable=tuple(viable),
        blind=blind,
        at=at,
        words=_words(list(dict.fromkeys(way.word for way in ways))),
        completions=tuple(dict.fromkeys(way.path for way in ways if way.path))[:_MOST_COMPLETIONS],
    )


def _ways_on(
    table: JudgedTable, protocol: Protocol_, method: str | None, path: str
) -> Iterator[Continuation]:
    """Where a mount takes the path and its own table is known, that table says how to go on."""
    match = table.match(protocol, method or "", path)
    inner = table.inside(match.entry) if isinstance(match, Found) else None
    if inner is None or not isinstance(match, Found):
        asked = Asked(protocol, method or "", path)
        yield from find_continuations(table.judge.stems, asked, table.judge.count_up(protocol, method))
        return
    prefix = path[: match.prefix_length]
    for way in _ways_on(inner, protocol, method, path[match.prefix_length :]):
        yield way._replace(path=None if way.path is None else prefix + way.path)


def _words(words: list[str]) -> str:
    """All of them in words; of many the first few, and how many more there are."""
    if len(words) > _MOST_WORDS:
        return f"{', '.join(words[:_MOST_WORDS])} or {len(words) - _MOST_WORDS} others"
    return joined(words) if words else ""
