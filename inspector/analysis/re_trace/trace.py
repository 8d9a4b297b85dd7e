"""A regex stepped through a text, and compared with `re`.

`re` is asked only when the replica came to an end within its budget: it takes the same way in about as many
steps, so it cannot take exponential time here.
"""

import contextlib
import re

from inspector.analysis.re_trace.events import Event
from inspector.analysis.re_trace.machine import How, run_machine
from inspector.analysis.re_trace.state import BudgetError, Span, State
from inspector.analysis.re_trace.untraced import find_untraced
from miniframework.records import dataclass
from miniframework.routing.regex.tree import regex_tree

# A step of the replica takes about 2 us, a step on the wire about 20 bytes.
MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The steps of one run and its end.

    `span` is where it matches and `groups` what the groups hold (by number), both meaningless unless `ended`.
    Without an end, `unknown` names the construct that is not traced, or is None when the steps were too many.
    `found` is what `re` says to the same question, asked only after an end.
    """

    events: tuple[Event, ...]
    ended: bool
    span: Span | None
    groups: dict[int, Span]
    unknown: str | None
    found: re.Match[str] | None

    @property
    def agrees(self) -> bool | None:
        """Whether `re` says the same of verdict, end and every group; None where it was not asked."""
        if not self.ended:
            return None
        if self.found is None or self.span is None:
            return self.found is None and self.span is None
        held = {n: s for n in range(1, self.found.re.groups + 1) if (s := self.found.span(n)) != (-1, -1)}
        return self.found.span() == self.span and held == self.groups


def trace_steps(
    regex: str, text: str, flags: int = 0, *, how: How = "fullmatch", most_steps: int = MOST_STEPS
) -> Trace:
    """Step through `regex` as `re` would do it. Raises re.error."""
    tree, state = regex_tree(regex, flags), State(text, most_steps)
    ended, span, unknown = False, None, find_untraced(tree)
    if unknown is None:
        with contextlib.suppress(BudgetError):  # the steps so far are worth showing
            span, ended = run_machine(tree, state, how), True
    return Trace(
        events=tuple(state.events),
        ended=ended,
        span=span,
        groups=dict(state.captures) if span else {},
        unknown=unknown,
        found=_ask(re.compile(regex, flags), text, how) if ended else None,
    )


def _ask(pattern: re.Pattern[str], text: str, how: How) -> re.Match[str] | None:
    match how:
        case "fullmatch":
            return pattern.fullmatch(text)
        case "match":
            return pattern.match(text)
        case "search":
            return pattern.search(text)
