"""A compiled regex as a tree to draw, and what a text did in it, as JSON-able values.

The tree is CPython's own (`miniframework.routing.regex_tree`), so what is drawn is what runs.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.analysis.regex_run import RegexRun, run_regex
from miniframework.routing.regex_tree import (
    Anchor,
    CharSet,
    Choice,
    Group,
    Node,
    Opaque,
    Repeat,
    Run,
    Sequence,
    children,
    descend,
    regex_tree,
)
from miniframework.routing.regex_words import joined, quoted


def view_regex(route: Mapping[str, Any], text: str | None) -> dict[str, Any]:
    """A route of a table's snapshot: its path, its regex, the regex's tree, and what `text` did in it.

    Raises re.error for a regex that this interpreter does not read.
    """
    regex = route["regex"]
    trace = None if text is None else trace_regex(regex, text)
    return {"path": route["path"], "regex": regex, "tree": draw_regex(regex), "trace": trace}


def draw_regex(regex: str, flags: int = 0) -> dict[str, Any]:
    """The tree of `regex`: id, op, text, label, min, max, greedy, name, children. Raises re.error.

    `op` is sequence, choice, repeat, group, literal, class, any, at or other; `max` is None without a limit;
    what does not apply to an op is None.
    """
    return _view(regex_tree(regex, flags))


def trace_regex(regex: str, text: str, flags: int = 0) -> dict[str, Any]:
    """What `text` did in `regex`, which must take all of it. Raises re.error.

    accepted, reached (characters), expected (in words), spans of the groups, nodes, note.

    `nodes` says of each node id whether it accepted, refused or was untouched. `note` says why nothing is
    said where a construct cannot be followed; the verdict itself is always that of `re`.
    """
    tree = regex_tree(regex, flags)
    run = run_regex(regex, text, flags)
    if isinstance(run, str):
        return _untraced(tree, re.compile(regex, flags).fullmatch(text), text, run)
    # Only what is accepted is given to `re`: a refusal may take it exponential time.
    found = re.compile(regex, flags).fullmatch(text) if run.accepted else None
    return {
        "accepted": run.accepted,
        "reached": run.reached,
        "expected": _expected(run),
        "spans": _spans(found) if found is not None else _partial_spans(tree, run, text),
        "nodes": dict(_states(tree, run)),
        "note": None,
    }


def _view(node: Node) -> dict[str, Any]:
    return {
        "id": str(node.id),
        "op": _op(node),
        "text": source_text(node),
        "label": _label(node),
        "min": node.least if isinstance(node, Repeat) else None,
        "max": node.most if isinstance(node, Repeat) else None,
        "greedy": node.greedy if isinstance(node, Repeat) else None,
        "name": node.name if isinstance(node, Group) else None,
        "number": node.number if isinstance(node, Group) else None,
        "children": [_view(child) for child in children(node)],
    }


def _op(node: Node) -> str:
    match node:
        case CharSet(kind=kind):
            return kind
        case Run():
            return "literal"
        case Anchor():
            return "at"
        case Opaque():
            return "other"
        case Sequence() | Choice() | Repeat() | Group():
            return type(node).__name__.lower()


def source_text(node: Node) -> str:
    """The node as it is written in a regex: canonical, so not always as its author wrote it."""
    match node:
        case CharSet() | Run() | Anchor():
            return node.text
        case Opaque():
            return f"({node.what})"
        case Sequence(items=items):
            return "".join(
                f"(?:{source_text(i)})" if isinstance(i, Choice) else source_text(i) for i in items
            )
        case Choice(options=options):
            return "|".join(map(source_text, options))
        case Group(name=name, item=item):
            return f"({f'?P<{name}>' if name else ''}{source_text(item)})"
        case Repeat(item=item):
            inner = source_text(item)
            single = isinstance(item, CharSet | Group) or (isinstance(item, Run) and len(item.chars) == 1)
            return (inner if single else f"(?:{inner})") + _times_text(node)


def _label(node: Node) -> str:
    match node:
        case CharSet() | Run() | Anchor():
            return node.label
        case Opaque():
            return node.what
        case Group(name=name, number=number):
            return name or f"group {number}"
        case Choice():
            return "one of"
        case Repeat():
            return _times_label(node)
        case Sequence():
            return ""


def _times_text(node: Repeat) -> str:
    known = {(0, None): "*", (1, None): "+", (0, 1): "?"}
    least, most = node.least, node.most
    bounds = str(least) if least == most else f"{least},{'' if most is None else most}"
    return known.get((least, most), f"{{{bounds}}}") + ("" if node.greedy else "?")


def _times_label(node: Repeat) -> str:
    least, most = node.least, node.most
    if (least, most) == (0, 1):
        return "optional"
    if most is None:
        return "any number" if least == 0 else f"{least} or more"
    return f"{least} times" if least == most else f"{least} to {most} times"


def _expected(run: RegexRun) -> str:
    words = [*run.expected, *(["the end"] if run.may_end and not run.accepted else [])]
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


def _untraced(tree: Node, found: re.Match[str] | None, text: str, what: str) -> dict[str, Any]:
    return {
        "accepted": found is not None,
        "reached": len(text) if found is not None else 0,
        "expected": "" if found is not None else f"text that {quoted(source_text(tree))} takes",
        "spans": _spans(found) if found is not None else [],
        "nodes": {str(node.id): "untouched" for node in descend(tree)},
        "note": f"cannot be followed character by character: {what}",
    }
