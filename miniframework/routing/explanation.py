"""The answer to "why did this request land there?": a verdict of every entry, and what they add up to.

Plain values, made by `miniframework.routing.judge` and `miniframework.routing.explain`. What there is one of
for each entry is a named tuple: explaining a thousand routes makes some five thousand of them, at 0.4 us each
where a frozen dataclass takes 1.7 us.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from miniframework.routing.counterfactuals import Counterfactual

Protocol_ = Literal["http", "websocket"]


class MatchOutcome(StrEnum):
    """What a whole table said to one request."""

    FOUND = "found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_FOUND = "not_found"
    REDIRECT = "redirect"


class ReasonKind(StrEnum):
    """Why an entry refused: one word for the machine, `Reason.message` for people."""

    LITERAL = "literal"
    CONVERTER = "converter"
    MISSING = "missing"
    EXTRA = "extra"
    TRAILING_SLASH = "trailing_slash"
    METHOD = "method"
    PROTOCOL = "protocol"
    MOUNT_PREFIX = "mount_prefix"


class Reason(NamedTuple):
    """One thing that is wrong; `at` is the character of the path where it shows, None when it is not there.

    The words are made when somebody reads them: of a thousand routes a page shows forty.
    """

    kind: ReasonKind
    at: int | None
    expected: str
    got: str
    say: Callable[["Reason"], str]

    @property
    def message(self) -> str:
        """The reason in words."""
        return self.say(self)


class ParameterSpan(NamedTuple):
    """The text one parameter took: `path[start:end]`."""

    name: str
    start: int
    end: int
    text: str
    converter: str


class Judgement(NamedTuple):
    """What one entry alone says to one request. It takes the request exactly when there is no reason against
    it.

    `reached` counts the characters of the path that form the longest prefix with which a matching path can
    still begin; `template_reached` is how far the template was satisfied by them, `template_refused` the span
    of the part that refused.
    """

    path_matches: bool
    reached: int
    template_reached: int
    template_refused: tuple[int, int] | None
    parameters: tuple[ParameterSpan, ...]
    reasons: tuple[Reason, ...]

    @property
    def takes(self) -> bool:
        """Whether the entry would take the request if it were asked."""
        return not self.reasons


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

    `table` is the fingerprint; `winner` an index or None; `also` the shadowed ones; `allow` the methods of a
    405; `location` the path a redirect points to; `sentence` says it all in one line. `advise` is asked once.
    """

    protocol: Protocol_
    method: str
    path: str
    table: str
    outcome: MatchOutcome
    winner: int | None
    allow: tuple[str, ...]
    location: str | None
    reached: int
    sentence: str
    verdicts: tuple[Verdict, ...]
    advise: Callable[[], Advice] = field(compare=False, repr=False)

    @property
    def advice(self) -> Advice:
        """What was probably meant, looked for when it is first read."""
        return self.advise()

    @property
    def also(self) -> tuple[int, ...]:
        """The entries that would take it too, were it not for the winner."""
        return tuple(verdict.index for verdict in self.verdicts if isinstance(verdict, Shadowed))

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON-able values, to read only: verdicts share what they have in common."""
        told: dict[int, dict[str, Any]] = {}
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
            "nearest": [{"index": n.index, "path": n.path, "edits": n.edits} for n in self.advice.nearest],
            "did_you_mean": self.advice.did_you_mean,
            "verdicts": [_verdict_to_dict(verdict, told) for verdict in self.verdicts],
        }


def _verdict_to_dict(verdict: Verdict, told: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """One verdict as JSON-able values; `message` is what a list of routes shows beside it.

    `told` holds the reasons met so far by identity: many routes have the same one.
    """
    said = verdict.judgement
    against = [told.get(id(reason)) or _reason_to_dict(reason, told) for reason in said.reasons]
    message = " · ".join([one["message"] for one in against]) if against else verdict_message(verdict)
    return {
        "index": verdict.index,
        "outcome": type(verdict).__name__.lower(),
        "examined": verdict.examined if isinstance(verdict, Refused) else isinstance(verdict, Matched),
        "path_matches": said.path_matches,
        "reached": said.reached,
        "template_reached": said.template_reached,
        "template_refused": None if said.template_refused is None else list(said.template_refused),
        "parameters": [
            {"name": p.name, "start": p.start, "end": p.end, "text": p.text, "converter": p.converter}
            for p in said.parameters
        ],
        "reasons": against,
        "message": message,
        "shadowed_by": verdict.shadowed_by if isinstance(verdict, Shadowed) else None,
        "inner": verdict.inner.to_dict() if isinstance(verdict, Matched) and verdict.inner else None,
    }


def _reason_to_dict(reason: Reason, told: dict[int, dict[str, Any]]) -> dict[str, Any]:
    kind, at, expected, got, _ = reason
    shown = {"kind": kind.value, "at": at, "expected": expected, "got": got, "message": reason.message}
    told[id(reason)] = shown  # the explanation keeps the reason, so its id is not given to another
    return shown


def verdict_message(verdict: Verdict) -> str:
    """The verdict in words; numbers of routes are counted from 1, as people read them."""
    match verdict:
        case Matched():
            return "takes it"
        case Shadowed(shadowed_by=winner):
            return f"would match too: shadowed by {winner + 1}"
        case Refused(judgement=said):
            return " · ".join(reason.message for reason in said.reasons)
