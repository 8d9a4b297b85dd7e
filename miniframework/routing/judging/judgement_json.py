"""What one entry says as JSON-able values."""

from functools import lru_cache
from typing import Any

from miniframework.routing.judging.checks import Check, find_checks
from miniframework.routing.judging.judgement import Judgement, Reason
from miniframework.routing.route import Entry


def judgement_to_dict(said: Judgement, told: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """All of a judgement, to read only: `told` holds the reasons met so far by identity, for many routes have
    the same one.
    """
    return {
        "path_matches": said.path_matches,
        "reached": said.reached,
        "template_reached": said.template_reached,
        "template_refused": None if said.template_refused is None else list(said.template_refused),
        "parameters": [
            {"name": p.name, "start": p.start, "end": p.end, "text": p.text, "converter": p.converter}
            for p in said.parameters
        ],
        "reasons": [told.get(id(reason)) or _reason_to_dict(reason, told) for reason in said.reasons],
    }


def checks_to_list(entry: Entry, said: Judgement) -> list[dict[str, str]]:
    """How each check of the entry came out, to read only."""
    return _checks_to_list(find_checks(entry, said))


@lru_cache(maxsize=512)  # a memo of a pure function: of all the ways in which checks come out, few are met
def _checks_to_list(checks: tuple[Check, ...]) -> list[dict[str, str]]:
    return [{"check": check, "state": state} for check, state in checks]


def _reason_to_dict(reason: Reason, told: dict[int, dict[str, Any]]) -> dict[str, Any]:
    kind, at, expected, got, _ = reason
    shown = {"kind": kind.value, "at": at, "expected": expected, "got": got, "message": reason.message}
    told[id(reason)] = shown  # the explanation keeps the reason, so its id is not given to another
    return shown
