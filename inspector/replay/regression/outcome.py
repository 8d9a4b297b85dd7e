"""What became of each recorded request, and of all of them together in one line."""

from collections.abc import Sequence
from typing import Any, Literal

from inspector.model import HttpExchange
from inspector.replay.difference import Difference
from inspector.replay.refusal import Refusal
from miniframework.records import dataclass

Verdict = Literal["same", "changed", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One recorded request: replayed and compared, or why not. `rebound` names what was put in its place."""

    recorded: HttpExchange
    replayed: HttpExchange | None = None
    difference: Difference | None = None
    refusal: Refusal | None = None
    rebound: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The one word for it."""
        if self.difference is None:
            return "refused"
        return "same" if self.difference.same else "changed"

    @property
    def title(self) -> str:
        """`GET /items/7?q=x`, as it was recorded."""
        scope = self.recorded.scope
        return f"{scope.method} {scope.path}" + (f"?{scope.query_string}" if scope.query_string else "")

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return {
            "id": self.recorded.id,
            "request": self.title,
            "verdict": self.verdict,
            "summary": self.say(),
            "difference": None if self.difference is None else self.difference.to_dict(),
            "refusal": None if self.refusal is None else self.refusal.to_dict(),
            "rebound": list(self.rebound),
            "proposed_rules": list(self.proposed),
        }

    def say(self) -> str:
        """What differs, or why it was not sent, in one line."""
        if self.difference is not None:
            return self.difference.summary
        return "not sent" if self.refusal is None else f"not sent: {self.refusal.message}"


def summarise_outcomes(outcomes: Sequence[Outcome]) -> str:
    """`17 same, 2 changed, 1 now 404: was /items/{id:int}`."""
    verdicts = [outcome.verdict for outcome in outcomes]
    moved = [said for outcome in outcomes if (said := _say_new_status(outcome))]
    counted = {
        "same": verdicts.count("same"),
        "changed": verdicts.count("changed") - len(moved),
        "not sent": verdicts.count("refused"),
    }
    parts = [f"{count} {word}" for word, count in counted.items() if count]
    for said in dict.fromkeys(moved):
        parts.append(f"{moved.count(said)} {said}")
    return ", ".join(parts) or "nothing was recorded"


def _say_new_status(outcome: Outcome) -> str | None:
    """Of a request that no longer reaches its route: what it gets now, and which route it was."""
    if outcome.difference is None or outcome.replayed is None:
        return None
    before, after = outcome.difference.status
    was = outcome.recorded.route_path
    if before == after or was is None or outcome.replayed.route_path == was:
        return None
    return f"now {'without an answer' if after is None else after}: was {was}"
