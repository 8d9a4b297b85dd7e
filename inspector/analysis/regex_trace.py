"""What a text did in a regex, as JSON-able values: how far it came, what was expected there, every step."""

import re
from collections.abc import Iterator
from typing import Any

from inspector.analysis.re_trace import MOST_STEPS, How, Trace, trace_steps
from inspector.analysis.re_trace.outcome import read_outcome
from inspector.analysis.regex_run import RegexRun, run_regex
from miniframework.routing.regex.tree import Group, Node, descend, regex_tree
from miniframework.routing.regex.words import joined

_TOO_MANY = f"the engine is not done after {MOST_STEPS:,} steps"


def trace_regex(regex: str, text: str, flags: int = 0, *, how: How = "fullmatch") -> dict[str, Any]:
    """What `text` did in `regex`, which must take all of it unless `how` says otherwise. Raises re.error.

    `trace`: accepted, start and reached (positions), expected (in words), spans of the groups, nodes, note.
    `nodes` says of each node id whether it accepted, refused or was untouched. `steps`: see `show_steps`.

    No regex takes long here: a regular one is followed in linear time, any other within a budget of steps;
    `re` is asked only where the budget was enough. Where it was not, `accepted` is None and `note` says why.
    """
    tree = regex_tree(regex, flags)
    steps = trace_steps(regex, text, flags, how=how)
    run = run_regex(regex, text, flags) if how == "fullmatch" else _TOO_MANY
    if isinstance(run, str) and steps.ended:
        run = read_outcome(steps, tree)
    trace = (
        _untraced(tree, f"a {steps.unknown} is not followed" if steps.unknown else _TOO_MANY)
        if isinstance(run, str)
        else _told(tree, run, steps, text)
    )
    return {"trace": trace, "steps": show_steps(steps)}


def show_steps(trace: Trace) -> dict[str, Any]:
    """The steps of a run: events, agrees, differs, truncated, unknown.

    An event is [kind, node id, from, to], with a number after them where it is not 0. `agrees` says whether
    `re` says the same of verdict, end and every group. It is None where `re` was not asked: the steps were
    too many (`truncated`), or `unknown` names a construct that is not traced. `differs` tells what `re` says
    if that is something else.
    """
    return {
        "events": [
            [event.kind.value, str(event.node), event.at, event.to, *([event.number] if event.number else [])]
            for event in trace.events
        ],
        "agrees": trace.agrees,
        "differs": None if trace.agrees is not False else _said(trace.found),
        "truncated": not trace.ended and trace.unknown is None,
        "unknown": trace.unknown,
    }


def _told(tree: Node, run: RegexRun, steps: Trace, text: str) -> dict[str, Any]:
    found = steps.found
    return {
        "accepted": found is not None if steps.ended else run.accepted,
        "start": steps.span[0] if steps.span else 0,
        "reached": run.reached,
        "expected": _expected(run),
        "spans": _spans(found) if found is not None else _partial_spans(tree, run, text),
        "nodes": dict(_states(tree, run)),
        "note": None,
    }


def _expected(run: RegexRun) -> str:
    words = list(dict.fromkeys((*run.expected, *(["the end"] if run.may_end and not run.accepted else []))))
    return joined(words) if words else "the end" if not run.accepted else ""


def _spans(found: re.Match[str]) -> list[dict[str, Any]]:
    names = {number: name for name, number in found.re.groupindex.items()}
    return [
        {
            "name": names.get(number),
            "number": number,
            "start": found.start(number),
            "end": found.end(number),
            "text": found[number],
        }
        for number in range(1, found.re.groups + 1)
        if found.start(number) >= 0
    ]


def _partial_spans(tree: Node, run: RegexRun, text: str) -> list[dict[str, Any]]:
    """What each group had taken when the run got stuck."""
    spans = []
    for group in descend(tree):
        if not isinstance(group, Group):
            continue
        inside = {node.id for node in descend(group)}
        places = [at for node, at in run.took if node.id in inside]
        if places:
            start, end = min(places), max(places) + 1
            spans.append(
                {
                    "name": group.name,
                    "number": group.number,
                    "start": start,
                    "end": end,
                    "text": text[start:end],
                }
            )
    return spans


def _states(tree: Node, run: RegexRun) -> Iterator[tuple[str, str]]:
    """The state of every node, leaves by the run, the others by what is below them."""
    took = {node.id for node, _ in run.took}
    refused = {node.id for node in run.stuck}
    # A loop that has taken its share waits at the end of the text too; it is not the one to blame.
    refused = (refused - took) or refused
    for node in descend(tree):
        below = {leaf.id for leaf in descend(node)}
        state = "refused" if below & refused else "accepted" if below & took else "untouched"
        yield str(node.id), state


def _untraced(tree: Node, what: str) -> dict[str, Any]:
    return {
        "accepted": None,
        "start": 0,
        "reached": 0,
        "expected": "",
        "spans": [],
        "nodes": {str(node.id): "untouched" for node in descend(tree)},
        "note": what,
    }


def _said(found: re.Match[str] | None) -> str:
    return "no match" if found is None else f"a match of {found.span()} with the groups {found.regs[1:]}"
