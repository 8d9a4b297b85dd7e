"""How a traced run stands: its steps, what its groups hold, and the decisions it can come back to."""

from typing import NamedTuple

from inspector.analysis.re_trace.events import Event, Kind
from inspector.analysis.re_trace.tasks import Next, Tasks

Span = tuple[int, int]


class BudgetError(Exception):
    """The run has more steps than are written down."""


class Decision(NamedTuple):
    """A place to come back to: what to do there, and how things stood."""

    node: int
    at: int
    tasks: Tasks
    changes: int
    steps: int


class State:
    """Grows with the run; `events` and `captures` (by number of the group) can be read at any time."""

    def __init__(self, text: str, most_steps: int) -> None:
        self.text = text
        self.events: list[Event] = []
        self.captures: dict[int, Span] = {}
        self.decisions: list[Decision] = []
        self._most_steps = most_steps
        self._changes: list[tuple[int, Span | None]] = []  # what a group held before it was closed

    def tell(self, kind: Kind, node: int, at: int, to: int, number: int = 0) -> None:
        """Write a step down. Raises BudgetError."""
        if len(self.events) >= self._most_steps:
            raise BudgetError
        self.events.append(Event(kind, node, at, to, number))

    def decide(self, node: int, at: int, otherwise: Tasks) -> None:
        """Keep what to do at `at` if the way taken now fails."""
        self.decisions.append(Decision(node, at, otherwise, len(self._changes), len(self.events)))

    def settle(self, height: int) -> None:
        """Never come back to the decisions above the lowest `height`."""
        del self.decisions[height:]

    def capture(self, number: int, span: Span) -> None:
        """Let a group hold a part of the text."""
        self._changes.append((number, self.captures.get(number)))
        self.captures[number] = span

    def start(self, node: int, at: int) -> None:
        """Begin at a position, with nothing captured before."""
        self._undo(0)
        self.tell(Kind.START, node, at, at)

    def go_back(self) -> Next:
        """Take the latest decision the other way; None when there is none."""
        if not self.decisions:
            return None
        decision = self.decisions.pop()
        self._undo(decision.changes)
        self.tell(Kind.BACK, decision.node, self.events[-1].to, decision.at, decision.steps)
        return decision.at, decision.tasks

    def _undo(self, kept: int) -> None:
        while len(self._changes) > kept:
            number, before = self._changes.pop()
            if before is None:
                del self.captures[number]
            else:
                self.captures[number] = before
