"""The answer to "why did this request land there?": a verdict of every entry, and what they add up to.

Plain values, made by `miniframework.routing.explaining.explain`. A verdict is a named tuple for the same
reason as a judgement is one.
"""

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from miniframework.records import dataclass
from miniframework.routing.judging.judgement import Judgement
from miniframework.routing.judging.judgement_json import checks_to_list, judgement_to_dict
from miniframework.routing.match import MatchOutcome, Protocol_
from miniframework.routing.route import Entry

if TYPE_CHECKING:  # whoever only reads an explanation need not load what makes these
    from miniframework.routing.outline import Outline


# `index` hides the method of a tuple by that name, which nobody asks of a verdict.
class Matched(NamedTuple):
    """The entry that takes the request; `inner` is the explanation of the table mounted there, when known."""

    index: int  # type: ignore[assignment]
    judgement: Judgement
    inner: "Explanation | None" = None


class Shadowed(NamedTuple):
    """The entry would take the request too, but the one at `shadowed_by` stands before it."""

    index: int  # type: ignore[assignment]
    judgement: Judgement
    shadowed_by: int


class Refused(NamedTuple):
    """The entry does not take the request; `examined` is False when the real search stopped before it."""

    index: int  # type: ignore[assignment]
    judgement: Judgement
    examined: bool


Verdict = Matched | Shadowed | Refused


class Nearest(NamedTuple):
    """The entry at `index` would take `path`, `edits` typing mistakes away; perhaps not this method."""

    index: int  # type: ignore[assignment]
    path: str
    edits: int


class Counterfactual(NamedTuple):
    """The request asked in another way; `change` fits behind "it would match"."""

    change: str
    method: str
    path: str


class Advice(NamedTuple):
    """What a request that nobody takes was probably meant to be.

    `nearest` are up to five entries, the likeliest first; `did_you_mean` is the one path to suggest, of which
    nothing is made up; `would_match` are the other ways of asking that lead to a route.
    """

    nearest: tuple[Nearest, ...]
    did_you_mean: str | None
    would_match: tuple[Counterfactual, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a table says to one request, and why, entry by entry in the order in which they are tried.

    `table` is the fingerprint; `winner` an index or None; `also` the shadowed ones, that would take it too;
    `allow` the methods of a 405; `location` the path a redirect points to. `outline` is what is known without
    going through the `verdicts`; `advise`, `mean` and `say` are asked once.
    """

    protocol: Protocol_
    method: str
    path: str
    table: str
    outcome: MatchOutcome
    winner: int | None
    also: tuple[int, ...]
    allow: tuple[str, ...]
    location: str | None
    reached: int
    verdicts: Sequence[Verdict]
    outline: "Outline" = field(compare=False, repr=False)
    advise: Callable[[], Advice] = field(compare=False, repr=False)
    mean: Callable[[], tuple[int, ...]] = field(compare=False, repr=False)
    say: Callable[[], str] = field(compare=False, repr=False)

    @property
    def advice(self) -> Advice:
        """What was probably meant, looked for when it is first read."""
        return self.advise()

    @property
    def sentence(self) -> str:
        """All of it in one line, made when it is first read."""
        return self.say()

    @property
    def meant(self) -> tuple[int, ...]:
        """The entries that the path was probably meant for, the likeliest first, looked for when it is first
        read.
        """
        return self.mean()

    def to_dict(self, limit: int | None = None) -> dict[str, Any]:
        """The same as JSON-able values, to read only: verdicts share what they have in common.

        With a limit there are at most so many verdicts of each table, in its order: the winner's, those of
        the entries that would match too, of the nearest, and then the first ones. `refused_by` counts the
        first reason of each entry that is left out.
        """
        told: dict[int, dict[str, Any]] = {}
        advice = self.advice
        shown = _choose(self, limit)
        is_whole = len(shown) == len(self.verdicts)  # to make all of them together is far cheaper than each
        chosen = self.verdicts if is_whole else (self.verdicts[index] for index in shown)
        entries = self.outline.entries
        return {
            "protocol": self.protocol,
            "method": self.method,
            "path": self.path,
            "table": self.table,
            "outcome": self.outcome.value,
            "winner": self.winner,
            "allow": list(self.allow),
            "location": self.location,
            "reached": self.reached,
            "sentence": self.sentence,
            "also": list(self.also),
            "nearest": [{"index": n.index, "path": n.path, "edits": n.edits} for n in advice.nearest],
            "did_you_mean": advice.did_you_mean,
            "most_specific": self.outline.most_specific,
            "verdicts": [
                _verdict_to_dict(entries[verdict.index], verdict, told, limit) for verdict in chosen
            ],
            "verdicts_total": len(self.verdicts),
            "refused_by": _count_others(self, shown),
        }


def verdict_message(verdict: Verdict) -> str:
    """The verdict in words; numbers of routes are counted from 1, as people read them."""
    match verdict:
        case Matched():
            return "takes it"
        case Shadowed(shadowed_by=winner):
            return f"would match too: shadowed by {winner + 1}"
        case Refused(judgement=said):
            return " · ".join(reason.message for reason in said.reasons)


def _choose(explanation: Explanation, limit: int | None) -> list[int]:
    total = len(explanation.verdicts)
    if limit is None or limit >= total:
        return list(range(total))
    first = () if explanation.winner is None else (explanation.winner,)
    nearest = (near.index for near in explanation.advice.nearest)
    chosen = list(dict.fromkeys((*first, *explanation.also[:limit], *nearest)))[:limit]
    known = set(chosen)
    others = (index for index in range(total) if index not in known)
    chosen += (index for index, _ in zip(others, range(limit - len(chosen)), strict=False))
    return sorted(chosen)


def _count_others(explanation: Explanation, shown: list[int]) -> dict[str, int]:
    if len(shown) == len(explanation.verdicts):
        return {}
    counts = explanation.outline.count_first_reasons()
    for index in shown:
        verdict = explanation.verdicts[index]
        if isinstance(verdict, Refused):
            counts[verdict.judgement.reasons[0].kind] -= 1
    return {kind.value: count for kind, count in counts.items() if count}


def _verdict_to_dict(
    entry: Entry, verdict: Verdict, told: dict[int, dict[str, Any]], limit: int | None
) -> dict[str, Any]:
    """One verdict as JSON-able values; `message` is what a list of routes shows beside it. `told` are the
    reasons told so far.
    """
    said = judgement_to_dict(verdict.judgement, told)
    against = said["reasons"]
    inner = verdict.inner if isinstance(verdict, Matched) else None
    return {
        "index": verdict.index,
        "outcome": type(verdict).__name__.lower(),
        "examined": verdict.examined if isinstance(verdict, Refused) else isinstance(verdict, Matched),
        **said,
        "message": " · ".join([one["message"] for one in against]) if against else verdict_message(verdict),
        "shadowed_by": verdict.shadowed_by if isinstance(verdict, Shadowed) else None,
        "inner": None if inner is None else inner.to_dict(limit),
        "checks": checks_to_list(entry, verdict.judgement),
    }
