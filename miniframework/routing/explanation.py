"""The answer to "why did this request land there?": a verdict of every entry, and what they add up to.

Plain values, made by `miniframework.routing.judge` and `miniframework.routing.explain`. What there is one of
for each entry is a named tuple: explaining a thousand routes makes some five thousand of them, at 0.4 us each
where a frozen dataclass takes 1.7 us.
"""

from collections.abc import Callable, Sequence
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from miniframework.records import dataclass

if TYPE_CHECKING:  # an outline is made of what stands here
    from miniframework.routing.counterfactuals import Counterfactual
    from miniframework.routing.outline import Outline

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
    CONDITION = "condition"
    PASSED_OVER = "passed_over"


class _Reason(NamedTuple):
    kind: ReasonKind
    at: int | None
    expected: str
    got: str
    say: Callable[["Reason"], str]


class _Message:
    """The words of a reason, made when they are first read: as a cached_property, but without its lock, which
    takes longer than the words."""

    def __get__(self, reason: "Reason", _: type) -> str:
        message = reason.__dict__["message"] = reason.say(reason)
        return message


class Reason(_Reason):
    """One thing that is wrong; `at` is the character of the path where it shows, None when it is not there.

    `message` is the reason in words. They are made when somebody first reads them: of a thousand routes a
    page shows forty, and many have the same reason.
    """

    message = _Message()


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
    would_match: "tuple[Counterfactual, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a table says to one request, and why, entry by entry in the order in which they are tried.

    `table` is the fingerprint; `winner` an index or None; `also` the shadowed ones, that would take it too;
    `allow` the methods of a 405; `location` the path a redirect points to; `sentence` says it all in one
    line. `outline` is what is known without going through the `verdicts`; `advise` is asked once.
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
    sentence: str
    verdicts: Sequence[Verdict]
    outline: "Outline" = field(compare=False, repr=False)
    advise: Callable[[], Advice] = field(compare=False, repr=False)

    @property
    def advice(self) -> Advice:
        """What was probably meant, looked for when it is first read."""
        return self.advise()

    def to_dict(self, limit: int | None = None) -> dict[str, Any]:
        """The same as JSON-able values, to read only; see `explanation_to_dict` for `limit`."""
        from miniframework.routing.explanation_json import explanation_to_dict  # reads what stands here

        return explanation_to_dict(self, limit)


def verdict_message(verdict: Verdict) -> str:
    """The verdict in words; numbers of routes are counted from 1, as people read them."""
    match verdict:
        case Matched():
            return "takes it"
        case Shadowed(shadowed_by=winner):
            return f"would match too: shadowed by {winner + 1}"
        case Refused(judgement=said):
            return " · ".join(reason.message for reason in said.reasons)
