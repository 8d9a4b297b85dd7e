"""The answer to "why did this request land there?": a verdict of every entry, and what they add up to.

Plain values, made by `miniframework.routing.judge` and `miniframework.routing.table`; JSON by
`miniframework.routing.explanation_json`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, NamedTuple

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

    A tuple, because explaining a thousand routes makes some three thousand of them (0.5 us each; 1.7 us as a
    frozen dataclass).
    """

    kind: ReasonKind
    at: int | None
    expected: str
    got: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSpan:
    """The text one parameter took: `path[start:end]`."""

    name: str
    start: int
    end: int
    text: str
    converter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The entry that takes the request; `inner` is the explanation of the table mounted there, when known."""

    index: int
    judgement: Judgement
    inner: "Explanation | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowed:
    """The entry would take the request too, but the one at `shadowed_by` stands before it."""

    index: int
    judgement: Judgement
    shadowed_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The entry does not take the request; `examined` is False when the real search stopped before it."""

    index: int
    judgement: Judgement
    examined: bool


Verdict = Matched | Shadowed | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a table says to one request, and why, entry by entry in the order in which they are tried.

    `table` is the fingerprint; `winner` an index or None; `also` the shadowed ones; `allow` the methods of a
    405; `location` the path a redirect points to; `sentence` says it all in one line.
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

    @property
    def also(self) -> tuple[int, ...]:
        """The entries that would take it too, were it not for the winner."""
        return tuple(verdict.index for verdict in self.verdicts if isinstance(verdict, Shadowed))

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON-able values."""
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
            "verdicts": [verdict_to_dict(verdict) for verdict in self.verdicts],
        }


def verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    """One verdict as JSON-able values; `message` is what a list of routes shows beside it."""
    said = verdict.judgement
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
        "reasons": [
            {"kind": r.kind.value, "at": r.at, "expected": r.expected, "got": r.got, "message": r.message}
            for r in said.reasons
        ],
        "message": verdict_message(verdict),
        "shadowed_by": verdict.shadowed_by if isinstance(verdict, Shadowed) else None,
        "inner": verdict.inner.to_dict() if isinstance(verdict, Matched) and verdict.inner else None,
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
