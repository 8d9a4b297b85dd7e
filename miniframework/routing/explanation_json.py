"""An explanation as JSON-able values: all of it, or the verdicts one would look at first."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from miniframework.routing.checks import Check, find_checks
from miniframework.routing.explanation import (
    Explanation,
    Matched,
    Reason,
    Refused,
    Shadowed,
    Verdict,
    verdict_message,
)


def explanation_to_dict(explanation: Explanation, limit: int | None = None) -> dict[str, Any]:
    """The explanation as values to read only: verdicts share what they have in common.

    With a limit there are at most so many verdicts of each table, in its order: the winner's, those of the
    entries that would match too, of the nearest, and then the first ones. `refused_by` counts the first
    reason of each entry that is left out.
    """
    told: dict[int, dict[str, Any]] = {}
    advice = explanation.advice
    shown = _choose(explanation, limit)
    return {
        "protocol": explanation.protocol,
        "method": explanation.method,
        "path": explanation.path,
        "table": explanation.table,
        "outcome": explanation.outcome.value,
        "winner": explanation.winner,
        "allow": list(explanation.allow),
        "location": explanation.location,
        "reached": explanation.reached,
        "sentence": explanation.sentence,
        "also": list(explanation.also),
        "nearest": [{"index": n.index, "path": n.path, "edits": n.edits} for n in advice.nearest],
        "did_you_mean": advice.did_you_mean,
        "most_specific": explanation.outline.most_specific,
        "verdicts": [
            {
                **_verdict_to_dict(verdict, told, limit),
                "checks": _checks_to_list(
                    find_checks(explanation.outline.entries[verdict.index], verdict.judgement)
                ),
            }
            for verdict in _pick(explanation.verdicts, shown)
        ],
        "verdicts_total": len(explanation.verdicts),
        "refused_by": _count_others(explanation, shown),
    }


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


def _pick(verdicts: Sequence[Verdict], shown: list[int]) -> Iterable[Verdict]:
    """The verdicts to show; to make all of them together is far cheaper than each by itself."""
    return verdicts if len(shown) == len(verdicts) else (verdicts[index] for index in shown)


@lru_cache(maxsize=512)  # a memo of a pure function: of all the ways in which checks come out, few are met
def _checks_to_list(checks: tuple[Check, ...]) -> list[dict[str, str]]:
    return [{"check": check, "state": state} for check, state in checks]


def _verdict_to_dict(verdict: Verdict, told: dict[int, dict[str, Any]], limit: int | None) -> dict[str, Any]:
    """One verdict as JSON-able values; `message` is what a list of routes shows beside it.

    `told` holds the reasons met so far by identity: many routes have the same one.
    """
    said = verdict.judgement
    against = [told.get(id(reason)) or _reason_to_dict(reason, told) for reason in said.reasons]
    inner = verdict.inner if isinstance(verdict, Matched) else None
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
        "message": " · ".join([one["message"] for one in against]) if against else verdict_message(verdict),
        "shadowed_by": verdict.shadowed_by if isinstance(verdict, Shadowed) else None,
        "inner": None if inner is None else explanation_to_dict(inner, limit),
    }


def _reason_to_dict(reason: Reason, told: dict[int, dict[str, Any]]) -> dict[str, Any]:
    kind, at, expected, got, _ = reason
    shown = {"kind": kind.value, "at": at, "expected": expected, "got": got, "message": reason.message}
    told[id(reason)] = shown  # the explanation keeps the reason, so its id is not given to another
    return shown
