"""What a recorded request would get now: the table's words, or the router's own where it says otherwise."""

from collections.abc import Mapping
from typing import Any, Literal

from inspector.panels.answer_routing import answer_routing
from inspector.panels.known_route import Snapshot
from inspector.panels.refusal import find_refusal
from inspector.panels.way import follow_way
from miniframework.routing.explanation import Explanation
from miniframework.routing.match import MatchOutcome

Fate = Literal["taken", "refused", "redirect", "missed", "unknown"]

_FATES: Mapping[str, Fate] = {"match": "taken", "redirect": "redirect"}
_OUTCOMES = {"match": "found", "websocket_mismatch": "not_found"}


def find_fate(explanation: Explanation, table: Snapshot | None) -> Fate:
    """Return what becomes of a request by routing; "refused" where the endpoint is sure to refuse a value."""
    match follow_way(explanation, table)[-1].explanation.outcome:
        case MatchOutcome.REDIRECT:
            return "redirect"
        case MatchOutcome.FOUND:
            return "refused" if find_refusal(explanation) else "taken"
        case _:
            return "missed"


def is_said_by(verdict: Mapping[str, Any], outcome: str, number: str | None) -> bool:
    """Whether the router's verdict is this outcome, by the entry with this number."""
    said = _OUTCOMES.get(verdict["outcome"], verdict["outcome"])
    if said != outcome:
        return False
    return outcome != "found" or (verdict["route"] or {}).get("number") == number


def say_now(
    explanation: Explanation, table: Snapshot | None, verdict: Mapping[str, Any] | None, *, agrees: bool
) -> tuple[Fate, str]:
    """Return what becomes of it, and the sentence; `verdict` is the router's own, None where it was not
    asked.
    """
    if verdict is None or agrees:
        unseen = f" {verdict['unseen']}" if verdict and verdict["unseen"] else ""
        return find_fate(explanation, table), answer_routing(explanation, table) + unseen
    who = "the router" if verdict["framework"] == "miniframework" else f"{verdict['framework']}’s own router"
    said = f"{verdict['said'][:1].upper()}{verdict['said'][1:]}, says {who}."
    return _FATES.get(verdict["outcome"], "missed"), f"{said} {verdict['unseen'] or ''}".strip()
