"""What became of a pinned request after its application came back: green, red, or why not replayed. Pure."""

from collections.abc import Sequence
from typing import Any, Literal

from inspector.model import Exchange, HttpExchange, SocketExchange
from inspector.replay.difference import Difference, compare_exchanges
from inspector.replay.policy import SAFE_METHODS
from inspector.replay.regression.learning import learn_rules, propose_rules
from inspector.replay.regression.rules import parse_rule, set_aside
from miniframework.records import dataclass

PinnedVerdict = Literal["same", "changed", "refused", "waiting"]

# It says of the body what the comparison of the bodies says better.
_CONTENT_LENGTH = parse_rule("headers:content-length")
_LEARNABLE = ("headers", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedResult:
    """One pinned request and how its newest replay compares.

    `rules` are kept with the pin, `learnt_rules` were seen by replaying twice, `proposed_rules` would set
    aside what looks volatile and still counts; each is written as `inspector replay --ignore` takes it.
    """

    id: str
    method: str
    path: str
    query: str
    route: str | None
    verdict: PinnedVerdict
    summary: str
    replay_id: str | None = None
    rules: tuple[str, ...] = ()
    learnt_rules: tuple[str, ...] = ()
    proposed_rules: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON-able values."""
        return {
            "id": self.id,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "route": self.route,
            "replay_id": self.replay_id,
            "verdict": self.verdict,
            "summary": self.summary,
            "rules": list(self.rules),
            "learnt_rules": list(self.learnt_rules),
            "proposed_rules": list(self.proposed_rules),
        }


def find_objection(pinned: Exchange) -> str | None:
    """Say why a request is not sent unasked, None when it may be."""
    if isinstance(pinned, SocketExchange):
        return "not sent: a WebSocket conversation cannot be replayed"
    method = pinned.scope.method
    return None if method in SAFE_METHODS else f"asks first: {method} may have its effect a second time"


def not_compared(
    pinned: Exchange, verdict: Literal["refused", "waiting"], summary: str, *, replay_id: str | None = None
) -> PinnedResult:
    """Give the result of a request without an answer to compare."""
    is_socket = isinstance(pinned, SocketExchange)
    return PinnedResult(
        id=pinned.id,
        method="WS" if is_socket else pinned.scope.method,
        path=pinned.scope.path,
        query=pinned.scope.query_string,
        route=pinned.route_path,
        verdict=verdict,
        summary=summary,
        replay_id=replay_id,
        rules=pinned.may_differ,
    )


def compare_pinned(pinned: Exchange, replayed: Exchange, learnt: Sequence[str] = ()) -> Difference:
    """Compare, with everything set aside that the rules of the pin and the learnt ones cover."""
    rules = [_CONTENT_LENGTH, *map(parse_rule, (*pinned.may_differ, *learnt))]
    return set_aside(compare_exchanges(pinned, replayed), rules)


def is_worth_learning(difference: Difference) -> bool:
    """Whether a second replay may show that what differs does so by itself."""
    return any(not layer.same for layer in difference.layers if layer.name in _LEARNABLE)


def learn_from(replayed: Exchange, again: Exchange) -> tuple[str, ...]:
    """Give a rule for each place where two replays of one request differ."""
    return learn_rules(set_aside(compare_exchanges(replayed, again), [_CONTENT_LENGTH]))


def compared(pinned: HttpExchange, replayed: Exchange, learnt: Sequence[str] = ()) -> PinnedResult:
    """Give the result of a request that was replayed."""
    difference = compare_pinned(pinned, replayed, learnt)
    return PinnedResult(
        id=pinned.id,
        method=pinned.scope.method,
        path=pinned.scope.path,
        query=pinned.scope.query_string,
        route=pinned.route_path,
        verdict="same" if difference.same else "changed",
        summary=difference.summary,
        replay_id=replayed.id,
        rules=pinned.may_differ,
        learnt_rules=tuple(learnt),
        proposed_rules=propose_rules(difference),
    )
